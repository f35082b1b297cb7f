"""Which part of the kit each column belongs to: shared, personal, or kept back.

A column that nobody has sorted is personal, so that a new one is never handed on by mistake. Kept back is what opens
something: passwords, keys, what private links are made of, and what only a moment needs.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from sqlalchemy import Column, Table

from cps.kernel.db import Base


class Part(StrEnum):
    """Where a column goes."""

    SHARED = "tables"
    PERSONAL = "personal/tables"
    KEPT_BACK = "kept back"


_WHOLE: Final = frozenset(
    (
        "agenda",
        "area",
        "asset",
        "category",
        "department",
        "place_name",
        "recurring_report",
        "recurring_round",
        "rule",
        "statistic",
    )
)
_SHARED: Final[Mapping[str, frozenset[str]]] = {
    table: frozenset(columns.split())
    for table, columns in {
        "city": "id code version settings loaded_at",
        "complaint": "id reference version status handover category_id department_id area_id language is_public"
        " is_demo promise priority flagged_at received_at reopened_at due_at acknowledge acknowledge_by"
        " acknowledged_at seen_at came_from_id accept_by hops bounces waiting_since paused_since pause_cause"
        " planned_from planned_until closed_at joined lead_id",
        "event": "id complaint_id position kind at status department_id is_internal",
        "joining": "id complaint_id home_id joined_at",
        "photo": "id complaint_id purpose position original_size state width height taken_in_at decoded_at"
        " released_at unreadable_reason",
        "planned_reform": "id plan day planned_at tried_at",
        "recurring_event": "id problem_id position kind at",
        "recurring_problem": "id version category_id department_id area_id metres found_at owed_by reminded_at due_on"
        " done_at is_dismissed returns",
        "reform": "id plan day areas departments is_guessing_outside seen last begun_at ended_at",
        "reply_template": "id department_id category_id use changed_at retired_at",
        "subtask": "id complaint_id department_id asked_at reply_by extended_at replied_at withdrawn_at",
        "suggestion_model": "id made_at learned tested accuracy in_three commonest",
    }.items()
}
_KEPT_BACK: Final[Mapping[str, frozenset[str]]] = {
    "city": frozenset(("reference_key",)),
    "complaint": frozenset(("submission_key", "tracking_hash")),
    "joining": frozenset(("key", "secret_hash", "identity")),
    "message": frozenset(("body", "unsubscribe")),  # letters hold the private link
    "person": frozenset(("password_hash",)),
    "photo": frozenset(("key", "submission_key", "original")),
    "suggestion_model": frozenset(("weights",)),
}
LEFT_OUT: Final[Mapping[str, str]] = {
    "attempt": "how often something was tried, for an hour at most",
    "batch": "a list of work that was done at once; each act stands in event",
    "batch_line": "a line of such a list",
    "contact_code": "codes that confirm addresses, good for ten minutes",
    "draft": "what officials are typing",
    "ended_session": "sign-ins that are over",
    "photo_piece": "photos on their way",
    "photo_upload": "photos on their way",
    "submission": "the keys of forms, of which private links are made",
    "undoable": "what can be undone for thirty seconds",
    "viewer": "who has a page open",
}
"""Tables that are not handed on, and why."""


def part_of(column: Column[object]) -> Part:
    """Return where a column goes."""
    table = column.table.name
    if column.name in _KEPT_BACK.get(table, ()):
        return Part.KEPT_BACK
    is_shared = table in _WHOLE or column.name in _SHARED.get(table, ())
    return Part.SHARED if is_shared else Part.PERSONAL


def handed_on() -> list[Table]:
    """Return the tables that are handed on, in an order in which they can be read back."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LEFT_OUT]


def columns_in(table: Table, part: Part) -> list[Column[object]]:
    """Return the columns of a table's file in one part; none if it has no file there.

    The primary key stands in both, so that the rows can be put together again.
    """
    own = [column for column in table.columns if part_of(column) is part]
    if not own or (part is Part.PERSONAL and all(column.primary_key for column in own)):
        return []
    return [column for column in table.columns if column in own or column.primary_key]
