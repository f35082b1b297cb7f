"""The work on photos: develop what was taken in, forget drafts and uploads that nobody sent to the end."""

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


@jobs.app.task(name="sweep_blobs")
def sweep_blobs(blobs: list[str]) -> None:
    """Remove blobs that no photo names any more."""
    try:
        drafts.sweep(blobs, storage=album.storage())
    except Away:
        jobs.defer("sweep_blobs", within=_AWAY_FOR, blobs=blobs)
