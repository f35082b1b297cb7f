"""By when a promise is due, and how that was counted; pure.

The count follows the city's calendar and the definitions in docs/counting.md, to the letter.
"""

import calendar as gregorian
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from itertools import islice, pairwise
from typing import Final

from cps.city.calendar import Calendar
from cps.city.promise import HOUR_CLOCKS, PERIODS, Promise
from cps.kernel.errors import Unusable
from cps.sla import hours
from cps.sla.hours import Span

_ONE_DAY = timedelta(days=1)
_INSTANT = timedelta(microseconds=1)
MOST_EXTENSIONS: Final = 2


@dataclass(frozen=True, slots=True)
class Pause:
    """The clock stood from `begun_at` to `ended_at` (None: it still stands), at most for `cap`.

    `reason` is one of PAUSE_REASONS. `stood_before`: the spans in which it stood for the same reason before,
    in order; the cap counts them too.
    """

    begun_at: datetime
    ended_at: datetime | None = None
    reason: str = "citizen"
    cap: Promise | None = None
    stood_before: tuple[Span, ...] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """So many units of the promise more; the second needs the citizen's consent."""

    count: int
    has_consent: bool = False


@dataclass(frozen=True, slots=True)
class Stop:
    """A pause as far as it counts: from `begins` to `ends` in UTC."""

    begins: datetime
    ends: datetime
    reason: str


@dataclass(frozen=True, slots=True)
class Deadline:
    """When a promise is due (UTC), with everything that it was counted from.

    `days`: every date that was looked at, in order, with its number in the count (None: left out).
    `moved_from`: the last day, if it had no office and moved on.
    """

    due_at: datetime
    promise: Promise
    received_at: datetime
    extensions: tuple[Extension, ...]
    stops: tuple[Stop, ...]
    days: tuple[tuple[date, int | None], ...]
    moved_from: date | None = None


def due(
    promise: Promise,
    received_at: datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> datetime:
    """Return when a promise given at `received_at` (with a zone) is due, in UTC; see `deadline`."""
    return deadline(promise, received_at, calendar, pauses=pauses, extensions=extensions).due_at


def deadline(
    promise: Promise,
    received_at: datetime,
    calendar: Calendar,
    *,
    pauses: Sequence[Pause] = (),
    extensions: Sequence[Extension] = (),
) -> Deadline:
    """Count when a promise given at `received_at` (with a zone) is due.

    Raises Unusable for an extension that is not allowed, for an open pause without cap, and for a
    calendar without working days.
    """
    longer = extended(promise, extensions)
    received_at = received_at.astimezone(UTC)
    stops = _effective(longer, received_at, calendar, pauses)
    due_at, days, moved_from = _counted(longer, received_at, calendar, stops)
    return Deadline(due_at, promise, received_at, tuple(extensions), stops, days, moved_from)


def extended(promise: Promise, extensions: Sequence[Extension]) -> Promise:
    """Return the promise with its extensions: once up to the same length, once more with consent.

    Source of the limits: Korea's Civil Petitions Treatment Act, Enforcement Decree, Article 21. Raises
    Unusable for more.
    """
    if len(extensions) > MOST_EXTENSIONS:
        raise Unusable("A promise can be extended twice at most.")
    for number, extension in enumerate(extensions):
        if not 1 <= extension.count <= promise.count:
            raise Unusable(f"An extension of {promise} is 1 to {promise.count} long, not {extension.count}.")
        if number > 0 and not extension.has_consent:
            raise Unusable("A second extension needs the citizen's consent.")
    return promise.longer_by(sum(extension.count for extension in extensions))


def pause_end(pause: Pause, calendar: Calendar) -> datetime:
    """Return when a pause ends or has to end, in UTC; raise Unusable for an open one without cap."""
    ends = [pause.ended_at.astimezone(UTC)] if pause.ended_at else []
    if pause.cap is not None:
        ends.append(_used_up(pause.cap, pause, calendar))
    if not ends:
        raise Unusable("A pause that has not ended needs a cap: it would never end.")
    return min(ends)


def _used_up(cap: Promise, pause: Pause, calendar: Calendar) -> datetime:
    """Return when a pause and those before it have used the cap up, in UTC; its own beginning if that was before.

    The cap is counted from the first of them on, and what lies between them does not count.
    """
    spans = [*pause.stood_before, (pause.begun_at, pause.begun_at)]
    between = [
        Pause(*gap)
        for (_begun_at, ended_at), (begun_at, _ended_at) in pairwise(spans)
        if (gap := _gap(ended_at, begun_at, cap, calendar))
    ]
    ends = due(cap, spans[0][0], calendar, pauses=between)
    return max(ends, pause.begun_at.astimezone(UTC))


def _gap(ended_at: datetime, begun_at: datetime, cap: Promise, calendar: Calendar) -> Span | None:
    """Return the time between two pauses that their cap leaves out: of a day clock, the dates that neither touches."""
    if cap.unit in HOUR_CLOCKS:
        return (ended_at, begun_at) if ended_at < begun_at else None
    free = hours.local_date(ended_at - _INSTANT, calendar) + _ONE_DAY
    taken = hours.local_date(begun_at, calendar)
    return (_midnight(free, calendar), _midnight(taken, calendar)) if free < taken else None


def _midnight(day: date, calendar: Calendar) -> datetime:
    return datetime.combine(day, time(), tzinfo=calendar.zone).astimezone(UTC)


def _effective(
    promise: Promise, received_at: datetime, calendar: Calendar, pauses: Sequence[Pause]
) -> tuple[Stop, ...]:
    """Return the pauses as far as they count, apart from each other and in order.

    Only the part after receipt counts, and what overlaps counts once. A pause that begins when the
    promise is due already, counted without it, changes nothing; nor do those after it.
    """
    stops: list[Stop] = []
    for pause in sorted(pauses, key=lambda pause: pause.begun_at):
        begins = max(pause.begun_at.astimezone(UTC), received_at, stops[-1].ends if stops else received_at)
        ends = pause_end(pause, calendar)
        if ends <= begins:
            continue
        begun = max(pause.begun_at.astimezone(UTC), received_at)
        if begun >= _counted(promise, received_at, calendar, stops)[0]:
            break
        stops.append(Stop(begins, ends, pause.reason))
    return tuple(stops)


_Counted = tuple[datetime, tuple[tuple[date, int | None], ...], date | None]


def _counted(promise: Promise, received_at: datetime, calendar: Calendar, stops: Sequence[Stop]) -> _Counted:
    spans = hours.merged((stop.begins, stop.ends) for stop in stops)
    if promise.unit in HOUR_CLOCKS:
        return _hours(promise, received_at, calendar, spans)
    return _days(promise, hours.local_date(received_at, calendar), touched(spans, calendar), calendar)


def _hours(promise: Promise, received_at: datetime, calendar: Calendar, stops: list[Span]) -> _Counted:
    if promise.unit == "hours":
        return elapsed(received_at, promise.length, stops), (), None
    due_at = hours.after(received_at, promise.length, calendar, without=stops)
    return due_at, _office_days(received_at, due_at, calendar), None


def elapsed(received_at: datetime, length: timedelta, stops: Iterable[Span]) -> datetime:
    """Return when `length` of any time, day and night, has passed since receipt; what the stops take does not count."""
    moment, left = received_at, length
    for begins, ends in stops:
        if moment + left <= begins:
            break
        left -= begins - moment
        moment = ends
    return moment + left


def _office_days(
    received_at: datetime, due_at: datetime, calendar: Calendar
) -> tuple[tuple[date, int | None], ...]:
    first, last = hours.local_date(received_at, calendar), hours.local_date(due_at, calendar)
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    open_days = [day for day in days if calendar.hours_of(day)]
    return tuple((day, open_days.index(day) + 1 if day in open_days else None) for day in days)


def touched(stops: Iterable[Span], calendar: Calendar) -> frozenset[date]:
    """Return every date of which a pause takes even a moment."""
    dates: set[date] = set()
    for begins, ends in stops:
        day, last = hours.local_date(begins, calendar), hours.local_date(ends - _INSTANT, calendar)
        while day <= last:
            dates.add(day)
            day += _ONE_DAY
    return frozenset(dates)


@lru_cache(maxsize=4096)  # thousands of reports of one day have the same promise
def _days(promise: Promise, received_on: date, touched: frozenset[date], calendar: Calendar) -> _Counted:
    start = received_on if promise.first_day_counted else received_on + _ONE_DAY
    if promise.unit == "working_days":
        return _working_days(promise.count, start, touched, calendar)
    return _calendar_days(promise, start, touched, calendar)


def _working_days(count: int, start: date, touched: frozenset[date], calendar: Calendar) -> _Counted:
    counted = (day for day in hours.working_days(start, calendar) if day not in touched)
    days = _numbered(start, islice(counted, count))
    return hours.closing(days[-1][0], calendar), days, None


def _calendar_days(promise: Promise, start: date, touched: frozenset[date], calendar: Calendar) -> _Counted:
    count = promise.count if promise.unit == "calendar_days" else _days_of_period(promise, start)
    counted = (day for n in range(count + len(touched)) if (day := start + n * _ONE_DAY) not in touched)
    days = _numbered(start, islice(counted, count))
    last = days[-1][0]
    if promise.unit not in PERIODS and not promise.rolled_forward:
        return hours.last_minute(last, calendar), days, None
    moved = _rolled(last, touched, calendar)
    return hours.last_minute(moved, calendar), days, last if moved != last else None


def _rolled(last: date, touched: frozenset[date], calendar: Calendar) -> date:
    """Move a last day without office to the next working day that no pause touches."""
    if calendar.hours_of(last):
        return last
    return next(day for day in hours.working_days(last, calendar) if day not in touched)


def _numbered(start: date, counted: Iterable[date]) -> tuple[tuple[date, int | None], ...]:
    """Put the dates that were left out between those that count, from `start` on."""
    days: list[tuple[date, int | None]] = []
    for number, day in enumerate(counted, start=1):
        days.extend((start + n * _ONE_DAY, None) for n in range((day - start).days))
        days.append((day, number))
        start = day + _ONE_DAY
    return tuple(days)


def _days_of_period(promise: Promise, start: date) -> int:
    """Return how many days weeks, months or years have that begin on `start`.

    They end the day before the same date; where the last month has no such date, on its last day
    (Korean Civil Code, Article 160).
    """
    if promise.unit == "weeks":
        return 7 * promise.count
    months = promise.count * (12 if promise.unit == "years" else 1)
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    month += 1
    longest = gregorian.monthrange(year, month)[1]
    ends = date(year, month, longest) if start.day > longest else date(year, month, start.day) - _ONE_DAY
    return (ends - start).days + 1
