"""How near a deadline is, in the days people count: pure.

A day is a day of the city's calendar; what is late is late from the moment it was due.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Protocol

from cps.complaints.lifecycle import STATUS_NAMES
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
    def due_at(self) -> datetime:
        """When it is due."""


def of(complaint: Dated, *, now: datetime, zone: tzinfo) -> Due:
    """Say how near the deadline of a complaint is; waiting and closed ones have none that runs."""
    days = (complaint.due_at.astimezone(zone).date() - now.astimezone(zone).date()).days
    if not complaint.status.is_open:
        return Due(Nearness.CLOSED, 0)
    if complaint.status is Status.WAITING:
        return Due(Nearness.WAITING, 0)
    if complaint.due_at < now:
        return Due(Nearness.LATE, -days)
    if days == 0:
        return Due(Nearness.TODAY, 0)
    return Due(Nearness.SOON if _is_soon(complaint, now) else Nearness.CALM, days)


def words(due: Due, status: Status) -> Text:
    """Say how near the deadline is."""
    if due.nearness in (Nearness.CALM, Nearness.SOON):
        return _n("%(num)s day left", "%(num)s days left", due.days)
    if due.nearness is Nearness.TODAY:
        return _("due today")
    if due.nearness is Nearness.LATE:
        return _n("%(num)s day late", "%(num)s days late", due.days) if due.days else _("late since today")
    return _("waiting for citizen") if due.nearness is Nearness.WAITING else standing(status)


def standing(status: Status) -> Text:
    """Say a status in the words of the office, which is not the one that is waited for."""
    return _("Waiting for citizen") if status is Status.WAITING else STATUS_NAMES[status]


def _is_soon(complaint: Dated, now: datetime) -> bool:
    return complaint.due_at - now <= _SOON * (complaint.due_at - complaint.received_at)
