"""Confirming a contact: a code is sent to it, and who types that code on the same form owns it.

Codes, addresses and where a form came from are kept as hashes with our own key. Every address gets its code, known to
the city or not, so that nobody learns which are. The tries count only if the caller commits them, whatever it answers.
"""

import hmac
import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select

from cps.complaints.reporters import Contact
from cps.kernel import clock, keys
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _
from cps.notify import channels, codes, letters, tasks
from cps.notify.codes import Limit, Verdict
from cps.notify.letters import Letter
from cps.notify.models import ContactCode, Message

_LOG = logging.getLogger(__name__)
_LOCK: Final = 7_203_115  # any number nobody else locks: one code is counted and sent at a time


class TooManyCodes(Refused):
    """No code may be sent just now; the sentence says why and until when."""


def way_to(contact: Contact) -> str:
    """Return by which kind of message the contact is reached."""
    return channels.EMAIL if contact.email else channels.SMS


def address_of(contact: Contact) -> str:
    """Return where a code goes: the e-mail address, else the phone number."""
    return contact.email or contact.phone or ""


def send(key: UUID, contact: Contact, *, client: str, language: str, again: bool = False) -> None:
    """Send a code from the form with this key, if none is there to be typed or `again` is wanted.

    `client`: where the form came from, as the network knows it. Raises TooManyCodes.
    """
    db.session.scalar(select(func.pg_advisory_xact_lock(_LOCK)))
    if _needs_none(_latest(key, contact), again=again):
        return
    way, hashed, client_hash = (
        way_to(contact),
        _address_hash(contact),
        keys.derived("code client", client.encode()),
    )
    _expect_room(way, hashed, client_hash)
    code = codes.new()
    now = clock.now()
    db.session.add(
        ContactCode(
            submission_key=key,
            channel=way,
            address_hash=hashed,
            client_hash=client_hash,
            code_hash=_code_hash(key, contact, code),
            sent_at=now,
            tries=0,
        )
    )
    letter = _letter(code, way, language)
    row = tasks.as_message(
        letter,
        to=address_of(contact),
        language=language,
        event_id=None,
        channel=way,
        expires_at=now + codes.GOOD_FOR,
    )
    tasks.post([row])


def confirm(key: UUID, contact: Contact, typed: str) -> Verdict:
    """Judge a code that was typed (six digits), count it if it is wrong, and remember it if it is right."""
    sent = _latest(key, contact, is_locked=True)
    if sent is None:
        return Verdict.UNSENT
    is_right = hmac.compare_digest(sent.code_hash, _code_hash(key, contact, typed))
    now = clock.now()
    verdict = codes.judged(sent_at=sent.sent_at, tries=sent.tries, is_right=is_right, at=now)
    if verdict is Verdict.RIGHT:
        sent.confirmed_at = sent.confirmed_at or now
    elif not is_right and sent.tries < codes.MOST_TRIES:
        sent.tries += 1
    db.session.flush()
    return verdict


def confirmed_at(key: UUID, contact: Contact) -> datetime | None:
    """Return when this contact was confirmed on the form with this key, if it was."""
    found: datetime | None = db.session.scalar(
        select(func.max(ContactCode.confirmed_at)).where(*_is_of(key, contact))
    )
    return found


def has_usable(key: UUID, contact: Contact) -> bool:
    """Whether a code was sent from this form that can still be typed."""
    sent, now = _latest(key, contact), clock.now()
    return sent is not None and codes.is_usable(sent_at=sent.sent_at, tries=sent.tries, at=now)


def forget_old() -> None:
    """Delete what limits do not look back to, and the letters whose codes are worth nothing any more."""
    now = clock.now()
    db.session.execute(delete(ContactCode).where(ContactCode.sent_at < now - codes.KEPT_FOR))
    db.session.execute(delete(Message).where(Message.expires_at < now - codes.KEPT_FOR))


def _needs_none(sent: ContactCode | None, *, again: bool) -> bool:
    if sent is None:
        return False
    now = clock.now()
    if again and not codes.is_on_its_way(sent_at=sent.sent_at, at=now):
        return False
    return codes.is_usable(sent_at=sent.sent_at, tries=sent.tries, at=now)


def _expect_room(way: str, address_hash: bytes, client_hash: bytes) -> None:
    """Raise TooManyCodes if this address, whoever asks, or the city has had as many as may be."""
    full = _full(codes.PER_ADDRESS, ContactCode.address_hash == address_hash)
    if full is not None:
        raise TooManyCodes(_wait_at_address(full))
    if _full(codes.PER_CLIENT, ContactCode.client_hash == client_hash):
        raise TooManyCodes(_("Too many codes were asked for from here. Try again in an hour."))
    if _full(codes.PER_CITY[way], ContactCode.channel == way):
        _LOG.error("no more codes are sent by %s for now: the city's limit is reached", way)
        raise TooManyCodes(_("We cannot send more codes just now. Try again in an hour."))


def _full(limits: tuple[Limit, ...], condition: ColumnElement[bool]) -> Limit | None:
    """Return the longest limit that is reached."""
    now = clock.now()
    for limit in reversed(limits):
        sent = select(func.count()).where(condition, ContactCode.sent_at > now - limit.within)
        if (db.session.scalar(sent) or 0) >= limit.most:
            return limit
    return None


def _wait_at_address(limit: Limit) -> Text:
    minutes = int(limit.within.total_seconds() // 60)
    if minutes > 60:
        return _(
            "We sent this address as many codes as we may in a day. Use another one, or try again tomorrow."
        )
    return _(
        "We sent this address as many codes as we may for now. Use another one, or try again in %(minutes)s minutes.",
        minutes=minutes,
    )


def _letter(code: str, way: str, language: str) -> Letter:
    minutes = int(codes.GOOD_FOR.total_seconds() // 60)
    letter = letters.about_code(code, minutes=minutes, language=language)
    return letter if way == channels.EMAIL else Letter("", f"{letter.subject}\n")


def _latest(key: UUID, contact: Contact, *, is_locked: bool = False) -> ContactCode | None:
    """Return the code sent last; those before it are worth nothing any more."""
    query = select(ContactCode).where(*_is_of(key, contact)).order_by(ContactCode.id.desc()).limit(1)
    if is_locked:
        query = query.with_for_update().execution_options(populate_existing=True)
    found: ContactCode | None = db.session.scalar(query)
    return found


def _is_of(key: UUID, contact: Contact) -> tuple[ColumnElement[bool], ...]:
    return ContactCode.submission_key == key, ContactCode.address_hash == _address_hash(contact)


def _address_hash(contact: Contact) -> bytes:
    return keys.derived("code address", f"{way_to(contact)}:{address_of(contact).lower()}".encode())


def _code_hash(key: UUID, contact: Contact, code: str) -> bytes:
    return keys.derived("contact code", key.bytes + _address_hash(contact) + code.encode())
