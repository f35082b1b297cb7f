"""Taking a question to another department back."""

from flask.typing import ResponseReturnValue

from cps.complaints import subtasks
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.people.models import Person
from cps.web import forms


@desk.post("/complaints/<reference>/subtasks/<department>/withdrawals")
def create_withdrawal(reference: str, department: str) -> ResponseReturnValue:
    """Withdraw the question to a department."""

    def withdraw(complaint: Complaint, person: Person) -> None:
        subtask = subtasks.open_one(complaint, department)
        subtasks.withdraw(complaint, subtask, by=person, reason=forms.typed("reason"))

    return act(reference, f"withdrawals-{department}", withdraw)
