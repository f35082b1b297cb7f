"""How a report stands, as a citizen reads it: its steps with dates, what is due, what is late."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from cps.city.queries import in_force
from cps.complaints import escalation, explanation, objections, pausing, ratings, reopening, whose
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.ratings import Rating
from cps.complaints.status import Status
from cps.kernel import clock

_WAY = (Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.RESOLVED)
_PLACE_ON_THE_WAY = {Status.RECEIVED: 0, Status.ASSIGNED: 1, Status.IN_PROGRESS: 2, Status.WAITING: 2}
_BEGIN_ANEW = {EventKind.REOPENED, EventKind.TRANSFERRED, EventKind.RETURNED, EventKind.DECIDED}

# Said beside the work: they move nothing.
_ASIDE = frozenset(
    {
        EventKind.PROGRESS,
        EventKind.PLANNED,
        EventKind.UNPLANNED,
        EventKind.PLAN_MISSED,
        EventKind.OVERLOOKED,
        EventKind.CATEGORISED,
        EventKind.CATEGORY_KEPT,
        EventKind.DEMANDED,
        EventKind.CONTRIBUTION_ASKED,
        EventKind.JOINED,
        EventKind.LEFT,
        EventKind.ABSORBED,
        EventKind.RELEASED,
        EventKind.COVERED,
        EventKind.UNCOVERED,
        EventKind.ALARMED,
        EventKind.CALMED,
        EventKind.SET_ASIDE,
        EventKind.LET_IN,
        EventKind.HIDDEN,
        EventKind.SHOWN,
        EventKind.FLAGGED,
        EventKind.UNFLAGGED,
        EventKind.ADDED,
        EventKind.RATED,
        EventKind.REVIEW_ASKED,
    }
)


@dataclass(frozen=True)
class Step:
    """One of the steps; `at` is None where it is still to come or was passed over.

    The last has no status: it is the reporter who confirms that it is fixed.
    """

    status: Status | None
    at: datetime | None
    is_reached: bool
    is_current: bool


@dataclass(frozen=True)
class Plan:
    """From which day to which the work is planned, what was written about it, and whether that is over."""

    first: date
    last: date
    note: str
    is_over: bool


@dataclass(frozen=True)
class Standing:
    """Everything the pages say about how a report stands; `last` is the event that brought it there.

    `explanation`: how the date was counted, for a report that is open. `whose`: why this department.
    `rating`: what the reporter said of the result, which `may_rate` it; `people`: how many report it.
    `plan`: for when an open report is planned. `may_demand`: it is late, and nobody asked why yet. `objection`: how to object to a refusal while one can.
    """

    steps: Sequence[Step]
    last: Event
    is_late: bool
    answer_by: datetime | None
    paused_until: datetime | None
    reopen_by: datetime | None
    explanation: str
    whose: str
    may_demand: bool
    objection: str
    may_rate: bool
    rating: Rating | None
    people: int
    plan: Plan | None


def of(complaint: Complaint, events: Sequence[Event], *, language: str) -> Standing:
    """Read how the complaint stands from itself and from its events, oldest first."""
    limits, is_late = in_force().profile.limits, escalation.is_late(complaint)
    waiting, closed = complaint.waiting_since, complaint.closed_at
    rating = ratings.latest(events)
    return Standing(
        steps=[
            *_steps(complaint.status, events, is_confirmed=_confirms(rating)),
            *_confirmed(complaint.status, rating),
        ],
        last=_last(complaint.status, events),
        is_late=is_late,
        may_demand=is_late and not escalation.has_demanded(complaint, events),
        answer_by=waiting + timedelta(days=limits.answer_days) if waiting else None,
        paused_until=pausing.runs_again_at(complaint, events) if complaint.paused_since else None,
        reopen_by=closed + timedelta(days=limits.reopen_days)
        if closed and reopening.may_be_reopened(complaint)
        else None,
        explanation=explanation.of(complaint, events, language=language) if complaint.status.is_open else "",
        whose=whose.explained(complaint, events, language=language),
        objection=objections.notice(closed, language=language)
        if closed and complaint.status is Status.DECLINED
        else "",
        may_rate=ratings.may_be_rated(complaint),
        rating=rating,
        people=complaint.joined + 1,
        plan=_plan(complaint, events),
    )


def _plan(complaint: Complaint, events: Sequence[Event]) -> Plan | None:
    if complaint.planned is None or not complaint.status.is_open:
        return None
    first, last = complaint.planned
    note = next((event.note for event in reversed(events) if event.kind is EventKind.PLANNED), "")
    today = clock.now().astimezone(in_force().profile.calendar.zone).date()
    return Plan(first, last, note, is_over=last < today)


def _confirms(rating: Rating | None) -> bool:
    return rating is not None and rating.is_content


def _confirmed(status: Status, rating: Rating | None) -> list[Step]:
    """Return the reporter's own step, where the way leads to it."""
    if not status.is_open and status is not Status.RESOLVED:
        return []
    is_reached = _confirms(rating)
    at = rating.at if rating is not None and is_reached else None
    return [Step(None, at=at, is_reached=is_reached, is_current=is_reached)]


def _steps(status: Status, events: Sequence[Event], *, is_confirmed: bool) -> list[Step]:
    """Return the way through to the end; a report that is closed shows only the steps it really took."""
    reached = _PLACE_ON_THE_WAY.get(status, len(_WAY) - 1)
    way = _WAY if status.is_open else (*_WAY[:-1], status)
    since = _since_it_began_anew(events)
    steps = [
        Step(
            status=step,
            at=next((event.at for event in since if event.status is step), None)
            if place <= reached
            else None,
            is_reached=place <= reached,
            is_current=place == reached and not is_confirmed,
        )
        for place, step in enumerate(way)
    ]
    return [step for step in steps if status.is_open or step.at]


def _since_it_began_anew(events: Sequence[Event]) -> Sequence[Event]:
    """Leave out what came before it last went back to a department: those steps are taken again."""
    for position in range(len(events) - 1, 0, -1):
        if events[position].kind in _BEGIN_ANEW:
            return [events[0], *events[position + 1 :]]
    return events


def _last(status: Status, events: Sequence[Event]) -> Event:
    """Return the latest event that led to this status; every complaint has at least its receipt."""
    return next(
        (event for event in reversed(events) if event.status is status and event.kind not in _ASIDE),
        events[0],
    )
