"""The clocks of a complaint beside its deadline, as the screen shows them: only those that run."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cps.city.queries import CityInForce
from cps.complaints.models import Complaint
from cps.desk import due
from cps.kernel import dates
from cps.kernel.text import Text, _


@dataclass(frozen=True)
class Clock:
    """A clock that runs: what is owed, by when, and how near that is."""

    name: Text
    ends_at: datetime
    nearness: due.Nearness
    words: Text


def of(complaint: Complaint, *, now: datetime, city: CityInForce, language: str) -> Sequence[Clock]:
    """List what the department owes before the answer."""
    zone = city.profile.calendar.zone

    def clock(name: Text, ends_at: datetime) -> Clock:
        near = due.until(ends_at, since=complaint.received_at, now=now, zone=zone)
        time = dates.time(ends_at, language=language, zone=zone)
        return Clock(name, ends_at, near.nearness, due.words_of_hours(near, time=time))

    clocks = []
    if complaint.acknowledged_at is None and complaint.status.is_open:
        clocks.append(clock(_("Take on by"), complaint.acknowledge_by))
    if complaint.accept_by is not None:
        clocks.append(clock(_("Accept by"), complaint.accept_by))
    return clocks
