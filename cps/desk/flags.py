"""Marking a report as abusive towards staff, and taking the mark away."""

from flask.typing import ResponseReturnValue

from cps.complaints import flags
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.web import forms


@desk.post("/complaints/<reference>/flags")
def create_flag(reference: str) -> ResponseReturnValue:
    """Mark the complaint as abusive."""
    return act(
        reference,
        Action.FLAG,
        lambda complaint, person: flags.flag(complaint, by=person, reason=forms.typed("reason")),
    )


@desk.post("/complaints/<reference>/flags/end")
def end_flag(reference: str) -> ResponseReturnValue:
    """Take the mark away."""
    return act(
        reference,
        Action.UNFLAG,
        lambda complaint, person: flags.unflag(complaint, by=person, reason=forms.typed("reason")),
    )
