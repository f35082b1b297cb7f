"""Questions about messages."""

from collections.abc import Sequence

from sqlalchemy import select

from cps.kernel.db import db
from cps.notify.models import Message


def latest(count: int) -> Sequence[Message]:
    """Return the letters written last, newest first."""
    return db.session.scalars(
        select(Message).order_by(Message.written_at.desc(), Message.id.desc()).limit(count)
    ).all()
