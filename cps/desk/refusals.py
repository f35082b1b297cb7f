"""Declining: a refusal carries its reason and what the citizen can do instead."""

from flask.typing import ResponseReturnValue

from cps.complaints import lifecycle, templates
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/refusals")
def create_refusal(reference: str) -> ResponseReturnValue:
    """Close the complaint without acting on it."""
    return act(reference, Action.REFUSAL, _decline)


def _decline(complaint: Complaint, person: Person) -> None:
    texts = {name: forms.typed(name) for name in ("reason", "remedy")}
    templates.expect_filled(texts)
    lifecycle.decline(complaint, by=person, **texts)
