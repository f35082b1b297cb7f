"""The lines of a queue: plain words for every cell, so that the page has only to print them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cps.city.queries import CityInForce, in_force
from cps.complaints import quarantine, visibility
from cps.complaints.queries import Row
from cps.complaints.views import View
from cps.desk import due, offers, planned
from cps.kernel import dates
from cps.kernel.text import Text, _, _n
from cps.people.models import Person

Says = Callable[[Text], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint of a queue, in the language of the page; `nearness` colours what `deadline` says.

    `people`: how many report it, if they are more than one. `photo`: the key of its first picture. `is_unseen`: nobody
    of its department has opened it yet. `is_urgent`: it cannot wait for its turn. `aside`: why it is set aside. `viewers`: names of other officials who have it open.
    `planned`: for when, in a sentence and shortly, which `is_missed` if that is over.
    """

    reference: str
    version: int
    nearness: str
    deadline: str
    icon: str
    category: str
    priority: str
    place: str
    words: str
    age: str
    department: str
    handler: str | None
    people: str
    photo: str | None
    is_unseen: bool
    is_urgent: bool
    aside: str
    viewers: str
    planned: str
    planned_short: str
    is_missed: bool


@dataclass(frozen=True, slots=True)
class _Page:
    """What the lines of a page have in common."""

    view: View
    person: Person
    city: CityInForce
    language: str
    says: Says
    now: datetime
    pictures: Mapping[int, str]

    @property
    def zone(self) -> tzinfo:
        return self.city.profile.calendar.zone


def lines(
    rows: Iterable[Row],
    city: CityInForce,
    view: View,
    person: Person,
    *,
    language: str,
    says: Says,
    now: datetime,
    pictures: Mapping[int, str],
) -> Sequence[Line]:
    """Put the rows of a queue into words, for the official who reads it; `pictures`: keys of photos by complaint."""
    page = _Page(view, person, city, language, says, now, pictures)
    return [_line(row, page) for row in rows]


def place(area: str, landmark: str) -> str | Text:
    """Say where a complaint is: ward and landmark, as far as they are known."""
    return " · ".join(part for part in (area, _masked(landmark)) if part) or _("point on the map")


def _masked(words: str) -> str:
    return visibility.seen_words(words, in_force())


def _line(row: Row, page: _Page) -> Line:
    city, language, says = page.city, page.language, page.says
    near, deadline = _deadline(row, page)
    area = city.named(city.area_names[row.area_id], language) if row.area_id is not None else ""
    where = place(area, row.landmark)
    plan = planned.of(row, now=page.now, zone=page.zone, language=language, calendars=city.profile.dates)
    return Line(
        reference=row.reference,
        version=row.version,
        nearness=near.nearness,
        deadline=says(deadline),
        icon=city.category_icons[row.category_id],
        category=city.named(city.category_names[row.category_id], language),
        priority=_priority(row.priority, page),
        place=_said(where, says),
        words=_masked(row.words),
        age=says(_age((page.now - row.received_at).days)),
        department=city.named(city.department_names[row.department_id], language),
        handler=_handler(row, page),
        people=says(_n("%(num)s person", "%(num)s people", row.joined + 1)) if row.joined else "",
        photo=page.pictures.get(row.complaint_id),
        is_unseen=row.seen_at is None and row.status.is_open,
        is_urgent=row.alarm is not None and row.status.is_open,
        aside=says(quarantine.CAUSE_NAMES[row.set_aside]) if row.set_aside else "",
        viewers=row.viewers or "",
        planned=says(plan.words) if plan else "",
        planned_short=_said(plan.short, says) if plan else "",
        is_missed=plan is not None and plan.is_missed,
    )


def _said(words: Text | str, says: Says) -> str:
    return says(words) if isinstance(words, Text) else words


def _priority(code: str | None, page: _Page) -> str:
    return offers.priority_name(code, page.language) if code else ""


def _deadline(row: Row, page: _Page) -> tuple[due.Due, Text]:
    """Say how near the clock is that the view is about: new ones are to be taken on first."""
    if page.view in (View.TRANSFERS, View.RETURNED) and row.accept_by is not None:
        return _until(row.accept_by, since=row.received_at, page=page)
    if page.view is View.NEW and row.acknowledged_at is None:
        return _until(row.acknowledge_by, since=row.received_at, page=page)
    near = due.of(row, now=page.now, zone=page.zone)
    return near, due.words(near, row.status)


def _handler(row: Row, page: _Page) -> str | None:
    """Say who has it; of a transfer that is not accepted, from where to where it goes."""
    if page.view not in (View.TRANSFERS, View.RETURNED) or row.came_from_id is None:
        return row.handler
    names = page.city.department_names
    if row.came_from_id == page.person.department_id and not page.person.reads_city:
        there = page.city.named(names[row.department_id], page.language)
        return page.says(_("to: %(department)s", department=there))
    there = page.city.named(names[row.came_from_id], page.language)
    return page.says(_("from: %(department)s", department=there))


def _until(moment: datetime, *, since: datetime, page: _Page) -> tuple[due.Due, Text]:
    near = due.until(moment, since=since, now=page.now, zone=page.zone)
    time = dates.time(moment, language=page.language, zone=page.zone)
    return near, due.words_of_hours(near, time=time)


def _age(days: int) -> Text:
    return _n("%(num)s day", "%(num)s days", days) if days else _("today")
