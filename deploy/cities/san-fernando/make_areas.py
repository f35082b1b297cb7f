"""Approximate the outlines of San Fernando's 59 barangays (La Union) from their centres and sizes.

Run by hand in the development environment: `python -m deploy.cities.san-fernando.make_areas`. It writes
areas.csv and areas.geojson beside itself. What it draws is an approximation and says so in every feature:
official outlines replace it.
"""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from deploy.cities.outlines import Ground, Place, radius_of, tile, write_names, write_outlines

HERE = Path(__file__).parent
SAN_FERNANDO = "0103314000"  # the city in La Union, in the Philippine Standard Geographic Code
GROUND = Ground(latitude=16.61, smoothing_km=1.0, plain_degrees=0.0008)


def main(folder: Path = HERE) -> None:
    """Write both files; the same package version always gives the same bytes."""
    barangays = read_barangays()
    rows = [
        (record["psgc_code"], f"bh-{record['psgc_code'][-3:]}", (_name(record), _name(record)))
        for record in barangays
    ]
    write_names(folder / "areas.csv", ("fil", "en"), rows)
    write_outlines(tile([_place(record) for record in barangays], GROUND), folder / "areas.geojson")


def read_barangays() -> list[dict[str, Any]]:
    """List the city's barangays as the package knows them, in the order of their codes."""
    records = json.loads((files("psgc") / "data" / "core" / "barangays.json").read_text(encoding="utf-8"))
    found = [record for record in records if record["city_code"] == SAN_FERNANDO]
    return sorted(found, key=lambda record: str(record["psgc_code"]))


def _name(record: dict[str, Any]) -> str:
    """Write a barangay's name as people say it: Barangay Poro, and Barangay I, which has it already."""
    return f"Barangay {record['name'].removeprefix('Barangay ')}"


def _place(record: dict[str, Any]) -> Place:
    return Place(
        code=record["psgc_code"],
        centre=GROUND.point(**record["coordinate"]),
        radius_km=radius_of(record["area_km2"]),
    )


if __name__ == "__main__":
    main()
