"""Saying that a report can wait for its turn after all."""

from flask.typing import ResponseReturnValue

from cps.complaints import alarms
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action


@desk.post("/complaints/<reference>/alarms/end")
def end_alarm(reference: str) -> ResponseReturnValue:
    """Take the mark of urgency away."""
    return act(reference, Action.CALM, lambda complaint, person: alarms.calm(complaint, by=person))
