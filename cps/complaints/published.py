"""The public list of reports: latest first, by category, area, standing and time, read in pages either way.

Withdrawn and joined reports are not listed. Nothing here counts: a page is read from an index, from a known
row on. A search first walks along the latest reports, where a common word is soon found; only for a rare one
is the index of words asked, which then has little to tell. So neither kind reads very much.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    ColumnElement,
    Select,
    TextClause,
    and_,
    false,
    func,
    or_,
    select,
    text,
    true,
    tuple_,
    union_all,
)
from sqlalchemy import Row as SqlRow

from cps.city.queries import CityInForce, in_force
from cps.complaints import searching, visibility
from cps.complaints.conditions import IS_ANSWERED, IS_OPEN
from cps.complaints.models import Complaint
from cps.complaints.searching import Sought
from cps.complaints.status import Status
from cps.geo.point import Point, metres_between, square
from cps.geo.rounding import MESH_METRES
from cps.kernel.db import db

PAGE_LENGTH = 20
FIRST_WORDS = 140

_WALK = 4000  # reports looked at one by one before the index of words is asked

Place = tuple[datetime, int]
"""Where a page begins or ends: when a report was received, and its number."""


class Standing(StrEnum):
    """How far the reports of a list have come."""

    OPEN = "open"
    ANSWERED = "answered"


_IS = {Standing.OPEN: IS_OPEN, Standing.ANSWERED: IS_ANSWERED}


@dataclass(frozen=True)
class Wanted:
    """Which reports a list shows: ids of category and area, received `since` and before `until`; None is any.

    `near`: the point of a circle, of `within_m` metres around it.
    """

    category_id: int | None = None
    area_id: int | None = None
    standing: Standing | None = None
    since: datetime | None = None
    until: datetime | None = None
    near: Point | None = None
    within_m: int = 0
    sought: Sought | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """What everybody may see of a report in a list; `landmark` and `point` only as exactly as they may."""

    id: int
    reference: str
    version: int
    status: Status
    category_id: int
    department_id: int
    area_id: int | None
    landmark: str
    words: str
    language: str
    received_at: datetime
    closed_at: datetime | None
    point: Point | None


@dataclass(frozen=True)
class Page:
    """A page of the list; `newer` and `older`: from where the pages beside it are read, if there are any."""

    rows: Sequence[Row]
    newer: Place | None
    older: Place | None


_SHOWN = (
    Complaint.id,
    Complaint.reference,
    Complaint.version,
    Complaint.status,
    Complaint.category_id,
    Complaint.department_id,
    Complaint.area_id,
    Complaint.landmark,
    Complaint.words,
    Complaint.language,
    Complaint.received_at,
    Complaint.closed_at,
    Complaint.latitude,
    Complaint.longitude,
)
_SELECTED = cast("Select[Any]", select(*_SHOWN))
_KEY = (Complaint.received_at, Complaint.id)


def latest(wanted: Wanted, *, most: int = PAGE_LENGTH) -> Sequence[Row]:
    """Return the latest reports, newest first."""
    return _found(wanted, most=most)


def page(wanted: Wanted, *, after: Place | None = None, before: Place | None = None) -> Page:
    """Return the page of older reports `after` a place, of newer ones `before` it, or the first."""
    if before is not None:
        rows = _found(wanted, before=before, most=PAGE_LENGTH + 1)
        if len(rows) > PAGE_LENGTH:
            shown = rows[1:]
            return Page(shown, _place(shown[0]), _place(shown[-1]))
        after = None  # not a page full of newer ones: it is the first, and may well begin there
    rows = _found(wanted, after=after, most=PAGE_LENGTH + 1)
    shown = rows[:PAGE_LENGTH]
    return Page(
        shown,
        newer=_place(shown[0]) if shown and after is not None else None,
        older=_place(shown[-1]) if len(rows) > PAGE_LENGTH else None,
    )


def _place(row: Row) -> Place:
    return row.received_at, row.id


def _found(
    wanted: Wanted, *, most: int, after: Place | None = None, before: Place | None = None
) -> list[Row]:
    """Return up to `most` reports after a place, or those just before it, newest first."""
    city = in_force()
    asked = _Asked(wanted, _conditions(wanted, city, after=after, before=before), is_back=before is not None)
    found = _read(asked, city, most)
    rows = [row for row in (_row(values, city) for values in found) if _is_near(row, wanted)]
    return rows[::-1] if before is not None else rows


@dataclass(frozen=True)
class _Asked:
    """A question to the list: under which conditions, and whether it is read from old to new."""

    wanted: Wanted
    conditions: Sequence[ColumnElement[bool]]
    is_back: bool

    @property
    def parts(self) -> Sequence[TextClause]:
        """The parts of the list it is read from: each has its own indexes."""
        return [_IS[self.wanted.standing]] if self.wanted.standing else list(_IS.values())

    def ordered(self, query: Any, *, most: int) -> Any:
        """Put a query over reports in the order of the list."""
        columns = query.selected_columns
        key = (columns.received_at, columns.id)
        return query.order_by(*(key if self.is_back else (column.desc() for column in key))).limit(most)


def _conditions(
    wanted: Wanted, city: CityInForce, *, after: Place | None, before: Place | None
) -> list[ColumnElement[bool]]:
    if wanted.category_id in city.private_categories:
        return [false()]
    if wanted.category_id is not None:
        # That it is not one of the private ones is said by it: what is not asked twice is read from the index.
        conditions = [and_(text("is_public")), Complaint.category_id == wanted.category_id]
    else:
        conditions = [visibility.is_listed(city)]
    if wanted.area_id is not None:
        conditions.append(Complaint.area_id == wanted.area_id)
    if wanted.since is not None:
        conditions.append(Complaint.received_at >= wanted.since)
    if wanted.until is not None:
        conditions.append(Complaint.received_at < wanted.until)
    if wanted.near is not None:
        conditions += _around(wanted.near, wanted.within_m)
    if after is not None:
        conditions.append(tuple_(*_KEY) < after)
    if before is not None:
        conditions.append(tuple_(*_KEY) > before)
    return conditions


def _around(point: Point, metres: int) -> list[ColumnElement[bool]]:
    """Say that a place is in the square around a circle, as wide as it may be once places are told roughly."""
    corners = square(point, half_m=metres + MESH_METRES)
    return [
        Complaint.latitude.between(corners[0].latitude, corners[1].latitude),
        Complaint.longitude.between(corners[0].longitude, corners[1].longitude),
    ]


def _is_near(row: Row, wanted: Wanted) -> bool:
    """Whether it is within the circle by the place that is shown: who moves circles learns no more."""
    if wanted.near is None:
        return True
    return row.point is not None and metres_between(row.point, wanted.near) <= wanted.within_m


def _read(asked: _Asked, city: CityInForce, most: int) -> Sequence[SqlRow[Any]]:
    sought = asked.wanted.sought
    if sought is None:
        return db.session.execute(_along(asked, most)).all()
    if sought.reference is not None:
        is_it = and_(*asked.conditions, or_(*asked.parts), Complaint.reference == sought.reference)
        found = db.session.execute(_SELECTED.where(is_it)).all()
        if found:
            return found
    if not sought.patterns:
        return []
    return _with_words(asked, sought.patterns, city, most)


def _with_words(
    asked: _Asked, patterns: tuple[str, ...], city: CityInForce, most: int
) -> Sequence[SqlRow[Any]]:
    found = db.session.execute(_on_the_walk(asked, patterns, city, most)).all()
    if len(found) == most or not _goes_farther(asked):
        return found
    return db.session.execute(_by_index(asked, patterns, city, most)).all()


def _along(asked: _Asked, most: int, *, shown: Sequence[Any] = _SHOWN) -> Any:
    """Read these columns of the first `most` along the indexes of the parts."""
    query = select(*shown)
    each = [asked.ordered(query.where(part, *asked.conditions), most=most) for part in asked.parts]
    return each[0] if len(each) == 1 else asked.ordered(union_all(*each), most=most)


def _on_the_walk(asked: _Asked, patterns: tuple[str, ...], city: CityInForce, most: int) -> Any:
    """Look at so many of the first one by one; the database stops at the last that is wanted."""
    walk = _along(asked, _WALK, shown=(*_SHOWN, Complaint.sought)).subquery()
    shown = (column for column in walk.c if column is not walk.c.sought)
    kept = select(*shown).where(
        searching.holds(walk.c.sought, patterns), _is_in_words(walk.c, patterns, city)
    )
    return asked.ordered(kept, most=most)


def _goes_farther(asked: _Asked) -> bool:
    """Whether there are more reports than the walk has looked at."""
    last = _along(asked, _WALK, shown=_KEY).limit(1).offset(_WALK - 1)
    return db.session.execute(last).first() is not None


def _by_index(asked: _Asked, patterns: tuple[str, ...], city: CityInForce, most: int) -> Any:
    """Ask the index of words for all of them; materialised, so that no other way seems cheaper."""
    is_it = and_(or_(*asked.parts), *asked.conditions, searching.holds(Complaint.sought, patterns))
    every = _SELECTED.where(is_it).cte("every").prefix_with("MATERIALIZED")
    kept = select(*every.c).where(_is_in_words(every.c, patterns, city))
    return asked.ordered(kept, most=most)


def _is_in_words(columns: Any, patterns: tuple[str, ...], city: CityInForce) -> ColumnElement[bool]:
    """Say that a landmark which is not shown does not count: who tries addresses would find out where it is."""
    if not city.rounded_categories:
        return true()
    is_shown = columns.category_id.not_in(sorted(city.rounded_categories))
    return or_(is_shown, searching.holds(func.folded(columns.words), patterns))


def _row(values: SqlRow[Any], city: CityInForce) -> Row:
    known = dict(values._mapping)
    latitude, longitude = known.pop("latitude"), known.pop("longitude")
    point = None if latitude is None or longitude is None else Point(latitude, longitude)
    category_id = known["category_id"]
    return Row(
        **known
        | {
            "words": visibility.seen_words(known["words"][: 2 * FIRST_WORDS], city)[:FIRST_WORDS],
            "landmark": visibility.seen_landmark(category_id, known["landmark"], city),
            "point": visibility.seen_point(category_id, point, city) if point else None,
        }
    )
