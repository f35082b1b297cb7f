"""Plans: on which day the work will be done, as citizens are told."""

from flask.typing import ResponseReturnValue

from cps.complaints import scheduling
from cps.complaints.models import Complaint
from cps.desk import planning
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/plans")
def create_plan(reference: str) -> ResponseReturnValue:
    """Plan it for a day, or for some."""
    return act(reference, Action.PLAN, _plan)


@desk.post("/complaints/<reference>/plans/end")
def end_plan(reference: str) -> ResponseReturnValue:
    """Take the planned day back."""
    return act(
        reference,
        Action.UNPLAN,
        lambda complaint, person: scheduling.unplan(complaint, by=person, reason=forms.typed("reason")),
    )


def _plan(complaint: Complaint, person: Person) -> None:
    first, last = planning.typed()
    scheduling.plan(complaint, by=person, first=first, last=last, note=forms.typed("note"))
    planning.expect_open(first, last)
