"""The photos of complaints an official may read; only re-encoded pictures are ever served."""

from io import BytesIO

from flask import redirect, send_file, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cps.complaints import visibility
from cps.complaints.models import Complaint
from cps.desk.door import desk
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.photos import album
from cps.photos.models import Photo
from cps.photos.tiny import tiny
from cps.web.signin import current_person


@desk.get("/photos/<key>/<any(small, large):size>")
def photo(key: str, size: str) -> ResponseReturnValue:
    """Send one picture, 320 or 1280 pixels at its longer side."""
    found = _visible(key)
    blob = found.small if size == "small" else found.large
    if blob is None:
        raise NotFound
    response = send_file(album.storage().open(blob), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


@desk.get("/photos/<key>/tiny")
def tiny_photo(key: str) -> ResponseReturnValue:
    """Send a picture as a line of the queue shows it."""
    found = _visible(key)
    if found.small is None:
        raise NotFound
    response = send_file(BytesIO(tiny(found.small)), mimetype="image/webp")
    response.headers["Cache-Control"] = "private, max-age=86400"
    return response


@desk.post("/complaints/<reference>/photo-releases")
def create_photo_release(reference: str) -> ResponseReturnValue:
    """Let everybody see the photos of a public report, now that they were looked at."""
    complaint = visibility.for_action(current_person()).one(reference)
    album.release(complaint.id, by=current_person())
    return redirect(url_for("desk.complaint", reference=reference), 303)


def _visible(key: str) -> Photo:
    found = db.session.scalar(
        select(Photo)
        .join(Complaint, Complaint.id == Photo.complaint_id)
        .where(Photo.key == key, visibility.for_official(current_person()).condition)
    )
    if found is None:
        raise NotFound
    return found
