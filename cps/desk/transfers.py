"""Handing a complaint to the department it belongs to; the citizen reads why."""

from flask.typing import ResponseReturnValue

from cps.complaints import handovers
from cps.complaints.handovers import Scope
from cps.complaints.models import Complaint
from cps.desk import departments
from cps.desk.acting import act, mine_to_decide
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/transfers")
def create_transfer(reference: str) -> ResponseReturnValue:
    """Transfer the complaint to another department."""
    return act(reference, Action.TRANSFER, _transfer, locked=mine_to_decide)


def _transfer(complaint: Complaint, person: Person) -> None:
    handovers.transfer(
        complaint,
        to=departments.chosen(),
        by=person,
        reason=forms.typed("reason"),
        proposes=_scope(forms.typed("proposes"), complaint),
    )


def _scope(typed: str, complaint: Complaint) -> Scope:
    """Read which reports should go there from now on; an area that is not known cannot be meant."""
    scope = Scope(typed) if typed in list(Scope) else Scope.THIS
    return Scope.THIS if scope is Scope.AREA and complaint.area_id is None else scope
