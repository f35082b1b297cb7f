"""What is different now from what an official saw who sends something: theirs beside the own, field by field."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from cps.complaints import history, standing
from cps.complaints.models import Complaint
from cps.complaints.standing import Standing
from cps.complaints.status import Status
from cps.desk import due, offers
from cps.desk.permissions import Action
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.web import filters, language

_NOBODY: Text = _("nobody yet")
# Where an action would bring it.
_LEADS_TO: Mapping[str, Status] = {
    Action.START: Status.IN_PROGRESS,
    Action.QUESTION: Status.WAITING,
    Action.RESOLUTION: Status.RESOLVED,
    Action.REFUSAL: Status.DECLINED,
    Action.REPEAT: Status.DECLINED,
}


@dataclass(frozen=True, slots=True)
class Difference:
    """A field that is another now: how it was seen, how it is, and what the official would make of it, if anything."""

    field: Text
    seen: str
    now: str
    own: str


def since(
    complaint: Complaint, version: int, *, action: str, typed: Mapping[str, str]
) -> Sequence[Difference]:
    """List what is different since `version`, beside what was `typed` for an action."""
    events = history.of(complaint)
    if not 0 < version <= len(events):
        return []
    seen, now = standing.at_version(complaint, events, version), standing.now(complaint)
    own = _own(complaint, action, typed)
    rows = zip(_told(seen), _told(now), strict=True)
    return [
        Difference(field, before, after, own.get(field.msgid, ""))
        for (field, before), (_field, after) in rows
        if before != after
    ]


_STATUS, _DEPARTMENT, _HANDLER = _("Status"), _("Department"), _("Handler")
_DEADLINE, _PRIORITY, _PLANNED = _("Deadline"), _("Priority"), _("Planned for")
_CATEGORY = _("Category")
_NO_DAY = "–"


def _told(stood: Standing) -> list[tuple[Text, str]]:
    return [
        (_STATUS, filters.says(due.standing(stood.status))),
        (_DEPARTMENT, filters.department_named(stood.department_id)),
        (_HANDLER, stood.handler or filters.says(_NOBODY)),
        (_DEADLINE, _moment(stood.due_at)),
        (_PRIORITY, offers.priority_name(stood.priority, language.current())),
        (_PLANNED, filters.span(*stood.planned) if stood.planned else _NO_DAY),
        (_CATEGORY, filters.category_named(stood.category_id)),
    ]


def _span(typed: Mapping[str, str]) -> str:
    first = typed.get("first", "")
    try:
        return filters.span(date.fromisoformat(first), date.fromisoformat(typed.get("last") or first))
    except ValueError:
        return first


def _moment(moment: datetime) -> str:
    return f"{filters.day(moment)}, {filters.time(moment)}"


def _own(complaint: Complaint, action: str, typed: Mapping[str, str]) -> dict[str, str]:
    """Say what the official would have made of each field, by its name."""
    if action in _LEADS_TO:
        return {_STATUS.msgid: filters.says(due.standing(_LEADS_TO[action]))}
    if action == Action.ASSIGNMENT:
        names = {str(one.id): one.name for one in people.colleagues_in(complaint.department_id)}
        return {_HANDLER.msgid: names.get(typed.get("handler", ""), "")}
    chosen = _CHOSEN.get(action)
    return {chosen[0].msgid: chosen[1](typed)} if chosen else {}


def _department(typed: Mapping[str, str]) -> str:
    number = language.city().department_ids.get(typed.get("department", ""))
    return filters.department_named(number) if number else ""


def _category(typed: Mapping[str, str]) -> str:
    number = language.city().category_ids.get(typed.get("category", ""))
    return filters.category_named(number) if number else ""


def _priority(typed: Mapping[str, str]) -> str:
    return offers.priority_name(typed.get("priority"), language.current())


_CHOSEN: Mapping[str, tuple[Text, Callable[[Mapping[str, str]], str]]] = {
    Action.TRANSFER: (_DEPARTMENT, _department),
    Action.CATEGORY: (_CATEGORY, _category),
    Action.PRIORITY: (_PRIORITY, _priority),
    Action.PLAN: (_PLANNED, _span),
    Action.UNPLAN: (_PLANNED, lambda _typed: _NO_DAY),
}
