"""The private link of a complaint: 128 bits that only its reporter holds, stored hashed.

The secret is computed from the form's key, so that a form sent twice gets the same link although
the database does not know it.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from uuid import UUID

from sqlalchemy import select

from cps.complaints.models import Complaint
from cps.kernel import keys
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.kernel.text import _

_LONGEST_SECRET = 64


def secret_for(submission_key: UUID) -> str:
    """Return the secret of the complaint filed with this key: 22 url-safe characters."""
    return urlsafe_b64encode(keys.derived("tracking", submission_key.bytes, size=16)).decode().rstrip("=")


def hashed(secret: str) -> bytes:
    """Return what the database keeps of a secret."""
    return sha256(secret.encode()).digest()


def complaint_with(secret: str) -> Complaint:
    """Return the complaint this secret opens, or raise NotFound."""
    found = None
    if len(secret) <= _LONGEST_SECRET:
        found = db.session.scalar(select(Complaint).where(Complaint.tracking_hash == hashed(secret)))
    if found is None:
        raise NotFound(_("This link does not open a report. Check that you copied all of it."))
    return found
