"""How near a deadline is, in the days people count: pure.

A day is a day of the city's calendar; what is late is late from the moment it was due.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from cps.complaints.lifecycle import OFFICE_NAMES
from cps.complaints.status import Status
from cps.kernel.text import Text, _, _n

_SOON = 0.25  # of the time there was, or less


class Nearness(StrEnum):
    """What the chip of a complaint says."""

    CALM = "calm"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"
    WAITING = "waiting"
    PAUSED = "paused"
    CLOSED = "closed"


@dataclass(frozen=True)
class Due:
    """How near the deadline is; `days` left or late, in calendar days, never negative."""

    nearness: Nearness
    days: int


class Dated(Protocol):
    """A complaint, or what a queue shows of it."""

    @property
    def status(self) -> Status:
        """Where it stands."""

    @property
    def received_at(self) -> datetime:
        """When it came in."""

    @property
    def reopened_at(self) -> datetime | None:
        """When it was reopened last, and the time it has began anew."""

    @property
    def due_at(self) -> datetime:
        """When it is due."""

    @property
    def paused_since(self) -> datetime | None:
        """Since when its clock stands for another cause than a question."""


def of(complaint: Dated, *, now: datetime, zone: tzinfo) -> Due:
    """Say how near the deadline of a complaint is; waiting, paused and closed ones have none that runs."""
    if not complaint.status.is_open:
        return Due(Nearness.CLOSED, 0)
    if complaint.status is Status.WAITING:
        return Due(Nearness.WAITING, 0)
    if complaint.paused_since is not None:
        return Due(Nearness.PAUSED, 0)
    since = complaint.reopened_at or complaint.received_at
    return until(complaint.due_at, since=since, now=now, zone=zone)


def until(moment: datetime, *, since: datetime, now: datetime, zone: tzinfo) -> Due:
    """Say how near a moment is of a clock that runs from `since` on."""
    days = (moment.astimezone(zone).date() - now.astimezone(zone).date()).days
    if moment < now:
        return Due(Nearness.LATE, -days)
    if days == 0:
        return Due(Nearness.TODAY, 0)
    is_soon = moment - now <= _SOON * (moment - since)
    return Due(Nearness.SOON if is_soon else Nearness.CALM, days)


def words(due: Due, status: Status) -> Text:
    """Say how near the deadline is."""
    if due.nearness in (Nearness.CALM, Nearness.SOON):
        return _n("%(num)s day left", "%(num)s days left", due.days)
    if due.nearness is Nearness.TODAY:
        return _("due today")
    if due.nearness is Nearness.LATE:
        return _n("%(num)s day late", "%(num)s days late", due.days) if due.days else _("late since today")
    if due.nearness is Nearness.PAUSED:
        return _("paused")
    return _("waiting for citizen") if due.nearness is Nearness.WAITING else standing(status)


def words_of_hours(due: Due, *, time: str) -> Text:
    """Say how near the end of a clock of hours is; `time` of day matters on the last day."""
    if due.nearness is Nearness.TODAY:
        return _("today until %(time)s", time=time)
    if due.nearness is Nearness.LATE and not due.days:
        return _("late since %(time)s", time=time)
    return words(due, Status.RECEIVED)


def standing(status: Status) -> Text:
    """Say a status in the words of the office, which is not the one that is waited for."""
    return OFFICE_NAMES[status]
