"""Closing a report as a repeat of what the same reporter was told before."""

from flask import request
from flask.typing import ResponseReturnValue

from cps.complaints import repeats, templates, visibility
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.desk.said_before import FIELD
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/repeats")
def create_repeat(reference: str) -> ResponseReturnValue:
    """Close the complaint as a repeat of those that were chosen."""
    return act(reference, Action.REPEAT, _close)


def _close(complaint: Complaint, person: Person) -> None:
    texts = {name: forms.typed(name) for name in ("reason", "remedy")}
    templates.expect_filled(texts)
    repeats.close(
        complaint,
        by=person,
        seen=visibility.for_official(person),
        repeated={name.removeprefix(FIELD) for name in request.form if name.startswith(FIELD)},
        **texts,
    )
