"""One complaint, on one screen."""

from flask import request
from flask.typing import ResponseReturnValue

from cps.complaints import seeing, visibility
from cps.complaints.models import Complaint
from cps.desk import ready, screen
from cps.desk.door import desk
from cps.kernel.references import canonical
from cps.web.signin import current_person


@desk.get("/complaints/<reference>")
def complaint(reference: str) -> ResponseReturnValue:
    """Show a complaint this official may read."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    seeing.see(complaint, by=person)
    return screen.of(
        complaint,
        person,
        attempt=_with_template(complaint, request.args.get("template", "")),
        done=canonical(request.args.get("done", "")) or "",
    )


def _with_template(complaint: Complaint, number: str) -> screen.Attempt:
    """Return the form that a template is put into, as a link without scripts asks for it."""
    chosen = next((one for one in ready.of(complaint) if str(one.number) == number), None) if number else None
    return screen.Attempt(action=chosen.use, typed=chosen.fields) if chosen else screen.Attempt()
