"""The verbs of a complaint: what may be done to it, and what follows.

Each verb changes the complaint, records one event, and returns it. None of them commits: the
caller's transaction does, so that a complaint never moves without its history, nor its history
without its news.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from cps.city import queries as city
from cps.complaints import deadlines, evidence, history, quarantine, reviews, subtasks
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person

CITIZEN: Final = "citizen"
"""Why the clock stands while a question waits for its answer."""

STATUS_NAMES: dict[Status, Text] = {
    Status.RECEIVED: _("Received"),
    Status.ASSIGNED: _("Assigned"),
    Status.IN_PROGRESS: _("In progress"),
    Status.WAITING: _("Waiting for you"),
    Status.RESOLVED: _("Resolved"),
    Status.DECLINED: _("Declined"),
    Status.WITHDRAWN: _("Withdrawn"),
    Status.MERGED: _("Joined to another"),
}


OFFICE_NAMES: dict[Status, Text] = {**STATUS_NAMES, Status.WAITING: _("Waiting for citizen")}
"""The same in the words of the office, which is not the one that is waited for."""


class ImpossibleMove(Refused):
    """The complaint cannot go from where it stands to where it was sent."""

    def __init__(self, complaint: Complaint) -> None:
        self._reference, self._status = complaint.reference, complaint.status
        super().__init__(self._said(STATUS_NAMES))

    @property
    def for_officials(self) -> Text:
        return self._said(OFFICE_NAMES)

    def _said(self, names: Mapping[Status, Text]) -> Text:
        return _(
            "This cannot be done now: report %(reference)s is at “%(status)s”.",
            reference=self._reference,
            status=names[self._status],
        )


class Stale(Refused):
    """Somebody else changed the complaint since this person looked."""

    def __init__(self) -> None:
        super().__init__(
            _("Somebody changed this report while you had it open. Nothing of yours is saved yet.")
        )


def expect_version(complaint: Complaint, version: int) -> None:
    """Refuse to go on from an older state than the present one; what the clock alone did since changed nothing."""
    if complaint.version != version and not history.is_only_reminders(complaint, since=version):
        raise Stale


def assign(complaint: Complaint, *, to: Person, by: Person) -> Event:
    """Name the official who handles it; work that has begun stays begun, and a question to the citizen stands."""
    if to.department_id != complaint.department_id or not to.is_active:
        raise Refused(_("%(name)s does not work in this department.", name=to.name))
    reviews.expect_other(complaint, to)
    stays = complaint.status in (Status.IN_PROGRESS, Status.WAITING)
    complaint.assignee = to
    take_on(complaint)
    return move(
        complaint,
        complaint.status if stays else Status.ASSIGNED,
        EventKind.ASSIGNED,
        by=by,
        details={"assignee": to.id, "name": to.name},
    )


def start(complaint: Complaint, *, by: Person) -> Event:
    """Begin the work; whoever begins handles it if nobody does yet."""
    if complaint.status is Status.IN_PROGRESS:
        raise ImpossibleMove(complaint)
    reviews.expect_other(complaint, by)
    if complaint.waiting_since is not None:
        let_run(complaint)
    if complaint.assignee_id is None and by.department_id == complaint.department_id:
        complaint.assignee = by
    take_on(complaint)
    return move(complaint, Status.IN_PROGRESS, EventKind.STARTED, by=by)


def ask(complaint: Complaint, *, by: Person, question: str) -> Event:
    """Ask the citizen something; the clock stands until the answer."""
    require("question", question, _("Write your question. The citizen will see this."))
    if complaint.status is Status.WAITING or not complaint.status.allows(Status.WAITING):
        raise ImpossibleMove(complaint)
    if is_used_up(CITIZEN, history.turns(complaint)):
        raise Refused(_("We have waited for the citizen as long as we may. Go on with what is known."))
    cap = city.in_force().profile.clocks.pauses[CITIZEN]
    let_run(complaint)
    complaint.waiting_since = clock.now()
    take_on(complaint)
    return move(complaint, Status.WAITING, EventKind.ASKED, by=by, note=question, details={"cap": str(cap)})


def answer(complaint: Complaint, *, words: str) -> Event:
    """Take the citizen's answer to a question; work goes on and the wait is not counted."""
    require("words", words, _("Write your answer."))
    if complaint.status is not Status.WAITING:
        raise ImpossibleMove(complaint)
    details = let_run(complaint)
    return move(complaint, Status.IN_PROGRESS, EventKind.ANSWERED, by=None, note=words, details=details)


def resume(complaint: Complaint) -> Event:
    """Let the clock run again when it has stood as long as it may; nobody does this, time does."""
    if complaint.status is not Status.WAITING:
        raise ImpossibleMove(complaint)
    details = let_run(complaint)
    return move(complaint, Status.IN_PROGRESS, EventKind.RESUMED, by=None, details=details)


def note(complaint: Complaint, *, by: Person, words: str, details: dict[str, Any] | None = None) -> Event:
    """Leave an internal note; citizens never see it."""
    require("note", words, _("Write the note."))
    return history.record(
        complaint, EventKind.NOTED, by=by, at=clock.now(), note=words, is_internal=True, details=details
    )


def resolve(complaint: Complaint, *, by: Person, result: str, has_photo: bool = False) -> Event:
    """Close the complaint as put right, telling the citizen what was done.

    `has_photo`: one of the place afterwards comes along, without which some kinds of problem are not put right.
    """
    require("result", result, _("Write what was done. The citizen will see this."))
    if not has_photo and evidence.shows_result(complaint.category_id, city.in_force()):
        raise Invalid({"photo": _("This kind of problem needs a photo of the place as it is now.")})
    return _close(complaint, Status.RESOLVED, EventKind.RESOLVED, by=by, note=result)


def decline(
    complaint: Complaint, *, by: Person, reason: str, remedy: str, repeats: Collection[str] = ()
) -> Event:
    """Close the complaint without acting on it, with the reason and what the citizen can do instead.

    `repeats`: the numbers of answered reports that it says again (`repeats.close`). What is set
    aside is judged so, by whoever may judge it.
    """
    faults: dict[str, Text] = {}
    if not reason.strip():
        faults["reason"] = _("Write the reason. The citizen will see this.")
    if not remedy.strip():
        faults["remedy"] = _("Write what the citizen can do instead.")
    if faults:
        raise Invalid(faults)
    judged = quarantine.judging(complaint, by=by)
    return _close(
        complaint,
        Status.DECLINED,
        EventKind.DECLINED,
        by=by,
        note=reason,
        details={"remedy": remedy, **({"repeats": sorted(repeats)} if repeats else {}), **judged},
    )


def withdraw(complaint: Complaint, *, reason: str = "") -> Event:
    """Take the report back, on the citizen's wish; not where it is the problem of others too."""
    if complaint.joined and complaint.status.is_open:
        raise Refused(_("Others have joined this report, so the city goes on with it."))
    return _close(complaint, Status.WITHDRAWN, EventKind.WITHDRAWN, by=None, note=reason)


def move(
    complaint: Complaint,
    status: Status,
    kind: EventKind,
    *,
    by: Person | None,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> Event:
    """Bring the complaint to `status` if the map has a road there, and write down why."""
    is_held = complaint.status is Status.MERGED and kind is not EventKind.PARTED
    if is_held or not complaint.status.allows(status):  # only parting leads out of a merger
        raise ImpossibleMove(complaint)
    complaint.status = status
    return history.record(complaint, kind, by=by, at=clock.now(), note=note, details=details)


def take_on(complaint: Complaint) -> None:
    """Note that its department has taken it on: the first time ends the clock until then.

    That also accepts what was handed over, and then nobody has sent it back.
    """
    if complaint.acknowledged_at is None:
        complaint.acknowledged_at = clock.now()
    if complaint.seen_at is None:
        complaint.seen_at = clock.now()
    if complaint.handover is Handover.OFFERED:
        complaint.bounces = 0
    settle(complaint)


def settle(complaint: Complaint) -> None:
    """Wait no longer for a department to accept it; what was decided stays decided."""
    if complaint.handover is not Handover.DECIDED:
        complaint.handover = Handover.SETTLED
    complaint.came_from_id = None
    complaint.accept_by = None


def is_used_up(cause: str, turns: Sequence[Turn]) -> bool:
    """Whether the clock has stood for a cause as long as it may; `turns` is the history, oldest first."""
    if all(turn.kind not in (EventKind.ASKED, EventKind.PAUSED) for turn in turns):
        return False
    profile = city.in_force().profile
    cap = profile.clocks.pauses[cause]
    return deadlines.is_used_up(cause, turns, cap=cap, now=clock.now(), calendar=profile.calendar)


def let_run(complaint: Complaint) -> dict[str, str]:
    """Leave a wait or a pause out of the count, if the clock stands; return the old and the new deadline for an event."""
    before = complaint.due_at
    if complaint.standing_since is not None:
        _count_again(complaint)
    return {"old": before.isoformat(), "new": complaint.due_at.isoformat()}


def _count_again(complaint: Complaint) -> None:
    calendar = city.in_force().profile.calendar
    owed = deadlines.owed(complaint, history.turns(complaint), now=clock.now(), calendar=calendar)
    complaint.due_at = owed.due_at
    complaint.acknowledge_by, complaint.accept_by = owed.acknowledge_by, owed.accept_by
    complaint.waiting_since = complaint.paused_since = complaint.pause_cause = None


def require(field: str, text: str, fault: Text) -> None:
    """Raise Invalid for a text that is empty."""
    if not text.strip():
        raise Invalid({field: fault})


def _close(
    complaint: Complaint,
    status: Status,
    kind: EventKind,
    *,
    by: Person | None,
    note: str,
    details: dict[str, Any] | None = None,
) -> Event:
    if not complaint.status.allows(status):
        raise ImpossibleMove(complaint)
    if by is not None:
        reviews.expect_other(complaint, by)
    subtasks.withdraw_open(complaint, by=by)
    let_run(complaint)
    if by is None:
        settle(complaint)
    else:
        take_on(complaint)
    complaint.closed_at = clock.now()
    return move(complaint, status, kind, by=by, note=note, details=details)
