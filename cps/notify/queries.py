"""Questions about messages."""

from collections.abc import Sequence

from sqlalchemy import and_, or_, select

from cps.complaints.models import Event
from cps.kernel.db import db
from cps.notify.audience import MAILS
from cps.notify.models import Message


def latest(count: int, *, to_officials: bool = False) -> Sequence[Message]:
    """Return the letters to citizens, or the mails to officials, that were written last, newest first."""
    is_digest = and_(Message.event_id.is_(None), Message.unsubscribe.is_(None), Message.expires_at.is_(None))
    is_mail = or_(is_digest, and_(Event.kind.is_not(None), Event.kind.in_(MAILS)))
    return db.session.scalars(
        select(Message)
        .outerjoin(Event, Event.id == Message.event_id)
        .where(is_mail if to_officials else ~is_mail)
        .order_by(Message.written_at.desc(), Message.id.desc())
        .limit(count)
    ).all()
