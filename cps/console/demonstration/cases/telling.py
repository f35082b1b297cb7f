"""Telling all cases in the order in which they began, silently: nobody is told of what happened before the demo."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from random import Random

from sqlalchemy import text

from cps.city.queries import in_force
from cps.console.demonstration import pictures
from cps.console.demonstration.cases import handed, judged, kept, reported
from cps.console.demonstration.cases.stage import Stage, set_up
from cps.console.demonstration.generation import scene_of_city
from cps.kernel.db import db

_CASES = (
    reported.coming_back,
    reported.said_before,
    handed.objected_twice,
    handed.disputed,
    judged.marked,
    reported.planned,
    judged.judged,
    reported.merged,
    handed.returned,
    handed.shown_afterwards,
    reported.urgent,
    handed.offered,
    handed.consulted,
    reported.asked,
    reported.due_today,
    reported.alike,
    judged.set_aside,
)


def tell(*, seed: int, now: datetime) -> Stage | None:
    """Tell the cases of the city in force up to `now`; in the running transaction, which the caller commits.

    None where nobody wrote words for the city's first language and what its busiest department sees to.
    """
    random = Random(f"{seed} cases")  # noqa: S311 - made-up lives must be repeatable, not secret
    city = in_force()
    stage = set_up(city, scene_of_city(city, 0, random, now), random)
    if stage is None:
        return None
    with _silently():
        for case in _CASES:
            stage.shift = random.random()
            case(stage)
        kept.write(stage)
        first = min(complaint.id for complaint in stage.filed)
        pictures.hang(len(stage.filed), first=first, random=random, but=stage.unseen)
    return stage


def follow_up(stage: Stage) -> None:
    """Say what is done about the problems that come back, once they are found."""
    with _silently():
        kept.answer_problems(stage)


@contextmanager
def _silently() -> Iterator[None]:
    """Ask nobody to tell anybody of what happens within the block."""
    last = db.session.scalar(text("SELECT coalesce(max(id), 0) FROM procrastinate_jobs"))
    yield
    db.session.execute(text("DELETE FROM procrastinate_jobs WHERE id > :last"), {"last": last})
