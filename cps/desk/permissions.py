"""What an official is offered to do with a complaint: never more than the verbs would take.

Offering is a courtesy, not the guard: what is posted anyway meets the query and the verb.
"""

from collections.abc import Sequence
from enum import StrEnum

from cps.city.clocks import Clocks
from cps.complaints import (
    deadlines,
    extending,
    handovers,
    hiding,
    lifecycle,
    pausing,
    quarantine,
    reporters,
    reviews,
    scheduling,
    subtasks,
)
from cps.complaints.attached import Subtask
from cps.complaints.deadlines import Turn
from cps.complaints.models import Complaint
from cps.complaints.status import Handover, Status
from cps.people.models import Person


class Action(StrEnum):
    """What can be done to a complaint at the desk, named as the nouns of its URLs."""

    ACCEPTANCE = "acceptances"
    RETURN = "returns"
    ASSIGNMENT = "assignments"
    START = "starts"
    QUESTION = "questions"
    PAUSE = "pauses"
    RESUMPTION = "resumptions"
    PLAN = "plans"
    UNPLAN = "plans/end"
    NOTE = "notes"
    RESOLUTION = "resolutions"
    REFUSAL = "refusals"
    REPEAT = "repeats"
    TRANSFER = "transfers"
    SUBTASK = "subtasks"
    EXTENSION = "extensions"
    MERGER = "mergers"
    PARTING = "partings"
    CALM = "alarms/end"
    QUARANTINE = "quarantines"
    LET_IN = "quarantines/end"
    HIDE = "hidings"
    SHOW = "hidings/end"
    FLAG = "flags"
    UNFLAG = "flags/end"
    CATEGORY = "categories"
    KEEP_CATEGORY = "categories/kept"
    PRIORITY = "priorities"
    REVEAL = "reveals"


# What can be done to what is set aside, by whom it is judged or not.
_ASIDE = frozenset(
    {Action.NOTE, Action.REVEAL, Action.LET_IN, Action.REFUSAL, Action.CALM, Action.FLAG, Action.UNFLAG}
)
_JUDGING = frozenset({Action.LET_IN, Action.REFUSAL})

# Where a complaint must be allowed to go for an action; open ones only.
_LEADS_TO = {
    Action.ASSIGNMENT: Status.ASSIGNED,
    Action.START: Status.IN_PROGRESS,
    Action.QUESTION: Status.WAITING,
    Action.RESOLUTION: Status.RESOLVED,
    Action.REFUSAL: Status.DECLINED,
    Action.REPEAT: Status.DECLINED,
    Action.TRANSFER: Status.RECEIVED,
    Action.MERGER: Status.MERGED,
}


# What who gives a second opinion does: say who looks at it now, with what they learnt.
_OF_AUDITORS = (Action.TRANSFER, Action.NOTE, Action.REVEAL)


def may_act(person: Person, complaint: Complaint) -> bool:
    """Whether the complaint is this official's business."""
    return person.is_city_wide or person.department_id == complaint.department_id


def may_answer(person: Person, subtask: Subtask) -> bool:
    """Whether the question is this official's business."""
    return person.is_city_wide or person.department_id == subtask.department_id


def offered(person: Person, complaint: Complaint, *, clocks: Clocks, turns: Sequence[Turn]) -> list[Action]:
    """List what this official can do now, in the order of the work; `turns` is the history, oldest first."""
    if person.is_auditor:
        return list(_OF_AUDITORS) if _is_to_review(complaint, turns) else []
    if not may_act(person, complaint):
        return []
    given = deadlines.times_extended(turns)
    possible = {
        Action.NOTE: True,
        Action.REVEAL: reporters.may_look(complaint, by=person),
        Action.ACCEPTANCE: complaint.accept_by is not None,
        Action.RETURN: handovers.may_be_given_back(complaint),
        Action.QUESTION: not lifecycle.is_used_up(lifecycle.CITIZEN, turns),
        Action.PAUSE: bool(pausing.causes_for(complaint, turns, by=person)),
        Action.RESUMPTION: pausing.may_go_on(complaint, by=person),
        Action.PLAN: complaint.status.is_open,
        Action.UNPLAN: scheduling.may_be_unplanned(complaint),
        Action.MERGER: complaint.is_public,
        Action.CALM: complaint.alarm is not None and complaint.status.is_open,
        Action.QUARANTINE: quarantine.may_be_set_aside(complaint),
        Action.LET_IN: complaint.set_aside is not None and complaint.status.is_open,
        Action.HIDE: complaint.is_public,
        Action.SHOW: hiding.may_be_shown(complaint, turns, by=person),
        Action.FLAG: complaint.flagged_at is None,
        Action.UNFLAG: complaint.flagged_at is not None and quarantine.leads(person, complaint),
        Action.PARTING: complaint.status is Status.MERGED,
        Action.SUBTASK: subtasks.may_be_asked(complaint),
        Action.PRIORITY: bool(clocks.priorities) and complaint.status.is_open,
        Action.CATEGORY: complaint.status.is_open,
        Action.KEEP_CATEGORY: complaint.status.is_open,
        Action.TRANSFER: handovers.refusal_to_transfer(complaint, by=person) is None,
        Action.EXTENSION: given < clocks.extensions and extending.may_be_extended(complaint),
    }
    return [
        action
        for action in _considered(person, complaint, turns)
        if possible.get(action, True) and (action not in _LEADS_TO or _has_road(action, complaint))
    ]


def _considered(person: Person, complaint: Complaint, turns: Sequence[Turn]) -> list[Action]:
    if complaint.set_aside is None:
        return list(Action)
    judges = quarantine.may_judge(complaint, turns, by=person)
    return [action for action in Action if action in _ASIDE and (judges or action not in _JUDGING)]


def _is_to_review(complaint: Complaint, turns: Sequence[Turn]) -> bool:
    is_disputed = complaint.handover is Handover.DISPUTED and complaint.set_aside is None
    return is_disputed and reviews.is_last_dispute(turns)


def _has_road(action: Action, complaint: Complaint) -> bool:
    status = complaint.status
    if action is Action.ASSIGNMENT and status in (Status.IN_PROGRESS, Status.WAITING):
        return True  # who takes over goes on, or waits on
    if action is Action.START and status is Status.IN_PROGRESS:
        return False  # what has begun cannot begin
    if action is Action.QUESTION and status is Status.WAITING:
        return False
    return status.is_open and status.allows(_LEADS_TO[action])
