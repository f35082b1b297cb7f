"""The figures everybody may see: counted every hour, kept ready, so that a page is one look-up.

What is kept holds no small group, whoever reads it. Times are of the city's own days.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from cps.city.queries import in_force
from cps.evaluate import measures, queries
from cps.evaluate.measures import Group, Tally
from cps.evaluate.models import Statistic
from cps.evaluate.queries import By
from cps.kernel import clock, jobs
from cps.kernel.db import db

COUNT = "count_statistics"


class Period(StrEnum):
    """How far back the figures of a page go."""

    MONTH = "30-days"
    QUARTER = "90-days"
    YEAR = "12-months"


@dataclass(frozen=True)
class _Reach:
    days: int
    unit: str


_REACHES = {
    Period.MONTH: _Reach(30, "week"),
    Period.QUARTER: _Reach(90, "week"),
    Period.YEAR: _Reach(365, "month"),
}


@jobs.app.periodic(cron="7 * * * *")
@jobs.app.task(name=COUNT, queueing_lock=COUNT, retry=jobs.PATIENTLY, pass_context=False)
def count_statistics(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Count all periods anew."""
    count_all()


def count_all() -> None:
    """Count every period as of now and keep the figures."""
    now = clock.now()
    for period in Period:
        kept = {"counted_at": now, "figures": _figures(period, now)}
        db.session.execute(
            insert(Statistic)
            .values(period=period.value, **kept)
            .on_conflict_do_update(index_elements=[Statistic.period], set_=kept)
        )


def figures(period: Period) -> Statistic | None:
    """Return the figures of a period as they were last counted; None if they never were."""
    return db.session.get(Statistic, period.value)


def forget() -> None:
    """Forget all figures."""
    db.session.execute(delete(Statistic))


def _figures(period: Period, now: datetime) -> dict[str, Any]:
    zone, reach = in_force().profile.calendar.zone, _REACHES[period]
    first = now.astimezone(zone).date() - timedelta(days=reach.days)
    since = datetime.combine(first, time(), tzinfo=zone)
    whole = datetime.combine(_next_beginning(first, reach.unit), time(), tzinfo=zone)
    counted = queries.counted(since, now)
    return {
        "since": first.isoformat(),
        "total": _of(counted.total),
        **{str(by): [_row(group) for group in measures.shown(counted.groups[by])] for by in By},
        "bars": [_bar(bar) for bar in queries.bars(whole, now, unit=reach.unit, zone=str(zone))],
        "unit": reach.unit,
    }


def _next_beginning(day: date, unit: str) -> date:
    """Return the first day from `day` on that a week (Monday) or a month begins with."""
    if unit == "week":
        return day + timedelta(days=-day.weekday() % 7)
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _row(group: Group) -> dict[str, Any]:
    return {"number": group.number, "of": group.of, **_of(group.tally)}


def _of(tally: Tally) -> dict[str, Any]:
    """Return what a page says of a group; a figure that too few cases stand behind is None."""
    days: Mapping[tuple[int, bool], int] = tally.days or {}
    shares = {"in_time": tally.in_time, "soon": tally.soon, "reopened": tally.reopened}
    return {
        "received": tally.received,
        "answered": tally.answered,
        "open": tally.open,
        "overdue": tally.overdue,
        "half_after": measures.days_until_answered(days, share=0.5),
        "most_after": measures.days_until_answered(days, share=0.9),
        **{name: {"percent": share.percent, "of": share.whole} for name, share in shares.items()},
    }


def _bar(bar: queries.Bar) -> dict[str, Any]:
    is_small = bar.received < measures.SMALLEST
    counts = (
        {"received": None, "answered": None}
        if is_small
        else {"received": bar.received, "answered": bar.answered}
    )
    return {"day": bar.day.isoformat(), **counts}
