"""Where a complaint can stand, and the one table of moves between.

Late is a query, never a status; "contractor sent" or "seen on site" are facts, not statuses.
"""

from enum import StrEnum


class Status(StrEnum):
    """Where a complaint stands."""

    RECEIVED = "received"
    ASSIGNED = "assigned"
    IN_PROGRESS = "in_progress"
    WAITING = "waiting"
    RESOLVED = "resolved"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    MERGED = "merged"

    def allows(self, status: "Status") -> bool:
        """Whether a complaint may go from here to `status`."""
        return status in _MOVES[self]

    @property
    def is_open(self) -> bool:
        """Whether the city still owes an answer."""
        return self in OPEN


class Handover(StrEnum):
    """How a complaint came to its department, as long as that matters.

    Between `offered` or `returned` and the first act of the department, its acceptance is awaited. What
    is `decided` stays so: the department neither returns it nor sends it on.
    """

    SETTLED = "settled"
    OFFERED = "offered"
    RETURNED = "returned"
    DISPUTED = "disputed"
    DECIDED = "decided"


OPEN = frozenset({Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING})

ANSWERED = (Status.RESOLVED, Status.DECLINED)
# They ended without the city's answer: withdrawn by who reported, or told of with another report.
WITHOUT_ANSWER = (Status.WITHDRAWN, Status.MERGED)

_CLOSINGS = frozenset({Status.RESOLVED, Status.DECLINED, Status.WITHDRAWN, Status.MERGED})
_MOVES: dict[Status, frozenset[Status]] = {
    # To received: handed to another department, which has not yet said who takes it.
    Status.RECEIVED: _CLOSINGS | {Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING},
    Status.ASSIGNED: _CLOSINGS | {Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING},
    # Another colleague may take over work that has begun: it stays begun.
    Status.IN_PROGRESS: _CLOSINGS | {Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING},
    # Here too: who goes on leave hands it over, and the question stands.
    Status.WAITING: _CLOSINGS | {Status.RECEIVED, Status.IN_PROGRESS, Status.WAITING},
    # Not fixed, or please look again: back to the department.
    Status.RESOLVED: frozenset({Status.RECEIVED}),
    Status.DECLINED: frozenset({Status.RECEIVED}),
    Status.WITHDRAWN: frozenset(),
    # By itself again, as it stood.
    Status.MERGED: OPEN,
}
