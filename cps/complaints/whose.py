"""Why a complaint is with the department it is with, in the reader's language."""

from collections.abc import Sequence

from cps.city.queries import in_force
from cps.city.rule import Rule
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel.catalogues import speaker
from cps.kernel.text import Text, _
from cps.routing.explanation import why


def explained(complaint: Complaint, events: Sequence[Event], *, language: str) -> str:
    """Say in one sentence, without full stop, who sent it there; `events` oldest first.

    Empty for one whose first event says nothing of a rule: those of before rules were written down.
    """
    last = next(event for event in reversed(events) if event.kind in _SENDS and not _stayed(event))
    if last.kind in _BY_RULE:
        return _by_rule(complaint, last, _category_after(last, complaint, events), language)
    return _BY_OTHERS[last.kind](complaint, last, language)


def _category_after(event: Event, complaint: Complaint, events: Sequence[Event]) -> int:
    """Return the category it had after an event: an official may have corrected it since."""
    later = events[events.index(event) + 1 :]
    corrected = next((one for one in later if one.kind is EventKind.CATEGORISED), None)
    return int(corrected.details["from_category"]) if corrected else complaint.category_id


def _by_rule(complaint: Complaint, event: Event, category_id: int, language: str) -> str:
    city = in_force()
    if "rule" not in event.details:
        return ""
    area = city.area_codes[complaint.area_id] if complaint.area_id is not None else None
    return why(
        Rule.from_json(event.details["rule"]),
        city.profile,
        category=city.category_codes[category_id],
        area=area,
        language=language,
    )


def _by_hand(complaint: Complaint, event: Event, language: str) -> str:
    city = in_force()
    if "from" not in event.details:
        return _decided(complaint, event, language)
    sender = city.named(city.department_names[event.details["from"]], language)
    sentence = _(
        "handed over by %(department)s: %(reason)s", department=sender, reason=event.note.strip().rstrip(".")
    )
    return sentence.rendered(speaker(language))


def _decided(_complaint: Complaint, event: Event, language: str) -> str:
    sentence = _("the coordinator decided so: %(reason)s", reason=event.note.strip().rstrip("."))
    return sentence.rendered(speaker(language))


def _by_reform(_complaint: Complaint, event: Event, language: str) -> str:
    return _why_moved(event, language).rendered(speaker(language))


def _why_moved(event: Event, language: str) -> Text:
    ended, city = event.details.get("ended", ()), in_force()
    if "department" in ended:
        before = city.named(city.department_names[event.details["old_department"]], language)
        return _("%(department)s, which had it before, no longer exists", department=before)
    if ended:
        before = city.named(city.area_names[event.details["old_area"]], language)
        return _("%(area)s no longer exists, and this department has its place now", area=before)
    return _("the city was reorganised, and this department has its place now")


def _stayed(event: Event) -> bool:
    """Whether it changed the area alone, or the category, and no rule gives that to the department that has it."""
    if event.kind is EventKind.CATEGORISED:
        return "rule" not in event.details
    is_reform = event.kind is EventKind.REHOMED
    return is_reform and event.details["new_department"] == event.details["old_department"]


_BY_RULE = (EventKind.RECEIVED, EventKind.CATEGORISED)
_BY_OTHERS = {
    EventKind.TRANSFERRED: _by_hand,
    EventKind.RETURNED: _by_hand,
    EventKind.DECIDED: _by_hand,
    EventKind.REHOMED: _by_reform,
}
_SENDS = (*_BY_RULE, *_BY_OTHERS)
