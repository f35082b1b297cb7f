"""A reorganisation from its plan to the first batch: what it would do, and the profile put in force.

`begin` does everything but re-home, in the caller's transaction: rolled back it was a look, committed it
was the beginning, and `rehoming` does the rest.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from cps.city.changes import Change
from cps.city.models import Reform
from cps.city.plan import Plan
from cps.city.profile import Profile
from cps.city.queries import as_loaded, in_force
from cps.city.reforms import enact, in_order
from cps.city.succession import Turnover
from cps.complaints import recurring_plans, rehoming
from cps.complaints.homes import Home, Homeless, Homes, Past
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.people import moving

_AT_ONCE = 1000
# Numbers are given before they are committed: the sequence knows of those that are on their way.
_LAST_NUMBER = text("SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM submission_number_seq")

Way = tuple[int | None, int | None]
"""From which number to which."""


@dataclass(frozen=True)
class Prospect:
    """What a reorganisation does: the row it is kept in, the profile's changes, and what becomes of reports and people.

    `areas`, `departments`: how many open complaints go which way; `guessed`: how many of them to an area no
    point decided. `homeless`: reference and reason of each that has no home. `officials`: likewise by way.
    """

    reform: Reform
    turnover: Turnover
    changes: Sequence[Change]
    officials: Mapping[tuple[int, int], int]
    looked_at: int
    moved: int
    guessed: int
    areas: Mapping[Way, int]
    departments: Mapping[Way, int]
    homeless: Sequence[tuple[str, str]]


def turnover(plan: Plan, profile: Profile) -> Turnover:
    """Return what the plan makes of the city as it is loaded; raise Unusable with everything it leaves open."""
    found = Turnover(as_loaded(), profile, plan)
    faults = found.faults()
    if faults:
        raise Unusable("\n".join([*faults, "Nothing was changed."]))
    return found


def at_the_earliest(plan: Plan, profile: Profile) -> AbstractContextManager[None]:
    """Stand at the plan's day, if that is still to come: a look shows what will be then."""
    midnight = datetime(plan.day.year, plan.day.month, plan.day.day, tzinfo=profile.calendar.zone)
    return clock.standing_at(max(clock.now(), midnight))


def begin(plan: Plan, profile: Profile) -> Prospect:
    """Put the plan's profile in force, move officials, and look where every open complaint goes; does not commit.

    Raises Unusable if the plan leaves something open.
    """
    found = turnover(plan, profile)
    reform, changes = enact(found, last=db.session.scalars(_LAST_NUMBER).one())
    heirs = {int(old): new for old, new in reform.departments.items()}
    officials = moving.move(heirs)
    recurring_plans.move(heirs)
    rehoming.begin(reform)
    return _prospect(found, reform, changes, officials)


def _prospect(
    found: Turnover, reform: Reform, changes: Sequence[Change], officials: Mapping[tuple[int, int], int]
) -> Prospect:
    homes, past = Homes(in_force(), in_order()), Past(reform)
    areas: Counter[Way] = Counter()
    departments: Counter[Way] = Counter()
    looked_at, moved, guessed = 0, 0, 0
    homeless: list[tuple[str, str]] = []
    rows = db.session.execute(rehoming.open_complaints().execution_options(yield_per=_AT_ONCE))
    for row in rows:
        looked_at += 1
        try:
            home = homes.of(row, since=past)
        except Homeless as reason:
            homeless.append((row.reference, str(reason)))
            continue
        moved += home != Home(row.area_id, row.department_id, home.is_guessed)
        guessed += home.is_guessed
        areas.update([(row.area_id, home.area_id)] if row.area_id != home.area_id else [])
        departments.update(
            [(row.department_id, home.department_id)] if row.department_id != home.department_id else []
        )
    return Prospect(
        reform, found, changes, officials, looked_at, moved, guessed, areas, departments, homeless
    )
