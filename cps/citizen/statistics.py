"""How the city answers, for everybody: figures that were counted before, with what each of them means."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask import Response, make_response, render_template, request

from cps.citizen import listing
from cps.city.profile import Names
from cps.evaluate import publishing
from cps.evaluate.publishing import Period
from cps.evaluate.queries import By
from cps.kernel import dates
from cps.kernel.text import Text, _
from cps.web import charts, language

PERIOD_NAMES: Mapping[Period, Text] = {
    Period.MONTH: _("30 days"),
    Period.QUARTER: _("90 days"),
    Period.YEAR: _("12 months"),
}
_TABLE_NAMES: Mapping[By, Text] = {
    By.CATEGORY: _("By kind of problem"),
    By.DEPARTMENT: _("By department"),
    By.AREA: _("By area"),
}
_LISTED: Mapping[Period, str] = {Period.MONTH: "month", Period.QUARTER: "quarter", Period.YEAR: "year"}
_MINUTES_KEPT = 5


@dataclass(frozen=True)
class Bar:
    """One stretch of time as the chart draws it, in the chart's own units; counts are None where too few."""

    label: str
    received: int | None
    answered: int | None
    x: float
    width: float
    height: float
    answered_height: float


def show() -> Response:
    """Show the figures of a period; of an unknown one, those of the last 90 days."""
    period = _period(request.args.get("period", ""))
    statistic = publishing.figures(period)
    html = render_template(
        "citizen/statistics.html",
        period=period,
        periods=PERIOD_NAMES,
        statistic=statistic,
        total=statistic.figures["total"] if statistic else None,
        tables=_tables(statistic.figures, period) if statistic else (),
        listed=listing.address({"period": _LISTED[period]}),
        open_ones=listing.address({"status": "open"}),
        bars=_bars(statistic.figures["bars"]) if statistic else (),
        chart=charts.SIZE,
        since=_in_words(statistic.figures["since"]) if statistic else "",
    )
    response = make_response(html)
    response.headers["Cache-Control"] = f"public, max-age={60 * _MINUTES_KEPT}" if statistic else "no-store"
    response.vary.update(("Accept-Language", "Cookie"))
    return response


def _period(typed: str) -> Period:
    return Period(typed) if typed in set(Period) else Period.QUARTER


def _tables(
    figures: Mapping[str, Any], period: Period
) -> list[tuple[Text, str, Sequence[Mapping[str, Any]]]]:
    """Return title, code and rows of each table; rows with their names and where their reports are listed."""
    return [
        (
            title,
            str(by),
            [{**row, "name": _name(by, row), "address": _address(by, row, period)} for row in figures[by]],
        )
        for by, title in _TABLE_NAMES.items()
    ]


def _address(by: By, row: Mapping[str, Any], period: Period) -> str | None:
    """Return where the reports of a row are listed; None for small ones together, and where there is no such list."""
    codes = _listed_codes(by)
    return (
        listing.address({str(by): codes[row["number"]], "period": _LISTED[period]})
        if row["number"] in codes
        else None
    )


def _listed_codes(by: By) -> dict[int, str]:
    """Return the codes, by number, that the public list can be asked for."""
    city = language.city()
    if by is By.CATEGORY:
        return {city.category_ids[c.code]: c.code for c in city.profile.categories if c.is_public}
    if by is By.AREA:
        return {city.area_ids[area.code]: area.code for area in city.profile.areas}
    return {}


def _name(by: By, row: Mapping[str, Any]) -> str | None:
    """Say what a row is about; None for several small ones together."""
    if row["number"] is None:
        return None
    city = language.city()
    names: Mapping[By, Mapping[int, Names]] = {
        By.DEPARTMENT: city.department_names,
        By.AREA: city.area_names,
        By.CATEGORY: city.category_names,
    }
    return city.named(names[by].get(row["number"], {}), language.current())


def _bars(kept: Sequence[Mapping[str, Any]]) -> list[Bar]:
    places = charts.columns([(bar["received"], bar["answered"]) for bar in kept])
    return [
        Bar(
            label=_in_words(bar["day"]),
            received=bar["received"],
            answered=bar["answered"],
            x=place.x,
            width=place.width,
            height=place.heights[0],
            answered_height=place.heights[1],
        )
        for bar, place in zip(kept, places, strict=True)
    ]


def _in_words(day: str) -> str:
    calendars = language.city().profile.dates
    return dates.date_in_words(date.fromisoformat(day), language=language.current(), calendars=calendars)
