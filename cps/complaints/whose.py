"""Why a complaint is with the department it is with, in the reader's language."""

from collections.abc import Sequence

from cps.city.queries import in_force
from cps.city.rule import Rule
from cps.complaints.models import Complaint, Event, EventKind
from cps.kernel.catalogues import speaker
from cps.kernel.text import _
from cps.routing.explanation import why


def explained(complaint: Complaint, events: Sequence[Event], *, language: str) -> str:
    """Say in one sentence, without full stop, who sent it there; `events` oldest first.

    Empty for one whose first event says nothing of a rule: those of before rules were written down.
    """
    last = next(event for event in reversed(events) if event.kind in _SENDS)
    return _SENDS[last.kind](complaint, last, language)


def _by_rule(complaint: Complaint, event: Event, language: str) -> str:
    city = in_force()
    if "rule" not in event.details:
        return ""
    area = city.area_codes.get(complaint.area_id) if complaint.area_id is not None else None
    return why(
        Rule.from_json(event.details["rule"]),
        city.profile,
        category=city.category_codes[complaint.category_id],
        area=area,
        language=language,
    )


def _by_hand(_complaint: Complaint, event: Event, language: str) -> str:
    city = in_force()
    sender = city.named(city.department_names[event.details["from"]], language)
    sentence = _(
        "handed over by %(department)s: %(reason)s", department=sender, reason=event.note.strip().rstrip(".")
    )
    return sentence.rendered(speaker(language))


_SENDS = {EventKind.RECEIVED: _by_rule, EventKind.TRANSFERRED: _by_hand}
