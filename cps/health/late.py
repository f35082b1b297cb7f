"""What time alone should have brought to reports: whether deadlines that passed were noticed."""

from datetime import timedelta
from typing import Final

from cps.complaints import agenda
from cps.health.finding import Finding, State, graded
from cps.kernel import clock
from cps.settings import Settings

_ROUND: Final = timedelta(minutes=10)  # a round begins every five minutes, and takes some
_TOO_LATE: Final = timedelta(hours=1)


def escalations(_settings: Settings) -> Finding:
    """Look whether steps that a deadline brings (a reminder, an escalation) are overdue, or not even planned."""
    late, oldest = agenda.behind(clock.now() - _ROUND)
    unplanned = agenda.never_planned(clock.now() - _ROUND)
    seconds = (clock.now() - oldest).total_seconds() if oldest else 0.0
    figures = {"late": late, "oldest_seconds": round(seconds), "unplanned": unplanned}
    if not late and not unplanned:
        return Finding("escalations", State.OK, "Every deadline that passed was noticed.", figures=figures)
    told = []
    if late:
        told.append(
            f"{_reports(late)} past a step that was not taken, the oldest {seconds / 60:.0f} minutes ago."
        )
    if unplanned:
        told.append(f"{_reports(unplanned)} not planned at all.")
    return Finding(
        "escalations",
        graded(seconds, warning=0, fault=_TOO_LATE.total_seconds()),
        " ".join(told),
        "See that the worker runs, and what its log says of `go_round`: nobody is reminded meanwhile.",
        figures,
    )


def _reports(count: int) -> str:
    return f"{count} report is" if count == 1 else f"{count} reports are"
