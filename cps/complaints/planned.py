"""Reorganisations that wait for their day: left with all they need, carried out by the worker once it has come.

What happens then is what happens by hand, by the same verbs and in the same batches. A plan that no longer
fits the city changes nothing: it says why, and is tried again every hour.
"""

import logging
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import ScalarSelect, delete, exists, select

from cps.city import kept
from cps.city.models import PlannedReform, Reform
from cps.city.plan import Plan
from cps.city.profile import Profile
from cps.city.queries import forget, in_force
from cps.city.reforms import known, unfinished
from cps.complaints import recounting, reorganising
from cps.complaints.reorganising import Prospect
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.errors import Unusable

_TRIED_AGAIN_AFTER = timedelta(hours=1)
_MOST_NAMED = 20
_LOG = logging.getLogger(__name__)


def leave(plan: Plan, profile: Profile, *, source: str) -> PlannedReform:
    """Keep a checked plan with its profile until its day; one of the same text is replaced. Does not commit."""
    strike(plan)
    row = PlannedReform(
        plan=plan.digest,
        day=plan.day,
        source=source,
        content={"plan": _plan_as_json(plan), "profile": kept.as_json(profile)},
        planned_at=clock.now(),
        tried_at=None,
        fault="",
    )
    db.session.add(row)
    db.session.flush()
    return row


def waiting() -> Sequence[PlannedReform]:
    """Return what waits for its day, the earliest first."""
    return db.session.scalars(select(PlannedReform).order_by(PlannedReform.day, PlannedReform.id)).all()


def withdraw(number: int) -> PlannedReform:
    """Take back what waits under this number; raise Unusable if nothing does. Does not commit."""
    row = db.session.get(PlannedReform, number, with_for_update=True)
    if row is None:
        raise Unusable(f"No reorganisation waits under number {number}. See what waits: --planned.")
    db.session.delete(row)
    return row


def strike(plan: Plan) -> None:
    """Let a plan wait no longer, if it does: it is carried out."""
    db.session.execute(delete(PlannedReform).where(PlannedReform.plan == plan.digest))


def day_that_failed() -> ScalarSelect[date]:
    """Ask for the day of the earliest reorganisation that could not be carried out, within another question."""
    failed = select(PlannedReform.day).where(PlannedReform.fault != "")
    return failed.order_by(PlannedReform.day).limit(1).scalar_subquery()


def is_due() -> bool:
    """Whether a reorganisation is about to be carried out: its day has come, and it has not failed."""
    row = next((row for row in waiting() if not row.fault), None)
    return row is not None and row.day <= _today()


def fault_of(row: PlannedReform) -> str:
    """Say what keeps a planned reorganisation from fitting the city as it is now; empty if nothing does."""
    plan, profile = _said_by(row)
    with reorganising.at_the_earliest(plan, profile):
        look = db.session.begin_nested()
        try:
            _begin(plan, profile)
        except Unusable as fault:
            return str(fault)
        finally:
            look.rollback()
            forget()
    return ""


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="look_for_planned", queueing_lock="look_for_planned", pass_context=False)
def look_for_planned(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Carry out what has become due."""
    carry_out()


def carry_out() -> None:
    """Carry out the earliest reorganisation whose day has come; only one goes on at a time, the next one waits."""
    row = _due()
    if row is None or unfinished():
        return
    plan, profile = _said_by(row)
    try:
        with db.session.begin_nested():
            reform = _begin(plan, profile)
    except Unusable as fault:
        forget()
        row.tried_at, row.fault = clock.now(), str(fault)
        _LOG.error("the reorganisation of %s was not carried out: %s", row.day, fault)
        return
    strike(plan)
    if reform is not None:
        jobs.defer(jobs.REHOME, reform=reform.id, after=0)


def _due() -> PlannedReform | None:
    """Return what waits first, locked, if its day has come and it has not just been tried."""
    if not db.session.scalar(select(exists(select(PlannedReform.id)))):
        return None
    row = db.session.scalar(
        select(PlannedReform)
        .where(PlannedReform.day <= _today())
        .order_by(PlannedReform.day, PlannedReform.id)
        .limit(1)
        .with_for_update(skip_locked=True)
    )
    if row is None or (row.tried_at is not None and clock.now() < row.tried_at + _TRIED_AGAIN_AFTER):
        return None
    return row


def _today() -> date:
    return clock.now().astimezone(in_force().profile.calendar.zone).date()


def _begin(plan: Plan, profile: Profile) -> Reform | None:
    """Put the plan in force; None if it was applied before. Raises Unusable if it does not fit."""
    if known(plan) is not None:
        return None
    before = in_force().profile.calendar
    prospect = reorganising.begin(plan, profile)
    _refuse_homeless(prospect)
    recounting.begin_after(before, profile)
    return prospect.reform


def _refuse_homeless(prospect: Prospect) -> None:
    if prospect.homeless:
        named = [f"{reference}: {reason}." for reference, reason in prospect.homeless[:_MOST_NAMED]]
        raise Unusable("\n".join([f"Open reports without a home: {len(prospect.homeless)}.", *named]))


def _plan_as_json(plan: Plan) -> dict[str, Any]:
    return {
        "day": plan.day.isoformat(),
        "folder": str(plan.folder),
        "areas": {code: list(heirs) for code, heirs in plan.areas.items()},
        "departments": dict(plan.departments),
        "is_guessing_outside": plan.is_guessing_outside,
    }


def _said_by(row: PlannedReform) -> tuple[Plan, Profile]:
    said = row.content["plan"]
    plan = Plan(
        digest=row.plan,
        folder=Path(said["folder"]),
        day=row.day,
        areas={code: tuple(heirs) for code, heirs in said["areas"].items()},
        departments=said["departments"],
        is_guessing_outside=said["is_guessing_outside"],
    )
    return plan, kept.from_json(row.content["profile"])
