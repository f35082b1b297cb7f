"""Priorities: what is urgent is due earlier, counted from receipt."""

from flask.typing import ResponseReturnValue

from cps.complaints import priorities
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/priorities")
def create_priority(reference: str) -> ResponseReturnValue:
    """Give the complaint a priority, or take it back."""
    return act(reference, Action.PRIORITY, _prioritise)


def _prioritise(complaint: Complaint, person: Person) -> None:
    code = forms.typed("priority") or None
    priorities.prioritise(complaint, to=code, by=person, reason=forms.typed("reason"))
