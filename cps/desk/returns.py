"""Sending back what another department handed over; the citizen reads why."""

from flask.typing import ResponseReturnValue

from cps.complaints import handovers
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/returns")
def create_return(reference: str) -> ResponseReturnValue:
    """Return the complaint to the department it came from."""
    return act(reference, Action.RETURN, _give_back)


def _give_back(complaint: Complaint, person: Person) -> None:
    handovers.give_back(complaint, by=person, reason=forms.typed("reason"))
