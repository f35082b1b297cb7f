"""Working time: when the office is open, how much of it lies between two moments, and how much reaches how far.

Takes and gives moments with a zone; days and office hours are those of the calendar's zone. Hours are
lived hours: where clocks change, an office is open whenever its clock on the wall says so.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from cps.city.calendar import Calendar
from cps.kernel.errors import Unusable

Span = tuple[datetime, datetime]
"""From a moment up to another, in UTC."""

_LONGEST_CLOSURE_DAYS = 400
_ONE_DAY = timedelta(days=1)
_NOTHING = timedelta()


def local_date(moment: datetime, calendar: Calendar) -> date:
    """Return the calendar date of a moment where the city is."""
    return moment.astimezone(calendar.zone).date()


def last_minute(day: date, calendar: Calendar) -> datetime:
    """Return 23:59 of a date in UTC; where clocks show it twice, the second time."""
    return datetime.combine(day, time(23, 59), tzinfo=calendar.zone).replace(fold=1).astimezone(UTC)


def closing(day: date, calendar: Calendar) -> datetime:
    """Return when the office closes on a working day, in UTC."""
    return openings(day, calendar)[-1][1]


def opening(moment: datetime, calendar: Calendar) -> datetime:
    """Return the first moment from this one on at which the office is open, in UTC."""
    for day in working_days(local_date(moment, calendar), calendar):
        for opens, closes in openings(day, calendar):
            if moment < closes:
                return max(opens, moment.astimezone(UTC))
    raise AssertionError("working days never end")


@lru_cache(maxsize=8192)
def openings(day: date, calendar: Calendar) -> tuple[Span, ...]:
    """Return when the office is open on a date, in order; nothing on a day off."""
    return tuple(
        span for opens, closes in calendar.hours_of(day) for span in _lived(day, opens, closes, calendar)
    )


def after(
    start: datetime, length: timedelta, calendar: Calendar, *, without: Iterable[Span] = ()
) -> datetime:
    """Return the earliest moment, in UTC, when `length` (> 0) of office time has passed since `start`.

    `without`: spans in order, apart from each other, whose time does not count.
    """
    stops = tuple(without)
    left, moment = length, start.astimezone(UTC)
    for day in working_days(local_date(start, calendar), calendar):
        for opens, closes in openings(day, calendar):
            for begins, ends in apart_from(stops, (max(opens, moment), closes)):
                if ends - begins >= left:
                    return begins + left
                left -= ends - begins
    raise AssertionError("working days never end")


def before(end: datetime, length: timedelta, calendar: Calendar) -> datetime:
    """Return the latest moment, in UTC, from which `length` (> 0) of office time passes up to `end`."""
    left, moment = length, end.astimezone(UTC)
    for day in working_days_back(local_date(end, calendar), calendar):
        for opens, closes in reversed(openings(day, calendar)):
            open_for = min(closes, moment) - opens
            if open_for >= left:
                return min(closes, moment) - left
            left -= max(open_for, _NOTHING)
    raise AssertionError("working days never end")


def between(start: datetime, end: datetime, calendar: Calendar) -> timedelta:
    """Return how much office time lies from `start` to `end`; negative if `end` comes first."""
    if end < start:
        return -between(end, start, calendar)
    first, last = local_date(start, calendar), local_date(end, calendar)
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    spans = (span for day in days for span in openings(day, calendar))
    return sum((max(min(ends, end) - max(begins, start), _NOTHING) for begins, ends in spans), _NOTHING)


def working_days(first: date, calendar: Calendar) -> Iterator[date]:
    """Give every working day from `first` on, for ever; raise Unusable if there are no more."""
    return _working_days(first, _ONE_DAY, calendar)


def working_days_back(last: date, calendar: Calendar) -> Iterator[date]:
    """Give every working day from `last` backwards, for ever; raise Unusable if there are no more."""
    return _working_days(last, -_ONE_DAY, calendar)


def working_day_after(day: date, count: int, calendar: Calendar, *, first_counted: bool = False) -> date:
    """Return the working day that is number `count` (>= 1) after a date, the date itself counted or not."""
    days = working_days(day if first_counted else day + _ONE_DAY, calendar)
    return next(found for number, found in enumerate(days, start=1) if number == count)


def working_day_before(day: date, count: int, calendar: Calendar, *, last_counted: bool = False) -> date:
    """Return the working day that is number `count` (>= 1) before a date, the date itself counted or not."""
    days = working_days_back(day if last_counted else day - _ONE_DAY, calendar)
    return next(found for number, found in enumerate(days, start=1) if number == count)


def working_days_between(first: date, last: date, calendar: Calendar, *, first_counted: bool = False) -> int:
    """Return how many working days lie up to and with `last`, `first` itself counted or not."""
    begin = first if first_counted else first + _ONE_DAY
    days = (begin + timedelta(days=n) for n in range((last - begin).days + 1))
    return sum(1 for day in days if calendar.hours_of(day))


def merged(spans: Iterable[Span]) -> list[Span]:
    """Put overlapping and touching spans together, in order; empty ones are left out."""
    whole: list[Span] = []
    for begins, ends in sorted(spans):
        if ends <= begins:
            continue
        if whole and begins <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], ends))
        else:
            whole.append((begins, ends))
    return whole


def apart_from(stops: Iterable[Span], span: Span) -> Iterator[Span]:
    """Give what is left of a span without the stops, which are in order and apart from each other."""
    begins, ends = span
    for stop, goes_on in stops:
        if goes_on <= begins:
            continue
        if stop >= ends:
            break
        if stop > begins:
            yield begins, stop
        begins = goes_on
    if begins < ends:
        yield begins, ends


def _working_days(first: date, step: timedelta, calendar: Calendar) -> Iterator[date]:
    day, closed = first, 0
    while closed < _LONGEST_CLOSURE_DAYS:
        closed += 1
        if calendar.hours_of(day):
            yield day
            closed = 0
        day += step
    where = "before" if step > _NOTHING else "after"
    raise Unusable(f"The calendar has no working day for {closed} days {where} {day}: see calendar.toml.")


def _lived(day: date, opens: time, closes: time, calendar: Calendar) -> list[Span]:
    """Return when clocks on the wall show a time from `opens` up to `closes` on this date, in UTC.

    That is one span on all but the two days of a year on which clocks change.
    """
    noon = datetime.combine(day, time(12))
    ahead, behind = (_offset(noon + step, calendar) for step in (-_ONE_DAY, _ONE_DAY))
    first, last = datetime.combine(day, opens, UTC), datetime.combine(day, closes, UTC)
    if ahead == behind:
        return [(first - ahead, last - ahead)]
    change = _change(noon, ahead, calendar)
    return merged([(first - ahead, min(last - ahead, change)), (max(first - behind, change), last - behind)])


def _offset(local: datetime, calendar: Calendar) -> timedelta:
    return local.replace(tzinfo=calendar.zone).utcoffset() or _NOTHING


def _change(noon: datetime, ahead: timedelta, calendar: Calendar) -> datetime:
    """Return the moment, in UTC, at which the offset is `ahead` no more: within a day and a half of local noon."""
    known = (noon - timedelta(days=1)).replace(tzinfo=UTC) - ahead
    changed = known + timedelta(days=2)
    while changed - known > timedelta(seconds=1):
        middle = known + (changed - known) // 2
        if middle.astimezone(calendar.zone).utcoffset() == ahead:
            known = middle
        else:
            changed = middle
    return changed.replace(microsecond=0)
