"""Internal notes; citizens never see them."""

from flask.typing import ResponseReturnValue

from cps.complaints import lifecycle
from cps.complaints.models import Complaint
from cps.desk.acting import act, mine_to_decide
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/notes")
def create_note(reference: str) -> ResponseReturnValue:
    """Leave a note for colleagues."""
    return act(reference, Action.NOTE, _note, locked=mine_to_decide)


def _note(complaint: Complaint, person: Person) -> None:
    lifecycle.note(complaint, by=person, words=forms.typed("note"))
