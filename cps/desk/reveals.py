"""Looking at a reporter's contact: with a reason, written down, shown on this one page only."""

from flask.typing import ResponseReturnValue

from cps.complaints import reporters, visibility
from cps.desk import screen
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid
from cps.web import forms
from cps.web.signin import current_person


@desk.post("/complaints/<reference>/reveals")
def create_reveal(reference: str) -> ResponseReturnValue:
    """Show the contact on the answered page; there is no address under which it could be read again."""
    person = current_person()
    complaint = visibility.for_action(person).one(reference)
    reason = forms.typed("reason")
    try:
        revealed = reporters.reveal(complaint, by=person, reason=reason)
    except Invalid as invalid:
        attempt = screen.Attempt(action=Action.REVEAL, typed={"reason": reason}, faults=invalid.faults)
        return screen.of(complaint, person, attempt=attempt), 422
    return screen.of(complaint, person, revealed=revealed)
