"""Questions to the citizen; the clock stands until the answer."""

from flask.typing import ResponseReturnValue

from cps.complaints import lifecycle, templates
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/questions")
def create_question(reference: str) -> ResponseReturnValue:
    """Ask the citizen."""
    return act(reference, Action.QUESTION, _ask)


def _ask(complaint: Complaint, person: Person) -> None:
    question = forms.typed("question")
    templates.expect_filled({"question": question})
    lifecycle.ask(complaint, by=person, question=question)
