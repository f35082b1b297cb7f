"""What the screen of a complaint shows of its sub-tasks: each question, how near its reply is, what may be done."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cps.complaints import reply_dates, subtasks
from cps.complaints.attached import Subtask
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.desk import due, permissions
from cps.kernel.text import Text, _
from cps.people.models import Person


@dataclass(frozen=True)
class Contribution:
    """A sub-task on the screen; `nearness` colours what `state` says.

    `most_days`: by how many working days the reply can be put off, perhaps none.
    """

    subtask: Subtask
    nearness: str
    state: Text
    may_reply: bool
    may_extend: bool
    may_withdraw: bool
    most_days: int

    @property
    def actions(self) -> list[str]:
        """The forms that are offered for it, named as `Attempt` names them."""
        code = self.subtask.department.code
        offers = {"replies": self.may_reply, "later": self.may_extend, "withdrawals": self.may_withdraw}
        return [f"{noun}-{code}" for noun, is_offered in offers.items() if is_offered]


@dataclass(frozen=True)
class _Clock:
    """The time a department has, as `due` reads it."""

    received_at: datetime
    due_at: datetime
    status: Status = Status.IN_PROGRESS
    reopened_at: datetime | None = None
    paused_since: datetime | None = None  # a reply is owed whether or not the complaint stands


def of(
    complaint: Complaint, person: Person, *, is_ours: bool, now: datetime, zone: tzinfo
) -> Sequence[Contribution]:
    """Return the sub-tasks of a complaint for this official, latest first."""
    return [
        _contribution(complaint, subtask, person, is_ours=is_ours, now=now, zone=zone)
        for subtask in subtasks.of_complaint(complaint)
    ]


def _contribution(
    complaint: Complaint, subtask: Subtask, person: Person, *, is_ours: bool, now: datetime, zone: tzinfo
) -> Contribution:
    nearness, state = _standing(subtask, now, zone)
    may_reply = subtask.is_open and permissions.may_answer(person, subtask)
    may_extend = may_reply and subtasks.may_be_extended(complaint, subtask)
    return Contribution(
        subtask,
        nearness,
        state,
        may_reply=may_reply,
        may_extend=may_extend,
        may_withdraw=subtask.is_open and is_ours,
        most_days=reply_dates.most_working_days(complaint, since=subtask.reply_by) if may_extend else 0,
    )


def _standing(subtask: Subtask, now: datetime, zone: tzinfo) -> tuple[str, Text]:
    if subtask.replied_at is not None:
        return "closed", _("answered")
    if subtask.withdrawn_at is not None:
        return "closed", _("withdrawn")
    clock = _Clock(subtask.asked_at, subtask.reply_by)
    near = due.of(clock, now=now, zone=zone)
    return near.nearness, due.words(near, clock.status)
