"""Leave: who may enter which, what cannot be, that nobody is away twice, and who hears things meanwhile."""

from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from psycopg.errors import LockNotAvailable
from sqlalchemy import event, select, text
from sqlalchemy.exc import OperationalError

from cps.city import queries
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.people import leaves
from cps.people import queries as people
from cps.people.models import Leave, Person, Role
from tests.makers import DRAINAGE, MONDAY, an_official

TODAY = date(2030, 1, 7)
FRIDAY = date(2030, 1, 11)


def a_leave(person, *, first=TODAY, last=FRIDAY, cover=None, by=None):
    leave = leaves.plan(person, first=first, last=last, cover=cover, by=by or person)
    db.session.commit()
    return leave


def fault(field, person, **changes):
    """The sentence against a field of a leave that is refused."""
    with pytest.raises(Invalid) as refused:
        a_leave(person, **changes)
    db.session.rollback()
    assert list(refused.value.faults) == [field]
    return str(refused.value.faults[field])


def at(day):
    return clock.standing_at(MONDAY + (day - TODAY))


@pytest.fixture
def lan(city):
    return an_official("Lan")


@pytest.fixture
def minh(city):
    return an_official("Minh")


def test_a_leave_counts_on_its_days_and_on_no_other(lan, minh):
    first, last = TODAY + timedelta(days=2), FRIDAY
    a_leave(lan, first=first, last=last, cover=minh)

    found = {}
    for number in range(7):
        with at(TODAY + timedelta(days=number)):
            db.session.expire_all()
            found[number] = lan.away is not None

    assert found == {0: False, 1: False, 2: True, 3: True, 4: True, 5: False, 6: False}


def test_a_day_is_one_of_the_city(lan):
    a_leave(lan, first=TODAY, last=TODAY)

    with clock.standing_at(MONDAY.replace(hour=0, minute=10)):  # Sunday evening in Greenwich
        db.session.expire_all()
        early = lan.away
    with clock.standing_at(MONDAY.replace(hour=23, minute=50)):
        db.session.expire_all()
        late = lan.away

    assert early is not None
    assert late is early


def test_who_is_away_is_known_when_the_city_is_read_anew_meanwhile(lan):
    leave = a_leave(lan)
    db.session.expire_all()
    queries.forget()

    assert lan.away is leave


def test_it_is_kept_who_entered_it_and_when(lan):
    head = an_official("Head", role=Role.HEAD)

    leave = a_leave(lan, by=head)

    assert (leave.person, leave.set_by, leave.set_at) == (lan, head, MONDAY)
    assert lan.away is leave


@pytest.mark.parametrize(
    ("role", "department", "may"),
    [
        (Role.OFFICER, None, False),
        (Role.HEAD, None, True),
        (Role.HEAD, DRAINAGE, False),
        (Role.COORDINATOR, DRAINAGE, True),
        (Role.AUDITOR, None, False),
    ],
)
def test_who_may_enter_the_leave_of_another(lan, role, department, may):
    by = an_official("By", role=role, **({"department": department} if department else {}))

    assert leaves.may_enter(by, lan) is may
    if may:
        a_leave(lan, by=by)
    else:
        with pytest.raises(Refused, match="heads and coordinators"):
            a_leave(lan, by=by)
    assert (db.session.scalars(select(Leave)).first() is not None) is may


def test_auditors_are_not_away(city):
    auditor = an_official("Aud", role=Role.AUDITOR, department=None)

    with pytest.raises(Refused):
        a_leave(auditor)
    with pytest.raises(Refused):
        a_leave(auditor, by=an_official("Dee", role=Role.COORDINATOR))


def test_days_that_cannot_be_are_refused(lan):
    yesterday = TODAY - timedelta(days=1)

    assert "day is over" in fault("first", lan, first=yesterday)
    assert "before the first" in fault("last", lan, first=FRIDAY, last=TODAY)
    assert "one year" in fault("last", lan, last=TODAY + timedelta(days=366))
    a_leave(lan, last=TODAY + timedelta(days=365))


@pytest.mark.parametrize(
    ("first", "last", "overlaps"),
    [(7, 8, False), (7, 9, True), (10, 10, True), (7, 20, True), (12, 14, True), (13, 14, False)],
)
def test_nobody_is_away_twice_on_one_day(lan, first, last, overlaps):
    a_leave(lan, first=date(2030, 1, 9), last=date(2030, 1, 12))
    days = {"first": date(2030, 1, first), "last": date(2030, 1, last)}

    if overlaps:
        assert fault("first", lan, **days) == "Lan is away on some of these days already."
    else:
        assert a_leave(lan, **days).id


def test_who_cannot_stand_in_is_refused(lan, minh):
    a_leave(minh, first=FRIDAY, last=FRIDAY)
    gone = an_official("Gone", is_active=False)
    auditor = an_official("Aud", role=Role.AUDITOR)

    assert "for themselves" in fault("cover", lan, cover=lan)
    assert "Minh is away" in fault("cover", lan, cover=minh)
    for other in (an_official("Chi", department=DRAINAGE), gone, auditor):
        assert "same department" in fault("cover", lan, cover=other)
    a_leave(lan, last=date(2030, 1, 10), cover=minh)


def test_coordinators_stand_in_for_one_another(city):
    dee, eve = (an_official(name, role=Role.COORDINATOR, department=None) for name in ("Dee", "Eve"))

    a_leave(dee, cover=eve)

    assert leaves.hearing(people.coordinators()) == [eve]


def test_of_two_who_enter_it_at_once_one_is_refused(city, lan):
    number, outcomes, together = lan.id, [], Barrier(2, timeout=10)
    db.session.commit()

    def enter():
        with city.app_context(), clock.standing_at(MONDAY):
            person = db.session.get_one(Person, number)
            together.wait()
            try:
                a_leave(person)
                outcomes.append("entered")
            except Invalid:
                outcomes.append("refused")
            db.session.remove()

    entering = [Thread(target=enter) for _number in range(2)]
    for one in entering:
        one.start()
    for one in entering:
        one.join()

    assert sorted(outcomes) == ["entered", "refused"]
    assert len(db.session.scalars(select(Leave)).all()) == 1


def test_who_stands_in_is_held_too_so_that_neither_goes_away_meanwhile(lan, minh):
    with db.engine.connect() as other:
        other.execute(
            text("SELECT FROM person WHERE id = :number FOR NO KEY UPDATE"), {"number": minh.id}
        )  # as who enters a leave of theirs
        db.session.execute(text("SET LOCAL lock_timeout = '50ms'"))
        with pytest.raises(OperationalError) as waiting:
            leaves.plan(lan, first=TODAY, last=FRIDAY, cover=minh, by=lan)
        other.rollback()
    db.session.rollback()

    assert isinstance(waiting.value.orig, LockNotAvailable)
    assert db.session.scalars(select(Leave)).first() is None


def test_what_is_ended_counts_no_longer_and_is_kept(lan, minh):
    leave = a_leave(lan, cover=minh)
    head = an_official("Head", role=Role.HEAD)

    leaves.end(leaves.one_of(head, leave.id), by=head)
    leaves.end(leave, by=lan)  # sent twice
    db.session.commit()

    assert lan.away is None
    assert leaves.ahead(lan) == []
    assert (leave.ended_at, leave.ended_by_id) == (MONDAY, head.id)
    a_leave(lan)


def test_what_is_over_stays_as_it_was(lan):
    leave = a_leave(lan)

    with at(FRIDAY + timedelta(days=1)), pytest.raises(Refused, match="over already"):
        leaves.end(leave, by=lan)

    assert leave.ended_at is None


def test_who_may_not_end_it_finds_none(lan, minh):
    leave = a_leave(lan, cover=minh)

    for other in (minh, an_official("Chi", role=Role.HEAD, department=DRAINAGE)):
        with pytest.raises(NotFound):
            leaves.one_of(other, leave.id)
        with pytest.raises(NotFound):
            leaves.end(leave, by=other)
    with pytest.raises(NotFound):
        leaves.one_of(lan, leave.id + 1)
    assert leave.ended_at is None


def test_each_is_shown_the_leaves_that_concern_them(lan, minh):
    chi = an_official("Chi", department=DRAINAGE)
    theirs = a_leave(chi)
    own = a_leave(lan, cover=minh)
    other = a_leave(an_official("Other"), first=FRIDAY, last=FRIDAY)
    a_leave(an_official("Brief"), last=TODAY)
    heads = an_official("Head", role=Role.HEAD)
    dee = an_official("Dee", role=Role.COORDINATOR, department=None)

    with at(date(2030, 1, 8)):
        seen = {one.name: {leave.id for leave in leaves.ahead(one)} for one in (lan, minh, chi, heads, dee)}
        of_one = leaves.ahead(dee, department_id=chi.department_id)

    both = {own.id, other.id}
    assert seen == {
        "Lan": {own.id},
        "Minh": {own.id},
        "Chi": {theirs.id},
        "Head": both,
        "Dee": {*both, theirs.id},
    }
    assert [leave.id for leave in of_one] == [theirs.id]


def test_who_stands_in_hears_what_the_one_who_is_away_would(lan, minh):
    other = an_official("Other")
    a_leave(lan, cover=minh)

    assert leaves.hearing([lan, other]) == [minh, other]
    assert leaves.hearing([lan, minh]) == [minh]
    assert leaves.is_stood_in_for(lan, by=minh)
    assert not leaves.is_stood_in_for(lan, by=other)
    assert not leaves.is_stood_in_for(minh, by=lan)
    assert [leave.person for leave in leaves.stood_in_for(minh)] == [lan]


def test_nobody_stands_in_who_left_or_went_away_later(lan, minh):
    leave = a_leave(lan, cover=minh)
    away = a_leave(minh, last=TODAY)  # falls ill

    assert (leave.stand_in, leaves.hearing([lan, minh])) == (None, [])

    leaves.end(away, by=minh)
    minh.department_id = an_official("Chi", department=DRAINAGE).department_id
    db.session.commit()
    assert leave.stand_in is None
    assert leaves.stood_in_for(minh) == []

    minh.department_id = lan.department_id
    db.session.commit()
    assert leave.stand_in is minh

    minh.is_active = False
    db.session.commit()
    assert leave.stand_in is None


def test_colleagues_are_listed_with_who_is_away_by_one_question(lan, minh, request):
    a_leave(lan, cover=minh)
    asked = []
    number = lan.department_id
    db.session.expire_all()
    note = lambda _conn, _cursor, statement, *_rest: asked.append(statement)  # noqa: E731 - a listener to take away again
    event.listen(db.engine, "before_cursor_execute", note)
    request.addfinalizer(lambda: event.remove(db.engine, "before_cursor_execute", note))

    found = people.colleagues_in(number)
    told = {one.name: one.away.stand_in.name if one.away else None for one in found}

    assert told == {"Lan": "Minh", "Minh": None}
    assert len([one for one in asked if "FROM city" not in one]) == 1
