"""Which outline belongs to which area: by code in the profile's own file, by code or name in an official one."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Final

from shapely.geometry.base import BaseGeometry

from cps.city.profile import MapView
from cps.city.reading.coverage import note_overlaps_and_gaps
from cps.city.reading.entries import AREAS
from cps.city.reading.features import Feature, read_features
from cps.city.reading.findings import Findings
from cps.city.reading.tables import Row
from cps.kernel.text import folded

FILE: Final = "areas.geojson"

Outlines = dict[str, tuple[BaseGeometry, bool]]
"""Outline and whether it is approximate, by area code."""

_CODE_KEYS = frozenset(("code", "ma", "maxa", "maphuong", "mahc", "madvhc", "wardcode", "psgc", "id"))
_KIND_OF_PLACE = re.compile(r"^(phuong|xa|thi tran|ward|commune)\s+|\s+(ward|commune|district)$")


def own_outlines(folder: Path, rows: Sequence[Row], centre: MapView | None, findings: Findings) -> Outlines:
    """Read `areas.geojson`, whose features carry the code of their area."""
    features = read_features(folder / FILE, centre, findings)
    known = {row["code"] for row in rows}

    def area_of(feature: Feature) -> str | None:
        code = feature.properties.get("code")
        return code if isinstance(code, str) and code in known else None

    def stranger(feature: Feature) -> str:
        code = feature.properties.get("code")
        return f"No area in {AREAS} has the code {code!r}."

    return _matched(features, area_of, stranger, rows, findings)


def official_outlines(
    path: Path, rows: Sequence[Row], centre: MapView | None, findings: Findings
) -> Outlines:
    """Read a boundary file from elsewhere; areas are found by a code, else by name without accents."""
    features = read_features(path, centre, findings)
    codes = {row["code"] for row in rows}
    names = _unmistakable(rows)

    def area_of(feature: Feature) -> str | None:
        return _by_code(feature, codes) or _by_name(feature, names)

    def stranger(feature: Feature) -> str:
        said = ", ".join(f"{key} {value!r}" for key, value in list(feature.properties.items())[:4])
        return f"No area in {AREAS} has this code or name ({said or 'no properties'}). Add a row for it."

    return _matched(features, area_of, stranger, rows, findings)


def _by_code(feature: Feature, codes: set[str]) -> str | None:
    for key, value in feature.properties.items():
        if re.sub(r"[^a-z]", "", key.casefold()) in _CODE_KEYS and str(value) in codes:
            return str(value)
    return None


def _by_name(feature: Feature, names: Mapping[str, str]) -> str | None:
    texts = [folded(value).strip() for value in feature.properties.values() if isinstance(value, str)]
    for text in [*texts, *map(_bare, texts)]:
        if text in names:
            return names[text]
    return None


def _unmistakable(rows: Sequence[Row]) -> dict[str, str]:
    """Return code by folded name, whole and bare; a name that two areas share is left out."""
    owners: dict[str, set[str]] = {}
    for row in rows:
        for column, cell in row.cells.items():
            if column.startswith("name_") and cell:
                whole = folded(cell).strip()
                for name in (whole, _bare(whole)):
                    owners.setdefault(name, set()).add(row["code"])
    return {name: next(iter(codes)) for name, codes in owners.items() if len(codes) == 1}


def _bare(name: str) -> str:
    return _KIND_OF_PLACE.sub("", name)


def _matched(
    features: Iterable[Feature] | None,
    area_of: Callable[[Feature], str | None],
    stranger: Callable[[Feature], str],
    rows: Sequence[Row],
    findings: Findings,
) -> Outlines:
    """Give each area its outline; note features and areas that are left over, overlaps and gaps."""
    if features is None:
        return {}
    found: dict[str, Feature] = {}
    for feature in features:
        code = area_of(feature)
        if code is None:
            feature.fault(stranger(feature), findings)
        elif code in found:
            feature.fault(f"Feature {found[code].number} is area {code!r} already.", findings)
        else:
            found[code] = feature
    for row in rows:
        if row["code"] not in found:
            row.fault(f"Area {row['code']!r} has no outline in the boundary file.")
    note_overlaps_and_gaps(found, findings)
    return {
        code: (feature.polygon, _is_approximate(feature, findings))
        for code, feature in found.items()
        if feature.polygon is not None
    }


def _is_approximate(feature: Feature, findings: Findings) -> bool:
    mark = feature.properties.get("approximate", False)
    if not isinstance(mark, bool):
        feature.fault("'approximate' must be true or false.", findings)
    return mark is True
