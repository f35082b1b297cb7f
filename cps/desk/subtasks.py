"""Asking another department to contribute; the lead stays the owner."""

from flask.typing import ResponseReturnValue

from cps.complaints import subtasks
from cps.complaints.models import Complaint
from cps.desk import departments, reply_dates
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel import clock
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/subtasks")
def create_subtask(reference: str) -> ResponseReturnValue:
    """Ask another department."""
    return act(reference, Action.SUBTASK, _ask)


def _ask(complaint: Complaint, person: Person) -> None:
    subtasks.ask(
        complaint,
        to=departments.chosen(),
        by=person,
        question=forms.typed("question"),
        reply_by=reply_dates.typed(complaint, since=clock.now()),
    )
