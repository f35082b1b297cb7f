"""The queue: the work of my department, nearest deadline first, in pages that only go forward.

The address holds all state, and a page asks the database the same few questions however full it is.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from functools import lru_cache
from typing import Any

from flask import Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.city.queries import CityInForce
from cps.complaints import queries, queue_counts, workload
from cps.complaints.batches import MOST
from cps.complaints.queries import Page, Row
from cps.complaints.views import Day, View, is_for
from cps.desk import colleagues, finding, listing, many, narrowing, saved
from cps.desk.door import desk
from cps.kernel import clock
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.photos import album
from cps.photos.models import Photo
from cps.sla.horizon import beyond
from cps.web import filters, language, options, paging
from cps.web.signin import current_person

VIEWS: dict[View, Text] = {
    View.OPEN: _("Open"),
    View.MINE: _("Mine"),
    View.NEW: _("New"),
    View.UNSEEN: _("Unseen"),
    View.TODAY: _("Due today"),
    View.OVERDUE: _("Overdue"),
    View.WAITING: _("Waiting for citizen"),
    View.RETURNED: _("Returned"),
    View.TRANSFERS: _("Transfers"),
    View.DISPUTED: _("To decide"),
    View.REVIEW: _("Second opinion"),
    View.ASKED: _("Asked of us"),
    View.CLOSED: _("Closed"),
    View.ALARM: _("Urgent"),
    View.ASIDE: _("Set aside"),
}

_NOTHING: dict[View, Text] = {
    View.OPEN: _("Nothing is open. Well done."),
    View.MINE: _("Nothing is assigned to you. New reports are under “New”."),
    View.NEW: _("No new reports. Everything has been looked at."),
    View.UNSEEN: _("Everything has been looked at."),
    View.TODAY: _("Nothing else is due today."),
    View.RETURNED: _("No department has returned a report."),
    View.TRANSFERS: _("Every transfer has been accepted."),
    View.DISPUTED: _("Departments agree. There is nothing to decide."),
    View.REVIEW: _("No report waits for a second opinion."),
    View.OVERDUE: _("Nothing is overdue. Thank you."),
    View.WAITING: _("No report waits for a citizen's answer."),
    View.ASIDE: _("Nothing is set aside."),
    View.ASKED: _("No department waits for your reply."),
    View.CLOSED: _("Nothing has been closed yet."),
    View.ALARM: _("Nothing is marked as urgent."),
}

# What the first column of a view is about, if not the deadline.
_CLOCKS: dict[View, Text] = {
    View.NEW: _("Take on"),
    View.TRANSFERS: _("Accept"),
    View.RETURNED: _("Accept"),
    View.CLOSED: _("Status"),
}


@desk.get("", strict_slashes=False)
def queue() -> ResponseReturnValue:
    """Show one page of one view of the queue, narrowed to what the address says; a number leads to its report."""
    person = current_person()
    view = asked_view(person)
    asked = narrowing.asked(person)
    sieve = narrowing.sieve(asked, person)
    reference = finding.by_number(sieve, person)
    if reference is not None:
        return redirect(url_for("desk.complaint", reference=reference), 303)
    after = paging.read(request.args.get("after"))
    day = today()
    of_phone = finding.by_phone(asked.q, person)
    if of_phone is None:
        page = queries.queue(person, view, day=day, sieve=sieve, after=after)
    else:
        page = Page(of_phone, None)
    pictures = album.first_of({row.complaint_id for row in page.rows})
    counted = queue_counts.counted(person, day=day)
    return render_template(
        "desk/queue.html",
        person=person,
        lines=lines(page.rows, view, person, now=day.now, pictures=pictures),
        clock=_CLOCKS.get(view, _("Deadline")),
        address=url_for("desk.complaint", reference="-").removesuffix("-"),
        view=view,
        views=_views_of(person),
        counts=counted,
        absences=[(one, colleagues.until(one.last_day)) for one in counted.away],
        filters=asked,
        saved=saved.links(person, day=day),
        actions=many.ACTIONS,
        most=MOST,
        is_selectable=_is_selectable(view, person),
        is_of_phone=of_phone is not None,
        nothing=_NOTHING[view],
        is_first=after is None,
        calendar_ends=_calendar_ends(day.now),
        failed_reform=_noon(counted.failed_on) if counted.failed_on else None,
        next_after=paging.written(page.next_after),
        **_choices(asked),
    )


@desk.get("/counts")
def counts() -> Response:
    """Say how many reports each view holds now, and how many came into one of them `since` an event."""
    person = current_person()
    day = today()
    view = asked_view(person)
    since = request.args.get("since", "")
    found = queue_counts.counted(person, day=day)
    is_number = since.isascii() and since.isdigit() and len(since) < 19
    fresh = queue_counts.arrived(person, view, day=day, since=int(since)) if is_number else 0
    numbers = {f"saved-{one.number}": one.count for one in saved.links(person, day=day)}
    return jsonify(views={**found.of, **numbers}, fresh=fresh, until=found.until)


def lines(
    rows: Sequence[Row], view: View, person: Person, *, now: datetime, pictures: Mapping[int, Photo]
) -> Sequence[listing.Line]:
    """Put rows of a queue into words, in the language of the page; `pictures`: the first photo of each complaint."""
    return listing.lines(
        rows,
        language.city(),
        view,
        person,
        language=language.current(),
        says=filters.says,
        now=now,
        pictures={number: photo.key for number, photo in pictures.items()},
    )


def today() -> Day:
    """Return the moments that part the work of this day."""
    now = clock.now()
    return Day(now, workload.horizon(now, language.city().profile.calendar).today_ends)


def _is_selectable(view: View, person: Person) -> bool:
    """Whether lines can be ticked: in one view a line is a question, and auditors change nothing."""
    return view is not View.ASKED and person.works


def _choices(asked: narrowing.Filters) -> dict[str, Any]:
    """List what a queue can be narrowed to; an official is in the list only if the address names one."""
    city, spoken = language.city(), language.current()
    handler = narrowing.name_of_handler(asked)
    return {
        "categories": options.categories(city, spoken),
        "areas": options.areas(city, spoken),
        "departments": options.departments(city, spoken),
        "handlers": [
            *((code, filters.says(name)) for code, name in narrowing.HANDLERS.items()),
            *([(asked.handler, handler)] if handler else []),
        ],
    }


def _calendar_ends(now: datetime) -> datetime | None:
    """Return the last day whose holidays are known, for who looks after the city, if promises reach beyond it."""
    city = language.city()
    if not current_person().is_city_wide:
        return None
    return _last_known_day(city, now.astimezone(city.profile.calendar.zone).date())


def _noon(day: date) -> datetime:
    return datetime.combine(day, time(12, tzinfo=language.city().profile.calendar.zone))


@lru_cache(maxsize=2)
def _last_known_day(city: CityInForce, today: date) -> datetime | None:
    noon = time(12, tzinfo=city.profile.calendar.zone)
    reached = beyond(city.profile, at=datetime.combine(today, noon))
    return datetime.combine(reached.known_until, noon) if reached else None


def _views_of(person: Person) -> dict[View, Text]:
    """Return what this official works with."""
    return {view: title for view, title in VIEWS.items() if is_for(person, view)}


def asked_view(person: Person) -> View:
    """Return the view that the address names, as far as it is this official's."""
    name = request.args.get("view", "")
    if name in _views_of(person):
        return View(name)
    return View.REVIEW if person.is_auditor else View.OPEN
