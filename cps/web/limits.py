"""How often something may be tried from one address: sign-in, links that open nothing, and what costs much.

A limit holds for all hosts of the city together, and lets people in while it cannot count.
"""

from flask import Flask, current_app
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from limits.storage import Storage

from cps.people.attempts import Attempts

limiter = Limiter(key_func=get_remote_address, default_limits=[], storage_uri="cps://")

_ATTEMPTS = "cps-attempts"


def init_app(app: Flask) -> None:
    """Count attempts at the city's database."""
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    app.extensions[_ATTEMPTS] = Attempts(url)
    limiter.init_app(app)


class DatabaseStorage(Storage):
    """The city's counts, as the package `limits` wants to ask them."""

    STORAGE_SCHEME = ["cps"]  # noqa: RUF012 - the package's

    @property
    def base_exceptions(self) -> type[Exception] | tuple[type[Exception], ...]:
        """What it raises when it cannot count: nothing, for that is let in."""
        return ()

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count it; return how often it was tried in its span."""
        return _attempts().count(key, times=amount, seconds=expiry)

    def get(self, key: str) -> int:
        """Return how often it was tried."""
        return _attempts().counted(key)[0]

    def get_expiry(self, key: str) -> float:
        """Return when its span ends."""
        return _attempts().counted(key)[1]

    def check(self) -> bool:
        """Whether it can be counted at the moment."""
        return _attempts().answers()

    def reset(self) -> int | None:
        """Forget everything."""
        _attempts().forget()
        return None

    def clear(self, key: str) -> None:
        """Forget how often this was tried."""
        _attempts().forget(key)


def _attempts() -> Attempts:
    found: Attempts = current_app.extensions[_ATTEMPTS]
    return found
