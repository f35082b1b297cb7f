"""The desk: where officials work on what citizens reported.

Each noun puts its routes on the desk when it is imported; this file only gathers them.
"""

from flask import Blueprint

from cps.desk import (
    assignments,
    complaints,
    extensions,
    notes,
    photos,
    questions,
    queue,
    refusals,
    replies,
    resolutions,
    reveals,
    session,
    starts,
    subtasks,
    transfers,
    withdrawals,
)
from cps.desk.door import desk

NOUNS = (
    session,
    queue,
    complaints,
    assignments,
    transfers,
    starts,
    questions,
    notes,
    resolutions,
    refusals,
    extensions,
    subtasks,
    replies,
    withdrawals,
    reveals,
    photos,
)


def blueprint() -> Blueprint:
    """Return the desk with every noun on it."""
    return desk
