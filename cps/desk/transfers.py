"""Handing a complaint to the department it belongs to; the citizen reads why."""

from flask.typing import ResponseReturnValue

from cps.city.models import Department
from cps.city.queries import in_force
from cps.complaints import handovers
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/transfers")
def create_transfer(reference: str) -> ResponseReturnValue:
    """Transfer the complaint to another department."""
    return act(reference, Action.TRANSFER, _transfer)


def _transfer(complaint: Complaint, person: Person) -> None:
    handovers.transfer(complaint, to=_chosen(), by=person, reason=forms.typed("reason"))


def _chosen() -> Department:
    known = in_force().department_ids.get(forms.typed("department"))
    department = db.session.get(Department, known) if known is not None else None
    if department is None:
        raise Invalid({"department": _("Choose a department from the list.")})
    return department
