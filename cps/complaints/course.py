"""What time alone brings to a complaint: which steps of the ladder, which notices of progress, and when; pure.

What has happened is read from the history since the complaint was filed or last reopened, so that a step
happens once however often one looks. A complaint that waits has nothing to come until its clock runs again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from cps.city.calendar import Calendar
from cps.city.clocks import Clocks
from cps.city.promise import Promise
from cps.complaints import deadlines
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.sla import hours, ladder
from cps.sla.ladder import Step
from cps.sla.promise import due, pause_end


@dataclass(frozen=True, slots=True)
class Course:
    """How a complaint stands since it was opened: what is done, what is still to come.

    `steps`: those of the ladder that have not happened, in order of time. `periods`: of how many the
    citizen has been told that it is not finished.
    """

    opened_at: datetime
    steps: tuple[Step, ...]
    periods: int
    clocks: Clocks
    calendar: Calendar

    def due_steps(self, now: datetime) -> list[Step]:
        """Return the steps whose moment has come."""
        return [step for step in self.steps if step.at <= now]

    def periods_over(self, now: datetime) -> int:
        """Return how many periods have passed by now, if that is one more than the citizen was told of; else 0."""
        number = self.periods
        while (ends := self._end_of_period(number + 1)) is not None and ends <= now:
            number += 1
        return number if number > self.periods else 0

    def next_at(self) -> datetime | None:
        """Return when there is something to do, or None if nothing is to come."""
        moments = [step.at for step in self.steps[:1]]
        if (ends := self._end_of_period(self.periods + 1)) is not None:
            moments.append(ends)
        return min(moments, default=None)

    def _end_of_period(self, number: int) -> datetime | None:
        """Return the first minute of the office after so many periods: nobody is written to at midnight."""
        every = self.clocks.progress
        if every is None:
            return None
        over = due(replace(every, count=number * every.count), self.opened_at, self.calendar)
        return hours.opening(over, self.calendar)


def course_of(
    turns: Sequence[Turn],
    *,
    promise: Promise,
    received_at: datetime,
    due_at: datetime,
    now: datetime,
    clocks: Clocks,
    calendar: Calendar,
) -> Course:
    """Read the course of an open complaint from its history, oldest first."""
    opened_at, since = _opening(received_at, turns)
    done = {turn.details["rung"] for turn in since if turn.kind is EventKind.ESCALATED}
    told = [turn.details["period"] for turn in since if turn.kind is EventKind.PROGRESS]
    rungs = [rung for rung in clocks.ladder if rung.code not in done]
    steps = ladder.steps(
        rungs,
        promise,
        calendar,
        begins=opened_at,
        due_at=due_at,
        stops=_stops(turns, now=now, calendar=calendar),
    )
    return Course(opened_at, steps, max(told, default=0), clocks, calendar)


def _opening(received_at: datetime, turns: Sequence[Turn]) -> tuple[datetime, Sequence[Turn]]:
    """Return when the complaint was filed or last reopened, and what happened since."""
    for position in range(len(turns) - 1, -1, -1):
        if turns[position].kind is EventKind.REOPENED:
            return turns[position].at.astimezone(UTC), turns[position:]
    return received_at.astimezone(UTC), turns


def _stops(turns: Sequence[Turn], *, now: datetime, calendar: Calendar) -> Iterable[hours.Span]:
    for pause in deadlines.pauses(turns, now=now):
        yield pause.begun_at.astimezone(UTC), pause_end(pause, calendar)
