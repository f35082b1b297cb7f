"""Who reported: the only door to the reporters' personal data.

An official who looks leaves a trace with a reason; letters are addressed without one, because
nobody reads the address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import CTE, ColumnElement, Select, SelectBase, and_, bindparam, func, or_, select

from cps.complaints.contacts import Reporter, Reveal
from cps.complaints.models import Complaint
from cps.complaints.status import Handover
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Forbidden, Invalid
from cps.kernel.numbers import plain_digits
from cps.kernel.text import _
from cps.people import leaves
from cps.people.models import Person

LONGEST_NAME = 100

_ONLY_ITS_HANDLER = _(
    "Only who handles a report may see who reported it. While nobody does, those who lead may."
)
_IS_REACHABLE = or_(Reporter.email.is_not(None), Reporter.phone.is_not(None))
_LONGEST_CONTACT = 254  # RFC 5321
_EMAIL = re.compile(
    r"[^\s@<>\"(),:;\\]{1,64}@(?:[^\s@.<>\"(),:;\\]{1,63}\.)+[^\s@.<>\"(),:;\\\d][^\s@.<>\"(),:;\\]{1,62}"
)
_PHONE = re.compile(r"\+?\d{7,15}")
_ENDING = 7  # digits of a number that are looked up: the least it may have
_MOST_ALIKE = 200
_MOST_LATELY = 100
_PHONE_FILLING = str.maketrans("", "", " .-()\u00a0")


@dataclass(frozen=True)
class Contact:
    """An e-mail address or a phone number, and a name; whatever of them is known.

    `confirmed_at`: when a code showed that the address or the number is theirs, if one did.
    """

    email: str | None = None
    phone: str | None = None
    name: str | None = None
    confirmed_at: datetime | None = None

    @property
    def is_reachable(self) -> bool:
        """Whether there is an address or a number."""
        return bool(self.email or self.phone)


def contact_from(text: str) -> Contact | None:
    """Read what a person typed as contact; None if nothing, Invalid (field `contact`) if neither kind."""
    typed = text.strip()
    if not typed:
        return None
    if len(typed) <= _LONGEST_CONTACT and _EMAIL.fullmatch(typed):
        return Contact(email=typed)
    phone = phone_from(typed)
    if phone is not None:
        return Contact(phone=phone)
    raise Invalid(
        {"contact": _("Enter an e-mail address like name@example.com, or a phone number in digits.")}
    )


def phone_from(text: str) -> str | None:
    """Read a phone number that somebody typed; None for anything else."""
    phone = plain_digits(text.strip()).translate(_PHONE_FILLING)
    return phone if _PHONE.fullmatch(phone) else None


def of_phone(phone: str, *, among: ColumnElement[bool], most: int) -> list[int]:
    """Return the ids of the latest reports whose reporter has this number, with or without the country's own.

    `among` says which complaints may be looked at; whoever reads what is found has seen whose it is.
    """
    theirs = _first(
        select(Reporter.complaint_id, Reporter.phone).where(
            func.right(Reporter.phone, _ENDING) == phone[-_ENDING:]
        )
    )
    query = select(Complaint.id, theirs.c.phone).join(theirs, theirs.c.complaint_id == Complaint.id)
    found = db.session.execute(query.where(among).order_by(Complaint.id.desc()).limit(_MOST_ALIKE))
    return [number for number, kept in found if kept and _is_same(kept, phone)][:most]


def others_of_same(complaint: Complaint, *, among: ColumnElement[bool], most: int) -> list[int]:
    """Return the ids of the latest earlier reports that came with the same address or number as this one.

    `among` says which complaints may be looked at. Who they are is not told.
    """
    own = db.session.get(Reporter, complaint.id)
    if own is None or not (own.email or own.phone):
        return []
    if not own.email:
        return of_phone(str(own.phone), among=and_(among, Complaint.id < complaint.id), most=most)
    theirs = _first(select(Reporter.complaint_id).where(func.lower(Reporter.email) == own.email.lower()))
    same = select(Complaint.id).where(
        among, Complaint.id < complaint.id, Complaint.id.in_(select(theirs.c.complaint_id))
    )
    return list(db.session.scalars(same.order_by(Complaint.id.desc()).limit(most)))


def _first(theirs: SelectBase) -> CTE:
    """Let what is theirs be looked up first, by its index: the plan that a prepared question keeps would walk along everybody's."""
    return theirs.cte("theirs").prefix_with("MATERIALIZED")


def _lately(*has: ColumnElement[bool]) -> Select[str, datetime, datetime | None]:
    """Put the question together once: it is asked for every report that comes in with a contact."""
    theirs = select(Reporter.complaint_id).where(*has).order_by(Reporter.complaint_id.desc())
    latest = _first(theirs.limit(_MOST_LATELY))
    query = select(Complaint.words, Complaint.received_at, Complaint.flagged_at)
    query = query.where(
        Complaint.id.in_(select(latest.c.complaint_id)), Complaint.received_at >= bindparam("since")
    )
    return query.order_by(Complaint.id.desc())


_LATELY_BY_EMAIL = _lately(func.lower(Reporter.email) == bindparam("contact"))
_LATELY_BY_PHONE = _lately(
    func.right(Reporter.phone, _ENDING) == bindparam("ending"), Reporter.phone == bindparam("contact")
)


@dataclass(frozen=True, slots=True)
class Lately:
    """A report that came from the same contact before: its words, when it came, and when it was marked as abusive."""

    words: str
    received_at: datetime
    flagged_at: datetime | None


def lately(contact: Contact, *, since: datetime) -> list[Lately]:
    """Return the latest reports that came with this address or number since then, newest first."""
    asked = _LATELY_BY_EMAIL if contact.email else _LATELY_BY_PHONE
    contact_of = contact.email.lower() if contact.email else str(contact.phone)
    values = {"contact": contact_of, "ending": contact_of[-_ENDING:], "since": since}
    return [Lately(*row) for row in db.session.connection().execute(asked, values)]


def for_letters(complaint_ids: Iterable[int]) -> dict[int, Reporter]:
    """Return where letters about these complaints go, by complaint, as far as they can be reached."""
    found = db.session.scalars(
        select(Reporter).where(Reporter.complaint_id.in_(complaint_ids), _IS_REACHABLE)
    )
    return {reporter.complaint_id: reporter for reporter in found}


def has_contact(complaint: Complaint) -> bool:
    """Whether the reporter can be reached at all."""
    return kind_of_contact(complaint) is not None


def kind_of_contact(complaint: Complaint) -> str | None:
    """Say how the reporter can be reached without saying where: `email`, `phone`, or None for not at all."""
    reporter = db.session.get(Reporter, complaint.id)
    if reporter is None:
        return None
    return "email" if reporter.email else "phone" if reporter.phone else None


def is_confirmed(complaint: Complaint) -> bool:
    """Whether a code showed that the contact is the reporter's own."""
    reporter = db.session.get(Reporter, complaint.id)
    return reporter is not None and reporter.confirmed_at is not None


def has_name(complaint: Complaint) -> bool:
    """Whether the reporter gave a name."""
    reporter = db.session.get(Reporter, complaint.id)
    return reporter is not None and reporter.name is not None


def complaint_of_phone(reference: str, ending: str) -> Complaint | None:
    """Return the complaint with this reference if its reporter's phone number ends with these digits."""
    found: Complaint | None = db.session.scalar(
        select(Complaint)
        .join(Reporter, Reporter.complaint_id == Complaint.id)
        .where(Complaint.reference == reference, func.right(Reporter.phone, len(ending)) == ending)
    )
    return found


def may_look(complaint: Complaint, *, by: Person) -> bool:
    """Whether this official may look at who reported: who handles it or stands in, or who leads while nobody does.

    An auditor may while it is theirs to decide.
    """
    if by.is_auditor:
        return complaint.handover is Handover.DISPUTED
    handler = complaint.assignee
    if handler is None or not handler.is_active:
        return by.leads
    return handler.id == by.id or leaves.is_stood_in_for(handler, by=by)


def reveal(complaint: Complaint, *, by: Person, reason: str) -> Reporter | None:
    """Show the reporter's contact to an official, and write down that it was shown and why."""
    if not may_look(complaint, by=by):
        raise Forbidden(_ONLY_ITS_HANDLER)
    if not reason.strip():
        raise Invalid({"reason": _("Write why you need the contact.")})
    note_reveal(complaint.id, by=by, reason=reason)
    return db.session.get(Reporter, complaint.id)


def note_reveal(complaint_id: int, *, by: Person, reason: str) -> None:
    """Write down that an official learnt something of who reported, and why."""
    db.session.add(Reveal(complaint_id=complaint_id, person_id=by.id, at=clock.now(), reason=reason))


def _is_same(kept: str, typed: str) -> bool:
    """Whether two ways to write a number are one: 0912 345 678 is +84 912 345 678 within its country."""
    one, other = (number.lstrip("+0") for number in (kept, typed))
    return one.endswith(other) or other.endswith(one)
