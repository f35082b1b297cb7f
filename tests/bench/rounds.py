"""`python -m tests.bench.rounds`: what time costs where 100,000 reports are open: a new holiday, each round."""

import os
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import text

from cps.app import create_app
from cps.city.calendar import Closure
from cps.city.load import load
from cps.city.queries import in_force
from cps.complaints import agenda, recounting, reminding
from cps.console import migrating
from cps.console.checking import checked
from cps.console.demonstration import generate
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.kernel.postgres import running
from cps.notify import digests
from cps.settings import from_environment
from cps.sla import hours
from tests.living import a_folder

SIZE = int(os.environ.get("BENCH_SIZE", "100000"))

# Every report is open, and due one after the other over the month to come.
_OPEN = """
    UPDATE complaint SET status = 'in_progress', closed_at = NULL, waiting_since = NULL,
        received_at = now(), due_at = now() + interval '6 hours' + (id % 43200) * interval '1 minute'
"""
_CHANGED = "UPDATE complaint SET version = version + 1 WHERE id % 200 = 0"


def main() -> None:
    """Measure the first planning, a round with nothing to do, one with news, one with steps, and the digests."""
    with (
        a_folder("cps-bench-") as folder,
        running(folder, say=print) as url,
    ):
        settings = from_environment({"CPS_VAR": str(folder), "CPS_DEMO": "yes"})
        with create_app(settings, database_url=url).app_context():
            _fill()
            _measure()
            db.session.remove()
            db.engine.dispose()


def _fill() -> None:
    migrating.to_head()
    load(checked(CITIES / "hanoi"))
    db.session.commit()
    generate(SIZE, seed=1, now=clock.now())
    db.session.execute(text(_OPEN))
    db.session.commit()
    db.session.execute(text("ANALYZE"))
    db.session.commit()


def _measure() -> None:
    _close_tomorrow()
    _timed(f"counting {SIZE:,} deadlines anew", _recount_all)
    _timed("planning all for the first time", _plan_all)
    db.session.execute(text("ANALYZE agenda"))
    for _turn in range(3):
        _timed("a round with nothing to do", _round)
    db.session.execute(text(_CHANGED))
    db.session.commit()
    _timed(f"a round after news of {SIZE // 200:,} reports", _round)
    with clock.standing_at(clock.now() + timedelta(hours=8)):
        due = len(agenda.numbers_due(most=SIZE))
        _timed(f"a turn of a round with {due:,} steps due", _round)
    calendar = in_force().profile.calendar
    tomorrow = hours.working_day_after(hours.local_date(clock.now(), calendar), 1, calendar)
    with clock.standing_at(hours.closing(tomorrow, calendar)):
        _timed("the morning's mails of 25 officials", digests.go_on)


def _close_tomorrow() -> None:
    profile = in_force().profile
    tomorrow = hours.working_day_after(hours.local_date(clock.now(), profile.calendar), 1, profile.calendar)
    names = dict.fromkeys(profile.languages, "Storm")
    closures = (*profile.calendar.closures, Closure(tomorrow, names))
    load(replace(profile, calendar=replace(profile.calendar, closures=closures)))
    db.session.commit()


def _recount_all() -> None:
    last: int | None = 0
    while last is not None:
        last = recounting.recount_batch(after=last, why={"en": "Storm"})
        db.session.commit()


def _plan_all() -> None:
    while agenda.plan(most=1000):
        db.session.commit()


def _round() -> None:
    reminding.go_round()
    db.session.commit()


def _timed(what: str, action: Callable[[], None]) -> None:
    begun = time.perf_counter()
    action()
    print(f"{what:<48} {1000 * (time.perf_counter() - begun):10.1f} ms", flush=True)


if __name__ == "__main__":
    main()
