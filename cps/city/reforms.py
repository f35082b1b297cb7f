"""A reorganisation put in force: the new profile, and in a row of its own what came after what.

The row is what open complaints are re-homed by, and how older ones are read on newer maps.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from cps.city.changes import Change
from cps.city.load import load
from cps.city.models import City, Reform
from cps.city.plan import Plan
from cps.city.queries import in_force
from cps.city.succession import Turnover
from cps.kernel import clock
from cps.kernel.db import db


def known(plan: Plan) -> Reform | None:
    """Return the reorganisation this plan was applied as, if it was.

    Until the end of the transaction nobody else applies a plan or loads a profile.
    """
    db.session.execute(select(City.id).with_for_update())
    return db.session.scalar(select(Reform).where(Reform.plan == plan.digest))


def unfinished() -> Sequence[Reform]:
    """Return the reorganisations whose complaints are not all looked at, in order."""
    return db.session.scalars(select(Reform).where(Reform.ended_at.is_(None)).order_by(Reform.id)).all()


def enact(turnover: Turnover, *, last: int) -> tuple[Reform, list[Change]]:
    """Put the plan's profile in force and write down what came after what; does not commit.

    `last`: the highest complaint number that may have been filed before. The plan must have no faults.
    """
    before, plan = turnover.before, turnover.plan
    changes = load(
        turnover.after,
        day=plan.day,
        new_departments=turnover.departments.anew,
        new_areas=turnover.areas.anew,
    )
    after = in_force()
    reform = Reform(
        plan=plan.digest,
        day=plan.day,
        areas={
            str(before.area_ids[code]): [after.area_ids[heir] for heir in heirs]
            for code, heirs in turnover.area_heirs.items()
        },
        departments={
            str(before.department_ids[code]): after.department_ids[heir]
            for code, heir in turnover.department_heirs.items()
            if heir is not None
        },
        is_guessing_outside=plan.is_guessing_outside,
        seen=0,
        last=last,
        begun_at=clock.now(),
        ended_at=None,
    )
    db.session.add(reform)
    db.session.flush()
    return reform, changes


def in_order() -> Sequence[Reform]:
    """Return all reorganisations, the oldest first."""
    return db.session.scalars(select(Reform).order_by(Reform.id)).all()


@dataclass(frozen=True)
class Heirs:
    """Which area mainly came after which, through all reorganisations; areas by id."""

    after: Mapping[int, int]

    def among(self, areas: Collection[int], area_id: int) -> int | None:
        """Return what came after the area and is one of `areas`, however many came between; None if nothing is."""
        seen = {area_id}
        heir = self.after.get(area_id)
        while heir is not None and heir not in areas:
            if heir in seen:  # what ended once may have come back
                return None
            seen.add(heir)
            heir = self.after.get(heir)
        return heir


def heirs(reforms: Sequence[Reform]) -> Heirs:
    """Return what came after what in these reorganisations."""
    return Heirs({int(old): int(new[0]) for reform in reforms for old, new in reform.areas.items()})
