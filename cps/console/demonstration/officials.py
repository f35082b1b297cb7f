"""The officials of the demo: who sits where, and their rows.

Every department that can get a report has somebody. Few of them can be signed in to; the others
are only names in the histories, whose password matches nothing.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cps.city.profile import Area, Profile
from cps.city.queries import CityInForce
from cps.city.rule import AREA_OFFICE
from cps.console.demonstration.names import name_for
from cps.console.demonstration.scene import Official, share_of
from cps.kernel.db import db
from cps.people.models import Person, Role
from cps.routing.match import Routes

_BUSY_DEPARTMENTS = 4
_WARD_OFFICES = 3
_NO_PASSWORD = "!"  # noqa: S105 - no hash of anything
_LEADING_FIRST = (Role.HEAD, Role.COORDINATOR, Role.OFFICER)


@dataclass(frozen=True)
class Seat:
    """A place in a department, or in none, and who holds it; `has_account`: a visitor of the demo can sign in there."""

    role: Role
    department: str | None
    email: str
    name: str
    has_account: bool


def seats(profile: Profile) -> list[Seat]:
    """List all seats: first officer and head of the busiest department, then the coordinator and the auditor."""
    busy = _busiest(profile)
    first, *others = [_desk(profile, role, code) for code in busy for role in (Role.OFFICER, Role.HEAD)]
    head, *others = others
    with_account = [
        first,
        head,
        _seat(profile, Role.COORDINATOR, fallback_desk(profile), f"coordinator@{profile.code}.example"),
        _seat(profile, Role.AUDITOR, None, f"auditor@{profile.code}.example"),
        *others,
        *(_desk(profile, Role.OFFICER, area.office) for area in _central(profile) if area.office),
    ]
    seated = {seat.department for seat in with_account if seat.department}
    without = sorted(_answering(profile) - seated)
    return with_account + [_desk(profile, Role.OFFICER, code, has_account=False) for code in without]


def fallback_desk(profile: Profile) -> str:
    """Return the department that gets what nobody else does."""
    return next(rule.department for rule in profile.rules if rule.is_fallback)


def take_seats(city: CityInForce) -> dict[str, Person]:
    """Make the rows of all seats that have none yet; return them by e-mail address."""
    wanted = seats(city.profile)
    emails = [seat.email for seat in wanted]
    people = {p.email: p for p in db.session.scalars(select(Person).where(Person.email.in_(emails)))}
    for seat in wanted:
        if seat.email not in people:
            people[seat.email] = Person(email=seat.email, password_hash=_NO_PASSWORD)
            db.session.add(people[seat.email])
        person = people[seat.email]
        person.name, person.role, person.is_active = seat.name, seat.role, True
        person.department_id = city.department_ids[seat.department] if seat.department else None
    db.session.flush()
    return people


def staff_of(people: Sequence[Person]) -> dict[int, list[Official]]:
    """Group officials by department id, whoever leads first."""
    staff: dict[int, list[Official]] = {}
    for role in _LEADING_FIRST:
        for person in sorted(people, key=lambda one: one.id):
            if person.role is role and person.department_id is not None:
                staff.setdefault(person.department_id, []).append(Official(person.id, person.name))
    return staff


def _busiest(profile: Profile) -> list[str]:
    """Return the departments of the whole city that get the most reports."""
    routes = Routes(profile)
    shares: Counter[str] = Counter()
    for category in profile.categories:
        department = routes.candidates(category.code, None)[-1].department
        local = [r for r in profile.rules if r.category == category.code and r.department == AREA_OFFICE]
        shares[department] += 0 if local else round(share_of(category.code) * 10)
    return [code for code, _share in shares.most_common(_BUSY_DEPARTMENTS)]


def _answering(profile: Profile) -> set[str]:
    """Return every department that can get a report, at whatever hour and place."""
    routes = Routes(profile)
    areas = [None, *(area.code for area in profile.areas)]
    routed = {
        match.department
        for category in profile.categories
        for area in areas
        for match in routes.candidates(category.code, area)
    }
    return routed | {area.office for area in profile.areas if area.office is not None}


def _central(profile: Profile) -> list[Area]:
    """Return the areas with an office of their own nearest to the middle of the map."""

    def distance(area: Area) -> tuple[float, str]:
        middle = area.polygon.centroid
        away = math.hypot(middle.x - profile.map.longitude, middle.y - profile.map.latitude)
        return away, area.code

    return sorted((a for a in profile.areas if a.office is not None), key=distance)[:_WARD_OFFICES]


def _desk(profile: Profile, role: Role, department: str, *, has_account: bool = True) -> Seat:
    email = f"{role.value}.{department}@{profile.code}.example"
    return _seat(profile, role, department, email, has_account=has_account)


def _seat(
    profile: Profile, role: Role, department: str | None, email: str, *, has_account: bool = True
) -> Seat:
    return Seat(role, department, email, name_for(email, profile.country), has_account)
