"""Extensions: more time for a reason, told to the citizen at once."""

from flask.typing import ResponseReturnValue

from cps.complaints import extending
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/extensions")
def create_extension(reference: str) -> ResponseReturnValue:
    """Extend the deadline."""
    return act(reference, Action.EXTENSION, _extend)


def _extend(complaint: Complaint, person: Person) -> None:
    extending.extend(
        complaint,
        by=person,
        count=forms.typed_count("count"),
        reason=forms.typed("reason"),
        has_consent=bool(forms.typed("consent")),
    )
