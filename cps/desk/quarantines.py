"""Setting a report aside, and letting it in again once somebody else has judged it."""

from flask.typing import ResponseReturnValue

from cps.complaints import quarantine
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/quarantines")
def create_quarantine(reference: str) -> ResponseReturnValue:
    """Keep the complaint from everybody until it is judged."""
    return act(reference, Action.QUARANTINE, _set_aside)


@desk.post("/complaints/<reference>/quarantines/end")
def end_quarantine(reference: str) -> ResponseReturnValue:
    """Send it back to work."""
    return act(reference, Action.LET_IN, lambda complaint, person: quarantine.let_in(complaint, by=person))


def _set_aside(complaint: Complaint, person: Person) -> None:
    quarantine.set_aside(complaint, by=person, cause=forms.typed("cause"), reason=forms.typed("reason"))
