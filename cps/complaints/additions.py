"""What a reporter adds to an open report: words for the department, photos of the place.

The same words again are the same addition: a form sent twice adds once.
"""

from typing import Any

from cps.complaints import flags, history
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.errors import Invalid
from cps.kernel.text import _

MOST_PHOTOS = 10  # of one report, with those it came with


def expect_open(complaint: Complaint) -> None:
    """Refuse additions to what has ended; who disagrees with a mark of abuse (`flags`) can always write so."""
    if not complaint.status.is_open and complaint.flagged_at is None:
        raise ImpossibleMove(complaint)


def add(complaint: Complaint, *, words: str, photos: int) -> Event | None:
    """Tell the department what the reporter adds, `photos` of them new; None if all of it is known."""
    expect_open(complaint)
    if not words.strip() and not photos:
        raise Invalid({"words": _("Write something or choose a photo.")})
    last = history.of(complaint)[-1]
    if not photos and last.kind is EventKind.ADDED and last.note == words:
        return None
    details: dict[str, Any] = {"photos": photos}
    if complaint.flagged_at is not None:
        details |= flags.whom_to_ask(complaint).as_details()
    return history.record(complaint, EventKind.ADDED, by=None, at=clock.now(), note=words, details=details)
