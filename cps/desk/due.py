"""How near a deadline is, in the days people count: pure.

A day is a day of the city's calendar; what is late is late from the moment it was due.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum

from cps.complaints.models import Complaint
from cps.complaints.status import Status

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


def of(complaint: Complaint, *, now: datetime, zone: tzinfo) -> Due:
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


def _is_soon(complaint: Complaint, now: datetime) -> bool:
    return complaint.due_at - now <= _SOON * (complaint.due_at - complaint.received_at)
