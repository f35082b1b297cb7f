"""How the reporter finds the result: one tap, and then why.

Every rating is an event; the latest since the report was closed is the one that counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from cps.complaints import history
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _

# Three faces on the scale from 1 to 5 that other systems use.
FACES: dict[int, Text] = {5: _("Good"), 3: _("So-so"), 1: _("Bad")}
_CONTENT = 3
_CLOSINGS = {EventKind.RESOLVED, EventKind.DECLINED}


@dataclass(frozen=True, slots=True)
class Rating:
    """The rating that counts: `score` from 1 to 5, when it was first given, and why."""

    score: int
    at: datetime
    words: str

    @property
    def is_content(self) -> bool:
        """Whether the reporter can live with the result."""
        return self.score >= _CONTENT


def rate(complaint: Complaint, *, score: int, words: str = "") -> Event | None:
    """Take the reporter's rating of the result; None if it is the one that counts already."""
    if not may_be_rated(complaint):
        raise Refused(_("There is no result to rate now."))
    if score not in FACES:
        raise Invalid({"score": _("Choose one of the faces.")})
    known = latest(history.of(complaint))
    if known is not None and known.score == score and words in ("", known.words):
        return None
    return history.record(
        complaint, EventKind.RATED, by=None, at=clock.now(), note=words, details={"score": score}
    )


def may_be_rated(complaint: Complaint) -> bool:
    """Whether there is a result to rate."""
    return complaint.status in (Status.RESOLVED, Status.DECLINED)


def latest(events: Sequence[Event]) -> Rating | None:
    """Return the rating that counts of a history, oldest first; None if the present result has none."""
    found: Rating | None = None
    for event in events:
        if event.kind in _CLOSINGS or event.kind is EventKind.REOPENED:
            found = None
        elif event.kind is EventKind.RATED:
            found = Rating(event.details["score"], found.at if found else event.at, event.note)
    return found
