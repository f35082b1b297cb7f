"""What a queue is narrowed to, as its address says it: kind, area, department, handler, words.

What the city does not have is an address that does not exist.
"""

from dataclasses import dataclass
from typing import Final

from flask import request

from cps.complaints import searching
from cps.complaints.views import Sieve
from cps.kernel.errors import NotFound
from cps.kernel.text import Text, _, cleaned
from cps.people.models import Person
from cps.web import language
from cps.web.chosen import Chosen

ME: Final = "me"
NOBODY: Final = "nobody"
HANDLERS: dict[str, Text] = {"": _("Anybody"), ME: _("Me"), NOBODY: _("Nobody yet")}
_LONGEST = 100


@dataclass(frozen=True)
class Filters(Chosen):
    """What an address asks for, as codes and words; empty is any."""

    category: str = ""
    area: str = ""
    department: str = ""
    handler: str = ""
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
        department=args.get("department", "") if person.is_city_wide else "",
        handler=args.get("handler", ""),
        q=" ".join(cleaned(args.get("q", "")).split())[:_LONGEST],
    )
    if not is_known(filters):
        raise NotFound
    return filters


def is_known(filters: Filters) -> bool:
    """Whether the city has all of this."""
    city = language.city()
    return (
        (not filters.category or filters.category in city.category_ids)
        and (not filters.area or filters.area in city.area_ids)
        and (not filters.department or filters.department in city.department_ids)
        and filters.handler in HANDLERS
    )


def sieve(filters: Filters, person: Person) -> Sieve:
    """Return what these filters ask of the database."""
    city = language.city()
    return Sieve(
        category_id=city.category_ids.get(filters.category),
        area_id=city.area_ids.get(filters.area),
        department_id=city.department_ids.get(filters.department),
        assignee_id=person.id if filters.handler == ME else None,
        is_unassigned=filters.handler == NOBODY,
        sought=searching.sought(filters.q),
    )
