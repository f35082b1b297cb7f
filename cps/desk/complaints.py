"""One complaint, on one screen."""

from flask.typing import ResponseReturnValue

from cps.complaints import seeing, visibility
from cps.desk import screen
from cps.desk.door import desk
from cps.web.signin import current_person


@desk.get("/complaints/<reference>")
def complaint(reference: str) -> ResponseReturnValue:
    """Show a complaint this official may read."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    seeing.see(complaint, by=person)
    return screen.of(complaint, person)
