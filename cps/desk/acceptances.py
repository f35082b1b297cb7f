"""Taking on what another department handed over."""

from flask.typing import ResponseReturnValue

from cps.complaints import handovers
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action


@desk.post("/complaints/<reference>/acceptances")
def create_acceptance(reference: str) -> ResponseReturnValue:
    """Accept the complaint for the department."""
    return act(reference, Action.ACCEPTANCE, lambda complaint, person: handovers.accept(complaint, by=person))
