"""Covering parts of a report's photos before, or after, everybody sees them: by an official, written down, and undone."""

from collections.abc import Collection

from sqlalchemy import select

from cps.complaints import history
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.people.models import Person
from cps.photos import album, redaction
from cps.photos.models import Photo


def photo_of(complaint: Complaint, key: str) -> Photo:
    """Return a photo of this complaint, or raise NotFound."""
    found: Photo | None = db.session.scalar(
        select(Photo).where(Photo.key == key, Photo.complaint_id == complaint.id)
    )
    if found is None:
        raise NotFound
    return found


def cover(complaint: Complaint, photo: Photo, *, fields: Collection[int], by: Person) -> Event:
    """Cover parts of a photo; raises what `redaction.cover` raises."""
    redaction.cover(photo, fields, storage=album.storage())
    return _record(complaint, EventKind.COVERED, photo, by)


def uncover(complaint: Complaint, photo: Photo, *, by: Person) -> Event:
    """Show a photo as it was taken again."""
    redaction.uncover(photo)
    return _record(complaint, EventKind.UNCOVERED, photo, by)


def _record(complaint: Complaint, kind: EventKind, photo: Photo, by: Person) -> Event:
    details = {"photo": photo.id, "fields": len(photo.covered or [])}
    return history.record(complaint, kind, by=by, at=clock.now(), is_internal=True, details=details)
