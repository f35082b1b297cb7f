"""Questions about complaints: queues by nearest deadline, read in pages from a known row on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, cast

from sqlalchemy import Select, bindparam, func, literal, null, select, true, tuple_

from cps.complaints import presence, searching, views
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.conditions import IS_COUNTED
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.complaints.views import EVERYTHING, Day, Sieve, View
from cps.kernel.columns import words
from cps.kernel.db import db
from cps.people.models import Person

PAGE_LENGTH = 25  # what one screen of an office shows, and no more work than that
FIRST_WORDS = 160
_WALK = 4000  # reports looked at one by one before the index of words is asked


@dataclass(frozen=True, slots=True)
class Row:
    """What a queue shows of a complaint; `words` are the first ones, `handler` is a name, `viewers` are names.

    Of what a department is asked by others: the question's `id`, its words, since when, and by when it replies.
    """

    id: int
    complaint_id: int
    reference: str
    version: int
    status: Status
    category_id: int
    department_id: int
    area_id: int | None
    landmark: str
    words: str
    received_at: datetime
    reopened_at: datetime | None
    due_at: datetime
    acknowledge_by: datetime
    acknowledged_at: datetime | None
    seen_at: datetime | None
    accept_by: datetime | None
    came_from_id: int | None
    paused_since: datetime | None
    planned_from: date | None
    planned_until: date | None
    priority: str | None
    alarm: str | None
    set_aside: str | None
    joined: int
    closed_at: datetime | None
    handler: str | None
    viewers: str | None


@dataclass(frozen=True)
class Page:
    """A page of a queue, and where the next one begins (moment and id of the last row here)."""

    rows: Sequence[Row]
    next_after: tuple[datetime, int] | None


def queue(
    person: Person,
    view: View,
    *,
    day: Day,
    sieve: Sieve = EVERYTHING,
    after: tuple[datetime, int] | None = None,
    most: int | None = None,
) -> Page:
    """Return one page of this official's queue: what is due first comes first, or latest closed first."""
    most = most or PAGE_LENGTH
    patterns = sieve.sought.patterns if sieve.sought else ()
    if sieve.sought is not None and not patterns:
        return Page([], None)  # signs alone are in no text
    asked = _Asked(view, person.reads_city, after is not None, views.narrowed(sieve))
    bound = _bound(person, day, sieve, after, most)
    if not patterns:
        return _page(_rows(_statement(asked), bound), view, most)
    return _page(_rows(_with_words(asked, patterns), bound), view, most)


def of(numbers: Sequence[int]) -> list[Row]:
    """Return what a queue shows of these complaints, in their order."""
    found = {row.id: row for row in _rows(_columns().where(Complaint.id.in_(numbers)), {})}
    return [found[number] for number in numbers]


def waiting_question(complaint: Complaint) -> str | None:
    """Return the question the citizen has not answered yet."""
    if complaint.status is not Status.WAITING:
        return None
    return db.session.scalar(
        select(Event.note)
        .where(Event.complaint_id == complaint.id, Event.kind == EventKind.ASKED, IS_COUNTED)
        .order_by(Event.position.desc())
        .limit(1)
    )


@dataclass(frozen=True)
class _Asked:
    """What is asked of the database, but for the values: a view, by whom, from a row on, narrowed by which columns."""

    view: View
    is_city_wide: bool
    goes_on: bool
    narrowed: frozenset[str]

    @property
    def moment(self) -> Any:
        """The moment that the view is in order by."""
        return views.moment(self.view)

    @property
    def conditions(self) -> list[Any]:
        """What its rows fulfil."""
        found = [views.condition(self.view), *views.sifted(self.narrowed, self.view)]
        if not self.is_city_wide:
            found.append(views.concerns(self.view))
        if self.goes_on:
            key, place = tuple_(self.moment, Complaint.id), tuple_(bindparam("moment"), bindparam("number"))
            found.append(key < place if self.view is View.CLOSED else key > place)
        return found

    def ordered(self, query: Any, moment: Any, number: Any) -> Any:
        """Put a query in the order of the view."""
        if self.view is View.CLOSED:
            return query.order_by(moment.desc(), number.desc())
        return query.order_by(moment, number)


def _bound(
    person: Person, day: Day, sieve: Sieve, after: tuple[datetime, int] | None, most: int
) -> dict[str, Any]:
    moment, number = after or (None, None)
    return {
        "department": person.department_id,
        "person": person.id,
        "now": day.now,
        "day_ends": day.ends,
        "moment": moment,
        "number": number,
        "most": most + 1,
        **presence.bound(person, now=day.now),
        **views.values(sieve),
    }


def _rows(statement: Any, bound: Mapping[str, Any]) -> list[Row]:
    return [Row(*values) for values in db.session.execute(statement, bound)]


@lru_cache(maxsize=256)
def _statement(asked: _Asked) -> Select[Any]:
    """Write the question of a view once, with places for who asks, when, and from which row on."""
    if asked.view is View.ASKED:
        return _questions(asked)
    query = asked.ordered(_columns().where(*asked.conditions), asked.moment, Complaint.id)
    return cast("Select[Any]", query.limit(bindparam("most")))


def _with_words(asked: _Asked, patterns: tuple[str, ...]) -> Any:
    """Look for words two ways in one question, so that neither reads very much.

    So many of the first are looked at one by one: a common word is soon found. If that fills no page and there are
    more, the index of words is asked: a rare one has little to tell.
    """
    if asked.view is View.ASKED:
        return _questions(asked, searching.holds(Complaint.sought, patterns))
    walk = _walk(asked, Complaint.sought).subquery()
    soon = select(walk.c.id).where(searching.holds(walk.c.sought, patterns))
    soon = asked.ordered(soon, walk.c.moment, walk.c.id).limit(bindparam("most"))
    at_once = soon.cte("at_once").prefix_with("MATERIALIZED")
    rare = _by_index(asked, patterns, _is_less_than_a_page(at_once))
    kept = select(at_once.c.id).union_all(rare)
    found = asked.ordered(_columns().where(Complaint.id.in_(kept)), asked.moment, Complaint.id)
    return found.limit(bindparam("most"))


def _walk(asked: _Asked, *columns: Any) -> Any:
    query = select(Complaint.id, asked.moment.label("moment"), *columns).where(*asked.conditions)
    return asked.ordered(query, asked.moment, Complaint.id).limit(_WALK)


def _is_less_than_a_page(found: Any) -> Any:
    return select(func.count()).select_from(found).scalar_subquery() < bindparam("most")


def _by_index(asked: _Asked, patterns: tuple[str, ...], is_wanted: Any) -> Any:
    """Return the first that the index of words tells, or nothing where the walk has seen everything.

    Both conditions that stand alone are looked at first and once; where they fail nothing is read.
    """
    query = select(Complaint.id, asked.moment.label("moment"))
    goes_farther = (
        select(true()).select_from(_walk(asked).limit(1).offset(_WALK - 1).subquery()).scalar_subquery()
    )
    every = query.where(
        *asked.conditions, searching.holds(Complaint.sought, patterns), is_wanted, goes_farther
    )
    found = every.cte("every").prefix_with("MATERIALIZED")  # so that no other way seems cheaper
    first = asked.ordered(select(found.c.id), found.c.moment, found.c.id).limit(bindparam("most"))
    return select(first.subquery().c.id)


def _questions(asked: _Asked, *conditions: Any) -> Select[Any]:
    # Its clock is the reply's, and that runs whether or not the complaint waits for its citizen.
    columns = {
        "id": Subtask.id,
        "complaint_id": Complaint.id,
        "status": literal(Status.IN_PROGRESS, words(Status)).label("status"),
        "words": func.left(Subtask.question, FIRST_WORDS),
        "received_at": Subtask.asked_at,
        "reopened_at": null(),
        "due_at": Subtask.reply_by,
        "paused_since": null(),
    }
    query = _columns(**columns).join(Subtask, Subtask.complaint_id == Complaint.id)
    query = query.where(IS_ASKED, *views.sifted(asked.narrowed - {"on"}, asked.view), *conditions)
    if "on" in asked.narrowed:  # here the day is the reply's
        query = query.where(views.within(Subtask.reply_by, bindparam("on_begins"), bindparam("on_ends")))
    if not asked.is_city_wide:
        query = query.where(Subtask.department_id == bindparam("department"))
    if asked.goes_on:
        place = tuple_(bindparam("moment"), bindparam("number"))
        query = query.where(tuple_(Subtask.reply_by, Subtask.id) > place)
    return query.order_by(Subtask.reply_by, Subtask.id).limit(bindparam("most"))


def _columns(**others: Any) -> Select[Any]:
    # Plain values and only those that a row shows; what things are called the city in force knows.
    columns = {
        "id": Complaint.id,
        "complaint_id": Complaint.id,
        "reference": Complaint.reference,
        "version": Complaint.version,
        "status": Complaint.status,
        "category_id": Complaint.category_id,
        "department_id": Complaint.department_id,
        "area_id": Complaint.area_id,
        "landmark": Complaint.landmark,
        "words": func.left(Complaint.words, FIRST_WORDS),
        "received_at": Complaint.received_at,
        "reopened_at": Complaint.reopened_at,
        "due_at": Complaint.due_at,
        "acknowledge_by": Complaint.acknowledge_by,
        "acknowledged_at": Complaint.acknowledged_at,
        "seen_at": Complaint.seen_at,
        "accept_by": Complaint.accept_by,
        "came_from_id": Complaint.came_from_id,
        "paused_since": Complaint.paused_since,
        "planned_from": Complaint.planned_from,
        "planned_until": Complaint.planned_until,
        "priority": Complaint.priority,
        "alarm": Complaint.alarm,
        "set_aside": Complaint.set_aside,
        "joined": Complaint.joined,
        "closed_at": Complaint.closed_at,
        "handler": Person.name,
        "viewers": presence.names(),
    }
    return select(*(columns | others).values()).outerjoin(Person, Person.id == Complaint.assignee_id)


def _page(rows: Sequence[Row], view: View, most: int) -> Page:
    shown = rows[:most]
    if len(rows) <= most:
        return Page(shown, None)
    last = shown[-1]
    moment = getattr(last, views.moment(view).key)
    assert moment is not None
    return Page(shown, (moment, last.id))
