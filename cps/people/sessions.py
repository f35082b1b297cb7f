"""Sessions that somebody ended: signed out of on one host, a session is over on every host, and for whoever copied it.

A session lives in the browser, signed; what is kept here is only that it is over.
"""

import secrets
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from sqlalchemy import LargeBinary, delete, exists, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel import clock, jobs
from cps.kernel.db import Base, db

# Much longer than a browser's session is good for, which a page may renew.
_LIVES: Final = timedelta(days=30)


class EndedSession(Base):
    """A session that is over, by the hash of its number."""

    __tablename__ = "ended_session"

    key: Mapped[bytes] = mapped_column(LargeBinary, primary_key=True)
    at: Mapped[datetime]


def new_number() -> str:
    """Draw the number of a session that begins: 128 random bits."""
    return secrets.token_urlsafe(16)


def end(number: str) -> None:
    """End a session; one that is over already stays so."""
    db.session.execute(insert(EndedSession).values(key=_key(number), at=clock.now()).on_conflict_do_nothing())


def is_over(number: str) -> bool:
    """Whether somebody ended it."""
    return bool(db.session.scalar(select(exists().where(EndedSession.key == _key(number)))))


@jobs.app.periodic(cron="53 2 * * *")
@jobs.app.task(name="forget_sessions", queueing_lock="forget_sessions", pass_context=False)
def forget_sessions(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget sessions that ended long ago."""
    db.session.execute(delete(EndedSession).where(EndedSession.at < clock.now() - _LIVES))


def _key(number: str) -> bytes:
    return sha256(number.encode()).digest()
