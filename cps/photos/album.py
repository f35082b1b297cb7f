"""The photos of a form or a complaint: keep what is handed in, attach it, find it.

A photo is durable in the storage before its row exists, and its row may exist before its complaint.
Developing is deferred in the transaction that keeps the row.
"""

from collections.abc import Iterable, Sequence
from typing import Any, BinaryIO
from uuid import UUID

from sqlalchemy import ColumnElement, and_, bindparam, select, update

from cps.city.queries import in_force
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import _
from cps.people.models import Person
from cps.photos import drafts
from cps.photos.intake import take_in
from cps.photos.models import Owner, Photo, Purpose, Upload
from cps.photos.storage import Storage

_STORAGE: list[Storage] = []
_OF = (
    select(Photo)
    .where(Photo.complaint_id == bindparam("complaint"))
    .order_by(Photo.purpose.desc(), Photo.position, Photo.id)
)


def use(storage: Storage) -> None:
    """Keep photos in `storage` from now on."""
    _STORAGE[:] = [storage]


def storage() -> Storage:
    """Return the storage in use."""
    return _STORAGE[0]


def keep(stream: BinaryIO, *, filename: str, submission_key: UUID, position: int = 0) -> Photo:
    """Keep a photo of a form that is not filed yet; the same picture again is the same photo.

    Raises what `take_in` raises: NoPhoto, TooLarge, Refused when there is no room.
    """
    taken = take_in(stream, filename=filename, storage=storage())
    for known in drafts.kept(submission_key):
        if known.original == taken.sha256:
            return known
    photo = Photo(
        submission_key=submission_key, position=position, original=taken.sha256, original_size=taken.size
    )
    return _added(photo)


def keep_after(stream: BinaryIO, *, filename: str, complaint_id: int) -> Photo:
    """Keep a photo of how the place looks now, with the complaint it belongs to."""
    taken = take_in(stream, filename=filename, storage=storage())
    photo = Photo(
        complaint_id=complaint_id,
        purpose=Purpose.AFTER,
        original=taken.sha256,
        original_size=taken.size,
        released_at=clock.now(),  # an official took it
    )
    return _added(photo)


def keep_result(submission_key: UUID, *, complaint_id: int, purpose: Purpose) -> None:
    """Give the photos kept for the form of an official to the complaint: what they show is how the place looks now."""
    attach(submission_key, complaint_id=complaint_id, purpose=purpose, released_at=clock.now())


def keep_whole(stream: BinaryIO, *, filename: str, owner: Owner, sha256: str | None) -> Photo | None:
    """Keep a photo that arrived in pieces; the same picture again is the same photo.

    None if `sha256` is given and these are not its bytes. Raises what `keep` raises.
    """
    taken = take_in(stream, filename=filename, storage=storage())
    if sha256 not in (None, taken.sha256):
        drafts.sweep_later([taken.sha256])
        return None
    before = _before(owner)
    for known in before:
        if known.original == taken.sha256:
            return known
    photo = Photo(
        complaint_id=owner.complaint_id,
        submission_key=owner.submission_key,
        position=len(before),
        original=taken.sha256,
        original_size=taken.size,
    )
    return _added(photo)


def keep_addition(stream: BinaryIO, *, filename: str, complaint_id: int, most: int) -> bool:
    """Keep a photo that a reporter adds, at most `most` of one complaint; return whether it is a new one."""
    taken = take_in(stream, filename=filename, storage=storage())
    known = of(complaint_id)
    if any(photo.original == taken.sha256 for photo in known):
        return False
    if len(known) >= most:
        raise Refused(_("A report can have at most %(most)s photos.", most=most))
    _added(
        Photo(
            complaint_id=complaint_id,
            position=len(known),
            original=taken.sha256,
            original_size=taken.size,
        )
    )
    return True


def attach(submission_key: UUID, *, complaint_id: int, **more: Any) -> None:
    """Give the photos kept for a form, and those on their way to it, to the complaint it became."""
    db.session.execute(
        update(Upload)
        .where(Upload.submission_key == submission_key)
        .values(complaint_id=complaint_id, submission_key=None)
    )
    db.session.execute(
        update(Photo)
        .where(Photo.submission_key == submission_key, Photo.complaint_id.is_(None))
        .values(complaint_id=complaint_id, **more)
    )


def of(complaint_id: int, *, for_everybody: bool = False) -> Sequence[Photo]:
    """List the photos of a complaint: before, then after, each in order; or those that everybody may see."""
    found = db.session.scalars(_OF, {"complaint": complaint_id}).all()
    return [photo for photo in found if is_out(photo)] if for_everybody else found


def of_reporter(complaint_id: int) -> Sequence[Photo]:
    """List the photos that the reporter of a complaint may see."""
    return [photo for photo in of(complaint_id) if photo.purpose is not Purpose.ABSENT]


def is_out(photo: Photo) -> bool:
    """Whether everybody may see a photo of a public report: the city may want it looked at first."""
    if photo.purpose is Purpose.ABSENT:
        return False
    return photo.released_at is not None or not in_force().profile.limits.photos_wait


def release(complaint_id: int, *, by: Person) -> None:
    """Let everybody see the photos of a complaint that this official has looked at."""
    db.session.execute(
        update(Photo)
        .where(Photo.complaint_id == complaint_id, Photo.released_at.is_(None))
        .values(released_at=clock.now(), released_by_id=by.id)
    )


def first_of(complaint_ids: Iterable[int], *, for_everybody: bool = False) -> dict[int, Photo]:
    """Map each of these complaints to its first photo that can be shown, or that everybody may see, for lists."""
    is_shown: ColumnElement[bool] = and_(Photo.small.is_not(None), Photo.purpose != Purpose.ABSENT)
    if for_everybody and in_force().profile.limits.photos_wait:
        is_shown = and_(is_shown, Photo.released_at.is_not(None))
    rows = db.session.scalars(
        select(Photo)
        .where(Photo.complaint_id.in_(list(complaint_ids)), is_shown)
        .order_by(Photo.complaint_id, Photo.purpose, Photo.position.desc(), Photo.id.desc())
    )
    return {photo.complaint_id: photo for photo in rows if photo.complaint_id is not None}


def fingerprints(complaint_ids: Iterable[int]) -> list[tuple[int, int]]:
    """Return complaint and fingerprint of each photo of these complaints that shows the problem and was developed."""
    rows = db.session.execute(
        select(Photo.complaint_id, Photo.fingerprint).where(
            Photo.complaint_id.in_(list(complaint_ids)),
            Photo.purpose == Purpose.BEFORE,
            Photo.fingerprint.is_not(None),
        )
    )
    return [(number, found) for number, found in rows if number is not None and found is not None]


def _before(owner: Owner) -> list[Photo]:
    if owner.submission_key is not None:
        return drafts.kept(owner.submission_key)
    if owner.complaint_id is None:
        return []
    return [photo for photo in of(owner.complaint_id) if photo.purpose is Purpose.BEFORE]


def _added(photo: Photo) -> Photo:
    db.session.add(photo)
    db.session.flush()
    jobs.defer(jobs.DEVELOP, photo_id=photo.id)
    return photo
