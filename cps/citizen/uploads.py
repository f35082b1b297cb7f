"""The photos that came with a form, or before it: kept before the form is judged, so that none is taken twice.

Two sendings of one form are taken one after the other, and a form that is filed takes no more. Of the photos that
came before it in pieces, a form names those it still has (`uploads`).
"""

from collections.abc import Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import BinaryIO, cast
from uuid import UUID

from flask import request
from sqlalchemy import exists, select
from werkzeug.datastructures import FileStorage

from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _
from cps.photos import album, drafts
from cps.photos import uploads as coming
from cps.photos.storage import NoRoom
from cps.web import transactions


@dataclass(frozen=True)
class Kept:
    """Whether this form has photos, here or on their way, and the first thing wrong with those that came now.

    `has_no_room`: that is the machine's fault, and may be over in a while.
    """

    any: bool
    fault: Text | None
    has_no_room: bool = False


def keep(key: UUID, *, most: int) -> Kept:
    """Keep what came with this form beside what is kept already, at most `most` photos, and commit."""
    files = [file for file in request.files.getlist("photos") if file.filename]
    unwanted = request.form.getlist("without")
    named = _named()
    if not files and not unwanted and not named:
        return Kept(any="kept" in request.form, fault=None)
    drafts.one_at_a_time(key)
    if db.session.scalar(select(exists().where(Complaint.submission_key == key))):
        return Kept(any=False, fault=None)
    if named:
        coming.forget_others(key, but=named)
    _drop(key, unwanted)
    refusal = _take_in(key, files, most=most)
    kept = Kept(
        any=bool(named or drafts.kept(key)),
        fault=refusal.sentence if refusal else None,
        has_no_room=isinstance(refusal, NoRoom),
    )
    transactions.keep_so_far()
    return kept


def _named() -> Collection[UUID]:
    with suppress(ValueError):
        return {UUID(name) for name in request.form.getlist("uploads")}
    return ()


def _drop(key: UUID, unwanted: Sequence[str]) -> None:
    for photo in drafts.kept(key):
        if photo.key in unwanted:
            coming.forget_draft(photo)


def _take_in(key: UUID, files: Sequence[FileStorage], *, most: int) -> Refused | None:
    refusals: list[Refused] = []
    for file in files:
        try:
            _take_one(key, file, most=most)
        except Refused as refusal:
            refusals.append(refusal)
    return refusals[0] if refusals else None


def _take_one(key: UUID, file: FileStorage, *, most: int) -> None:
    before = drafts.kept(key)
    photo = album.keep(
        cast("BinaryIO", file.stream), filename=file.filename or "", submission_key=key, position=len(before)
    )
    if len(before) >= most and photo not in before:
        coming.forget_draft(photo)
        raise Refused(
            _("You can send at most %(most)s photos. We kept the first %(most)s.", most=most),
        )
