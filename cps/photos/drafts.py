"""Photos that came with a form which was not filed yet, and the blobs that photos leave behind.

Rows go first and blobs only after that is committed: a blob without a row is waste, a row
without its blob is a loss.
"""

from collections.abc import Iterable
from datetime import timedelta
from itertools import islice
from uuid import UUID

from sqlalchemy import delete, exists, func, or_, select

from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.photos.models import Photo, Piece, Upload
from cps.photos.storage import Storage

# A blob put again this recently may belong to a row that is not committed yet.
_MARGIN = timedelta(hours=1)
_SWEPT_AT_ONCE = 500
_SWEPT_AFTER = timedelta(hours=2)  # longer than the storage holds on to a blob that was just put


def one_at_a_time(submission_key: UUID) -> None:
    """Wait until nobody else works on the photos of this form; others wait until this transaction ends."""
    db.session.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(str(submission_key), 0))))


def kept(submission_key: UUID) -> list[Photo]:
    """List the photos kept for a form, in their order."""
    drafts = select(Photo).where(Photo.complaint_id.is_(None), Photo.submission_key == submission_key)
    return list(db.session.scalars(drafts.order_by(Photo.position, Photo.id)))


def forget_old(older_than: timedelta) -> set[str]:
    """Delete the drafts taken in longer ago than `older_than`; return the blobs they named.

    One that came in pieces lives as long as its upload is known: its report was sent off and waits on a phone.
    Hand these to `sweep` in a transaction of its own, after this one is committed.
    """
    old = delete(Photo).where(
        Photo.complaint_id.is_(None),
        Photo.taken_in_at < clock.now() - older_than,
        ~exists().where(Upload.photo_id == Photo.id),
    )
    rows = db.session.execute(old.returning(Photo.original, Photo.large, Photo.small))
    return {blob for row in rows for blob in row if blob is not None}


def sweep_later(blobs: Iterable[str]) -> None:
    """Have these blobs removed once this transaction is long committed, if no photo uses them by then."""
    jobs.defer("sweep_blobs", within=_SWEPT_AFTER, blobs=sorted(blobs))


def sweep(blobs: Iterable[str], *, storage: Storage) -> int:
    """Remove those of the blobs that no photo uses any more; return how many."""
    unused = set(blobs)
    unused -= _used(unused)
    return sum(storage.remove(blob, untouched_for=_MARGIN) for blob in sorted(unused))


def forget_unclaimed(part: int, *, of: int, older_than: timedelta, storage: Storage) -> int:
    """Remove what no row has ever named, in one of so many parts of the storage; return how many.

    Whoever died between the bytes and their row, or was refused there, has left them.
    """
    found = storage.keys(part, of=of, untouched_for=older_than)
    return sum(
        sweep(some, storage=storage) for some in iter(lambda: tuple(islice(found, _SWEPT_AT_ONCE)), ())
    )


def _used(blobs: set[str]) -> set[str]:
    named = (Photo.original, Photo.large, Photo.small, Photo.clear_large, Photo.clear_small)
    rows = db.session.execute(select(*named).where(or_(*(column.in_(blobs) for column in named))))
    pieces = db.session.scalars(select(Piece.blob).where(Piece.blob.in_(blobs)))
    return {blob for row in rows for blob in row if blob is not None}.union(pieces)
