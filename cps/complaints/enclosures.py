"""Photos in pieces: most follow their report, whose text is filed first, so that its number never waits for a picture.

They follow as long as the report is open; what had arrived by then stays. Photos that must prove something come
before: to the form, until it is filed.
"""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from cps.city.queries import in_force
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.photos import drafts, uploads
from cps.photos.models import Owner
from cps.photos.uploads import Announced, Progress


class Closed(Refused):
    """The report has ended, so nobody would look at the photo."""

    def __init__(self) -> None:
        super().__init__(_("This report is closed and takes no more photos."))


class Filed(Refused):
    """The form was filed meanwhile: what is still on its way follows the report."""

    def __init__(self) -> None:
        super().__init__(_("This report was sent already. Add more photos on its own page."))


def progress(complaint: Complaint, key: UUID) -> Progress:
    """Say how far the photo with this key has come."""
    return uploads.progress(Owner(complaint.id), key)


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
    return uploads.take(piece, at=at, of=of, owner=Owner(complaint.id), most=most)


def progress_before(submission_key: UUID, key: UUID) -> Progress:
    """Say how far a photo of a form has come; one that had come when the form was filed has come."""
    return uploads.progress(_owner(submission_key), key)


def add_piece_before(
    submission_key: UUID, piece: bytes, *, at: int, of: Announced, among: Collection[UUID] = ()
) -> Progress:
    """Keep a piece of a photo of a form, as `add_piece` does for a report.

    `among`: all photos that the form has now; with the first piece of one of them, others are dropped. Raises Filed,
    and what `uploads.take` raises.
    """
    drafts.one_at_a_time(submission_key)
    owner = _owner(submission_key)
    known = uploads.progress(owner, of.key)
    if known.is_complete:
        return known
    if owner.complaint_id is not None:
        raise Filed
    if at == 0 and of.key in among:
        uploads.forget_others(submission_key, but=among)
    return uploads.take(piece, at=at, of=of, owner=owner, most=in_force().profile.limits.photos)


def _owner(submission_key: UUID) -> Owner:
    filed = db.session.scalar(select(Complaint.id).where(Complaint.submission_key == submission_key))
    return Owner(submission_key=submission_key) if filed is None else Owner(filed)
