"""Joining: people whom the same problem concerns are counted once and hear of one report's result.

Who has a report of the own keeps its number: it is merged into the lead, and can be taken out again. Who has
none leaves a contact and gets a private link. Both stand with the lead's history; a lead whose reporter would
take it back belongs to the others too.
"""

from base64 import urlsafe_b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cps.complaints import history, lifecycle, rehoming, reporters, subtasks, tracking
from cps.complaints.attached import Joining
from cps.complaints.models import Complaint, Event, EventKind
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock, keys
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Refused
from cps.kernel.text import Text, _

_LONGEST_SECRET = 64


@dataclass(frozen=True, slots=True)
class Listener:
    """Where news of a lead goes: to the reporter of an `own` report, or to who joined with a `key` alone."""

    number: int
    email: str
    language: str
    own: Complaint | None
    key: UUID


def merge(own: Complaint, *, into: Complaint) -> Event:
    """Close a report as the same problem as another that is open, on its reporter's wish."""
    lead = _held(own, into)
    if own.status is Status.MERGED and own.lead_id == lead.id:
        raise Refused(_("You have joined this report already."))
    if refusal := refusal_to_merge(own):
        raise Refused(refusal)
    _expect_open(lead, own)
    subtasks.withdraw_open(own, by=None)
    lifecycle.let_run(own)
    lifecycle.settle(own)
    own.closed_at, own.lead_id = clock.now(), lead.id
    event = lifecycle.move(own, Status.MERGED, EventKind.MERGED, by=None, details={"lead": lead.reference})
    _add(lead, key=own.submission_key, contact=_contact_of(own), language=own.language, own=own)
    return event


def refusal_to_merge(own: Complaint) -> Text | None:
    """Say why this report cannot join another; None if nothing stands against it."""
    if not own.status.allows(Status.MERGED):
        return _("This report is closed, so it cannot join another.")
    if not own.is_public:
        return _("This report is not public, so it stays by itself.")
    if own.joined:
        return _("Others have joined this report, so it stays by itself.")
    return None


def part(own: Complaint) -> Event:
    """Take a merged report up again by itself, at its own department."""
    if not may_part(own):
        raise Refused(_("This report cannot leave the other one now."))
    lead = _held(own, db.session.get_one(Complaint, own.lead_id))
    db.session.execute(delete(Joining).where(Joining.own_id == own.id))
    _count(lead, EventKind.LEFT)
    rehoming.bring_home(own)  # a reorganisation left what was closed where it was
    own.closed_at = own.lead_id = own.assignee = own.seen_at = None
    details = {"lead": lead.reference}
    return lifecycle.move(own, Status.RECEIVED, EventKind.REOPENED, by=None, details=details)


def may_part(own: Complaint) -> bool:
    """Whether a merged report can still go on by itself: as long as the lead is open or could be again."""
    if own.status is not Status.MERGED or own.lead_id is None:
        return False
    lead = db.session.get_one(Complaint, own.lead_id)
    return lead.status.is_open or lifecycle.may_be_reopened(lead)


def join(lead: Complaint, *, key: UUID, contact: Contact, language: str) -> Joining:
    """Let somebody without a report join one that is open; the same form again is the same joining."""
    known = db.session.scalar(select(Joining).where(Joining.key == key))
    if known is not None:
        return known
    _expect_open(lead)
    _add(lead, key=key, contact=contact, language=language)
    return db.session.scalars(select(Joining).where(Joining.key == key)).one()


def leave(joining: Joining) -> None:
    """Forget that somebody joined, and the contact."""
    lead = _held(joining.complaint)
    db.session.delete(joining)
    db.session.flush()
    _count(lead, EventKind.LEFT)


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


def identity_of(lead_id: int, reached: str) -> bytes:
    """Return what tells one person from another at a lead: computed from an address or a phone number."""
    same = reached.casefold().lstrip("+")
    return keys.derived("joined by", f"{lead_id} {same}".encode(), size=16)


def _held(*complaints: Complaint) -> Complaint:
    """Lock them in the order of their numbers, so that two who join each other never wait in a ring; return the last."""
    numbers = sorted(complaint.id for complaint in complaints)
    db.session.execute(
        select(Complaint)
        .where(Complaint.id.in_(numbers))
        .order_by(Complaint.id)
        .with_for_update(of=Complaint)
        .execution_options(populate_existing=True)
    ).all()
    return complaints[-1]


def _expect_open(lead: Complaint, own: Complaint | None = None) -> None:
    if not lead.is_public or lead is own:
        raise NotFound(_("We found no report with this number. Check the number."))
    if not lead.status.is_open:
        raise Refused(_("The other report is closed by now, so nobody can join it."))


def _contact_of(own: Complaint) -> Contact | None:
    reporter = reporters.for_letters([own.id]).get(own.id)
    return Contact(reporter.email, reporter.phone) if reporter else None


def _add(
    lead: Complaint, *, key: UUID, contact: Contact | None, language: str, own: Complaint | None = None
) -> None:
    reached = contact if own is None else None
    values = {
        "complaint_id": lead.id,
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
