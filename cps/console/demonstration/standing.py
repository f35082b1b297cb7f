"""What a made-up complaint owes and what happened to it: its fields, its history and its clock; pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple, Self

from cps.city.promise import Promise
from cps.complaints import deadlines
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.console.demonstration.arrivals import Report
from cps.console.demonstration.asked import Asked
from cps.console.demonstration.joined import Joined
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


class Turn(NamedTuple):
    """A happening as deadlines read it."""

    kind: EventKind
    at: datetime
    status: Status
    details: Mapping[str, Any]

    @classmethod
    def of(cls, happening: Happening) -> Self:
        """Read a happening."""
        return cls(happening.kind, moment_of(happening.at), happening.status, happening.details)


class Standing:
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
        "joined",
        "pause_cause",
        "paused_since",
        "priority",
        "promise",
        "reopened_at",
        "report",
        "scene",
        "seen_at",
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
        self.reopened_at: int | None = None
        self.pause_cause: str | None = None
        self.due_at = scene.due(report.subject, report.at)
        self.acknowledge_by = scene.acknowledge_by(report.subject, report.at)
        self.acknowledged_at: int | None = None
        self.seen_at: int | None = None
        self.handover = Handover.SETTLED
        self.came_from: int | None = None
        self.accept_by: int | None = None
        self.hops = self.bounces = 0
        self.closed_at: int | None = None
        self.asked: list[Asked] = []
        self.joined: list[Joined] = []
        self.history: list[Happening] = []
        details: Mapping[str, Any] = {"rule": sent.rule.as_json(), "version": scene.version}
        self._write(EventKind.RECEIVED, by=None, details=details)

    def _turns(self) -> list[Turn]:
        return [Turn.of(happening) for happening in self.history]

    def _take_on(self) -> None:
        if self.acknowledged_at is None:
            self.acknowledged_at = self.at
        if self.seen_at is None:
            self.seen_at = self.at
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
            self._turns(),
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
