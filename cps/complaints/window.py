"""How long an official can take an act back: so long what citizens are told of it waits."""

from datetime import timedelta
from typing import Final

from cps.complaints.kinds import EventKind

KINDS: Final = frozenset(
    {
        *(EventKind.ASSIGNED, EventKind.STARTED, EventKind.ASKED, EventKind.RESOLVED, EventKind.DECLINED),
        *(EventKind.TRANSFERRED, EventKind.ACCEPTED, EventKind.RETURNED, EventKind.DECIDED),
        *(EventKind.EXTENDED, EventKind.PAUSED, EventKind.RESUMED, EventKind.PRIORITISED),
        *(EventKind.SET_ASIDE, EventKind.LET_IN, EventKind.FLAGGED, EventKind.UNFLAGGED),
        *(EventKind.PLANNED, EventKind.UNPLANNED, EventKind.CATEGORISED, EventKind.CATEGORY_KEPT),
        *(EventKind.HIDDEN, EventKind.SHOWN),
    }
)
"""What can be taken back, where an official did it. A note changes nothing; a merger has a way back of its own."""

_MARGIN: Final = timedelta(seconds=5)  # who presses in the last second is faster than the letters
_length = timedelta()


def use(seconds: int) -> None:
    """Let acts be taken back for so long; 0 is never, and then nothing waits."""
    global _length  # noqa: PLW0603 - one for the whole process, as the operator decided
    _length = timedelta(seconds=seconds)


def length() -> timedelta:
    """Return how long an act can be taken back."""
    return _length


def wait(kind: EventKind, *, is_by_official: bool) -> timedelta | None:
    """Return how long the news of an event waits; None is not at all."""
    return _length + _MARGIN if _length and is_by_official and kind in KINDS else None
