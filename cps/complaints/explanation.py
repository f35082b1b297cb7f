"""Why a complaint is due when it is, in the reader's language."""

from collections.abc import Iterable

from cps.city.promise import Promise
from cps.city.queries import in_force
from cps.complaints import deadlines
from cps.complaints.deadlines import Turn
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.sla.explanation import explained


def of(complaint: Complaint, turns: Iterable[Turn], *, language: str) -> str:
    """Say in one sentence, without full stop, how the deadline was counted; `turns` oldest first."""
    profile = in_force().profile
    history = deadlines.last_round(turns)
    counted = deadlines.counted(
        Promise.parse(complaint.promise),
        history,
        received_at=complaint.received_at,
        now=clock.now(),
        calendar=profile.calendar,
    )
    is_anew = bool(history) and deadlines.begins_round(history[0])
    return explained(counted, profile.calendar, language=language, read_in=profile.dates, is_anew=is_anew)
