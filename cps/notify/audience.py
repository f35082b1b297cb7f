"""Who hears of an event, and in which letter; pure."""

from collections.abc import Mapping
from typing import Any

from cps.complaints.kinds import EventKind

# What the citizen hears of. Assigning a handler and internal notes are the city's own affair.
_LETTERS = {
    EventKind.RECEIVED: "received",
    EventKind.TRANSFERRED: "transferred",
    EventKind.RETURNED: "returned",
    EventKind.DECIDED: "transferred",
    EventKind.STARTED: "started",
    EventKind.ASKED: "asked",
    EventKind.RESOLVED: "resolved",
    EventKind.DECLINED: "declined",
    EventKind.REOPENED: "reopened",
    EventKind.WITHDRAWN: "withdrawn",
    EventKind.EXTENDED: "extended",
    EventKind.CATEGORISED: "categorised",
    EventKind.PROGRESS: "progress",
    EventKind.PAUSED: "paused",
    EventKind.PLANNED: "planned",
    EventKind.UNPLANNED: "unplanned",
    # What else ends a pause has a letter of its own, which says the new date or that it is closed.
    EventKind.RESUMED: "resumed",
    EventKind.ANSWERED: "resumed",
    EventKind.MERGED: "joined",
    EventKind.PARTED: "parted",
}

# What those hear who joined a report; what is asked and promised between is its reporter's affair.
_TOLD_TO_JOINED = frozenset(
    {
        EventKind.STARTED,
        EventKind.EXTENDED,
        EventKind.PLANNED,
        EventKind.UNPLANNED,
        EventKind.RESOLVED,
        EventKind.DECLINED,
        EventKind.REOPENED,
    }
)

# What officials are told by mail; whom, the event says.
MAILS = frozenset(
    {
        EventKind.ESCALATED,
        EventKind.DEMANDED,
        EventKind.ALARMED,
        EventKind.FLAGGED,
        EventKind.ADDED,
        EventKind.REVIEW_ASKED,
        EventKind.CONTRIBUTION_ASKED,
        EventKind.CONTRIBUTED,
        EventKind.PLAN_MISSED,
        EventKind.OVERLOOKED,
    }
)


_NOTHING: Mapping[str, Any] = {}


def letter_to_reporter(
    kind: EventKind, *, is_internal: bool, details: Mapping[str, Any] = _NOTHING
) -> str | None:
    """Return the kind of letter the reporter gets about an event, or None for no letter."""
    letter = None if is_internal else _LETTERS.get(kind)
    if kind is EventKind.DECIDED and "from" not in details:
        return None  # it stays where it was: nothing moved that the citizen knows of
    if kind is EventKind.MERGED and details.get("is_by_office"):
        return "merged"
    if letter == "planned":
        return _of_a_plan(details)
    return "transferred_outside" if letter == "transferred" and details.get("is_outside") else letter


def letter_to_joined(kind: EventKind, details: Mapping[str, Any] = _NOTHING) -> str | None:
    """Return the kind of letter those get who joined the report of an event, or None for no letter."""
    if kind not in _TOLD_TO_JOINED:
        return None
    return _of_a_plan(details) if kind is EventKind.PLANNED else _LETTERS[kind]


def _of_a_plan(details: Mapping[str, Any]) -> str:
    return "replanned" if "old_first" in details else "planned"


def is_told_to_officials(kind: EventKind) -> bool:
    """Whether the officials whom an event names get a mail about it."""
    return kind in MAILS
