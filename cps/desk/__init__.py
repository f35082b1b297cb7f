"""The desk: where officials work on what citizens reported.

Each noun puts its routes on the desk when it is imported; this file only gathers them.
"""

from flask import Blueprint

from cps.desk import (
    acceptances,
    account,
    alarms,
    assignments,
    batches,
    complaints,
    drafts,
    extensions,
    field,
    field_outcomes,
    intake,
    keys,
    mergers,
    notes,
    overview,
    pauses,
    photos,
    presence,
    previews,
    priorities,
    questions,
    queue,
    recurring,
    redactions,
    refusals,
    repeats,
    replies,
    resolutions,
    returns,
    reveals,
    saved,
    session,
    starts,
    subtasks,
    templates,
    transfers,
    undoings,
    withdrawals,
)
from cps.desk.door import desk

NOUNS = (
    session,
    account,
    keys,
    queue,
    overview,
    recurring,
    saved,
    batches,
    intake,
    field,
    field_outcomes,
    complaints,
    previews,
    presence,
    drafts,
    alarms,
    acceptances,
    returns,
    assignments,
    transfers,
    starts,
    questions,
    pauses,
    notes,
    resolutions,
    refusals,
    repeats,
    extensions,
    mergers,
    subtasks,
    replies,
    withdrawals,
    priorities,
    reveals,
    photos,
    redactions,
    templates,
    undoings,
)


def blueprint() -> Blueprint:
    """Return the desk with every noun on it."""
    return desk
