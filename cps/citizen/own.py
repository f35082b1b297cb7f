"""A reporter's own complaints on this device: found by number, opened by the private link's cookies.

One cookie holds the secret of one complaint and is sent for that complaint's pages only; another holds those of
the latest ones and is sent for the reporters' pages. Without a secret, or with another's, the answer is the
same whether the complaint exists or not. A shared phone forgets them at a touch.
"""

import hmac
from collections.abc import Sequence

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
_ALL = "mine"
_ROOT = "/my"
_KEPT = 20  # 500 bytes with every request for these pages
_ONE_YEAR = 365 * 24 * 3600

# Built once: a tenth of what the page costs was putting its questions together.
_ROW = select(Complaint).where(Complaint.reference == bindparam("reference"))
_ONE = _ROW.options(*(joinedload(one) for one in (Complaint.category, Complaint.area, Complaint.department)))
# Nothing is joined to what is locked: see `visibility`.
_LOCKED = _ROW.with_for_update(of=Complaint)


def one(reference: str, *, locked: bool = False) -> Complaint:
    """Return the complaint if this browser holds its secret, or raise NotFound; `locked` for changing it."""
    wanted = canonical(reference)
    found = _with_reference(wanted, locked=locked) if wanted else None
    held = [tracking.hashed(secret) for secret in (request.cookies.get(_COOKIE, ""), *_secrets())]
    if found is None or not any(hmac.compare_digest(found.tracking_hash, one) for one in held):
        raise NotFound(_("To see this page, open the private link of your report."))
    return found


def here() -> Sequence[Complaint]:
    """Return the complaints this browser holds the secrets of, the latest first."""
    hashes = [tracking.hashed(secret) for secret in _secrets()]
    if not hashes:
        return []
    return db.session.scalars(
        select(Complaint)
        .where(Complaint.tracking_hash.in_(hashes))
        .options(joinedload(Complaint.category), joinedload(Complaint.area))
        .order_by(Complaint.received_at.desc(), Complaint.id.desc())
    ).all()


def remember(response: Response, complaint: Complaint, secret: str) -> None:
    """Let this browser keep the secret, for this complaint's pages alone."""
    keep(response, _COOKIE, secret, path=path_of(complaint))


def add_to_mine(response: Response) -> None:
    """Put the complaint whose page this is among this browser's own: only here are both cookies sent."""
    secret, known = request.cookies.get(_COOKIE, ""), _secrets()
    if secret and known[:1] != [secret]:
        others = [other for other in known if other != secret]
        keep(response, _ALL, ".".join([secret, *others][:_KEPT]), path=_ROOT)


def forget(response: Response, complaints: Sequence[Complaint]) -> None:
    """Let this browser forget the secrets of these complaints."""
    gone = {complaint.tracking_hash for complaint in complaints}
    for complaint in complaints:
        response.delete_cookie(_COOKIE, path=path_of(complaint))
    left = [secret for secret in _secrets() if tracking.hashed(secret) not in gone]
    if left:
        keep(response, _ALL, ".".join(left), path=_ROOT)
    else:
        response.delete_cookie(_ALL, path=_ROOT)


def path_of(complaint: Complaint) -> str:
    """Return where the pages of a complaint begin that are its reporter's."""
    return f"{_ROOT}/{complaint.reference}"


def keep(response: Response, name: str, value: str, *, path: str) -> None:
    """Set a cookie that scripts cannot read, for a year."""
    response.set_cookie(
        name,
        value,
        path=path,
        max_age=_ONE_YEAR,
        httponly=True,
        samesite="Lax",
        secure=request.is_secure,
    )


def _secrets() -> list[str]:
    return [secret for secret in request.cookies.get(_ALL, "").split(".") if secret][:_KEPT]


def _with_reference(reference: str, *, locked: bool) -> Complaint | None:
    found: Complaint | None = db.session.scalar(_LOCKED if locked else _ONE, {"reference": reference})
    return found
