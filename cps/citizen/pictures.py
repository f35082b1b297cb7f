"""Photos for citizens: only re-encoded pictures, to everybody or to their reporter, never an original."""

from typing import Any

from flask import Response, send_file
from sqlalchemy import ColumnElement, select

from cps.citizen import own
from cps.complaints import visibility
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.photos import album
from cps.photos.models import Photo, Purpose

_FOR_ONE_YEAR = "max-age=31536000, immutable"


def public(key: str, size: str) -> Response:
    """Send a picture of a report everybody may see, once everybody may see the picture."""
    photo = _found(key, visibility.for_public().condition)
    if not album.is_out(photo):
        raise NotFound
    response = _sent(photo, size)
    response.headers["Cache-Control"] = f"public, {_FOR_ONE_YEAR}"
    return response


def own_picture(reference: str, key: str, size: str) -> Response:
    """Send a reporter a picture of the own report."""
    response = _sent(_found(key, Complaint.id == own.one(reference).id), size)
    response.headers["Cache-Control"] = f"private, {_FOR_ONE_YEAR}"
    return response


def _found(key: str, condition: ColumnElement[Any]) -> Photo:
    found = db.session.scalar(
        select(Photo)
        .join(Complaint, Complaint.id == Photo.complaint_id)
        .where(Photo.key == key, condition, Photo.purpose != Purpose.ABSENT)
    )
    if found is None:
        raise NotFound
    return found


def _sent(photo: Photo, size: str) -> Response:
    blob = photo.small if size == "small" else photo.large
    if blob is None:
        raise NotFound
    return send_file(
        album.storage().open(blob),
        mimetype="image/jpeg",
        download_name="photo.jpg",
        etag=f"{photo.key}-{size}",
    )
