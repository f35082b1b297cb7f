"""Loading the gazetteer: the places of a profile and its areas become rows, one for each name."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from sqlalchemy import delete, insert, select

from cps.city.changes import Change
from cps.city.models import PlaceName
from cps.city.place import Place, PlaceKind
from cps.city.place_words import plain
from cps.city.profile import Area, Profile
from cps.geo.point import Point
from cps.kernel.db import db

_COLUMNS: Final = (
    "place", "title", "name", "plain", "kind", "latitude", "longitude", "area", "last_day",
)  # fmt: skip
_AT_ONCE: Final = 5000


def load_places(profile: Profile, *, is_new: bool) -> list[Change]:
    """Put the gazetteer in force; a profile that says nothing of one keeps what is there, unless the city `is_new`.

    Areas are always found by their names; they come and go with their own table, and are no news here.
    """
    of_areas = PlaceName.kind == PlaceKind.AREA
    _replace(of_areas, _rows_of(map(_area_as_place, profile.areas), step=-1))
    if profile.places is None and not is_new:
        return []
    places = profile.places or ()
    if not _replace(~of_areas, _rows_of(places, step=1)):
        return []
    return [Change("changed", "places", f"{len(places)} in force")]


def _replace(which: Any, wanted: Iterable[dict[str, Any]]) -> bool:
    """Put rows in place of those before, if any differs; nothing points to them."""
    wanted = list(wanted)
    columns = [getattr(PlaceName, name) for name in _COLUMNS]
    stored = db.session.execute(select(*columns).where(which).order_by(PlaceName.id))
    if [dict(row) for row in stored.mappings()] == wanted:
        return False
    db.session.execute(delete(PlaceName).where(which))
    for start in range(0, len(wanted), _AT_ONCE):
        db.session.execute(insert(PlaceName), wanted[start : start + _AT_ONCE])
    return True


def _rows_of(places: Iterable[Place], *, step: int) -> Iterator[dict[str, Any]]:
    """Give a row for each name; places are numbered from `step` on, by `step`."""
    for number, place in enumerate(places, start=1):
        for name in place.names:
            row = (
                number * step,
                place.name,
                name,
                plain(name),
                place.kind.value,
                place.point.latitude,
                place.point.longitude,
                place.area,
                place.last_day,
            )
            yield dict(zip(_COLUMNS, row, strict=True))


def _area_as_place(area: Area) -> Place:
    """Return an area as a place within it: its names in all languages; empty outlines are none, and are refused before."""
    middle = area.polygon.representative_point()
    first, *others = area.names.values()
    return Place(first, tuple(others), PlaceKind.AREA, Point(middle.y, middle.x), area.code)
