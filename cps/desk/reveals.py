"""Looking at a reporter's contact: with a reason, written down, shown on this one page only."""

from flask.typing import ResponseReturnValue

from cps.complaints import reporters, visibility
from cps.desk import acting, screen
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid, Refused
from cps.web import forms
from cps.web.signin import current_person


@desk.post("/complaints/<reference>/reveals")
def create_reveal(reference: str) -> ResponseReturnValue:
    """Show the contact on the answered page; there is no address under which it could be read again."""
    person = current_person()
    complaint = visibility.for_decision(person).one(reference)
    reason = forms.typed("reason")
    try:
        revealed = reporters.reveal(complaint, by=person, reason=reason)
    except (Invalid, Refused) as error:
        attempt = acting.refused(complaint, Action.REVEAL, error)
        return screen.of(complaint, person, attempt=attempt), 422 if isinstance(error, Invalid) else 409
    return screen.of(complaint, person, revealed=revealed)
