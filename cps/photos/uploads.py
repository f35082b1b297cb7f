"""Photos that arrive in pieces: whatever came is kept, and only what is missing is sent again.

They follow their complaint, or come before it: then they belong to its form (`Owner`), and are drafts when whole.
Every answer says from which byte to go on, so a piece may come twice, late or cut short. A piece is
durable in the storage before its row exists, as photos are.
"""

import shutil
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Refused
from cps.kernel.text import _
from cps.photos import album, drafts
from cps.photos.intake import MOST_BYTES, NoPhoto, TooLarge
from cps.photos.kinds import HEAD_BYTES, recognised
from cps.photos.models import Owner, Photo, Piece, Purpose, Upload

MOST_PIECE_BYTES = 256 * 1024

# The largest photo in pieces of 32 kB is 375; the rest is for cuts. Beyond it the upload begins anew.
_MOST_PIECES = 1000
_IN_MEMORY_BYTES = 1_000_000


@dataclass(frozen=True)
class Announced:
    """What a phone says of the photo it sends: the name it gave it, its length, and what its bytes hash to."""

    key: UUID
    size: int
    filename: str
    sha256: str | None


@dataclass(frozen=True)
class Progress:
    """From which byte to go on, whether there is nothing left to send, and whether bytes that had come were sent again."""

    offset: int
    is_complete: bool
    was_again: bool = False


_NOTHING = Progress(0, is_complete=False)


class TooMany(Refused):
    """The report has as many photos as the city takes."""

    def __init__(self, most: int) -> None:
        super().__init__(_("You can send at most %(most)s photos. We kept the first %(most)s.", most=most))


def progress(owner: Owner, key: UUID) -> Progress:
    """Say how far an upload has come; one that is not known has not begun."""
    upload = _known(owner, key)
    return _NOTHING if upload is None else _progress(upload)


def take(piece: bytes, *, at: int, of: Announced, owner: Owner, most: int) -> Progress:
    """Keep what is new of a piece that begins at the byte `at`; with the last one the photo is its owner's.

    One upload of an owner is worked on at a time. What does not fit together (a hole, another length,
    another hash) is not kept: the answer says where to go on. Raises NoPhoto, TooLarge, TooMany and NoRoom;
    what the session holds then is worth committing.
    """
    _one_at_a_time(owner)
    upload = _known(owner, of.key)
    if upload is not None and not _can_go_on(upload, of):
        forget(upload)
        upload = None
    if upload is None:
        upload = _begun(piece, at=at, of=of, owner=owner, most=most)
    if upload is None:
        return _NOTHING
    was_again = upload.photo_id is None and at < upload.received
    if upload.photo_id is None:
        _add(upload, piece, at=at)
    if upload.photo_id is None and upload.received == upload.size:
        return _finished(upload, of)
    return replace(_progress(upload), was_again=was_again)


def forget(upload: Upload) -> None:
    """Drop an upload that is not whole; its blobs are swept later."""
    _drop_pieces(upload.id)
    db.session.delete(upload)
    db.session.flush()


def forget_others(submission_key: UUID, *, but: Collection[UUID]) -> None:
    """Drop what came in pieces for a form, whole or not, but the uploads with these keys: the phone has no others."""
    others = select(Upload).where(Upload.submission_key == submission_key, Upload.key.not_in(but))
    for upload in db.session.scalars(others).all():
        forget(upload)
        photo = db.session.get(Photo, upload.photo_id) if upload.photo_id else None
        if photo is not None and not names([photo]):
            forget_draft(photo)


def forget_draft(photo: Photo) -> None:
    """Drop a photo of a form that is not filed; its blob is swept later."""
    db.session.execute(delete(Upload).where(Upload.photo_id == photo.id))
    db.session.delete(photo)
    db.session.flush()
    drafts.sweep_later([photo.original])


def names(photos: Sequence[Photo]) -> dict[int, UUID]:
    """Map those of the photos that came in pieces to the name the phone gave each."""
    ids = [photo.id for photo in photos]
    rows = db.session.execute(select(Upload.photo_id, Upload.key).where(Upload.photo_id.in_(ids)))
    return {photo_id: key for photo_id, key in rows if photo_id is not None}


def forget_old(unmoved_for: timedelta) -> None:
    """Drop all uploads that have not moved for so long; photos they became stay."""
    old = select(Upload.id).where(Upload.changed_at < clock.now() - unmoved_for).with_for_update()
    for upload_id in db.session.scalars(old).all():
        _drop_pieces(upload_id)
        db.session.execute(delete(Upload).where(Upload.id == upload_id))


def _one_at_a_time(owner: Owner) -> None:
    if owner.submission_key is not None:
        drafts.one_at_a_time(owner.submission_key)
        return
    name = f"uploads of {owner.complaint_id}"
    db.session.scalar(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _known(owner: Owner, key: UUID) -> Upload | None:
    found: Upload | None = db.session.scalar(select(Upload).where(_is_of(owner, Upload), Upload.key == key))
    return found


def _is_of(owner: Owner, kind: type[Upload | Photo]) -> ColumnElement[bool]:
    if owner.submission_key is not None:
        return (kind.submission_key == owner.submission_key) & kind.complaint_id.is_(None)
    return kind.complaint_id == owner.complaint_id


def _can_go_on(upload: Upload, of: Announced) -> bool:
    if upload.photo_id is not None:
        return True
    pieces = db.session.scalar(select(func.count()).where(Piece.upload_id == upload.id)) or 0
    return upload.size == of.size and pieces < _MOST_PIECES


def _progress(upload: Upload) -> Progress:
    return Progress(upload.received, is_complete=upload.photo_id is not None)


def _begun(piece: bytes, *, at: int, of: Announced, owner: Owner, most: int) -> Upload | None:
    if of.size > MOST_BYTES:
        raise TooLarge(of.filename)
    if _count(owner) >= most:
        raise TooMany(most)
    if at > 0 or not piece:
        return None
    # Told at the first piece, not at the last: people pay for each. The whole is judged by `take_in`.
    if len(piece) >= min(HEAD_BYTES, of.size) and recognised(piece[:HEAD_BYTES]) is None:
        raise NoPhoto
    upload = Upload(
        complaint_id=owner.complaint_id,
        submission_key=owner.submission_key,
        key=of.key,
        size=of.size,
        received=0,
    )
    db.session.add(upload)
    db.session.flush()
    return upload


def _count(owner: Owner) -> int:
    photos = select(func.count()).where(_is_of(owner, Photo), Photo.purpose == Purpose.BEFORE)
    coming = select(func.count()).where(_is_of(owner, Upload), Upload.photo_id.is_(None))
    return (db.session.scalar(photos) or 0) + (db.session.scalar(coming) or 0)


def _add(upload: Upload, piece: bytes, *, at: int) -> None:
    new = piece[upload.received - at : upload.size - at] if at <= upload.received else b""
    if not new:
        return
    db.session.add(Piece(upload_id=upload.id, start=upload.received, blob=album.storage().put(new)))
    upload.received += len(new)
    upload.changed_at = clock.now()
    db.session.flush()


def _finished(upload: Upload, of: Announced) -> Progress:
    try:
        photo = _photo(upload, of)
    except (NoPhoto, TooLarge):
        forget(upload)
        raise
    if photo is None:
        forget(upload)
        return _NOTHING
    upload.photo_id = photo.id
    _drop_pieces(upload.id)
    return _progress(upload)


def _photo(upload: Upload, of: Announced) -> Photo | None:
    """Put the pieces together; None if they do not make the photo that was announced."""
    with SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES) as whole:
        try:
            for blob in _blobs(upload.id):
                with album.storage().open(blob) as piece:
                    shutil.copyfileobj(piece, whole)
        except NotFound:
            return None
        whole.seek(0)
        return album.keep_whole(
            cast("BinaryIO", whole),
            filename=of.filename,
            owner=Owner(upload.complaint_id, upload.submission_key),
            sha256=of.sha256,
        )


def _blobs(upload_id: int) -> list[str]:
    return list(
        db.session.scalars(select(Piece.blob).where(Piece.upload_id == upload_id).order_by(Piece.start))
    )


def _drop_pieces(upload_id: int) -> None:
    dropped = db.session.scalars(
        delete(Piece).where(Piece.upload_id == upload_id).returning(Piece.blob)
    ).all()
    if dropped:
        drafts.sweep_later(dropped)
