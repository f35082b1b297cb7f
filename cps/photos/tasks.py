"""The work on photos: develop what was taken in, forget drafts that nobody sent."""

from datetime import timedelta

from cps.kernel import jobs
from cps.kernel.db import db
from cps.photos import album, drafts
from cps.photos.develop import develop
from cps.photos.models import Photo

_DRAFTS_LIVE = timedelta(days=1)


@jobs.app.task(name=jobs.DEVELOP, retry=jobs.PATIENTLY)
def develop_photo(photo_id: int) -> None:
    """Make one photo fit to be seen."""
    photo = db.session.get(Photo, photo_id, with_for_update=True)
    if photo is not None:
        develop(photo, storage=album.storage())


@jobs.app.periodic(cron="17 * * * *")
@jobs.app.task(name="forget_drafts", queueing_lock="forget_drafts")
def forget_drafts(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Delete drafts of forms that were never sent, in a job each for rows and for blobs."""
    blobs = drafts.forget_old(_DRAFTS_LIVE)
    if blobs:
        jobs.defer("sweep_blobs", blobs=sorted(blobs))


@jobs.app.task(name="sweep_blobs")
def sweep_blobs(blobs: list[str]) -> None:
    """Remove blobs that no photo names any more."""
    drafts.sweep(blobs, storage=album.storage())
