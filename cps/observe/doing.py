"""What this thread is at: the request it answers or the job it does, for every line that is logged meanwhile."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

_FACTS: ContextVar[dict[str, Any] | None] = ContextVar("facts", default=None)


@contextmanager
def this(**facts: Any) -> Iterator[None]:
    """Be at something until the block ends; the facts are keys of a line (`lines.KEYS`)."""
    before = _FACTS.set(facts)
    try:
        yield
    finally:
        _FACTS.reset(before)


def learn(**facts: Any) -> None:
    """Add what came out about it; outside of any work nothing is kept."""
    known = _FACTS.get()
    if known is not None:
        known.update(facts)


def facts() -> Mapping[str, Any]:
    """Return what is known of it."""
    return _FACTS.get() or {}
