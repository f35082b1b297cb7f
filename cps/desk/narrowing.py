"""What a queue is narrowed to, as its address says it: kind, area, department, handler, days, words.

What the city does not have is an address that does not exist.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from flask import request

from cps.complaints import searching
from cps.complaints.views import Sieve, Span
from cps.kernel import clock
from cps.kernel.errors import NotFound
from cps.kernel.text import Text, _, cleaned
from cps.people import queries as people
from cps.people.models import Person
from cps.web import language
from cps.web.chosen import Chosen

ME: Final = "me"
NOBODY: Final = "nobody"
MISSED: Final = "yes"
HANDLERS: dict[str, Text] = {"": _("Anybody"), ME: _("Me"), NOBODY: _("Nobody yet")}
_LONGEST = 100
_LONGEST_NUMBER = 9
_YEARS: Final = range(2000, 3000)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Filters(Chosen):
    """What an address asks for, as codes, days and words; empty is any.

    `handler`: one of HANDLERS, or the number of an official. `day`: when it is due or was closed. `received`: when it came in.
    `planned`: for which day it is planned; `missed`: MISSED for what was planned for a day that is over.
    """

    category: str = ""
    area: str = ""
    department: str = ""
    handler: str = ""
    day: str = ""
    received: str = ""
    planned: str = ""
    missed: str = ""
    q: str = ""

    @property
    def is_folded(self) -> bool:
        """Whether nothing but words is asked for, so that the other fields can stay out of the way."""
        return not self.without("q")


def asked(person: Person) -> Filters:
    """Read the filters of this request's address; raise NotFound for what the city does not have."""
    args = request.args
    filters = Filters(
        category=args.get("category", ""),
        area=args.get("area", ""),
        department=args.get("department", "") if person.reads_city else "",
        handler=args.get("handler", ""),
        day=args.get("day", ""),
        received=args.get("received", ""),
        planned=args.get("planned", ""),
        missed=args.get("missed", ""),
        q=" ".join(cleaned(args.get("q", "")).split())[:_LONGEST],
    )
    if not is_known(filters) or (_is_number(filters.handler) and not name_of_handler(filters)):
        raise NotFound
    return filters


def is_known(filters: Filters) -> bool:
    """Whether the city has all of this."""
    city = language.city()
    return (
        (not filters.category or filters.category in city.category_ids)
        and (not filters.area or filters.area in city.area_ids)
        and (not filters.department or filters.department in city.department_ids)
        and (filters.handler in HANDLERS or _is_number(filters.handler))
        and filters.missed in ("", MISSED)
        and all(not day or _day(day) for day in (filters.day, filters.received, filters.planned))
    )


def name_of_handler(filters: Filters) -> str | None:
    """Return the name of the official that is asked for by number; None if none is, or there is none with it."""
    found = people.with_number(int(filters.handler)) if _is_number(filters.handler) else None
    return found.name if found else None


def sieve(filters: Filters, person: Person) -> Sieve:
    """Return what these filters ask of the database."""
    city = language.city()
    return Sieve(
        category_id=city.category_ids.get(filters.category),
        area_id=city.area_ids.get(filters.area),
        department_id=city.department_ids.get(filters.department),
        assignee_id=_handler(filters, person),
        is_unassigned=filters.handler == NOBODY,
        on=_span(filters.day),
        received=_span(filters.received),
        planned=_day(filters.planned),
        missed=clock.now().astimezone(city.profile.calendar.zone).date() if filters.missed else None,
        sought=searching.sought(filters.q),
    )


def _handler(filters: Filters, person: Person) -> int | None:
    if filters.handler == ME:
        return person.id
    return int(filters.handler) if _is_number(filters.handler) else None


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def _day(text: str) -> date | None:
    """Read a day as fields of forms write it."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if found.isoformat() == text and found.year in _YEARS else None


def _span(text: str) -> Span | None:
    """Return from when to when a day is, where the city is."""
    day, zone = _day(text), language.city().profile.calendar.zone
    if day is None:
        return None
    return Span(*(datetime.combine(one, time(), tzinfo=zone) for one in (day, day + _ONE_DAY)))
