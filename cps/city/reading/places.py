"""`places.csv`: the places people name, with their old names; may be left out."""

from pathlib import Path
from typing import Final

from cps.city.place import Place, PlaceKind
from cps.city.reading.findings import Findings, Found
from cps.city.reading.tables import Row, read_rows
from cps.geo import point
from cps.geo.point import Point
from cps.kernel.errors import Invalid

FILE: Final = "places.csv"
LONGEST: Final = 200  # characters of a name

_KINDS: Final = tuple(kind for kind in PlaceKind if kind is not PlaceKind.AREA)
_NOWHERE = Point(0.0, 0.0)  # stands for one that is wrong and noted


def places_in(path: Path, findings: Findings) -> list[Found[Place]] | None:
    """Read the places; None where there is no such file."""
    if not path.exists():
        return None
    rows = read_rows(
        path,
        ("name", "kind", "latitude", "longitude"),
        optional=("other_names", "area", "until"),
        findings=findings,
    )
    return [Found(_place(row), row.line) for row in rows]


def _place(row: Row) -> Place:
    names = (row["name"], *(name.strip() for name in row["other_names"].split(";") if name.strip()))
    if not row["name"]:
        row.fault("The name is missing.")
    for name in names:
        if len(name) > LONGEST:
            row.fault(f"The name {name[:30]!r}… is longer than {LONGEST} characters.")
    return Place(
        name=names[0],
        other_names=names[1:],
        kind=_kind(row),
        point=_point(row),
        area=row["area"] or None,
        last_day=row.day("until"),
    )


def _kind(row: Row) -> PlaceKind:
    if row["kind"] in _KINDS:
        return PlaceKind(row["kind"])
    row.fault(f"'kind' is {row['kind']!r}; it must be one of {', '.join(_KINDS)}.")
    return PlaceKind.LANDMARK


def _point(row: Row) -> Point:
    try:
        return point.parse(row["latitude"], row["longitude"])
    except Invalid as error:
        row.fault(f"{row['latitude']!r}, {row['longitude']!r}: {error.faults['place']}")
        return _NOWHERE
