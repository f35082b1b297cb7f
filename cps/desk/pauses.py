"""Pauses: the deadline stands still for a cause, and runs again by hand or by itself."""

from flask.typing import ResponseReturnValue

from cps.complaints import pausing
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/pauses")
def create_pause(reference: str) -> ResponseReturnValue:
    """Let the deadline stand still."""
    return act(reference, Action.PAUSE, _pause)


@desk.post("/complaints/<reference>/resumptions")
def create_resumption(reference: str) -> ResponseReturnValue:
    """Let the deadline run again."""
    return act(reference, Action.RESUMPTION, lambda complaint, person: pausing.go_on(complaint, by=person))


def _pause(complaint: Complaint, person: Person) -> None:
    pausing.pause(complaint, by=person, cause=forms.typed("cause"), reason=forms.typed("reason"))
