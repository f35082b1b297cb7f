"""Which outline belongs to which area: by code in the profile's own file, by code or name in an official one."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from cps.city.periods import Period, days_apart, holds_on
from cps.city.profile import MapView
from cps.city.reading.coverage import note_overlaps_and_gaps
from cps.city.reading.entries import AREAS
from cps.city.reading.features import Feature, features_of
from cps.city.reading.findings import Fault, Findings
from cps.city.reading.geojson import Drawing, read_geojson
from cps.city.reading.tables import Row
from cps.kernel.text import folded

FILE: Final = "areas.geojson"

Outlines = dict[str, tuple[BaseGeometry, bool]]
"""Outline and whether it is approximate, by area code."""

_WGS84 = re.compile(r".*(CRS84|EPSG:+(\d[\d.]*)?:*4326)", re.IGNORECASE)
_CODE_KEYS = frozenset(("code", "ma", "maxa", "maphuong", "mahc", "madvhc", "wardcode", "psgc", "id"))
_NAME_KEYS = frozenset(("name", "ten", "tenxa", "tenphuong", "wardname", "areaname"))
_KIND_OF_PLACE = re.compile(r"^(phuong|xa|thi tran|ward|commune)\s+|\s+(ward|commune|district)$")


@dataclass(frozen=True)
class Boundaries:
    """An official boundary file, brought to WGS84, and what is wrong with it as a file.

    `code_field`, `name_field`: the properties that hold code and name; None to look for usual ones.
    """

    drawing: Drawing
    faults: tuple[Fault, ...] = ()
    warnings: tuple[Fault, ...] = ()
    code_field: str | None = None
    name_field: str | None = None

    def code_in(self, properties: Mapping[str, Any]) -> str | None:
        """Return the code a feature has in the field for it."""
        key = self.code_field or self._usual(_CODE_KEYS)
        return None if key is None else _as_code(properties.get(key))

    def name_in(self, properties: Mapping[str, Any]) -> str | None:
        """Return the name a feature has in the field for it."""
        key = self.name_field or self._usual(_NAME_KEYS)
        value = None if key is None else properties.get(key)
        return value.strip() or None if isinstance(value, str) else None

    def fields(self) -> tuple[str, ...]:
        """Return the names of all properties there are, in order of first use."""
        return tuple(dict.fromkeys(key for drawn in self.drawing.features for key in drawn.properties))

    def has_codes(self) -> bool:
        """Whether there is a field that can be taken for the code."""
        return self.code_field is not None or self._usual(_CODE_KEYS) is not None

    def has_names(self) -> bool:
        """Whether there is a field that can be taken for the name."""
        return self.name_field is not None or self._usual(_NAME_KEYS) is not None

    def _usual(self, keys: frozenset[str]) -> str | None:
        return next((field for field in self.fields() if _bare_key(field) in keys), None)


def own_outlines(folder: Path, rows: Sequence[Row], centre: MapView | None, findings: Findings) -> Outlines:
    """Read `areas.geojson`, whose features carry the code of their area."""
    drawing = read_geojson(folder / FILE, findings)
    if drawing is None:
        return {}
    if drawing.crs is not None and not is_wgs84(drawing.crs):
        findings.add(
            FILE, 1, f"This file is in {drawing.crs}. Convert it to EPSG:4326, or give it with --areas."
        )
        return {}
    known = {row["code"] for row in rows}

    def area_of(feature: Feature) -> str | None:
        code = feature.properties.get("code")
        return code if isinstance(code, str) and code in known else None

    def stranger(feature: Feature) -> str:
        code = feature.properties.get("code")
        return f"No area in {AREAS} has the code {code!r}."

    found = _matched(features_of(drawing, centre, findings), area_of, stranger, rows, findings)
    return _fitting(found, rows, findings)


def official_outlines(
    boundaries: Boundaries, rows: Sequence[Row], centre: MapView | None, findings: Findings
) -> Outlines:
    """Give the areas their outlines from elsewhere; areas are found by a code, else by name without accents."""
    findings.faults.extend(boundaries.faults)
    findings.warnings.extend(boundaries.warnings)
    if boundaries.faults:
        return {}
    features = features_of(boundaries.drawing, centre, findings)
    found = official_features(boundaries, features, rows, findings)
    return _fitting(found, rows, findings)


def official_features(
    boundaries: Boundaries, features: Sequence[Feature], rows: Sequence[Row], findings: Findings
) -> dict[str, Feature]:
    """Return the feature of each area by code; note features and areas that are left over."""
    codes = {row["code"] for row in rows}
    names = _unmistakable(rows)

    def area_of(feature: Feature) -> str | None:
        by_code = _by_code(feature, codes, boundaries.code_field)
        return by_code or _by_name(feature, names, boundaries.name_field)

    def stranger(feature: Feature) -> str:
        said = ", ".join(f"{key} {value!r}" for key, value in list(feature.properties.items())[:4])
        return f"No area in {AREAS} has this code or name ({said or 'no properties'}). Add a row for it."

    return _matched(features, area_of, stranger, rows, findings)


def is_wgs84(crs: str) -> bool:
    """Whether a name of a coordinate system, as GeoJSON says it, is WGS84 in degrees."""
    return _WGS84.fullmatch(crs) is not None


def _as_code(value: object) -> str | None:
    """Return a code as text; whole numbers that a table keeps as fractions lose their fraction."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else None
    return str(value).strip() or None


def _bare_key(key: str) -> str:
    return re.sub(r"[^a-z]", "", key.casefold())


def _by_code(feature: Feature, codes: set[str], field: str | None) -> str | None:
    for key, value in feature.properties.items():
        code = _as_code(value)
        if code in codes and (key == field if field else _bare_key(key) in _CODE_KEYS):
            return code
    return None


def _by_name(feature: Feature, names: Mapping[str, str], field: str | None) -> str | None:
    values = [feature.properties.get(field)] if field else feature.properties.values()
    texts = [folded(value).strip() for value in values if isinstance(value, str)]
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
    features: Iterable[Feature],
    area_of: Callable[[Feature], str | None],
    stranger: Callable[[Feature], str],
    rows: Sequence[Row],
    findings: Findings,
) -> dict[str, Feature]:
    """Give each area its feature; note features and areas that are left over."""
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
    return found


def _fitting(found: Mapping[str, Feature], rows: Sequence[Row], findings: Findings) -> Outlines:
    """Return the outlines there are; note where those of one day do not fit together."""
    for codes in _maps(rows):
        noted = Findings()
        note_overlaps_and_gaps({code: found[code] for code in found if code in codes}, noted)
        findings.faults.extend(fault for fault in noted.faults if fault not in findings.faults)
        findings.warnings.extend(odd for odd in noted.warnings if odd not in findings.warnings)
    return {
        code: (feature.polygon, _is_approximate(feature, findings))
        for code, feature in found.items()
        if feature.polygon is not None
    }


def _maps(rows: Sequence[Row]) -> list[frozenset[str]]:
    """Return the codes of the areas that are in force together, for each map there is."""
    silent = [replace(row, findings=Findings()) for row in rows]  # a day that is none is noted elsewhere
    periods = {row["code"]: Period(row.day("from"), row.day("until")) for row in silent}
    maps = (
        frozenset(code for code, period in periods.items() if holds_on(period, day))
        for day in days_apart(periods.values())
    )
    return list(dict.fromkeys(maps))


def _is_approximate(feature: Feature, findings: Findings) -> bool:
    mark = feature.properties.get("approximate", False)
    if not isinstance(mark, bool):
        feature.fault("'approximate' must be true or false.", findings)
    return mark is True
