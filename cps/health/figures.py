"""The figures of an installation for Prometheus: what was counted, what `cps doctor` finds, and the open reports.

Whatever looks are added come along by themselves: each part has a state, and each of its numbers is a gauge.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector
from sqlalchemy import func, not_, select

from cps.city.queries import in_force
from cps.complaints import workload
from cps.complaints.conditions import IS_OPEN
from cps.complaints.views import RUNS, View, condition
from cps.health.finding import Finding, State
from cps.kernel import clock
from cps.kernel.db import db
from cps.observe import counts

_VALUES: Final = {State.OK: 0, State.OFF: 1, State.WARNING: 2, State.FAULT: 3}
_OPEN: Final = select(
    func.count().filter(condition(View.OVERDUE)),
    func.count().filter(condition(View.TODAY)),
    func.count().filter(condition(View.OPEN)),
    func.count().filter(condition(View.OPEN), not_(RUNS)),
).where(IS_OPEN)


def open_by_due() -> Mapping[str, int]:
    """Count the open reports by when they are due; what is set aside is not among them."""
    city, now = in_force(), clock.now()
    ends = workload.horizon(now, city.profile.calendar).today_ends
    overdue, today, everything, standing = db.session.execute(_OPEN, {"now": now, "day_ends": ends}).one()
    return {
        "overdue": overdue,
        "today": today,
        "later": everything - overdue - today - standing,
        "standing": standing,
    }


def written(findings: Sequence[Finding], open_reports: Mapping[str, int]) -> bytes:
    """Write everything as Prometheus reads it (text format 0.0.4)."""
    registry = CollectorRegistry()
    if (meters := counts.meters()) is not None:
        meters.add_to(registry)
    registry.register(_Found(lambda: _families(findings, open_reports)))
    return generate_latest(registry)


class _Found(Collector):
    """What was found just now."""

    def __init__(self, families: Callable[[], Iterable[Metric]]) -> None:
        self._families = families

    def collect(self) -> Iterable[Metric]:
        return self._families()


def _families(findings: Sequence[Finding], open_reports: Mapping[str, int]) -> Iterator[Metric]:
    about = GaugeMetricFamily("cps_info", "Which version runs.", labels=("version",))
    about.add_metric((version("cps"),), 1)
    yield about
    due = GaugeMetricFamily("cps_open_complaints", "Open reports by when they are due.", labels=("due",))
    for name, count in open_reports.items():
        due.add_metric((name,), count)
    yield due
    states = GaugeMetricFamily(
        "cps_health_state",
        "How a part is, as `cps doctor` finds it: 0 ok, 1 off, 2 warning, 3 fault.",
        labels=("part",),
    )
    for finding in findings:
        states.add_metric((finding.name,), _VALUES[finding.state])
    yield states
    for finding in findings:
        yield from _figures(finding)


def _figures(finding: Finding) -> Iterator[Metric]:
    for name, value in finding.figures.items():
        if isinstance(value, int | float):
            told = f"What `cps doctor` finds of {finding.name}: {name}."
            yield GaugeMetricFamily(f"cps_health_{finding.name}_{name}", told, value)
