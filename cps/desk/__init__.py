"""The desk: where officials work on what citizens reported.

Each noun puts its routes on the desk when it is imported; this file only gathers them.
"""

from flask import Blueprint

from cps.desk import (
    acceptances,
    assignments,
    complaints,
    extensions,
    notes,
    pauses,
    photos,
    priorities,
    questions,
    queue,
    refusals,
    resolutions,
    returns,
    reveals,
    session,
    starts,
    transfers,
)
from cps.desk.door import desk

NOUNS = (
    session,
    queue,
    complaints,
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
    extensions,
    priorities,
    reveals,
    photos,
)


def blueprint() -> Blueprint:
    """Return the desk with every noun on it."""
    return desk
