"""The work of telling people: write each letter once, deliver it until it is out.

Both tasks may run twice. A letter is unique per event, channel and address; a sent one is not sent
again. A dead server costs nothing but time: the next attempt is deferred with a growing gap.
"""

import logging
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import joinedload

from cps.complaints import reporters
from cps.complaints.models import Event
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.notify import audience, channels, letters
from cps.notify.channels import Undelivered
from cps.notify.models import Message, MessageState

_LOG = logging.getLogger(__name__)
_EMAIL = "email"
_GAPS = (
    timedelta(seconds=30),
    timedelta(minutes=2),
    timedelta(minutes=10),
    timedelta(hours=1),
    *(timedelta(hours=4) for _ in range(30)),  # five days in all, as long as a mail server tries
)


@jobs.app.task(name=jobs.ANNOUNCE, retry=jobs.PERSISTENTLY)
def announce(event_id: int) -> None:
    """Write the letters of an event and see them off."""
    event = db.session.get(Event, event_id, options=[joinedload(Event.complaint)])
    kind = audience.letter_to_reporter(event.kind, is_internal=event.is_internal) if event else None
    reporter = reporters.for_letters(event.complaint_id) if event and kind else None
    if event is None or kind is None or reporter is None or reporter.email is None:
        return
    letter = letters.written(kind, event, language=reporter.language)
    state = channels.current().begins_as
    message_id = db.session.scalar(
        insert(Message)
        .values(
            id=uuid4(),
            event_id=event.id,
            channel=_EMAIL,
            address=reporter.email,
            language=reporter.language,
            subject=letter.subject,
            body=letter.body,
            state=state,
            attempts=0,
            written_at=clock.now(),
            ended_at=None if state is MessageState.WAITING else clock.now(),
        )
        .on_conflict_do_nothing()
        .returning(Message.id)
    )
    if message_id is not None and state is MessageState.WAITING:
        jobs.defer(jobs.DELIVER, message_id=str(message_id))


@jobs.app.task(name=jobs.DELIVER, retry=jobs.PERSISTENTLY)
def deliver(message_id: str) -> None:
    """Try to get one letter out; on failure, try again later, and for ever visible in the end."""
    # Locked, so that two workers never send one letter at the same moment.
    message = db.session.scalar(select(Message).where(Message.id == UUID(message_id)).with_for_update())
    if message is None or message.state is not MessageState.WAITING:
        return
    message.attempts += 1
    try:
        message.state = channels.current().send(message)
    except Undelivered as failure:
        _put_off(message, failure)
        return
    message.last_error = None
    message.ended_at = clock.now()


def _put_off(message: Message, failure: Undelivered) -> None:
    message.last_error = str(failure)
    if failure.is_final or message.attempts > len(_GAPS):
        message.state = MessageState.FAILED
        message.ended_at = clock.now()
        _LOG.error("letter %s given up after %s attempts: %s", message.id, message.attempts, failure)
        return
    jobs.defer(jobs.DELIVER, within=_GAPS[message.attempts - 1], message_id=str(message.id))
