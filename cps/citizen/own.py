"""A reporter's own complaint: found by its number, opened by the private link's cookie.

The cookie holds the secret of one complaint and is sent for that complaint's pages only. Without it,
or with another's, the answer is the same whether the complaint exists or not.
"""

import hmac

from flask import Response, request
from sqlalchemy import bindparam, select
from sqlalchemy.orm import joinedload

from cps.complaints import tracking
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.kernel.references import canonical
from cps.kernel.text import _

_COOKIE = "track"
_ONE_YEAR = 365 * 24 * 3600

# Built once: a tenth of what the page costs was putting its questions together.
_ONE = (
    select(Complaint)
    .where(Complaint.reference == bindparam("reference"))
    .options(joinedload(Complaint.category), joinedload(Complaint.area))
    .options(joinedload(Complaint.department))
)


def one(reference: str, *, locked: bool = False) -> Complaint:
    """Return the complaint if this browser holds its secret, or raise NotFound; `locked` for changing it."""
    wanted = canonical(reference)
    found = _with_reference(wanted, locked=locked) if wanted else None
    held = tracking.hashed(request.cookies.get(_COOKIE, ""))
    if found is None or not hmac.compare_digest(found.tracking_hash, held):
        raise NotFound(_("To see this page, open the private link of your report."))
    return found


def remember(response: Response, complaint: Complaint, secret: str) -> None:
    """Let this browser keep the secret, for this complaint's pages alone."""
    response.set_cookie(
        _COOKIE,
        secret,
        path=f"/my/{complaint.reference}",
        max_age=_ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _with_reference(reference: str, *, locked: bool) -> Complaint | None:
    query = _ONE.with_for_update(of=Complaint) if locked else _ONE
    found: Complaint | None = db.session.scalar(query, {"reference": reference})
    return found
