"""Passwords: argon2id, checked in the same time whether the account exists or not."""

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import select

from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person

_HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)  # OWASP's figures for argon2id
_NOBODY = _HASHER.hash("nobody has this password")


def hashed(password: str) -> str:
    """Return the argon2id hash of `password`."""
    return _HASHER.hash(password)


def with_credentials(email: str, password: str) -> Person | None:
    """Return the active person with this e-mail address and password, or None."""
    person = db.session.scalar(select(Person).where(Person.email == email.strip().lower()))
    if not _matches(person.password_hash if person else _NOBODY, password):
        return None
    if person is None or not person.is_active:
        return None
    person.signed_in_at = clock.now()
    if _HASHER.check_needs_rehash(person.password_hash):
        person.password_hash = hashed(password)
    return person


def _matches(password_hash: str, password: str) -> bool:
    try:
        return _HASHER.verify(password_hash, password)
    except (VerificationError, InvalidHashError):
        return False
