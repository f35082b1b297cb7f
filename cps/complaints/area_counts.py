"""How many reports each area had, read on the map of any day, before or after a reorganisation.

A report counts in the first area it had that is on the map; else its point decides, else the area that
holds most of the one it had. Each is counted once, so the sums of every map agree.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import Any

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import Row, select

from cps.city.models import Area
from cps.city.periods import day_after, holds_on
from cps.city.profile import Names
from cps.city.queries import in_force
from cps.city.reforms import heirs, in_order
from cps.city.succession import shares
from cps.complaints.conditions import IS_JUDGED
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.db import db

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class Count:
    """Reports of one area: received in the time asked for, and of those open and resolved now.

    `code` is empty and `names` are none for reports whose area nobody knows.
    """

    code: str
    names: Names
    received: int
    open: int
    resolved: int


def counts(day: date, *, since: date | None = None, until: date | None = None) -> list[Count]:
    """Count reports received from `since` to `until` (days in the city's zone, included) on the map of `day`.

    The last one counts those whose area nobody knows.
    """
    then = _Map(db.session.execute(select(Area.__table__).order_by(Area.position, Area.id)).all(), day)
    before = _areas_before()
    received: Counter[int | None] = Counter()
    still_open: Counter[int | None] = Counter()
    resolved: Counter[int | None] = Counter()
    for row in _reports(since, until):
        area_id = then.area_of(row, before.get(row.id, ()))
        received[area_id] += 1
        still_open[area_id] += row.status.is_open
        resolved[area_id] += row.status is Status.RESOLVED
    areas = [*((area.id, area.code, area.names) for area in then.areas), (None, "", {})]
    return [
        Count(code, names, received[number], still_open[number], resolved[number])
        for number, code, names in areas
    ]


def _reports(since: date | None, until: date | None) -> Iterator[Row[Any]]:
    query = select(Complaint.id, Complaint.area_id, Complaint.latitude, Complaint.longitude, Complaint.status)
    query = query.where(IS_JUDGED)
    if since is not None:
        query = query.where(Complaint.received_at >= _midnight(since))
    if until is not None:
        query = query.where(Complaint.received_at < _midnight(day_after(until)))
    return iter(db.session.execute(query.execution_options(yield_per=_AT_ONCE)))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=in_force().profile.calendar.zone)


def _areas_before() -> Mapping[int, Sequence[int]]:
    """Return the areas that re-homed complaints had before, the first one first."""
    found: defaultdict[int, list[int]] = defaultdict(list)
    moved = select(Event.complaint_id, Event.details).where(Event.kind == EventKind.REHOMED)
    for row in db.session.execute(moved.order_by(Event.complaint_id, Event.position)):
        if row.details["old_area"] is not None:
            found[row.complaint_id].append(row.details["old_area"])
    return found


class _Map:
    """The areas in force on a day, and which of them a report belongs to."""

    def __init__(self, rows: Sequence[Row[Any]], day: date) -> None:
        self._rows = {row.id: row for row in rows}
        self.areas = [row for row in rows if holds_on(row, day)]
        self._ids = frozenset(area.id for area in self.areas)
        self._largest: dict[int, int | None] = {}

    def area_of(self, report: Any, before: Sequence[int]) -> int | None:
        """Return the number of the report's area on this map, if anybody can tell."""
        had: list[int] = [area_id for area_id in (*before, report.area_id) if area_id is not None]
        own = next((area_id for area_id in had if area_id in self._ids), None)
        if own is not None:
            return own
        if report.latitude is not None and report.longitude is not None:
            code = self._drawn.containing(Point(report.latitude, report.longitude))
            if code is not None:
                return int(code)
        return self._nearest_kin(had[-1]) if had else None

    def _nearest_kin(self, area_id: int) -> int | None:
        """Return what came after the area, as its plan said, else what holds most of it."""
        if area_id not in self._largest:
            heir = heirs(in_order()).among(self._ids, area_id)
            self._largest[area_id] = heir if heir is not None else self._holder(area_id)
        return self._largest[area_id]

    def _holder(self, area_id: int) -> int | None:
        (found,) = shares({"": shape(self._rows[area_id].polygon)}, self._outlines).values()
        return int(found[0].code) if found else None

    @cached_property
    def _outlines(self) -> dict[str, BaseGeometry]:
        return {str(area.id): shape(area.polygon) for area in self.areas}

    @cached_property
    def _drawn(self) -> AreaMap:
        return AreaMap(self._outlines.items(), tolerance_m=in_force().profile.tolerance_m)
