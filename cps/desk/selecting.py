"""What can be chosen in the form of an action on many reports."""

from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any, Final

from cps.city.queries import CityInForce, in_force
from cps.complaints import pausing, templates
from cps.complaints.queries import Row
from cps.complaints.templates import Use
from cps.desk import colleagues, many, offers
from cps.desk.listing import Line
from cps.desk.permissions import Action
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.people.models import Person
from cps.sla.explanation import said
from cps.web import filters, forms, language, options
from cps.web.options import Options

PUBLIC: Final = frozenset(many.ACTIONS) - {Action.ASSIGNMENT, Action.NOTE}
"""What citizens read the words of."""

# What the whole city has to choose from, as the page calls it.
_OF_CITY: Final[Mapping[str, tuple[str, Callable[[CityInForce, str], Options]]]] = {
    Action.TRANSFER: ("departments", options.departments),
    Action.CATEGORY: ("categories", options.categories),
}


def choices(action: str | None, person: Person, departments: Collection[int]) -> Mapping[str, Any]:
    """Return the lists of this action's form, as the page calls them; `departments`: of what is selected."""
    if action == Action.ASSIGNMENT:
        return {"handlers": _handlers(person, departments)}
    if action is not None and action in _OF_CITY:
        name, listed = _OF_CITY[action]
        return {name: listed(language.city(), language.current())}
    if action == Action.PRIORITY:
        return {"priorities": _spoken(offers.priorities(language.current()))}
    if action == Action.PAUSE:
        return {"causes": _causes(person)}
    if action in many.TEXTS:
        found = templates.usable_by(person, Use(str(action)))
        return {"fitting": [(one.id, one.title) for one in found]}
    return {}


def leads(lines: Sequence[Line], rows: Sequence[Row]) -> list[tuple[str, str]]:
    """List which of the selected reports can lead the others, the one first that came first."""
    came = {row.reference: (row.received_at, row.id) for row in rows}
    found = sorted(lines, key=lambda line: came[line.reference])
    return [(line.reference, f"{line.reference} · {line.category} · {line.place}") for line in found]


def chosen(action: Action, person: Person) -> str:
    """Return in words what was chosen in the action's form; empty where there is nothing to choose."""
    typed = forms.typed(many.FIELDS_OF[action][0])
    if action is Action.ASSIGNMENT:
        known = many.number(typed)
        handler = people.active(known) if known is not None else None
        return handler.name if handler else ""
    if action is Action.MERGER:
        return typed
    lists = choices(action, person, ()).values()
    return next((name for listed in lists for value, name in listed if str(value) == typed), "")


def _handlers(person: Person, departments: Collection[int]) -> list[tuple[int, str]]:
    """List who works where the reports are, the official who asks first; with the department if there are several."""
    found = [one for department in sorted(departments) for one in people.colleagues_in(department)]
    own_first = sorted(found, key=lambda one: one.id != person.id)
    return [(one.id, _name(one, person, is_alone=len(departments) < 2)) for one in own_first]


def _name(one: Person, person: Person, *, is_alone: bool) -> str:
    name = colleagues.named(one, person)
    return name if is_alone or not one.department_id else f"{name} · {_department(one.department_id)}"


def _department(number: int) -> str:
    city = language.city()
    return city.named(city.department_names[number], language.current())


def _causes(person: Person) -> list[tuple[str, str]]:
    caps = in_force().profile.clocks.pauses
    known = [cause for cause in pausing.CAUSES if cause != pausing.SYSTEM or person.is_city_wide]
    return [(cause, filters.says(_capped(pausing.CAUSES[cause], said(caps[cause])))) for cause in known]


def _capped(cause: Text, length: Text) -> Text:
    return _("%(cause)s (at most %(length)s in all)", cause=cause, length=length)


def _spoken(found: Collection[offers.Choice]) -> list[tuple[str, str]]:
    return [(choice.code, filters.says(choice.name)) for choice in found]
