"""Who handles a complaint: the official or a colleague of its department."""

from flask.typing import ResponseReturnValue

from cps.complaints import lifecycle
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.people import queries as people
from cps.people.models import Person
from cps.web import forms

_LONGEST_NUMBER = 18  # digits that fit the database's integers


@desk.post("/complaints/<reference>/assignments")
def create_assignment(reference: str) -> ResponseReturnValue:
    """Name who handles the complaint."""
    return act(reference, Action.ASSIGNMENT, _assign)


def _assign(complaint: Complaint, person: Person) -> None:
    lifecycle.assign(complaint, to=_chosen(complaint), by=person)


def _chosen(complaint: Complaint) -> Person:
    typed = forms.typed("handler")
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_NUMBER
    colleague = people.colleague(int(typed), department_id=complaint.department_id) if is_number else None
    if colleague is None:
        raise Invalid({"handler": _("Choose a colleague from the list.")})
    return colleague
