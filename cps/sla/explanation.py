"""A deadline in words: the rule that made it, what was left out, why the clock stood.

The clauses are said in the reader's language and joined as one sentence; what is counted comes from
`promise.Deadline`, nothing is counted again.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial

from cps.city.calendar import Calendar, DayKind
from cps.city.promise import HOUR_CLOCKS, Promise
from cps.kernel import dates, numbers
from cps.kernel.catalogues import speaker
from cps.kernel.dates import OtherCalendar
from cps.kernel.text import Text, _, _n
from cps.sla import hours
from cps.sla.promise import Deadline, Stop, touched

_NOTHING, _MINUTE = timedelta(), timedelta(minutes=1)
_Counted = Callable[[int], Text]
_Dated = Callable[[date], str]

_LENGTHS: Mapping[str, _Counted] = {
    "hours": lambda n: _n("%(num)s hour, day and night", "%(num)s hours, day and night", n),
    "working_hours": lambda n: _n("%(num)s working hour", "%(num)s working hours", n),
    "working_days": lambda n: _n("%(num)s working day", "%(num)s working days", n),
    "calendar_days": lambda n: _n("%(num)s calendar day", "%(num)s calendar days", n),
    "weeks": lambda n: _n("%(num)s week", "%(num)s weeks", n),
    "months": lambda n: _n("%(num)s month", "%(num)s months", n),
    "years": lambda n: _n("%(num)s year", "%(num)s years", n),
}

_PAUSED: Mapping[str, Callable[[Text], Text]] = {
    "citizen": lambda length: _("paused %(length)s while we waited for you", length=length),
    "inspection": lambda length: _("paused %(length)s for an inspection on site", length=length),
    "other_body": lambda length: _("paused %(length)s while another office checked", length=length),
    "system": lambda length: _("paused %(length)s because our system did not work", length=length),
}


def explained(
    deadline: Deadline,
    calendar: Calendar,
    *,
    language: str,
    read_in: Sequence[OtherCalendar] = (),
    is_anew: bool = False,
) -> str:
    """Say in one sentence, without full stop, how a deadline was counted.

    `read_in`: the calendars its dates are read in, beside the Gregorian. `is_anew`: not from receipt, but
    from the day on which the citizen had it reopened.
    """
    return "; ".join(clauses(deadline, calendar, language=language, read_in=read_in, is_anew=is_anew))


def clauses(
    deadline: Deadline,
    calendar: Calendar,
    *,
    language: str,
    read_in: Sequence[OtherCalendar] = (),
    is_anew: bool = False,
) -> list[str]:
    """Say the parts of the explanation, most important first."""
    written = partial(dates.date_in_words, language=language, calendars=read_in)
    texts = (
        _promise(deadline.promise),
        *([_anew(deadline, calendar, written)] if is_anew else []),
        *_extensions(deadline),
        *_left_out(deadline, calendar, language, written),
        *_pauses(deadline, calendar),
        *_moved(deadline, written),
    )
    says, counts = speaker(language), partial(numbers.number, language=language)
    return [text.rendered(says, counts) for text in texts]


def said(promise: Promise) -> Text:
    """Say the length of a promise: `7 working days`, `3 working days of 8 hours`."""
    if promise.day_minutes:
        return _n(
            "%(num)s working day of %(hours)s hours",
            "%(num)s working days of %(hours)s hours",
            promise.count,
            hours=f"{promise.day_minutes / 60:g}",
        )
    return _LENGTHS[promise.unit](promise.count)


def _promise(promise: Promise) -> Text:
    length = said(promise)
    if promise.unit in HOUR_CLOCKS:
        return length
    first = _("first day counted") if promise.first_day_counted else _("counted from the next day")
    return _("%(length)s, %(start)s", length=length, start=first)


def _anew(deadline: Deadline, calendar: Calendar, written: _Dated) -> Text:
    day = written(hours.local_date(deadline.received_at, calendar))
    return _("counted anew from %(day)s, when you asked us to look again", day=day)


def _extensions(deadline: Deadline) -> Iterable[Text]:
    for extension in deadline.extensions:
        more = said(deadline.promise.longer_by(extension.count - deadline.promise.count))
        sentence = (
            _("extended by %(length)s with your consent", length=more)
            if extension.has_consent
            else _("extended by %(length)s", length=more)
        )
        yield sentence


def _left_out(deadline: Deadline, calendar: Calendar, language: str, written: _Dated) -> Iterable[Text]:
    if deadline.promise.unit not in ("working_hours", "working_days"):
        return
    kinds = _kinds(deadline, calendar)
    if holidays := kinds.get("holiday"):
        yield _holidays(len(holidays), _names(holidays, calendar, language))
    if closures := kinds.get("closure"):
        yield _closures(len(closures), _names(closures, calendar, language))
    if kinds.get("week"):
        count = len(kinds["week"])
        yield _n("%(num)s weekly day off left out", "%(num)s weekly days off left out", count)
    if kinds.get("extra"):
        days = ", ".join(map(written, kinds["extra"]))
        count = len(kinds["extra"])
        yield _n(
            "%(num)s extra working day counted (%(days)s)",
            "%(num)s extra working days counted (%(days)s)",
            count,
            days=days,
        )


def _holidays(count: int, names: str) -> Text:
    if not names:
        return _n("%(num)s holiday left out", "%(num)s holidays left out", count)
    return _n(
        "%(num)s holiday left out (%(names)s)", "%(num)s holidays left out (%(names)s)", count, names=names
    )


def _closures(count: int, names: str) -> Text:
    if not names:
        return _n("%(num)s closed day left out", "%(num)s closed days left out", count)
    return _n(
        "%(num)s closed day left out (%(names)s)",
        "%(num)s closed days left out (%(names)s)",
        count,
        names=names,
    )


def _kinds(deadline: Deadline, calendar: Calendar) -> dict[DayKind, list[date]]:
    """Sort the dates that say something: those left out by what closed them, those worked out of turn."""
    kinds: dict[DayKind, list[date]] = {}
    for day, number in deadline.days:
        kind = calendar.decided_by(day)
        is_off = number is None and not calendar.hours_of(day)
        if is_off or (number is not None and kind == "extra"):
            kinds.setdefault(kind, []).append(day)
    return kinds


def _names(days: Iterable[date], calendar: Calendar, language: str) -> str:
    """Name the days once each: "Seollal" alone stands for the day before it and the day after."""
    names = dict.fromkeys(name for day in days if (name := calendar.names_of(day, language)))
    return ", ".join(name for name in names if not any(other in name for other in names if other != name))


def _pauses(deadline: Deadline, calendar: Calendar) -> Iterable[Text]:
    unit = deadline.promise.unit
    length = _hours_paused if unit in HOUR_CLOCKS else partial(_days_paused, unit, calendar)
    for reason, phrase in _PAUSED.items():
        stops = [stop for stop in deadline.stops if stop.reason == reason]
        if stops:
            yield phrase(length(stops))


def _days_paused(unit: str, calendar: Calendar, stops: Sequence[Stop]) -> Text:
    """Say how many days the pauses took from the count: from one of working days, only those."""
    days = touched(((stop.begins, stop.ends) for stop in stops), calendar)
    count = sum(1 for day in days if unit != "working_days" or calendar.hours_of(day))
    return _n("%(num)s day", "%(num)s days", count)


def _hours_paused(stops: Sequence[Stop]) -> Text:
    hours, minutes = divmod(round(sum((stop.ends - stop.begins for stop in stops), _NOTHING) / _MINUTE), 60)
    if not minutes:
        return _n("%(num)s hour", "%(num)s hours", hours)
    return _("%(hours)s h %(minutes)s min", hours=hours, minutes=minutes)


def _moved(deadline: Deadline, written: _Dated) -> Iterable[Text]:
    if deadline.moved_from is not None:
        day = written(deadline.moved_from)
        yield _("moved from %(day)s, a day off, to the next working day", day=day)
