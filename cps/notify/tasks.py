"""The work of telling people: write each letter once, deliver it until it is out.

Both tasks may run twice. A letter is unique per event, channel and address; a sent one is not sent
again. A dead server costs nothing but time: it is left alone for a while by all letters together (`resting`), and what
waited for it goes to each address in the order it was written in. A letter that it refuses is tried again with growing gaps.
"""

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from threading import Event as ThreadEvent
from typing import Any
from uuid import UUID, uuid4

from procrastinate import JobContext
from sqlalchemy import select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from cps.complaints import alarms, joining, reporters
from cps.complaints.conditions import IS_COUNTED
from cps.complaints.contacts import Reporter
from cps.complaints.joining import Listener
from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.notify import audience, channels, letters, officials
from cps.notify.channels import Undelivered
from cps.notify.letters import Letter
from cps.notify.models import Message, MessageState

_LOG = logging.getLogger(__name__)
_AT_ONCE = 50
_A_SECOND = timedelta(seconds=1)
_GATHERING_SECONDS = 0.05  # nobody waits for a letter that long, and many that come together go together
_WRITE = insert(Message).on_conflict_do_nothing().returning(Message.id)
_GAPS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    *(timedelta(hours=4) for _ in range(30)),  # five days in all, as long as a mail server tries
)


@jobs.app.task(name=jobs.ANNOUNCE, retry=jobs.PERSISTENTLY, pass_context=True)
def announce(context: JobContext, event_id: int) -> None:
    """Write the letters of an event and see them off; where many events wait, many go at once."""
    others: list[dict[str, Any]] = []
    if not context.job.attempts:
        ThreadEvent().wait(_GATHERING_SECONDS)
        others = jobs.taken_along(jobs.ANNOUNCE, most=_AT_ONCE - 1)
    write([event_id, *(other["event_id"] for other in others)])


def write(event_ids: Sequence[int]) -> None:
    """Write the letters of these events and see them off; one that is written already stays as it is."""
    events = db.session.scalars(
        select(Event).where(Event.id.in_(event_ids), IS_COUNTED).options(joinedload(Event.complaint))
    ).all()
    for event in events:
        if event.kind is EventKind.RECEIVED:
            alarms.look(event.complaint)
    known = reporters.for_letters([event.complaint_id for event in events])
    joined = joining.listeners({event.complaint_id for event in events if event.complaint.joined})
    post(
        [
            letter
            for event in events
            for letter in (
                *_letters_of(event, known.get(event.complaint_id)),
                *_letters_to_joined(event, joined.get(event.complaint_id, [])),
            )
        ]
    )


def _letters_of(event: Event, reporter: Reporter | None) -> Iterator[dict[str, Any]]:
    kind = audience.letter_to_reporter(event.kind, is_internal=event.is_internal, details=event.details)
    if kind is not None and reporter is not None and reporter.email is not None:
        letter = letters.written(kind, event, language=reporter.language)
        yield as_message(letter, to=reporter.email, language=reporter.language, event_id=event.id)
    if audience.is_told_to_officials(event.kind):
        for address, language in officials.told_of(event):
            letter = officials.mail_about(event, language=language)
            yield as_message(letter, to=address, language=language, event_id=event.id)


def _letters_to_joined(event: Event, listeners: Sequence[Listener]) -> Iterator[dict[str, Any]]:
    """Write to those who joined the report; of a new joining to that person alone."""
    kind = audience.letter_to_joined(event.kind, event.details)
    if event.kind is EventKind.JOINED:
        kind, listeners = "joined", [one for one in listeners if one.number == event.details.get("joining")]
    if kind is None or event.is_internal:
        return
    for one in listeners:
        if event.kind is EventKind.JOINED and one.own is not None:
            continue  # merging the own report has been told already
        letter = letters.written_to(one, kind, event)
        yield as_message(letter, to=one.email, language=one.language, event_id=event.id)


def as_message(
    letter: Letter,
    *,
    to: str,
    language: str,
    event_id: int | None,
    channel: str = channels.EMAIL,
    unsubscribe: str | None = None,
    expires_at: datetime | None = None,
) -> dict[str, Any]:
    """Return the row of a letter that is to be sent to an address; `unsubscribe`: where such letters end."""
    state, now = channels.current().begins_as, clock.now()
    return {
        "id": uuid4(),
        "event_id": event_id,
        "channel": channel,
        "address": to,
        "language": language,
        "subject": letter.subject,
        "body": letter.body,
        "unsubscribe": unsubscribe,
        "expires_at": expires_at,
        "state": state,
        "attempts": 0,
        "written_at": now,
        "ended_at": None if state is MessageState.WAITING else now,
    }


def post(found: Sequence[dict[str, Any]]) -> None:
    """Keep these letters and see them off; one that is written already stays as it is."""
    if not found:
        return
    written = db.session.scalars(_WRITE, found).all()
    if channels.current().begins_as is MessageState.WAITING:
        for message_id in written:
            jobs.defer(jobs.DELIVER, message_id=str(message_id))


@jobs.app.task(name=jobs.DELIVER, retry=jobs.PERSISTENTLY)
def deliver(message_id: str) -> None:
    """Try to get one letter out; on failure, try again later, and for ever visible in the end.

    At most one leaves in each transaction: whoever dies here sends no more than one again.
    """
    # Locked, so that two workers never send one letter at the same moment.
    message = db.session.scalar(select(Message).where(Message.id == UUID(message_id)).with_for_update())
    if message is None or message.state is not MessageState.WAITING:
        return
    if message.expires_at is not None and clock.now() >= message.expires_at:
        message.state, message.ended_at = MessageState.FAILED, clock.now()
        return
    if _is_put_off(message):
        return
    earlier = _waits_longer(message)
    if earlier is not None and _attempt(earlier) is None:
        jobs.defer(jobs.DELIVER, message_id=message_id)
        return
    if _is_put_off(message):
        return
    failure = _attempt(message)
    if failure is None or (failure.is_away and _is_put_off(message)):
        return
    message.attempts += 1
    _put_off(message, failure)


def _waits_longer(message: Message) -> Message | None:
    """Return the first letter to this address that waits as well and was written before; codes wait for nothing."""
    if message.expires_at is not None:
        return None
    return db.session.scalar(
        select(Message)
        .where(
            Message.address == message.address,
            Message.channel == message.channel,
            Message.state == MessageState.WAITING,
            Message.expires_at.is_(None),
            tuple_(Message.written_at, Message.id) < (message.written_at, message.id),
        )
        .order_by(Message.written_at, Message.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )


def _attempt(message: Message) -> Undelivered | None:
    """Send it, and note how that went with the letter and with the server; return why it did not leave."""
    channel = channels.current()
    try:
        message.state = channel.send(message)
    except Undelivered as failure:
        message.last_error = str(failure)
        if failure.is_away:
            channel.rest.begin()
        elif failure.was_dropped:
            channel.rest.note_drop()
        return failure
    channel.rest.end()
    message.attempts += 1
    message.last_error = None
    message.ended_at = clock.now()
    return None


def _is_put_off(message: Message) -> bool:
    """Put it off if the server is left alone just now; that is no fault of the letter, and no attempt."""
    left = channels.current().rest.left()
    if left is None:
        return False
    jobs.defer(jobs.DELIVER, within=left + _A_SECOND, message_id=str(message.id))
    return True


def _put_off(message: Message, failure: Undelivered) -> None:
    if failure.is_final or message.attempts > len(_GAPS):
        message.state = MessageState.FAILED
        message.ended_at = clock.now()
        _LOG.error("letter %s given up after %s attempts: %s", message.id, message.attempts, failure)
        return
    jobs.defer(jobs.DELIVER, within=_GAPS[message.attempts - 1], message_id=str(message.id))
