"""Colleagues as forms list them: by name, who asks first, and of who is away until when and who stands in."""

from collections.abc import Iterable
from datetime import date

from cps.kernel import dates
from cps.kernel.text import _
from cps.people import leaves
from cps.people import queries as people
from cps.people.models import Leave, Person
from cps.web import filters, language


def of(department_id: int, person: Person) -> list[tuple[int, str]]:
    """List the officials of a department, number and name, the one who asks first."""
    return listed(people.colleagues_in(department_id), person)


def listed(found: Iterable[Person], person: Person) -> list[tuple[int, str]]:
    """List these officials, number and name, the one who asks first."""
    own_first = sorted(found, key=lambda one: one.id != person.id)
    return [(one.id, named(one, person)) for one in own_first]


def named(one: Person, person: Person) -> str:
    """Name an official for the one who asks; nobody is kept from choosing who is away, but it is said."""
    name = filters.says(_("%(name)s (me)", name=one.name)) if one.id == person.id else one.name
    return f"{name} – {told(one.away)}" if one.away else name


def away(official: Person | None) -> str:
    """Say of whoever handles a report that they are away, if they are."""
    return told(official.away) if official and official.away else ""


def told(leave: Leave) -> str:
    """Say that somebody is away until when, and who stands in."""
    return filters.says(leaves.told(leave, until=until(leave.last_day)))


def until(day: date) -> str:
    """Write a day in few letters."""
    calendars = language.city().profile.dates
    return dates.short(day, language=language.current(), calendars=calendars)
