"""A made-up complaint and what its verbs leave behind, without a database; pure.

Each verb here does to the row and its history exactly what the verb of that name in
`cps.complaints.lifecycle` does; the tests hold them against each other.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from cps.city.clocks import Priority
from cps.complaints import priorities, rounds
from cps.complaints.kinds import EventKind
from cps.complaints.rounds import Round
from cps.complaints.status import Handover, Status
from cps.console.demonstration.consulting import Consulting
from cps.console.demonstration.joined import Joined
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.scene import Official
from cps.sla.promise import Extension


class _Promised(NamedTuple):
    """What a life owes, as priorities read it."""

    promise: str
    acknowledge: str
    received_at: datetime
    due_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    accept_by: datetime | None


class Life(Consulting):
    """A complaint with its verbs."""

    __slots__ = ()

    def assign(self, *, to: Official, by: Official) -> None:
        """Name the official who handles it."""
        if self.status is not Status.IN_PROGRESS:
            self.status = Status.ASSIGNED
        self.assignee = to
        self._take_on()
        self._write(EventKind.ASSIGNED, by=by, details={"assignee": to.id, "name": to.name})

    def transfer(self, *, to: int, by: Official, reason: str) -> None:
        """Hand it to another department."""
        self._hand(to, Handover.OFFERED, EventKind.TRANSFERRED, by=by, reason=reason)

    def accept(self, *, by: Official) -> None:
        """Take on what another department sent."""
        self._take_on()
        self._write(EventKind.ACCEPTED, by=by)

    def give_back(self, *, by: Official, reason: str) -> None:
        """Return it to the department it came from; too often, and it is to be decided."""
        assert self.came_from is not None
        self.bounces += 1
        is_disputed = self.bounces >= self.scene.profile.clocks.bounces
        handover = Handover.DISPUTED if is_disputed else Handover.RETURNED
        self._hand(self.came_from, handover, EventKind.RETURNED, by=by, reason=reason)

    def _hand(self, to: int, handover: Handover, kind: EventKind, *, by: Official, reason: str) -> None:
        self._let_run()
        self.came_from, self.department = self.department, to
        self.assignee = self.seen_at = None
        self.handover = handover
        self.hops += 1
        details: dict[str, Any] = {"from": self.came_from}
        if handover is Handover.DISPUTED:
            self.accept_by = None
            details["is_disputed"] = True
        else:
            clock, self.accept_by = self.scene.handover(to, self.at)
            details["clock"] = clock
        if to in self.scene.outside:
            details["is_outside"] = True
        self.status = Status.RECEIVED
        self._write(kind, by=by, note=reason, details=details)

    def start(self, *, by: Official) -> None:
        """Begin the work; `by` belongs to the department."""
        if self.assignee is None:
            self.assignee = by
        self._take_on()
        self.status = Status.IN_PROGRESS
        self._write(EventKind.STARTED, by=by)

    def ask(self, *, by: Official, question: str) -> None:
        """Ask the citizen; the clock stands."""
        self._let_run()
        self.status = Status.WAITING
        self.waiting_since = self.at
        self._take_on()
        cap = str(self.scene.profile.clocks.pauses["citizen"])
        self._write(EventKind.ASKED, by=by, note=question, details={"cap": cap})

    def extend(self, *, by: Official, count: int, reason: str) -> None:
        """Give the department more time, before the deadline."""
        before = self.due_at
        self.due_at = self._counted([Extension(count)])
        details: Mapping[str, Any] = {
            "count": count,
            "consent": False,
            "old": moment_of(before).isoformat(),
            "new": moment_of(self.due_at).isoformat(),
        }
        self._write(EventKind.EXTENDED, by=by, note=reason, details=details)

    def pause(self, *, by: Official, cause: str, reason: str) -> None:
        """Let the clock stand for a cause."""
        self.paused_since, self.pause_cause = self.at, cause
        details = {"cause": cause, "cap": str(self.scene.profile.clocks.pauses[cause])}
        self._write(EventKind.PAUSED, by=by, note=reason, details=details)

    def go_on(self, *, by: Official) -> None:
        """Let the clock run again."""
        assert self.pause_cause is not None
        cause = self.pause_cause
        details = {"cause": cause, **self._let_run()}
        self._write(EventKind.RESUMED, by=by, details=details)

    def prioritise(self, priority: Priority, *, by: Official, reason: str) -> None:
        """Give it a priority; the clock runs."""
        change = priorities.under(
            self._promised(),
            priority,
            self._turns(),
            now=moment_of(self.at),
            calendar=self.scene.profile.calendar,
        )
        self.priority = priority.code
        self.promise, self.acknowledge = str(change.promise), str(change.acknowledge)
        self.due_at = int(change.due_at.timestamp())
        self.acknowledge_by = int(change.acknowledge_by.timestamp())
        self._write(EventKind.PRIORITISED, by=by, note=reason, details=change.details)

    def _promised(self) -> _Promised:
        return _Promised(
            self.promise,
            self.acknowledge,
            moment_of(self.report.at),
            moment_of(self.due_at),
            moment_of(self.acknowledge_by),
            moment_of(self.acknowledged_at) if self.acknowledged_at else None,
            moment_of(self.accept_by) if self.accept_by else None,
        )

    def answer(self, *, words: str) -> None:
        """Take the citizen's answer."""
        details = self._let_run()
        self.status = Status.IN_PROGRESS
        self._write(EventKind.ANSWERED, by=None, note=words, details=details)

    def add(self, *, words: str) -> None:
        """Take what the reporter adds while it is open."""
        self._write(EventKind.ADDED, by=None, note=words, details={"photos": 0})

    def join(self, *, language: str) -> None:
        """Count somebody whom it concerns too."""
        self.joined.append(Joined(self.at, language))
        self._write(EventKind.JOINED, by=None, details={"people": len(self.joined) + 1})

    def rate(self, *, score: int, words: str) -> None:
        """Take the reporter's rating of the result."""
        self._write(EventKind.RATED, by=None, note=words, details={"score": score})

    def note(self, *, by: Official, words: str) -> None:
        """Leave an internal note."""
        self._write(EventKind.NOTED, by=by, note=words, is_internal=True)

    def resolve(self, *, by: Official, result: str) -> None:
        """Close it as put right."""
        self._take_on()
        self._close(Status.RESOLVED, by=by)
        self._write(EventKind.RESOLVED, by=by, note=result)

    def decline(self, *, by: Official, reason: str, remedy: str) -> None:
        """Close it with a reason and what else to do."""
        self._take_on()
        self._close(Status.DECLINED, by=by)
        self._write(EventKind.DECLINED, by=by, note=reason, details={"remedy": remedy})

    def withdraw(self, *, reason: str) -> None:
        """Take it back."""
        self._settle()
        self._close(Status.WITHDRAWN, by=None)
        self._write(EventKind.WITHDRAWN, by=None, note=reason)

    def reopen(self, *, words: str) -> None:
        """Send it back to its department."""
        begun = self._new_round()
        self.promise, self.due_at = str(begun.promise), int(begun.due_at.timestamp())
        self.reopened_at = self.at
        self.closed_at = self.seen_at = None
        self.assignee = None
        self.status = Status.RECEIVED
        self._write(EventKind.REOPENED, by=None, note=words, details=begun.details)

    def _new_round(self) -> Round:
        profile = self.scene.profile
        return rounds.begun_at(
            self._promised(),
            self._turns(),
            promise=self.report.subject.promise,
            severe=profile.clocks.priority(self.priority),
            at=moment_of(self.at),
            calendar=profile.calendar,
        )

    def _close(self, status: Status, *, by: Official | None) -> None:
        self._withdraw_open(by=by)
        self._let_run()
        self.closed_at = self.at
        self.status = status
