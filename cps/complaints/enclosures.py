"""Photos that follow their report: the text is filed first, so that its number never waits for a picture.

They follow as long as the report is open; what had arrived by then stays.
"""

from uuid import UUID

from cps.city.queries import in_force
from cps.complaints.models import Complaint
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.photos import uploads
from cps.photos.uploads import Announced, Progress


class Closed(Refused):
    """The report has ended, so nobody would look at the photo."""

    def __init__(self) -> None:
        super().__init__(_("This report is closed and takes no more photos."))


def progress(complaint: Complaint, key: UUID) -> Progress:
    """Say how far the photo with this key has come."""
    return uploads.progress(complaint.id, key)


def add_piece(complaint: Complaint, piece: bytes, *, at: int, of: Announced) -> Progress:
    """Keep a piece of a photo that begins at the byte `at`; say from where to go on.

    Raises Closed, and what `uploads.take` raises.
    """
    known = progress(complaint, of.key)
    if known.is_complete:
        return known
    if not complaint.status.is_open:
        raise Closed
    most = in_force().profile.limits.photos
    return uploads.take(piece, at=at, of=of, complaint_id=complaint.id, most=most)
