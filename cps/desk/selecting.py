"""What can be chosen in the form of an action on many reports."""

from collections.abc import Collection, Mapping
from typing import Any, Final

from cps.city.queries import in_force
from cps.complaints import pausing, templates
from cps.complaints.templates import Use
from cps.desk import colleagues, many, offers
from cps.desk.permissions import Action
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.people.models import Person
from cps.sla.explanation import said
from cps.web import filters, language, options

PUBLIC: Final = frozenset(many.ACTIONS) - {Action.ASSIGNMENT, Action.NOTE}
"""What citizens read the words of."""


def choices(action: str | None, person: Person, departments: Collection[int]) -> Mapping[str, Any]:
    """Return the lists of this action's form, as the page calls them; `departments`: of what is selected."""
    if action == Action.ASSIGNMENT:
        return {"handlers": _handlers(person, departments)}
    if action == Action.TRANSFER:
        return {"departments": options.departments(language.city(), language.current())}
    if action == Action.PRIORITY:
        return {"priorities": _spoken(offers.priorities(language.current()))}
    if action == Action.PAUSE:
        return {"causes": _causes(person)}
    if action in many.TEXTS:
        found = templates.usable_by(person, Use(str(action)))
        return {"fitting": [(one.id, one.title) for one in found]}
    return {}


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
