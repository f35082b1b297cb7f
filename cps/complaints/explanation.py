"""Why a complaint is due when it is, in the reader's language."""

from cps.city.queries import in_force
from cps.complaints import lifecycle
from cps.complaints.models import Complaint
from cps.sla.explanation import explained


def of(complaint: Complaint, *, language: str) -> str:
    """Say in one sentence, without full stop, how the deadline was counted."""
    return explained(lifecycle.deadline(complaint), in_force().profile.calendar, language=language)
