"""Who hears of an event, and in which letter; pure."""

from cps.complaints.models import EventKind

# What the citizen hears of. Assigning a handler and internal notes are the city's own affair.
_LETTERS = {
    EventKind.RECEIVED: "received",
    EventKind.TRANSFERRED: "transferred",
    EventKind.STARTED: "started",
    EventKind.ASKED: "asked",
    EventKind.RESOLVED: "resolved",
    EventKind.DECLINED: "declined",
    EventKind.REOPENED: "reopened",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.EXTENDED: "extended",
    EventKind.PROGRESS: "progress",
}

# What officials are told by mail; whom, the event says.
MAILS = frozenset({EventKind.ESCALATED, EventKind.DEMANDED})


def letter_to_reporter(kind: EventKind, *, is_internal: bool) -> str | None:
    """Return the kind of letter the reporter gets about an event, or None for no letter."""
    return None if is_internal else _LETTERS.get(kind)


def is_told_to_officials(kind: EventKind) -> bool:
    """Whether the officials whom an event names get a mail about it."""
    return kind in MAILS
