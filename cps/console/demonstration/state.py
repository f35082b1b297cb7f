"""A made-up complaint and what its verbs leave behind, without a database; pure.

Each verb here does to the row and its history exactly what the verb of that name in
`cps.complaints.lifecycle` does; the tests hold them against each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from cps.city.clocks import Priority
from cps.city.promise import Promise
from cps.complaints import deadlines, priorities
from cps.complaints.models import EventKind
from cps.complaints.status import Handover, Status
from cps.console.demonstration.arrivals import Report
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.scene import Official, Scene
from cps.sla.promise import Extension

_NOTHING: Mapping[str, Any] = {}


class Happening(NamedTuple):
    """One event of the history; `at` in seconds since 1970, `by` None for the citizen."""

    kind: EventKind
    at: int
    by: int | None
    status: Status
    department: int
    note: str
    is_internal: bool
    details: Mapping[str, Any]


class _Turn(NamedTuple):
    """A happening as deadlines read it."""

    kind: EventKind
    at: datetime
    status: Status
    details: Mapping[str, Any]

    @classmethod
    def of(cls, happening: Happening) -> Self:
        """Read a happening."""
        return cls(happening.kind, moment_of(happening.at), happening.status, happening.details)


class Asked:
    """What another department was asked; moments in seconds since 1970."""

    __slots__ = (
        "asked_at",
        "asked_by",
        "department",
        "extended_at",
        "extension_reason",
        "question",
        "replied_at",
        "replied_by",
        "reply",
        "reply_by",
        "withdrawn_at",
    )

    def __init__(self, *, department: int, by: Official, at: int, question: str, reply_by: int) -> None:
        self.department = department
        self.question = question
        self.asked_by = by
        self.asked_at = at
        self.reply_by = reply_by
        self.extended_at: int | None = None
        self.extension_reason = ""
        self.reply = ""
        self.replied_by: Official | None = None
        self.replied_at: int | None = None
        self.withdrawn_at: int | None = None

    @property
    def is_open(self) -> bool:
        """Whether the department still owes the reply."""
        return self.replied_at is None and self.withdrawn_at is None


class _Promised(NamedTuple):
    """What a life owes, as priorities read it."""

    promise: str
    acknowledge: str
    received_at: datetime
    due_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    accept_by: datetime | None


class Life:
    """A complaint as it stands, with its history; everything happens at `at`, which only grows."""

    __slots__ = (
        "accept_by",
        "acknowledge",
        "acknowledge_by",
        "acknowledged_at",
        "asked",
        "assignee",
        "at",
        "bounces",
        "came_from",
        "closed_at",
        "department",
        "due_at",
        "handover",
        "history",
        "hops",
        "pause_cause",
        "paused_since",
        "priority",
        "promise",
        "report",
        "scene",
        "status",
        "waiting_since",
    )

    def __init__(self, report: Report, scene: Scene) -> None:
        ward = report.ward
        self.report = report
        self.scene = scene
        self.at = report.at
        self.status = Status.RECEIVED
        sent = scene.sent(report.subject.code, ward.code if ward else None, report.point, report.at)
        self.department = scene.departments[sent.department]
        self.assignee: Official | None = None
        self.waiting_since: int | None = None
        self.promise, self.acknowledge = report.subject.promise_words, report.subject.acknowledge_words
        self.priority: str | None = None
        self.paused_since: int | None = None
        self.pause_cause: str | None = None
        self.due_at = scene.due(report.subject, report.at)
        self.acknowledge_by = scene.acknowledge_by(report.subject, report.at)
        self.acknowledged_at: int | None = None
        self.handover = Handover.SETTLED
        self.came_from: int | None = None
        self.accept_by: int | None = None
        self.hops = self.bounces = 0
        self.closed_at: int | None = None
        self.asked: list[Asked] = []
        self.history: list[Happening] = []
        details: Mapping[str, Any] = {"rule": sent.rule.as_json(), "version": scene.version}
        self._write(EventKind.RECEIVED, by=None, details=details)

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
        self.assignee = None
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
            [_Turn.of(happening) for happening in self.history],
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

    def note(self, *, by: Official, words: str) -> None:
        """Leave an internal note."""
        self._write(EventKind.NOTED, by=by, note=words, is_internal=True)

    def consult(self, *, department: int, by: Official, question: str, reply_by: int) -> Asked:
        """Ask another department, for a reply before the deadline."""
        asked = Asked(department=department, by=by, at=self.at, question=question, reply_by=reply_by)
        self.asked.append(asked)
        details: Mapping[str, Any] = {
            "department": department,
            "reply_by": moment_of(reply_by).isoformat(),
            "days": None,
            "is_within": True,
        }
        self._write(EventKind.CONTRIBUTION_ASKED, by=by, details=details)
        return asked

    def contribute(self, asked: Asked, *, by: Official, reply: str) -> None:
        """Give the reply that was asked for; `by` belongs to the department that was asked."""
        asked.reply, asked.replied_by, asked.replied_at = reply, by, self.at
        details = {"department": asked.department}
        self._write(EventKind.CONTRIBUTED, by=by, note=reply, is_internal=True, details=details)

    def put_off(self, asked: Asked, *, by: Official, reply_by: int, reason: str) -> None:
        """Put the reply off, once, before it is due."""
        details: Mapping[str, Any] = {
            "department": asked.department,
            "old": moment_of(asked.reply_by).isoformat(),
            "new": moment_of(reply_by).isoformat(),
            "days": None,
            "is_within": True,
        }
        asked.reply_by, asked.extended_at, asked.extension_reason = reply_by, self.at, reason
        self._write(EventKind.CONTRIBUTION_EXTENDED, by=by, note=reason, is_internal=True, details=details)

    def _withdraw_open(self, *, by: Official | None) -> None:
        for asked in self.asked:
            if asked.is_open:
                asked.withdrawn_at = self.at
                details = {"department": asked.department}
                self._write(EventKind.CONTRIBUTION_WITHDRAWN, by=by, is_internal=True, details=details)

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
        self.closed_at = None
        self.assignee = None
        self.status = Status.RECEIVED
        self._write(EventKind.REOPENED, by=None, note=words)

    def _close(self, status: Status, *, by: Official | None) -> None:
        self._withdraw_open(by=by)
        self._let_run()
        self.closed_at = self.at
        self.status = status

    def _take_on(self) -> None:
        if self.acknowledged_at is None:
            self.acknowledged_at = self.at
        if self.handover is Handover.OFFERED:
            self.bounces = 0
        self._settle()

    def _settle(self) -> None:
        self.handover = Handover.SETTLED
        self.came_from = self.accept_by = None

    def _let_run(self) -> dict[str, str]:
        before = self.due_at
        if self.waiting_since is not None or self.paused_since is not None:
            self.due_at = self._counted()
            self.waiting_since = self.paused_since = self.pause_cause = None
        return {"old": moment_of(before).isoformat(), "new": moment_of(self.due_at).isoformat()}

    def _counted(self, more: Sequence[Extension] = ()) -> int:
        counted = deadlines.counted(
            Promise.parse(self.promise),
            map(_Turn.of, self.history),
            received_at=moment_of(self.report.at),
            now=moment_of(self.at),
            calendar=self.scene.profile.calendar,
            more=more,
        )
        return int(counted.due_at.timestamp())

    def _write(
        self,
        kind: EventKind,
        *,
        by: Official | None,
        note: str = "",
        is_internal: bool = False,
        details: Mapping[str, Any] = _NOTHING,
    ) -> None:
        self.history.append(
            Happening(
                kind, self.at, by.id if by else None, self.status, self.department, note, is_internal, details
            )
        )
