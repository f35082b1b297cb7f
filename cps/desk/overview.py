"""The view of who leads others: who has what, what is about to be late, what comes in, and whether it goes the right way.

Every number of open or closed work leads to the queue that holds exactly those reports. Heads see their department,
coordinators the whole city or one department of it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import flows, load
from cps.complaints.flows import OfDay, Routing
from cps.complaints.load import COUNTED, Load, OfPerson
from cps.complaints.views import Day, View
from cps.desk import colleagues, denials, narrowing, queue
from cps.desk.door import desk
from cps.evaluate.measures import Share
from cps.kernel import dates
from cps.kernel.errors import NotFound
from cps.kernel.text import _
from cps.people.models import Person
from cps.web import charts, filters, language, options
from cps.web.charts import Column
from cps.web.signin import current_person

_TOGETHER: Final = _("Together")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number, and the queue that holds so many; None where there is nothing to show."""

    number: int
    address: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """What one official or department has, in the order of the views that are counted.

    `late`: of what is open, what is overdue. `address`: the overview of it. `open_width`, `late_width`: of its bar, in percent of the longest.
    `away`: until when somebody is away, and who stands in.
    """

    name: str
    address: str | None
    figures: Sequence[Figure]
    late: Share
    open_width: int
    late_width: int
    away: str = ""


@dataclass(frozen=True, slots=True)
class DayRow:
    """What is due or happened on a day, and where its bars stand, if it has some."""

    name: str
    figures: Sequence[Figure]
    place: Column | None = None


@dataclass(frozen=True, slots=True)
class RoutingRow:
    """What became of the reports that a department was the first to have."""

    name: str
    routing: Routing

    @property
    def right(self) -> Share:
        """Of those answered, those that the first department answered without sending them on."""
        return Share(self.routing.right, self.routing.answered)

    @property
    def reopened(self) -> Share:
        """Of those that were ever answered, those that were reopened."""
        return Share(self.routing.reopened, self.routing.ever_answered)


@desk.get("/overview")
def overview() -> ResponseReturnValue:
    """Show who leads what there is to do, of the own department or of the city."""
    person = current_person()
    denials.expect(load.may_see(person))
    code = _asked_department(person)
    city, day, calendar = language.city(), queue.today(), language.city().profile.calendar
    department_id = city.department_ids[code] if code else person.department_id
    scope = None if person.reads_city and not code else department_id
    rows, total = _departments(day) if scope is None else _people(scope, code, day)
    days = flows.by_day(scope, now=day.now, calendar=calendar)
    routed = flows.routing(scope, now=day.now, calendar=calendar)
    return render_template(
        "desk/overview.html",
        person=person,
        asked=code,
        scope=_named(scope) if scope is not None else city.name(language.current()),
        is_by_department=scope is None,
        departments=options.departments(city, language.current()),
        views=[queue.VIEWS[view] for view in COUNTED],
        rows=rows,
        total=total,
        due=[_due_row(*one, code, day) for one in load.due(scope, day=day, calendar=calendar).items()],
        days=_day_rows(days, code),
        chart=charts.SIZE,
        most=max(max(one.received, one.closed) for one in days),
        routing=_routing_rows(routed),
        of_days=flows.DAYS,
        of_routing_days=flows.ROUTING_DAYS,
    )


def _asked_department(person: Person) -> str:
    """Return the department that a coordinator asks for, by its code; empty for none, and for heads."""
    code = request.args.get("department", "") if person.reads_city else ""
    if code and code not in language.city().department_ids:
        raise NotFound
    return code


def _people(department_id: int, code: str, day: Day) -> tuple[list[Row], Row]:
    """Put what each official of a department has into rows, first what nobody handles."""
    found = load.by_person(department_id, day=day)
    most = max([found.unassigned.of[View.OPEN], *(one.load.of[View.OPEN] for one in found.people)])
    nobody = filters.says(narrowing.HANDLERS[narrowing.NOBODY])
    rows = [
        _row(nobody, found.unassigned, most, department=code, handler=narrowing.NOBODY),
        *(_person_row(one, most, code) for one in found.people),
    ]
    return rows, _row(filters.says(_TOGETHER), found.total, 0, department=code)


def _person_row(one: OfPerson, most: int, code: str) -> Row:
    row = _row(one.name, one.load, most, department=code, handler=str(one.number))
    return replace(row, away=colleagues.told(one.away)) if one.away else row


def _departments(day: Day) -> tuple[list[Row], Row]:
    """Put what each department has into rows, each of which leads to the overview of that department."""
    found, codes = load.by_department(day=day), language.city().department_codes
    most = max((one.of[View.OPEN] for _number, one in found), default=0)
    rows = [
        _row(_named(number), one, most, is_led_to=True, department=codes[number]) for number, one in found
    ]
    total = sum((one for _number, one in found), load.NOTHING)
    return rows, _row(filters.says(_TOGETHER), total, 0)


def _row(name: str, has: Load, most: int, *, is_led_to: bool = False, **narrowed: str) -> Row:
    """Put a load into a row; of a department that is no more it leads nowhere. `most`: what the longest bar is of."""
    city, department = language.city(), narrowed.get("department", "")
    is_there = not department or department in city.department_ids
    overdue, all_open = has.of[View.OVERDUE], has.of[View.OPEN]
    return Row(
        name,
        url_for("desk.overview", department=department) if is_led_to and is_there else None,
        [_figure(has.of[view], view if is_there else None, narrowed) for view in COUNTED],
        Share(overdue, all_open),
        _percent(all_open, most),
        _percent(overdue, most),
    )


def _figure(number: int, view: View | None, narrowed: Mapping[str, str]) -> Figure:
    if view is None or not number:
        return Figure(number, None)
    asked: dict[str, Any] = {name: value for name, value in narrowed.items() if value}
    return Figure(number, url_for("desk.queue", view=view, **asked))


def _percent(part: int, most: int) -> int:
    return round(100 * part / most) if most else 0


def _due_row(on: date, number: int, code: str, day: Day) -> DayRow:
    """Put what is due on a day into a row; of today it is what is not overdue yet."""
    today = day.now.astimezone(language.city().profile.calendar.zone).date()
    if on == today:
        return DayRow(filters.says(_("Today")), [_figure(number, View.TODAY, {"department": code})])
    narrowed = {"department": code, "day": on.isoformat()}
    return DayRow(_in_words(on), [_figure(number, View.OPEN, narrowed)])


def _day_rows(days: Sequence[OfDay], code: str) -> list[DayRow]:
    places = charts.columns([(one.received, one.closed) for one in days])
    return [
        DayRow(_in_words(one.day), _figures_of(one, code), place)
        for one, place in zip(days, places, strict=True)
    ]


def _figures_of(one: OfDay, code: str) -> list[Figure]:
    """Return what came in on a day, what of it is open and closed, and what was closed on it."""
    day = one.day.isoformat()
    received, closed = {"department": code, "received": day}, {"department": code, "day": day}
    return [
        Figure(one.received, None),
        _figure(one.still_open, View.OPEN, received),
        _figure(one.ended, View.CLOSED, received),
        _figure(one.closed, View.CLOSED, closed),
    ]


def _routing_rows(found: Mapping[int, Routing]) -> list[RoutingRow]:
    """Put routing into rows, the most received first; of several departments their sum comes first."""
    known = sorted(found.items(), key=lambda row: (-row[1].received, row[0]))
    rows = [RoutingRow(_named(number), one) for number, one in known]
    if len(rows) < 2:
        return rows
    return [RoutingRow(filters.says(_TOGETHER), sum(found.values(), flows.NO_REPORTS)), *rows]


def _named(department_id: int) -> str:
    city = language.city()
    return city.named(city.department_names[department_id], language.current())


def _in_words(day: date) -> str:
    calendars = language.city().profile.dates
    return dates.date_in_words(day, language=language.current(), calendars=calendars)
