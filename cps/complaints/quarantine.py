"""Set aside: what looks like spam, insults or a false report is kept from everybody until somebody else judges it.

Only officials and its reporter see it meanwhile, and nothing is worked on; its department, its deadline and the ladder of
reminders stay as they are. A head of its department or a coordinator lets it in again or declines it, with reasons: never
who set it aside or declined it before. Who objects to that sends it back here, to yet another one.
"""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from typing import Any, Final

from cps.complaints import history
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.errors import Forbidden, Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person, Role


class Cause(StrEnum):
    """Why a report is set aside."""

    SPAM = "spam"
    ABUSE = "abuse"
    PRIVACY = "privacy"
    FALSE = "false"
    SCORE = "score"


CAUSE_NAMES: Final[Mapping[str, Text]] = {
    Cause.SPAM: _("Spam or a test"),
    Cause.ABUSE: _("Insults or threats"),
    Cause.PRIVACY: _("Exposes somebody's private life"),
    Cause.FALSE: _("False report"),
    Cause.SCORE: _("Looks like spam or insults"),
}

CHOSEN: Final = tuple(cause for cause in Cause if cause is not Cause.SCORE)
"""What an official can choose; the other is found when a report comes in (`screening`)."""

_JUDGED: Final = frozenset({EventKind.SET_ASIDE, EventKind.DECLINED})


def set_aside(complaint: Complaint, *, by: Person, cause: str, reason: str) -> Event:
    """Keep an open report from everybody until it is judged; the reason is for who judges it."""
    faults: dict[str, Text] = {}
    if cause not in CHOSEN:
        faults["cause"] = _("Choose one from the list.")
    if not reason.strip():
        faults["reason"] = _("Write what you saw, for whoever judges it.")
    if faults:
        raise Invalid(faults)
    if not may_be_set_aside(complaint):
        raise Refused(_("Only an open report can be set aside, and only once."))
    details = {"cause": cause, "was_public": complaint.is_public, "person": by.id}
    complaint.set_aside, complaint.is_public = cause, False
    return history.record(
        complaint, EventKind.SET_ASIDE, by=by, at=clock.now(), note=reason, is_internal=True, details=details
    )


def may_be_set_aside(complaint: Complaint) -> bool:
    """Whether there is anything to keep from others."""
    return complaint.status.is_open and complaint.set_aside is None


def let_in(complaint: Complaint, *, by: Person) -> Event:
    """Send it back to work, as public as it was when it was set aside."""
    if complaint.set_aside is None or not complaint.status.is_open:
        raise Refused(_("This report is not set aside."))
    turns = history.turns(complaint)
    expect_judge(complaint, turns, by=by)
    complaint.set_aside, complaint.is_public = None, _was_public(turns)
    return history.record(complaint, EventKind.LET_IN, by=by, at=clock.now(), is_internal=True)


def expect_judge(complaint: Complaint, turns: Iterable[Turn], *, by: Person) -> None:
    """Refuse whoever may not judge it; `turns` is what counts of the history."""
    if not leads(by, complaint):
        raise Forbidden(_("A head of the department or a coordinator judges this."))
    if by.id in _involved(turns):
        raise Refused(
            _("%(name)s set this report aside or declined it. Somebody else has to judge it.", name=by.name)
        )


def may_judge(complaint: Complaint, turns: Iterable[Turn], *, by: Person) -> bool:
    """Whether this official may let it in or decline it."""
    return leads(by, complaint) and by.id not in _involved(turns)


def judging(complaint: Complaint, *, by: Person) -> dict[str, Any]:
    """Return what the event of a refusal keeps of who judged what is set aside, or refuse who may not."""
    if complaint.set_aside is None:
        return {}
    expect_judge(complaint, history.turns(complaint), by=by)
    return {"person": by.id}


def leads(person: Person, complaint: Complaint) -> bool:
    """Whether this official judges what others of the department did: its head does, and coordinators."""
    return person.is_city_wide or (
        person.role is Role.HEAD and person.department_id == complaint.department_id
    )


def _involved(turns: Iterable[Turn]) -> set[int]:
    """Return who set it aside or declined it since it was last let in."""
    found: set[int] = set()
    for turn in turns:
        if turn.kind is EventKind.LET_IN:
            found.clear()
        elif turn.kind in _JUDGED and "person" in turn.details:
            found.add(turn.details["person"])
    return found


def _was_public(turns: Iterable[Turn]) -> bool:
    found = [turn.details["was_public"] for turn in turns if "was_public" in turn.details]
    return bool(found and found[-1])
