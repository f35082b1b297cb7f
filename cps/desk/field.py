"""The list of who goes out: the own open reports in the order in which they are walked to, each with what may come of it.

The order is made here from the place that the address names (`from`), and anew on a phone that knows where it is. Without a
place the walk begins at what is due first. What a phone keeps of the list it keeps sealed; the page it keeps has nothing
of anybody.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from dataclasses import field as field_of
from hashlib import sha256
from typing import Any, Final

from flask import Response, jsonify, make_response, render_template, request, url_for
from flask_wtf.csrf import generate_csrf

from cps.complaints import evidence, onsite, queries
from cps.complaints.onsite import Outcome
from cps.complaints.queries import Page, Row
from cps.complaints.status import Status
from cps.complaints.views import Day, Sieve, View
from cps.desk import denials, field_words, listing, queue, screen
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.geo import point as points
from cps.geo import walking
from cps.geo.point import Point
from cps.kernel.errors import Invalid
from cps.kernel.text import Text
from cps.people import leaves
from cps.people.models import Person
from cps.photos import album
from cps.web import filters, language, options
from cps.web.signin import current_person, is_signed_in

MOST: Final = 40
"""So many reports are walked to: those that are due first."""

ACTIONS: Final = {
    Outcome.DONE: Action.RESOLUTION,
    Outcome.ABSENT: Action.NOTE,
    Outcome.ELSEWHERE: Action.TRANSFER,
}
"""What each outcome does to a report."""


@dataclass(frozen=True, slots=True)
class Stop:
    """A report on the way: its line, where it is and how far from here, as far as that is known, and what may come of it.

    `whom`: who handles it, where that is somebody else for whom the official stands in.
    """

    line: listing.Line
    whom: str
    point: Point | None
    way: str
    shows_result: bool
    outcomes: Sequence[Outcome]


@dataclass(frozen=True, slots=True)
class _Visits:
    """What is to be walked to, due first, and whether there is more; `whom`: for which other official, by complaint."""

    rows: Sequence[Row]
    is_more: bool
    whom: Mapping[int, str] = field_of(default_factory=dict)


@desk.get("/field")
def field() -> str:
    """Show in walking order the own open reports and those of who is away, or those that nobody of the department handles."""
    person, day = current_person(), queue.today()
    denials.expect(person.works)
    is_unassigned = "unassigned" in request.args
    visits = _unassigned(person) if is_unassigned else _to_visit(person, day)
    here, fault = asked_place()
    return render_template(
        "desk/field.html",
        person=person,
        stops=_stops(visits, person, here),
        is_more=visits.is_more,
        is_unassigned=is_unassigned,
        offers_unassigned=not is_unassigned and not visits.rows and bool(_unassigned(person).rows),
        here=here,
        typed=request.args.get("from", ""),
        fault=fault,
        done=request.args.get("done", ""),
        **forms_of(person),
    )


@desk.get("/field/offline")
def field_shell() -> Response:
    """Show the page as a phone keeps it: with the forms, and nothing of anybody."""
    return make_response(render_template("desk/field.html", is_shell=True, stops=[], **forms_of(None)))


@desk.get("/field/session")
def field_session() -> Response:
    """Tell a phone that was without a network who is signed in, as a mark, and what forms carry now."""
    return jsonify(whose=whose(current_person()), token=generate_csrf())


def whose(person: Person) -> str:
    """Return the mark by which a phone tells what it keeps for one official from what is another's."""
    return sha256(f"field {person.id} {person.email}".encode()).hexdigest()[:16]


@desk.context_processor
def with_mark() -> dict[str, Any]:
    """Give every page of the desk the mark of who is signed in: a phone forgets the list of anybody else."""
    return {"phone_mark": whose(current_person())} if is_signed_in() else {}


def forms_of(person: Person | None) -> dict[str, Any]:
    """Return what the forms of all outcomes need, filled in with nothing."""
    known = options.departments(language.city(), language.current())
    own = (
        language.city().department_codes.get(person.department_id)
        if person and person.department_id
        else None
    )
    return {
        "departments": known.without(own) if own else known,
        "attempt": screen.Attempt(),
        "actions": ACTIONS,
        "outcomes": field_words.OUTCOMES,
        "far_metres": onsite.FAR_METRES,
        "ways": field_words.ways(),
    }


def asked_place() -> tuple[Point | None, Text | None]:
    """Return where the official says they are, or what is wrong with that."""
    typed = request.values.get("from", "")
    if not typed.strip():
        return None, None
    try:
        return points.parse_pair(typed), None
    except Invalid as invalid:
        return None, invalid.sentence


def _unassigned(person: Person) -> _Visits:
    page = _open(person, Sieve(department_id=person.department_id, is_unassigned=True), queue.today())
    return _Visits(page.rows, page.next_after is not None)


def _to_visit(person: Person, day: Day) -> _Visits:
    """Return the own open reports, and those of officials who are away and for whom this one stands in."""
    own = queries.queue(person, View.MINE, day=day, most=MOST)
    pages = [own]
    whom: dict[int, str] = {}
    for leave in leaves.stood_in_for(person):
        theirs = _open(person, Sieve(assignee_id=leave.person_id), day)
        pages.append(theirs)
        whom |= {row.complaint_id: leave.person.name for row in theirs.rows}
    rows = sorted((row for page in pages for row in page.rows), key=lambda row: (row.due_at, row.id))
    is_more = len(rows) > MOST or any(page.next_after for page in pages)
    return _Visits(rows[:MOST], is_more, whom)


def _open(person: Person, sieve: Sieve, day: Day) -> Page:
    return queries.queue(person, View.OPEN, day=day, sieve=sieve, most=MOST)


def _stops(visits: _Visits, person: Person, here: Point | None) -> list[Stop]:
    """Put the rows in walking order; what nobody knows the place of comes last."""
    places = onsite.points_of([row.complaint_id for row in visits.rows])
    placed = [row for row in visits.rows if row.complaint_id in places]
    others = [row for row in visits.rows if row.complaint_id not in places]
    if placed:
        spots = [places[row.complaint_id] for row in placed]
        placed = [placed[index] for index in walking.walk(here or spots[0], spots)]
    rows = [*placed, *others]
    pictures = album.first_of({row.complaint_id for row in rows})
    lines = queue.lines(rows, View.MINE, person, now=queue.today().now, pictures=pictures)
    return [
        _stop(row, line, visits.whom.get(row.complaint_id, ""), places.get(row.complaint_id), here)
        for row, line in zip(rows, lines, strict=True)
    ]


def _stop(row: Row, line: listing.Line, whom: str, point: Point | None, here: Point | None) -> Stop:
    may_close = row.status.allows(Status.RESOLVED)
    return Stop(
        line=line,
        whom=whom,
        point=point,
        way=filters.says(field_words.way(here, point)) if here and point else "",
        shows_result=evidence.shows_result(row.category_id, language.city()),
        outcomes=[one for one in Outcome if one is not Outcome.DONE or may_close],
    )


def address_of(*, done: str = "") -> str:
    """Return the address of the list that an outcome was given from, which then says what was done."""
    asked: dict[str, Any] = {name: request.values.get(name) or None for name in ("from", "unassigned")}
    return url_for("desk.field", **asked, done=done or None)
