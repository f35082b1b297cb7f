"""More time for an answer: once, with a reason that the citizen reads; twice with the citizen's consent."""

from collections.abc import Sequence

from cps.city import queries as city
from cps.city.promise import Promise
from cps.complaints import deadlines, history, lifecycle
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.sla.promise import Deadline, Extension


def extend(complaint: Complaint, *, by: Person, count: int, reason: str, has_consent: bool = False) -> Event:
    """Give the department `count` more units of the promise, saying why; the citizen is told at once.

    Once, up to the length of the promise; a second time only with the citizen's consent and where the
    city allows it at all.
    """
    promise = Promise.parse(complaint.promise)
    _require_extendable(complaint)
    given = deadlines.times_extended(history.turns(complaint))
    faults: dict[str, Text] = {}
    if not reason.strip():
        faults["reason"] = _("Write why it takes longer. The citizen will see this.")
    if not 1 <= count <= promise.count:
        faults["count"] = _("Extend by 1 to %(most)s.", most=promise.count)
    if given and not has_consent:
        faults["consent"] = _("A second extension needs the citizen's consent.")
    if faults:
        raise Invalid(faults)
    before = complaint.due_at
    complaint.due_at = _counted(complaint, [Extension(count, has_consent=has_consent)]).due_at
    details = {
        "count": count,
        "consent": has_consent,
        "old": before.isoformat(),
        "new": complaint.due_at.isoformat(),
    }
    return history.record(complaint, EventKind.EXTENDED, by=by, at=clock.now(), note=reason, details=details)


def may_be_extended(complaint: Complaint) -> bool:
    """Whether the deadline can be extended now, as far as the complaint itself says."""
    runs = complaint.status is not Status.WAITING and complaint.paused_since is None
    return complaint.status.is_open and runs and clock.now() <= complaint.due_at


def _require_extendable(complaint: Complaint) -> None:
    most = city.in_force().profile.clocks.extensions
    if not complaint.status.is_open or complaint.status is Status.WAITING:
        raise lifecycle.ImpossibleMove(complaint)
    if complaint.paused_since is not None:
        raise Refused(_("The deadline stands still. It can be extended when it runs again."))
    if clock.now() > complaint.due_at:
        raise Refused(_("The deadline is over. It can only be extended before."))
    if deadlines.times_extended(history.turns(complaint)) >= most:
        raise Refused(_("This deadline cannot be extended again."))


def _counted(complaint: Complaint, more: Sequence[Extension] = ()) -> Deadline:
    return deadlines.counted(
        Promise.parse(complaint.promise),
        history.turns(complaint),
        received_at=complaint.received_at,
        now=clock.now(),
        calendar=city.in_force().profile.calendar,
        more=more,
    )
