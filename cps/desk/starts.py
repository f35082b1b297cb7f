"""The beginning of the work on a complaint."""

from flask.typing import ResponseReturnValue

from cps.complaints import lifecycle
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action


@desk.post("/complaints/<reference>/starts")
def create_start(reference: str) -> ResponseReturnValue:
    """Begin the work."""
    return act(reference, Action.START, lambda complaint, person: lifecycle.start(complaint, by=person))
