"""Everything about a boundary file: what it holds, what is wrong with it, what is only odd."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from cps.city.profile import MapView
from cps.city.reading.coverage import Misfits, note_overlaps_and_gaps
from cps.city.reading.features import Feature, features_of
from cps.city.reading.findings import Fault, Findings
from cps.city.reading.outlines import Boundaries, official_features
from cps.city.reading.tables import Row

_CODE = re.compile(r"[a-z0-9-]+")


@dataclass(frozen=True)
class Inspection:
    """What was found; `areas` are the features by code, complete only if there are no errors."""

    crs: str
    features: int
    areas: dict[str, Feature]
    names: dict[str, str]
    misfits: Misfits
    errors: tuple[Fault, ...]
    warnings: tuple[Fault, ...]


@dataclass(frozen=True)
class KnownAreas:
    """What a city says of itself: where its map opens, and its areas; names are taken from `language`."""

    centre: MapView | None
    rows: Sequence[Row]
    language: str


def inspected(boundaries: Boundaries, city: KnownAreas | None, findings: Findings) -> Inspection:
    """Look through a boundary file; with a city, hold it against the city's areas.

    `findings` may hold what was wrong with the city's own files already.
    """
    findings.faults.extend(boundaries.faults)
    findings.warnings.extend(boundaries.warnings)
    features = features_of(boundaries.drawing, city.centre if city else None, findings)
    if boundaries.faults:
        areas: dict[str, Feature] = {}
    elif city is None:
        areas = _by_code(boundaries, features, findings)
    else:
        areas = official_features(boundaries, features, city.rows, findings)
    _note_unnamed(boundaries, features, findings)
    misfits = note_overlaps_and_gaps(_all_pieces(areas, features), findings)
    return Inspection(
        crs=boundaries.drawing.crs or "unknown",
        features=len(features),
        areas=areas,
        names=_names(boundaries, areas, city),
        misfits=misfits,
        errors=_ordered(findings.faults),
        warnings=_ordered(findings.warnings),
    )


def _by_code(boundaries: Boundaries, features: Sequence[Feature], findings: Findings) -> dict[str, Feature]:
    if not boundaries.has_codes():
        fields = ", ".join(boundaries.fields()) or "none"
        findings.add(
            boundaries.drawing.file, 0, f"No field looks like a code. Choose one with --code-field: {fields}."
        )
        return {}
    areas: dict[str, Feature] = {}
    for feature in features:
        code = boundaries.code_in(feature.properties)
        if code is None:
            feature.fault("It has no code.", findings)
        elif not _CODE.fullmatch(code):
            feature.fault(f"The code {code!r} must consist of a-z, 0-9 and '-'.", findings)
        elif code in areas:
            feature.fault(f"Feature {areas[code].number} is area {code!r} already.", findings)
        else:
            areas[code] = feature
    return areas


def _note_unnamed(boundaries: Boundaries, features: Sequence[Feature], findings: Findings) -> None:
    if boundaries.has_names():
        for feature in features:
            if boundaries.name_in(feature.properties) is None:
                feature.warn("It has no name.", findings)


def _all_pieces(areas: dict[str, Feature], features: Sequence[Feature]) -> dict[str, Feature]:
    """Return every feature by its code, else by its number: who has no code may overlap as well."""
    codes = {feature.number: code for code, feature in areas.items()}
    return {codes.get(feature.number, f"feature {feature.number}"): feature for feature in features}


def _names(boundaries: Boundaries, areas: dict[str, Feature], city: KnownAreas | None) -> dict[str, str]:
    if city is not None:
        return {row["code"]: row[f"name_{city.language}"] for row in city.rows}
    names = {code: boundaries.name_in(feature.properties) for code, feature in areas.items()}
    return {code: name for code, name in names.items() if name}


def _ordered(found: Sequence[Fault]) -> tuple[Fault, ...]:
    return tuple(sorted(found, key=lambda fault: (fault.file, fault.line)))
