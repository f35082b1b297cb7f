"""The queue: the work of my department, nearest deadline first, in pages that only go forward.

The address holds all state; nothing is counted, and a page asks the database the same number of
questions however full it is.
"""

from collections.abc import Mapping
from datetime import date, datetime, time
from functools import lru_cache

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.city.queries import CityInForce
from cps.complaints import planned, queries
from cps.complaints.queries import View
from cps.desk import listing
from cps.desk.door import desk
from cps.kernel import clock
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.sla.horizon import beyond
from cps.web import filters, language, paging
from cps.web.signin import current_person

VIEWS: dict[View, Text] = {
    View.OPEN: _("Open"),
    View.MINE: _("Mine"),
    View.NEW: _("New"),
    View.TRANSFERS: _("Transfers"),
    View.DISPUTED: _("To decide"),
    View.OVERDUE: _("Overdue"),
    View.WAITING: _("Waiting for citizen"),
    View.ASKED: _("Asked of us"),
    View.CLOSED: _("Closed"),
}

_NOTHING: dict[View, Text] = {
    View.OPEN: _("Nothing is open. Well done."),
    View.MINE: _("Nothing is assigned to you. New reports are under “New”."),
    View.NEW: _("No new reports. Everything has been looked at."),
    View.TRANSFERS: _("Every transfer has been accepted."),
    View.DISPUTED: _("Departments agree. There is nothing to decide."),
    View.OVERDUE: _("Nothing is overdue. Thank you."),
    View.WAITING: _("No report waits for a citizen's answer."),
    View.ASKED: _("No department waits for your reply."),
    View.CLOSED: _("Nothing has been closed yet."),
}

# What the first column of a view is about, if not the deadline.
_CLOCKS: dict[View, Text] = {
    View.NEW: _("Take on"),
    View.TRANSFERS: _("Accept"),
    View.CLOSED: _("Status"),
}


@desk.get("", strict_slashes=False)
def queue() -> ResponseReturnValue:
    """Show one page of one view of the queue."""
    person = current_person()
    views = _views_of(person)
    view = _view(views)
    after = paging.read(request.args.get("after"))
    now = clock.now()
    page = queries.queue(person, view, now=now, after=after)
    return render_template(
        "desk/queue.html",
        person=person,
        lines=listing.lines(
            page.rows, language.city(), view, person, language=language.current(), says=filters.says, now=now
        ),
        clock=_CLOCKS.get(view, _("Deadline")),
        address=url_for("desk.complaint", reference="-").removesuffix("-"),
        view=view,
        views=views,
        nothing=_NOTHING[view],
        is_first=after is None,
        calendar_ends=_calendar_ends(now),
        failed_reform=_failed_reform(),
        next_after=paging.written(page.next_after),
    )


def _calendar_ends(now: datetime) -> datetime | None:
    """Return the last day whose holidays are known, for who looks after the city, if promises reach beyond it."""
    city = language.city()
    if not current_person().is_city_wide:
        return None
    return _last_known_day(city, now.astimezone(city.profile.calendar.zone).date())


def _failed_reform() -> datetime | None:
    """Return the day of a planned reorganisation that could not be carried out, for who looks after the city."""
    day = planned.day_that_failed() if current_person().is_city_wide else None
    return datetime.combine(day, time(12, tzinfo=language.city().profile.calendar.zone)) if day else None


@lru_cache(maxsize=2)
def _last_known_day(city: CityInForce, today: date) -> datetime | None:
    noon = time(12, tzinfo=city.profile.calendar.zone)
    reached = beyond(city.profile, at=datetime.combine(today, noon))
    return datetime.combine(reached.known_until, noon) if reached else None


def _views_of(person: Person) -> dict[View, Text]:
    """Return what this official works with: only coordinators decide where departments disagree."""
    return {view: title for view, title in VIEWS.items() if view is not View.DISPUTED or person.is_city_wide}


def _view(views: Mapping[View, Text]) -> View:
    name = request.args.get("view", "")
    return View(name) if name in views else View.OPEN
