"""What an official is offered to do with a complaint: never more than the verbs would take.

Offering is a courtesy, not the guard: what is posted anyway meets the query and the verb.
"""

from enum import StrEnum

from cps.complaints import lifecycle, subtasks
from cps.complaints.models import Complaint, Subtask
from cps.complaints.status import Status
from cps.people.models import Person


class Action(StrEnum):
    """What can be done to a complaint at the desk, named as the nouns of its URLs."""

    ASSIGNMENT = "assignments"
    START = "starts"
    QUESTION = "questions"
    NOTE = "notes"
    RESOLUTION = "resolutions"
    REFUSAL = "refusals"
    TRANSFER = "transfers"
    SUBTASK = "subtasks"
    EXTENSION = "extensions"
    REVEAL = "reveals"


# Where a complaint must be allowed to go for an action; open ones only.
_LEADS_TO = {
    Action.START: Status.IN_PROGRESS,
    Action.QUESTION: Status.WAITING,
    Action.RESOLUTION: Status.RESOLVED,
    Action.REFUSAL: Status.DECLINED,
    Action.TRANSFER: Status.RECEIVED,
}


def may_act(person: Person, complaint: Complaint) -> bool:
    """Whether the complaint is this official's business."""
    return person.is_city_wide or person.department_id == complaint.department_id


def may_answer(person: Person, subtask: Subtask) -> bool:
    """Whether the question is this official's business."""
    return person.is_city_wide or person.department_id == subtask.department_id


def offered(person: Person, complaint: Complaint) -> list[Action]:
    """List what this official can do now, in the order of the work."""
    if not may_act(person, complaint):
        return []
    return [action for action in Action if _is_possible(action, complaint)]


def _is_possible(action: Action, complaint: Complaint) -> bool:
    status = complaint.status
    if action in (Action.NOTE, Action.REVEAL):
        return True
    if action is Action.EXTENSION:
        return lifecycle.may_be_extended(complaint)
    if action is Action.SUBTASK:
        return subtasks.may_be_asked(complaint)
    if action is Action.ASSIGNMENT:
        return status is Status.IN_PROGRESS or status.allows(Status.ASSIGNED)
    if action is Action.START and status is Status.IN_PROGRESS:
        return False
    return status.is_open and status.allows(_LEADS_TO[action])
