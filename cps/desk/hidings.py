"""Taking a report off the public pages, and putting it there again."""

from flask.typing import ResponseReturnValue

from cps.complaints import hiding
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.web import forms


@desk.post("/complaints/<reference>/hidings")
def create_hiding(reference: str) -> ResponseReturnValue:
    """Take the complaint off the public pages."""
    return act(
        reference,
        Action.HIDE,
        lambda complaint, person: hiding.hide(complaint, by=person, reason=forms.typed("reason")),
    )


@desk.post("/complaints/<reference>/hidings/end")
def end_hiding(reference: str) -> ResponseReturnValue:
    """Put the complaint on the public pages again."""
    return act(reference, Action.SHOW, lambda complaint, person: hiding.show(complaint, by=person))
