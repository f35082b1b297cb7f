"""Open complaints that a profile would leave without their area, department or category."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import InstrumentedAttribute

from cps.city.periods import holds_on
from cps.city.profile import Area, Department, Profile
from cps.city.queries import in_force
from cps.complaints.conditions import IS_OPEN
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable

_ADVICE = (
    "Nothing was loaded. Write a plan that says what comes after areas and departments, and apply it: "
    "cps city reorganise --draft PATH > PLAN. A category stays until its reports are closed."
)


def refuse(profile: Profile) -> None:
    """Raise Unusable with what would vanish under open complaints if this profile were loaded."""
    lost = left_by(profile)
    if lost:
        raise Unusable("\n".join([*lost, _ADVICE]))


def left_by(profile: Profile) -> list[str]:
    """Return a sentence for each area, department or category in force that would vanish under open complaints."""
    city, today = in_force(), clock.now().astimezone(profile.calendar.zone).date()
    areas, departments = _codes(profile.areas, today), _codes(profile.departments, today)
    categories = {category.code for category in profile.categories}
    return [
        *_lost("Area", Complaint.area_id, city.area_ids, areas),
        *_lost("Department", Complaint.department_id, city.department_ids, departments),
        *_lost("Category", Complaint.category_id, city.category_ids, categories),
    ]


def left_at_the_end(profile: Profile) -> list[str]:
    """Return a sentence for each area or department that has open complaints and ends by its own date."""
    city, today = in_force(), clock.now().astimezone(profile.calendar.zone).date()
    return [
        *_ending("Area", Complaint.area_id, city.area_ids, _last_days(profile.areas, today)),
        *_ending(
            "Department", Complaint.department_id, city.department_ids, _last_days(profile.departments, today)
        ),
    ]


def _last_days(things: Sequence[Area] | Sequence[Department], today: date) -> dict[str, date]:
    return {thing.code: thing.last_day for thing in things if thing.last_day and thing.last_day >= today}


def _ending(
    what: str, column: InstrumentedAttribute[Any], in_force: Mapping[str, int], days: Mapping[str, date]
) -> list[str]:
    counts = _open_in(column, {number: code for code, number in in_force.items() if code in days})
    return [
        f"{what} {code!r}, which ends on {days[code]}, has {count} open report{'s' if count > 1 else ''} now."
        for code, count in counts
    ]


def _open_in(column: InstrumentedAttribute[Any], codes: Mapping[int, str]) -> list[tuple[str, int]]:
    """Count the open complaints of each of these that has any, by code."""
    found = db.session.execute(
        select(column, func.count()).where(IS_OPEN, column.in_(codes)).group_by(column)
    )
    return sorted((codes[number], count) for number, count in found)


def _codes(things: Sequence[Area] | Sequence[Department], today: date) -> set[str]:
    return {thing.code for thing in things if holds_on(thing, today)}


def _lost(
    what: str, column: InstrumentedAttribute[Any], before: Mapping[str, int], after: Collection[str]
) -> list[str]:
    vanishing = {number: code for code, number in before.items() if code not in after}
    return [
        f"{what} {code!r} would vanish and has {count} open report{'s' if count > 1 else ''}."
        for code, count in _open_in(column, vanishing)
    ]
