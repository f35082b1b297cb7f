"""The work on photos: develop what was taken in, forget what nobody sent to the end and what no report has."""

from datetime import timedelta

from cps.kernel import jobs
from cps.kernel.db import db
from cps.photos import album, drafts, uploads
from cps.photos.develop import develop
from cps.photos.models import Photo
from cps.photos.storage import Away

_AWAY_FOR = timedelta(minutes=5)
_DRAFTS_LIVE = timedelta(days=1)
_UPLOADS_LIVE = timedelta(days=7)  # as long as phones keep what they have not sent
# So that whoever goes back to an older state of the database by mistake has time to come back to the newer one.
_UNCLAIMED_LIVE = timedelta(days=7)
_UNFINISHED_LIVE = timedelta(days=1)
_PARTS = 7 * 24  # one an hour: in a week the whole storage is looked through
_HOUR_SECONDS = 3600


@jobs.app.task(name=jobs.DEVELOP, retry=jobs.PATIENTLY)
def develop_photo(photo_id: int) -> None:
    """Make one photo fit to be seen."""
    photo = db.session.get(Photo, photo_id, with_for_update=True)
    if photo is None:
        return
    try:
        with db.session.begin_nested():
            develop(photo, storage=album.storage())
    except Away:  # for however long: it is nothing that people would have to see to afterwards
        jobs.defer(jobs.DEVELOP, within=_AWAY_FOR, photo_id=photo_id)


@jobs.app.periodic(cron="17 * * * *")
@jobs.app.task(name="forget_drafts", queueing_lock="forget_drafts")
def forget_drafts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Delete drafts of forms that were never sent, in a job each for rows and for blobs."""
    blobs = drafts.forget_old(_DRAFTS_LIVE)
    if blobs:
        jobs.defer("sweep_blobs", blobs=sorted(blobs))


@jobs.app.periodic(cron="27 * * * *")
@jobs.app.task(name="forget_uploads", queueing_lock="forget_uploads")
def forget_uploads(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Delete uploads that have not moved for a week, whole or not."""
    uploads.forget_old(_UPLOADS_LIVE)


@jobs.app.periodic(cron="47 * * * *")
@jobs.app.task(name="forget_unclaimed", queueing_lock="forget_unclaimed")
def forget_unclaimed(timestamp: int) -> None:
    """Remove what processes that were killed left in the storage, in the part of it whose hour this is."""
    storage = album.storage()
    storage.forget_unfinished(_UNFINISHED_LIVE)
    part = timestamp // _HOUR_SECONDS % _PARTS
    drafts.forget_unclaimed(part, of=_PARTS, older_than=_UNCLAIMED_LIVE, storage=storage)


@jobs.app.task(name="sweep_blobs", retry=jobs.PATIENTLY)
def sweep_blobs(blobs: list[str]) -> None:
    """Remove blobs that no photo names any more."""
    try:
        drafts.sweep(blobs, storage=album.storage())
    except Away:
        jobs.defer("sweep_blobs", within=_AWAY_FOR, blobs=blobs)
