"""`routing.csv`: who answers what, where and when; the order of the rows means nothing."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Final, TypeVar

from cps.city import season as seasons
from cps.city.reading.findings import Findings, Found
from cps.city.reading.tables import Row, read_rows
from cps.city.rule import ANY, CLOSED_HOURS, OFFICE_HOURS, Rule, daily

ROUTING: Final = "routing.csv"

_Value = TypeVar("_Value")


def rules_in(folder: Path, findings: Findings) -> list[Found[Rule]]:
    """Read the routing rules."""
    rows = read_rows(
        folder / ROUTING,
        ("category", "area", "department"),
        optional=("owner", "hours", "season", "from", "until"),
        findings=findings,
    )
    return [Found(_rule(row), row.line) for row in rows]


def _rule(row: Row) -> Rule:
    first, last = _day(row, "from"), _day(row, "until")
    if first is not None and last is not None and last < first:
        row.fault(f"This rule ends on {last}, before it begins on {first}.")
    return Rule(
        category=row["category"],
        area=row["area"],
        department=row["department"],
        owner=row["owner"] or ANY,
        hours=_hours(row),
        season=_season(row),
        first_day=first,
        last_day=last,
    )


def _hours(row: Row) -> str:
    written = row["hours"] or ANY
    if written in (ANY, OFFICE_HOURS, CLOSED_HOURS):
        return written
    fault = f"{written!r} are no hours; write {OFFICE_HOURS!r}, {CLOSED_HOURS!r} or hours like '22:00-06:00'."
    return written if _readable(daily, written, fault, row) is not None else ANY


def _season(row: Row) -> str:
    written = row["season"] or ANY
    fault = f"{written!r} is no season; write one like '11-02..01-29' (month-day..month-day)."
    return written if written == ANY or _readable(seasons.parse, written, fault, row) is not None else ANY


def _day(row: Row, column: str) -> date | None:
    written = row[column]
    fault = f"{written!r} in {column!r} is no date; write one like 2026-07-01."
    return _readable(date.fromisoformat, written, fault, row) if written else None


def _readable(parse: Callable[[str], _Value], text: str, fault: str, row: Row) -> _Value | None:
    try:
        return parse(text)
    except ValueError:
        row.fault(fault)
        return None
