"""The listed reports as spots, kept in each process and brought up to date with every question.

Read whole once, some seconds for a million reports in 30 MB; from then on only what events tell of is read anew, at
most once a second, so that an answer is at most a second old. The rule for whoever changes a complaint's place,
category, area, status or publicity: record an event, or it stays here as it was until the city is loaded anew.
"""

import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final
from weakref import WeakKeyDictionary

import numpy as np
from sqlalchemy import BigInteger, Date, Engine, Select, case, cast, func, literal, select, text

from cps.city.queries import CityInForce, in_force
from cps.complaints import visibility
from cps.complaints.models import Complaint, Event
from cps.complaints.spots import Spots
from cps.complaints.status import OPEN, Status
from cps.geo import cells, rounding
from cps.kernel import replica
from cps.kernel.db import db, driver_connection

ANSWERED: Final = (Status.RESOLVED, Status.DECLINED)
STATUS_NUMBERS: Final = {status: number for number, status in enumerate((*sorted(OPEN), *ANSWERED))}

_FIRST_DAY = date(2000, 1, 1)
_SECONDS_TRUSTED = 1.0
_AT_ONCE = 200_000

# A row of COPY in the binary format: the count of fields, then each with its length before it.
# https://www.postgresql.org/docs/current/sql-copy.html, "Binary Format"; the head has 19 bytes, the tail 2.
_FIELDS = ("id", "latitude", "longitude", "category", "area", "day", "status")
_ROW = np.dtype(
    [("fields", ">i2")]
    + [
        part
        for name in _FIELDS
        for part in ((f"{name}_length", ">i4"), (name, ">f8" if name.endswith("itude") else ">i8"))
    ]
)
_HEAD_BYTES = 19

_Array = np.ndarray[Any, Any]

# What has ended, what may still be on its way, and the newest event that is to be seen: of one moment.
_MARK = text(
    "SELECT pg_snapshot_xmin(now_seen)::text::bigint, pg_snapshot_xmax(now_seen)::text::bigint,"
    " coalesce((SELECT max(id) FROM event), 0) FROM pg_current_snapshot() AS now_seen"
)


@dataclass(frozen=True)
class _Mark:
    """Transactions older than `ended` have ended, those from `begins` on had not begun; `event`: the newest seen."""

    ended: int
    begins: int
    event: int


@dataclass(frozen=True)
class _Kept:
    """`seen`: of every event up to this one it is known what it did. `mark`: of when `seen` comes next.

    `is_whole`: nothing was on its way when the spots were read.
    """

    spots: Spots
    made_for: tuple[int, frozenset[int]]
    seen: int
    mark: _Mark
    is_whole: bool
    looked_at: float  # monotonic seconds


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()
_ONE_AT_A_TIME = threading.Lock()


def spots() -> Spots:
    """Return all reports that everybody may see and whose place is known, places that may be homes rounded.

    Withdrawn and joined ones are left out, as in the public list.
    """
    city, engine = in_force(), db.engine
    made_for = (city.version, city.rounded_categories)
    kept = _KEPT.get(engine)
    if kept is None or not _is_fresh(kept, made_for):
        with _ONE_AT_A_TIME:
            kept = _KEPT.get(engine)
            if kept is None or not _is_fresh(kept, made_for):
                kept = _KEPT[engine] = _renewed(kept, made_for, city)
    return kept.spots


def forget() -> None:
    """Read all anew the next time."""
    _KEPT.clear()


def day_number(day: date) -> int:
    """Return a day as spots count it."""
    return (day - _FIRST_DAY).days


def _is_fresh(kept: _Kept, made_for: tuple[int, frozenset[int]]) -> bool:
    return kept.made_for == made_for and time.monotonic() - kept.looked_at < _SECONDS_TRUSTED


def _renewed(kept: _Kept | None, made_for: tuple[int, frozenset[int]], city: CityInForce) -> _Kept:
    mark, now = _Mark(*db.session.execute(_MARK).one()), time.monotonic()
    if kept is not None and mark.event < kept.seen and replica.is_read():
        return replace(kept, looked_at=now)  # it has not heard yet of what we know
    if kept is None or kept.made_for != made_for or mark.event < kept.seen:
        return _Kept(_all(city, made_for[1]), made_for, mark.event, mark, mark.ended == mark.begins, now)
    is_over = mark.ended >= kept.mark.begins
    if is_over and not kept.is_whole:
        # What was on its way when all was read may carry older numbers than what was seen: once more, after it.
        found = _all(city, made_for[1])
    else:
        changed = _changed_since(kept.seen)
        found = (
            kept.spots.changed(np.array(changed), _some(changed, city, made_for[1]))
            if changed
            else kept.spots
        )
    if not is_over:
        return replace(kept, spots=found, looked_at=now)
    return _Kept(found, made_for, kept.mark.event, mark, True, now)


def _changed_since(event_id: int) -> list[int]:
    return list(db.session.scalars(select(Event.complaint_id).where(Event.id > event_id).distinct()))


def _all(city: CityInForce, rounded: frozenset[int]) -> Spots:
    """Read all, so many at once that neither memory nor the patience of the database runs out with ten million.

    What changes in between is told by events that come after the mark, and is read again.
    """
    parts, last = [], 0
    while True:
        rows = _copied(_rows(city).where(Complaint.id > last).order_by(Complaint.id).limit(_AT_ONCE))
        columns = {name: rows[name].astype(rows[name].dtype.newbyteorder("=")) for name in _FIELDS}
        parts.append(_spots(columns, rounded))
        if len(rows) < _AT_ONCE:
            return Spots.joined(parts)
        last = int(columns["id"][-1])


def _copied(query: Select[Any]) -> _Array:
    """Read by COPY: rows of one length, which need no look at each."""
    written = query.compile(db.engine, compile_kwargs={"literal_binds": True})
    data, cursor = bytearray(), driver_connection().cursor()
    with cursor.copy(f"COPY ({written}) TO STDOUT (FORMAT binary)") as source:
        for piece in source:
            data += piece
    return np.frombuffer(
        data, dtype=_ROW, offset=_HEAD_BYTES, count=(len(data) - _HEAD_BYTES) // _ROW.itemsize
    )


def _some(ids: Sequence[int], city: CityInForce, rounded: frozenset[int]) -> Spots:
    found = db.session.execute(_rows(city).where(Complaint.id.in_(ids))).all()
    columns = zip(*found, strict=True) if found else [()] * len(_FIELDS)
    return _spots({name: np.array(column) for name, column in zip(_FIELDS, columns, strict=True)}, rounded)


def _spots(columns: Mapping[str, _Array], rounded: frozenset[int]) -> Spots:
    latitudes, longitudes = columns["latitude"].astype(float), columns["longitude"].astype(float)
    at_home = np.isin(columns["category"], list(rounded))
    if at_home.any():
        places = rounding.all_rounded(latitudes[at_home], longitudes[at_home])
        latitudes[at_home], longitudes[at_home] = places
    return Spots.of(
        ids=columns["id"],
        keys=cells.keys(latitudes, longitudes),
        categories=columns["category"],
        areas=columns["area"],
        days=columns["day"],
        statuses=columns["status"],
    )


def _rows(city: CityInForce) -> Select[Any]:
    """Write what is read of each: every column has a value, so all rows have the same length."""
    zone = literal(city.profile.calendar.zone.key)
    day = cast(func.timezone(zone, Complaint.received_at), Date) - literal(_FIRST_DAY)
    number_of_status = [(Complaint.status == status, number) for status, number in STATUS_NUMBERS.items()]
    columns: list[Any] = [
        Complaint.id,
        Complaint.latitude,
        Complaint.longitude,
        Complaint.category_id,
        func.coalesce(Complaint.area_id, 0),
        cast(day, BigInteger),
        cast(case(*number_of_status), BigInteger),
    ]
    return select(*columns).where(
        visibility.for_public().condition,
        Complaint.status.in_(STATUS_NUMBERS),
        Complaint.latitude.is_not(None),
        Complaint.longitude.is_not(None),
    )
