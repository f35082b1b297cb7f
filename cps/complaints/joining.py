"""Joining: people whom the same problem concerns are counted once and hear of one report's result.

Who has a report of the own keeps its number (see `merging`). Who has none leaves a contact and gets a private link.
Both stand with the lead's history; a lead whose reporter would take it back belongs to the others too. Where a lead is
merged itself, all follow its lead, and each is known by its `home`: where it joined, and goes back to.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cps.complaints import history, reporters, tracking
from cps.complaints.attached import Joining
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.kernel import clock, keys
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Refused
from cps.kernel.text import _

_LONGEST_SECRET = 64


@dataclass(frozen=True, slots=True)
class Listener:
    """Where news of a lead goes: to the reporter of an `own` report, or to who joined with a `key` alone."""

    number: int
    email: str
    language: str
    own: Complaint | None
    key: UUID


def join(lead: Complaint, *, key: UUID, contact: Contact, language: str) -> Joining:
    """Let somebody without a report join one that is open; the same form again is the same joining."""
    known = db.session.scalar(select(Joining).where(Joining.key == key))
    if known is not None:
        return known
    if not lead.is_public:
        raise NotFound(_("We found no report with this number. Check the number."))
    if not lead.status.is_open:
        raise Refused(_("The other report is closed by now, so nobody can join it."))
    _add(lead, key=key, contact=contact, language=language)
    return db.session.scalars(select(Joining).where(Joining.key == key)).one()


def leave(joining: Joining) -> None:
    """Forget that somebody joined, and the contact."""
    lead = held(joining.complaint)
    db.session.delete(joining)
    db.session.flush()
    _count(lead, EventKind.LEFT)


def follow(own: Complaint, lead: Complaint) -> None:
    """Let the reporter of a merged report, and all who followed it, follow its lead."""
    for one in _followers(own):
        _go(one, lead)
    _add(lead, key=own.submission_key, contact=_contact_of(own), language=own.language, own=own)


def unfollow(own: Complaint, lead: Complaint) -> None:
    """Let those who followed a report follow it again, now that it goes on by itself."""
    db.session.execute(delete(Joining).where(Joining.own_id == own.id))
    for one in _at_home(own):
        _go(one, own)
    _count(own, EventKind.LEFT)
    _count(lead, EventKind.LEFT)


def held(*complaints: Complaint) -> Complaint:
    """Lock them in the order of their numbers, so that two who join each other never wait in a ring; return the last one."""
    numbers = sorted(complaint.id for complaint in complaints)
    db.session.execute(
        select(Complaint)
        .where(Complaint.id.in_(numbers))
        .order_by(Complaint.id)
        .with_for_update(of=Complaint)
        .execution_options(populate_existing=True)
    ).all()
    return complaints[-1]


def secret_for(key: UUID) -> str:
    """Return the secret of the private link of a joining: 22 url-safe characters."""
    return urlsafe_b64encode(keys.derived("joining", key.bytes, size=16)).decode().rstrip("=")


def with_secret(secret: str) -> Joining:
    """Return the joining this secret opens, or raise NotFound."""
    found = None
    if len(secret) <= _LONGEST_SECRET:
        found = db.session.scalar(select(Joining).where(Joining.secret_hash == tracking.hashed(secret)))
    if found is None or found.own_id is not None:
        raise NotFound(_("This link does not open a report. Check that you copied all of it."))
    return found


def listeners(lead_ids: Iterable[int]) -> dict[int, list[Listener]]:
    """Return who hears of these leads by mail beside their reporters, by lead; those who joined first come first."""
    joined = db.session.scalars(
        select(Joining).where(Joining.complaint_id.in_(list(lead_ids))).order_by(Joining.id)
    ).all()
    contacts = reporters.for_letters([one.own_id for one in joined if one.own_id is not None])
    found: dict[int, list[Listener]] = {}
    for one in joined:
        reached = one if one.own_id is None else contacts.get(one.own_id)
        if reached is not None and reached.email:
            listener = Listener(one.id, reached.email, reached.language, one.own, one.key)
            found.setdefault(one.complaint_id, []).append(listener)
    return found


def merged_into(lead: Complaint) -> Sequence[str]:
    """Return the numbers of the reports that were merged into this one, directly or with another; the first one first."""
    query = select(Complaint.reference).join(Joining, Joining.own_id == Complaint.id)
    return db.session.scalars(query.where(Joining.complaint_id == lead.id).order_by(Joining.id)).all()


def lead_of(own: Complaint) -> str | None:
    """Return the number of the report that this one was merged into."""
    return db.session.get_one(Complaint, own.lead_id).reference if own.lead_id is not None else None


def identity_of(lead_id: int, reached: str) -> bytes:
    """Return what tells one person from another at a lead: computed from an address or a phone number."""
    same = reached.casefold().lstrip("+")
    return keys.derived("joined by", f"{lead_id} {same}".encode(), size=16)


def _contact_of(own: Complaint) -> Contact | None:
    reporter = reporters.for_letters([own.id]).get(own.id)
    return Contact(reporter.email, reporter.phone) if reporter else None


def _add(
    lead: Complaint, *, key: UUID, contact: Contact | None, language: str, own: Complaint | None = None
) -> None:
    reached = contact if own is None else None
    values = {
        "complaint_id": lead.id,
        "home_id": lead.id,
        "own_id": own.id if own else None,
        "key": key,
        "secret_hash": tracking.hashed(secret_for(key)),
        "identity": _identity(lead, contact) or keys.derived("joined by", key.bytes, size=16),
        "email": reached.email if reached else None,
        "phone": reached.phone if reached else None,
        "language": language,
        "joined_at": clock.now(),
    }
    added = db.session.scalar(insert(Joining).values(values).on_conflict_do_nothing().returning(Joining.id))
    if added is not None:
        _count(lead, EventKind.JOINED, joining=added)


def _identity(lead: Complaint, contact: Contact | None) -> bytes | None:
    """Return what tells one person from another at this lead, without saying who it is; None without a contact."""
    if contact is None:
        return None
    return identity_of(lead.id, contact.email or contact.phone or "")


def _count(lead: Complaint, kind: EventKind, *, joining: int | None = None) -> None:
    """Count the people anew, each once and the reporter not at all; a number that changed is an event."""
    identities: Sequence[bytes] = db.session.scalars(
        select(Joining.identity).where(Joining.complaint_id == lead.id).distinct()
    ).all()
    joined = len(set(identities) - {_identity(lead, _contact_of(lead))})
    if joined == lead.joined:
        return
    lead.joined = joined
    details = {"people": joined + 1, **({"joining": joining} if joining else {})}
    history.record(lead, kind, by=None, at=clock.now(), details=details)


def _followers(lead: Complaint) -> Sequence[Joining]:
    return db.session.scalars(
        select(Joining).where(Joining.complaint_id == lead.id).order_by(Joining.id)
    ).all()


def _at_home(own: Complaint) -> list[Joining]:
    """Return who joined a report, or one that was merged into it, and so on."""
    found: list[Joining] = []
    homes = [own.id]
    while homes:
        asked = select(Joining).where(Joining.home_id.in_(homes)).order_by(Joining.id)
        here = db.session.scalars(asked).all()
        found.extend(here)
        homes = [one.own_id for one in here if one.own_id is not None]
    return found


def _go(one: Joining, lead: Complaint) -> None:
    """Let somebody follow another report, where the same contact is the same person as of anybody there."""
    one.complaint_id = lead.id
    contact = _contact_of(one.own) if one.own is not None else Contact(one.email, one.phone)
    one.identity = _identity(lead, contact) or one.identity
    if one.own is not None:
        one.own.lead_id = lead.id
    db.session.flush()
