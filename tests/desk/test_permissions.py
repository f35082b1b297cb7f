"""What is offered: never more than the verbs would take, and nothing to other departments."""

import pytest

from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.desk.permissions import Action, offered
from cps.people.models import Person, Role
from tests.makers import later

BO = Person(role=Role.OFFICER, department_id=1)
CHI = Person(role=Role.HEAD, department_id=2)
DEE = Person(role=Role.COORDINATOR, department_id=None)

ALWAYS = {Action.NOTE, Action.REVEAL}
CLOSINGS = {Action.RESOLUTION, Action.REFUSAL, Action.TRANSFER, Action.SUBTASK}


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            Status.RECEIVED,
            ALWAYS | CLOSINGS | {Action.ASSIGNMENT, Action.START, Action.QUESTION, Action.EXTENSION},
        ),
        (
            Status.ASSIGNED,
            ALWAYS | CLOSINGS | {Action.ASSIGNMENT, Action.START, Action.QUESTION, Action.EXTENSION},
        ),
        (Status.IN_PROGRESS, ALWAYS | CLOSINGS | {Action.ASSIGNMENT, Action.QUESTION, Action.EXTENSION}),
        (Status.WAITING, ALWAYS | CLOSINGS | {Action.START}),
        (Status.RESOLVED, ALWAYS),
        (Status.DECLINED, ALWAYS),
        (Status.WITHDRAWN, ALWAYS),
        (Status.MERGED, ALWAYS),
    ],
)
def test_only_possible_actions_are_offered(status, expected):
    complaint = Complaint(status=status, department_id=1, due_at=later(days=1))

    assert set(offered(BO, complaint)) == expected


def test_another_department_is_offered_nothing():
    assert offered(CHI, Complaint(status=Status.RECEIVED, department_id=1)) == []


def test_who_looks_after_the_city_is_offered_as_much_as_the_department():
    complaint = Complaint(status=Status.RECEIVED, department_id=1, due_at=later(days=1))

    assert offered(DEE, complaint) == offered(BO, complaint)
