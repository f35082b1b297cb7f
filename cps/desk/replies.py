"""What a department that was asked does: reply, or put its reply off once; it changes nothing else.

Whoever looks after the whole city may do it in its place.
"""

from flask.typing import ResponseReturnValue

from cps.complaints import subtasks, visibility
from cps.complaints.attached import Subtask
from cps.complaints.models import Complaint
from cps.desk import permissions, reply_dates
from cps.desk.acting import act
from cps.desk.door import desk
from cps.kernel.errors import Forbidden, NotFound
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.web import forms

_NOT_ASKED: Text = _("Only the department that was asked can answer.")


@desk.post("/complaints/<reference>/subtasks/<department>/replies")
def create_reply(reference: str, department: str) -> ResponseReturnValue:
    """Give the contribution that was asked for."""

    def reply(complaint: Complaint, person: Person) -> None:
        subtask = _own(complaint, department, person)
        subtasks.reply(complaint, subtask, by=person, words=forms.typed("reply"))

    return act(reference, f"replies-{department}", reply, locked=_locked)


@desk.post("/complaints/<reference>/subtasks/<department>/extensions")
def create_reply_extension(reference: str, department: str) -> ResponseReturnValue:
    """Put the reply off."""

    def extend(complaint: Complaint, person: Person) -> None:
        subtask = _own(complaint, department, person)
        subtasks.extend(
            complaint,
            subtask,
            by=person,
            reply_by=reply_dates.typed(complaint, since=subtask.reply_by),
            reason=forms.typed("reason"),
        )

    return act(reference, f"later-{department}", extend, locked=_locked)


def _own(complaint: Complaint, department: str, person: Person) -> Subtask:
    subtask = subtasks.open_one(complaint, department)
    if not permissions.may_answer(person, subtask):
        raise Forbidden(_NOT_ASKED)
    return subtask


def _locked(reference: str, person: Person) -> Complaint:
    try:
        return visibility.for_contribution(person).one(reference, locked=True)
    except NotFound:
        visibility.for_official(person).one(reference)
        raise Forbidden(_NOT_ASKED) from None
