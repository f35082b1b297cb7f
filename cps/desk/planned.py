"""For when something is planned, in the few words there is room for at the desk."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Protocol

from cps.complaints.status import Status
from cps.kernel import clock, dates
from cps.kernel.dates import OtherCalendar
from cps.kernel.text import Text, _
from cps.web import language as spoken

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Planned:
    """What is said of a planned day, in a sentence and where there is room for a day alone; `is_missed`: it is over, and nothing was closed."""

    words: Text
    short: Text | str
    is_missed: bool


class Dated(Protocol):
    """A complaint, or what a queue shows of it."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def planned_from(self) -> date | None:
        """The first planned day, if there is one."""

    @property
    def planned_until(self) -> date | None:
        """The last planned day, if there is one."""


def of(
    complaint: Dated, *, now: datetime, zone: tzinfo, language: str, calendars: Sequence[OtherCalendar]
) -> Planned | None:
    """Say for when an open complaint is planned; None if it is not."""
    first, last = complaint.planned_from, complaint.planned_until
    if first is None or last is None or not complaint.status.is_open:
        return None
    today = now.astimezone(zone).date()

    def written(day: date) -> str:
        return dates.short(day, language=language, calendars=calendars)

    if last < today:
        short = _("yesterday") if last == today - _ONE_DAY else written(last)
        return Planned(_over(last, today, written(last)), short, is_missed=True)
    words = _to_come(first, last, today, written(first), written(last))
    return Planned(words, _near(first, last, today, written), is_missed=False)


def now(complaint: Dated) -> Planned | None:
    """Say for when an open complaint is planned, in the language of the page."""
    profile = spoken.city().profile
    return of(
        complaint,
        now=clock.now(),
        zone=profile.calendar.zone,
        language=spoken.current(),
        calendars=profile.dates,
    )


def _near(first: date, last: date, today: date, written: Callable[[date], str]) -> Text | str:
    if today in (last, first):
        return _("today")
    if first < today:
        return _("until %(day)s", day=written(last))
    return _("tomorrow") if first == today + _ONE_DAY else written(first)


def _over(last: date, today: date, written: str) -> Text:
    if last == today - _ONE_DAY:
        return _("Planned for yesterday – not done")
    return _("Planned for %(day)s – not done", day=written)


def _to_come(first: date, last: date, today: date, from_day: str, until_day: str) -> Text:
    if first < last:
        if last == today:
            return _("Planned until today")
        if first <= today:
            return _("Planned until %(day)s", day=until_day)
        return _("Planned for %(day)s", day=f"{from_day} – {until_day}")
    if first == today:
        return _("Planned for today")
    return _("Planned for tomorrow") if first == today + _ONE_DAY else _("Planned for %(day)s", day=from_day)
