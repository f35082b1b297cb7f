"""Gazetteers as others publish them: GeoNames, extracts of OpenStreetMap, lists with names and coordinates.

Columns are known by the names people give them. A whole country may be in such a file: what lies outside the city is
left out and counted, and is no fault; what cannot be read is one, with its line.
"""

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path
from typing import Final

from cps.city.place import Place, PlaceKind
from cps.city.reading.findings import Findings, text_of
from cps.city.reading.places import FILE, LONGEST
from cps.geo import point
from cps.geo.area import AreaMap
from cps.kernel.errors import Invalid, Unusable
from cps.kernel.text import cleaned, folded

LARGEST_BYTES: Final = 200_000_000

_COLUMNS: Final = {
    "name": ("name", "ward", "title"),
    "other_names": ("other_names", "alternatenames", "alternate_names", "alt_name", "old_name"),
    "kind": ("kind", "type", "feature_class", "feature class", "wardtype"),
    "latitude": ("latitude", "lat", "y"),
    "longitude": ("longitude", "lon", "lng", "long", "x"),
}
# A dump of GeoNames has no header: https://download.geonames.org/export/dump/readme.txt
_GEONAMES: Final = (
    "geonameid", "name", "asciiname", "alternatenames", "latitude", "longitude", "feature_class", "feature_code",
)  # fmt: skip
_GEONAMES_COLUMNS: Final = 19
_KINDS: Final = {
    "street": PlaceKind.STREET, "highway": PlaceKind.STREET, "r": PlaceKind.STREET,
    "p": PlaceKind.LOCALITY, "place": PlaceKind.LOCALITY, "locality": PlaceKind.LOCALITY,
    "former-area": PlaceKind.FORMER_AREA, "former ward": PlaceKind.FORMER_AREA,
    "a": PlaceKind.LOCALITY, "ward": PlaceKind.LOCALITY, "barangay": PlaceKind.LOCALITY,
    "phuong": PlaceKind.LOCALITY, "xa": PlaceKind.LOCALITY, "thi tran": PlaceKind.LOCALITY,
}  # fmt: skip
_MOST_FAULTS: Final = 20


@dataclass(frozen=True)
class Gazetteer:
    """What a file held: the places within the city, and how many lay outside or stood there twice."""

    places: tuple[Place, ...]
    outside: int
    twice: int


def read_gazetteer(path: Path, areas: AreaMap) -> Gazetteer:
    """Read a file of places; raise Unusable that names what is wrong with it, line by line."""
    findings = Findings()
    if path.is_file() and path.stat().st_size > LARGEST_BYTES:
        raise Unusable(
            f"{path.name} is larger than {LARGEST_BYTES // 1_000_000} MB: cut the city out of it first."
        )
    text = text_of(path, findings)
    found = _gathered(text, path.name, areas, findings) if text is not None else None
    if found is None or findings.faults:
        shown = [str(fault) for fault in findings.faults[:_MOST_FAULTS]]
        raise Unusable(
            "\n".join([*shown, f"{path} cannot be read as a list of places: {len(findings.faults)} faults."])
        )
    return found


def _gathered(text: str, file: str, areas: AreaMap, findings: Findings) -> Gazetteer:
    places: dict[tuple[str, PlaceKind, float, float], Place] = {}
    outside = twice = 0
    for line, cells in _records(text, file, findings):
        place = _place(cells, (file, line), findings)
        if place is None:
            continue
        key = (
            folded(place.name),
            place.kind,
            round(place.point.latitude, 3),
            round(place.point.longitude, 3),
        )
        if areas.containing(place.point) is None:
            outside += 1
        elif key in places:
            twice += 1
        else:
            places[key] = place
    return Gazetteer(tuple(places.values()), outside, twice)


def _records(text: str, file: str, findings: Findings) -> Iterator[tuple[int, Mapping[str, str]]]:
    """Give each row by our names of its columns, with the line it begins on."""
    first = text.partition("\n")[0]
    if first.count("\t") == _GEONAMES_COLUMNS - 1:  # tabs alone part it, and quotes are letters
        for number, record in enumerate(text.splitlines(), start=1):
            yield number, _ours(_GEONAMES, record.split("\t"))
        return
    reader = csv.reader(StringIO(text, newline=""), delimiter=_delimiter(first))
    try:
        header = [column.strip().lower() for column in next(reader, [])]
        known = _ours(header, header)
        missing = [name for name in ("name", "latitude", "longitude") if name not in known]
        if missing:
            findings.add(
                file, 1, f"There is no column {', '.join(map(repr, missing))}; write the file as {FILE}."
            )
            return
        line = reader.line_num + 1
        for row in reader:
            if any(row):
                yield line, _ours(header, row)
            line = reader.line_num + 1
    except csv.Error as error:
        findings.add(file, reader.line_num, f"This is not CSV: {error}.")


def _delimiter(header: str) -> str:
    return max("\t;,", key=header.count)


def _ours(header: Sequence[str], row: Sequence[str]) -> dict[str, str]:
    cells = dict(zip(header, row, strict=False))
    found = {
        ours: next((cells[name] for name in names if name in cells), None) for ours, names in _COLUMNS.items()
    }
    return {ours: cell for ours, cell in found.items() if cell is not None}


def _place(cells: Mapping[str, str], at: tuple[str, int], findings: Findings) -> Place | None:
    name = cleaned(cells.get("name", ""))
    if not name:
        return None  # in many of these files something has no name
    try:
        where = point.parse(cells.get("latitude", ""), cells.get("longitude", ""))
    except Invalid as error:
        findings.add(*at, f"{name[:LONGEST]!r}: {error.faults['place']}")
        return None
    kind = folded(cells.get("kind", "")).strip()
    return Place(
        name=name[:LONGEST],
        other_names=_others(cells.get("other_names", "")),
        kind=_KINDS.get(kind) or _KINDS.get(kind.partition("=")[0], PlaceKind.LANDMARK),
        point=where,
    )


def _others(cell: str) -> tuple[str, ...]:
    separator = max(";|,", key=cell.count)
    names = (cleaned(name)[:LONGEST] for name in cell.split(separator))
    return tuple(name for name in names if name)
