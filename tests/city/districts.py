"""Hanoi as it was before 1 July 2025, of 30 districts with an office each, made of the Hanoi that comes along."""

import csv
import json
import shutil
from pathlib import Path

from cps.kernel.files import CITIES

_HERE = CITIES / "hanoi"


def hanoi_before(folder: Path, boundaries: Path) -> Path:
    """Write the profile into `folder`, with the districts of the file `boundaries`."""
    shutil.copytree(_HERE, folder)
    drawing = json.loads(boundaries.read_text(encoding="utf-8"))
    districts = sorted(
        (feature["properties"]["code"], feature["properties"]["name"], feature["geometry"])
        for feature in drawing["features"]
    )
    _write(
        folder / "departments.csv",
        lambda row: not row["code"].startswith("ubnd-"),
        [
            {"code": f"quan-{code}", "parent": "", "phone": "1022", "email": "", **_named(f"UBND {name}")}
            for code, name, _ in districts
        ],
    )
    _write(
        folder / "areas.csv",
        lambda _row: False,
        [{"code": code, "office": f"quan-{code}", **_named(name)} for code, name, _ in districts],
    )
    # The old wards lead to areas that are not there yet.
    _write(folder / "places.csv", lambda row: not row["area"], [])
    features = [
        {"type": "Feature", "properties": {"code": code}, "geometry": geometry}
        for code, _, geometry in districts
    ]
    (folder / "areas.geojson").write_text(
        json.dumps({"type": "FeatureCollection", "features": features}), encoding="utf-8"
    )
    return folder


def _named(name: str) -> dict[str, str]:
    return {"name_vi": name, "name_en": name}


def _write(path: Path, is_kept, rows) -> None:  # type: ignore[no-untyped-def]
    with path.open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        kept = [row for row in reader if is_kept(row)]
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, reader.fieldnames)
        writer.writeheader()
        writer.writerows([*kept, *rows])
