"""Pauses for another cause than a question to the citizen: the place is inspected, another office checks, our system failed.

A pause is a fact beside the status: the complaint stays where it stands, and its clock stands still. One
at a time, and by itself the clock runs again at the cap, which holds for all pauses of a cause together.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final

from cps.city import queries as city
from cps.complaints import deadlines, history
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove, is_used_up, let_run
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person

CAUSES: Final[Mapping[str, Text]] = {
    "inspection": _("Inspection on site"),
    "other_body": _("Another office checks"),
    "system": _("Our system does not work"),
}
SYSTEM: Final = "system"
_BEGUN = (Status.ASSIGNED, Status.IN_PROGRESS)


def pause(complaint: Complaint, *, by: Person, cause: str, reason: str) -> Event:
    """Let the clock of the answer stand for one of CAUSES, saying why; the citizen is told."""
    faults: dict[str, Text] = {}
    if cause not in CAUSES:
        faults["cause"] = _("Choose why the deadline stands still.")
    if not reason.strip():
        faults["reason"] = _("Write why the deadline stands still. The citizen will see this.")
    if faults:
        raise Invalid(faults)
    _require_running(complaint)
    if cause not in _allowed(complaint, by):
        raise Refused(_not_for(cause))
    if is_used_up(cause, history.turns(complaint)):
        raise Refused(_("The deadline has stood still for this cause as long as it may."))
    cap = city.in_force().profile.clocks.pauses[cause]
    complaint.paused_since = clock.now()
    complaint.pause_cause = cause
    details = {"cause": cause, "cap": str(cap)}
    return history.record(complaint, EventKind.PAUSED, by=by, at=clock.now(), note=reason, details=details)


def go_on(complaint: Complaint, *, by: Person | None) -> Event:
    """Let the clock run again; `by` is None when it has stood as long as it may."""
    cause = complaint.pause_cause
    if cause is None:
        raise Refused(_("The deadline runs already."))
    if by is not None and not may_go_on(complaint, by=by):
        raise Refused(_not_for(cause))
    details = {"cause": cause, **let_run(complaint)}
    return history.record(complaint, EventKind.RESUMED, by=by, at=clock.now(), details=details)


def causes_for(complaint: Complaint, turns: Sequence[Turn], *, by: Person) -> Sequence[str]:
    """List for which causes this official can let the clock stand now; `turns` is the history, oldest first.

    Whoever inspects or asks another office has taken it on. That the system failed, for everybody, a
    coordinator says.
    """
    if not _runs(complaint) or clock.now() > complaint.due_at:
        return []
    return [cause for cause in _allowed(complaint, by) if not is_used_up(cause, turns)]


def may_go_on(complaint: Complaint, *, by: Person) -> bool:
    """Whether this official can let the clock run again."""
    return complaint.paused_since is not None and (complaint.pause_cause != SYSTEM or by.is_city_wide)


def runs_again_at(complaint: Complaint, turns: Sequence[Turn]) -> datetime | None:
    """Return when the clock runs again at the latest, if it stands; `turns` is the history, oldest first."""
    since = complaint.standing_since
    if since is None:
        return None
    profile = city.in_force().profile
    cap = profile.clocks.pauses[complaint.pause_cause or "citizen"]
    return deadlines.stands_until(since, turns, cap=cap, calendar=profile.calendar)


def _allowed(complaint: Complaint, by: Person) -> Sequence[str]:
    own = [cause for cause in CAUSES if cause != SYSTEM] if complaint.status in _BEGUN else []
    return [*own, SYSTEM] if by.is_city_wide else own


def _runs(complaint: Complaint) -> bool:
    return complaint.status.is_open and complaint.standing_since is None


def _require_running(complaint: Complaint) -> None:
    if complaint.paused_since is not None:
        raise Refused(_("The deadline stands still already."))
    if not _runs(complaint):
        raise ImpossibleMove(complaint)
    if clock.now() > complaint.due_at:
        raise Refused(_("The deadline is over. A pause changes nothing now."))


def _not_for(cause: str) -> Text:
    if cause == SYSTEM:
        return _("Only a coordinator says that the system does not work.")
    return _("Assign the report or start work first.")
