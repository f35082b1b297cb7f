"""The city's gazetteer as a geocoder: finds places by their names, old ones too, without any network.

A name is found without accents, its words in any order, with words around it that name nothing. What is named
exactly goes before what begins so, that before what holds all the words, that before a name among other words, and
what only looks alike comes last, when nothing else was found; ties go by the kind of place and by nearness.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NoReturn

from geopy.adapters import BaseSyncAdapter
from geopy.geocoders.base import Geocoder
from geopy.location import Location
from sqlalchemy import ColumnElement, Row, and_, func, or_, select

from cps.city.models import PlaceName
from cps.city.place import PlaceKind
from cps.city.place_words import Asked, Words, asked
from cps.geo.point import Point, metres_between
from cps.kernel.db import db
from cps.kernel.text import cleaned

MOST: Final = 5
_LONGEST: Final = 100
_CONSIDERED: Final = 60  # names of each kind of likeness that are compared further
_LOOKED_AT: Final = 2000  # names with all the words that are compared at all: `pho` is in half of them
_SAME_PLACE_M: Final = 300
_KINDS: Final = {kind.value: rank for rank, kind in enumerate(PlaceKind)}
_EXACT, _NAMED, _BEGINS, _HOLDS, _AMONG, _ALIKE = range(6)
_ENOUGH_ALIKE: Final = 0.35  # share of trigrams in common


class _NoNetwork(BaseSyncAdapter):  # type: ignore[misc]
    """The way out that geopy wants of every geocoder; the gazetteer asks nobody."""

    def get_json(self, *_args: Any, **_named: Any) -> NoReturn:
        raise RuntimeError("The gazetteer is in the database: it asks nobody.")

    get_text = get_json


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A name that fits, how closely (less is closer), and how much of it is in common, from 0 to 1."""

    row: Row[Any]
    closeness: int
    common: float


class CityGazetteer(Geocoder):  # type: ignore[misc]
    """A geocoder over the table of place names; `raw` of what it finds is the row's columns."""

    def __init__(self) -> None:
        super().__init__(timeout=None, adapter_factory=_NoNetwork)

    def geocode(
        self, query: str, *, exactly_one: bool = True, limit: int = MOST, near: Point | None = None
    ) -> Location | list[Location] | None:
        """Find places by name, the best first; `near` decides between those that fit equally well."""
        words = _read(query)
        found = _best(_candidates(words), near)[:limit] if words else []
        locations = [_location(candidate.row) for candidate in found]
        if exactly_one:
            return locations[0] if locations else None
        return locations or None


def _read(query: str) -> Asked | None:
    text = cleaned(query)[:_LONGEST]
    return asked(str(db.session.scalar(select(func.folded(text))) or "")) if text else None


def _candidates(words: Asked) -> list[_Candidate]:
    found = [*_same(words), *_beginning(words), *_holding(words)]
    if any(candidate.closeness <= _HOLDS for candidate in found):
        return found
    return found + _alike(words)


def _same(words: Asked) -> list[_Candidate]:
    """Names that are what was typed, or a run of its words."""
    phrases = {_padded(phrase): phrase for phrase in words.phrases()}
    is_one = or_(PlaceName.sought.in_(phrases), PlaceName.bare.in_(phrases))
    all_of_it = {_padded(words.named), _padded(words.bare)}
    found = []
    for row in _rows(is_one, words, most=4 * _CONSIDERED):
        names = {row.sought, row.bare}
        if row.sought == _padded(words.whole):
            found.append(_Candidate(row, _EXACT, 1.0))
        elif names & all_of_it:
            found.append(_Candidate(row, _NAMED, 1.0))
        else:
            length = max(len(phrases[name]) for name in names if name in phrases)
            found.append(_Candidate(row, _AMONG, length / len(words.whole)))
    return found


def _beginning(words: Asked) -> list[_Candidate]:
    begins = [
        column.like(f" {' '.join(start)}%")
        for column, start in ((PlaceName.sought, words.named), (PlaceName.bare, words.bare))
    ]
    return [_Candidate(row, _BEGINS, row.common) for row in _rows(or_(*begins), words)]


def _holding(words: Asked) -> list[_Candidate]:
    return [_Candidate(row, _HOLDS, row.common) for row in _rows(_holds(words.bare), words)]


def _holds(words: Words) -> ColumnElement[bool]:
    # Nothing in a folded word means anything to LIKE: % _ and \ are signs, and part words.
    return and_(*(PlaceName.sought.like(f"% {word}%") for word in dict.fromkeys(words)))


def _alike(words: Asked) -> list[_Candidate]:
    is_alike = or_(
        PlaceName.sought.op("%")(" ".join(words.named)), PlaceName.sought.op("%")(" ".join(words.bare))
    )
    rows = _rows(is_alike, words)
    return [_Candidate(row, _ALIKE, row.common) for row in rows if row.common >= _ENOUGH_ALIKE]


def _rows(condition: ColumnElement[bool], words: Asked, *, most: int = _CONSIDERED) -> Sequence[Row[Any]]:
    some = select(PlaceName.__table__).where(condition).limit(_LOOKED_AT).subquery()
    common = func.greatest(
        func.similarity(some.c.sought, " ".join(words.named)),
        func.similarity(some.c.bare, " ".join(words.bare)),
    ).label("common")
    return db.session.execute(select(some, common).order_by(common.desc(), some.c.id).limit(most)).all()


def _best(candidates: Iterable[_Candidate], near: Point | None) -> list[_Candidate]:
    """Return each place once, under the name that fits best, the best first."""
    ordered = sorted(candidates, key=lambda candidate: _order(candidate, near))
    places: dict[int, _Candidate] = {}
    for candidate in ordered:
        places.setdefault(candidate.row.place, candidate)
    shown: list[_Candidate] = []
    for candidate in places.values():
        if not any(_is_same(candidate.row, other.row) for other in shown[:_CONSIDERED]):
            shown.append(candidate)
    return shown


def _order(candidate: _Candidate, near: Point | None) -> tuple[int, float, int, float, int]:
    row = candidate.row
    away = _away(row, near) if near else 0.0
    return candidate.closeness, -round(candidate.common, 1), _KINDS.get(row.kind, len(_KINDS)), away, row.id


def _away(row: Row[Any], near: Point) -> float:
    """Tell which of two is nearer: a distance in degrees of latitude, for comparing only."""
    east = (row.longitude - near.longitude) * math.cos(math.radians(near.latitude))
    return math.hypot(east, row.latitude - near.latitude)


def _is_same(one: Row[Any], other: Row[Any]) -> bool:
    if (one.title, one.kind) != (other.title, other.kind):
        return False
    return metres_between(_point(one), _point(other)) <= _SAME_PLACE_M


def _padded(words: Words) -> str:
    return f" {' '.join(words)} "


def _point(row: Row[Any]) -> Point:
    return Point(row.latitude, row.longitude)


def _location(row: Row[Any]) -> Location:
    raw: Mapping[str, Any] = {
        name: getattr(row, name) for name in ("place", "title", "name", "kind", "area", "last_day")
    }
    return Location(row.title, (row.latitude, row.longitude), raw)
