"""The right category, and with it the department that the city's rules give it to."""

from flask.typing import ResponseReturnValue

from cps.complaints import categorising, undoing
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/categories")
def create_category(reference: str) -> ResponseReturnValue:
    """Put the complaint into another category, and hand it over if that belongs elsewhere and the form says so."""
    return act(reference, Action.CATEGORY, _categorise)


@desk.post("/complaints/<reference>/categories/kept")
def keep_category(reference: str) -> ResponseReturnValue:
    """Keep the category that it has, whatever its words mean."""
    return act(
        reference,
        Action.KEEP_CATEGORY,
        lambda complaint, person: categorising.keep(complaint, suggested=forms.typed("category"), by=person),
    )


def _categorise(complaint: Complaint, person: Person) -> None:
    reason, first = forms.typed("reason"), undoing.before(complaint)
    changed = categorising.categorise(complaint, to=forms.typed("category"), by=person, reason=reason)
    if forms.typed("onward") != "yes":
        return
    second = undoing.before(complaint)
    if sent := categorising.hand_over(complaint, by=person, reason=reason):
        undoing.keep(complaint, first, by=person, event=changed)
        undoing.keep(complaint, second, by=person, event=sent, along=changed)  # one act, and one way back
