"""A clock that is wrong, is put right in the middle of things, or stands on a leap day: nothing takes less than no time."""

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace

import pytest
from sqlalchemy import func, literal_column, select, text

from cps.city import queries as city_queries
from cps.complaints import history, lifecycle, reminding, reopening
from cps.complaints.models import Complaint
from cps.evaluate import publishing
from cps.evaluate.models import Statistic
from cps.kernel import clock, jobs, replica
from cps.kernel.db import READS, db
from cps.kernel.errors import Refused
from cps.notify import digests, recurring, tasks
from cps.people.models import Role
from tests.citizen.acts import open_link, send
from tests.makers import HANOI, MONDAY, a_complaint, an_official
from tests.pageclient import text_of

_WRONG = {
    "an hour ahead": timedelta(hours=1),
    "an hour behind": timedelta(hours=-1),
    "a year ahead": timedelta(days=365),
    "a year behind": timedelta(days=-365),
}
_NEGATIVE = re.compile(r"(?<![\w-])[-−–]\s?\d+\s?(second|minute|hour|day|working|%)")
_JOBS = text("procrastinate_jobs")
_SCHEDULED_AT = literal_column("scheduled_at")
_A_MOMENT = timedelta(seconds=30)


class _Machine:
    """The clock of this machine, which anybody can put wrong."""

    def __init__(self) -> None:
        self.off = timedelta(0)

    def now(self, zone=None) -> datetime:
        return datetime.now(zone) + self.off


@pytest.fixture
def machine(city, monkeypatch) -> Iterator[_Machine]:
    """This machine without anybody who holds its clock, at a city that it has heard nothing from yet."""
    machine = _Machine()
    monkeypatch.setattr(clock, "datetime", machine)
    monkeypatch.setattr(clock, "_told", [])
    token = clock._standing_at.set(None)
    city_queries.forget()
    yield machine
    clock._standing_at.reset(token)
    city_queries.forget()


@pytest.mark.parametrize("off", _WRONG.values(), ids=_WRONG)
def test_a_machine_with_a_wrong_clock_dates_what_it_takes_as_the_database_does(machine, client, off):
    machine.off = off
    send(client)
    machine.off = -off  # put right, and too far, while it runs
    send(client)

    received = db.session.scalars(select(Complaint.received_at).order_by(Complaint.id)).all()
    at = db.session.scalar(select(func.clock_timestamp()))
    assert received == sorted(received)
    assert all(abs(at - moment) < _A_MOMENT for moment in received)
    assert len(set(db.session.scalars(select(Complaint.reference)))) == 2


def test_work_for_later_is_due_by_the_clock_of_the_database(machine):
    city_queries.in_force()
    machine.off = timedelta(days=365)
    jobs.defer("sweep_blobs", within=timedelta(minutes=5), blobs=[])
    machine.off = timedelta(days=-365)
    decision = jobs.PATIENTLY.get_retry_decision(exception=ValueError(), job=SimpleNamespace(attempts=0))

    due = db.session.scalar(select(func.min(_SCHEDULED_AT)).select_from(_JOBS))
    now = db.session.scalar(select(func.clock_timestamp()))
    assert abs(due - now - timedelta(minutes=5)) < _A_MOMENT
    assert abs(decision.retry_at - now) < _A_MOMENT


def test_time_does_not_go_to_and_fro_between_two_looks_at_the_database(machine):
    city_queries.in_force()
    before = clock.now()
    clock.tell(before - timedelta(milliseconds=400))

    assert clock.now() >= before


def test_a_database_whose_clock_was_put_right_is_believed(machine):
    city_queries.in_force()
    before = clock.now()
    clock.tell(before - timedelta(hours=1))

    assert abs(before - timedelta(hours=1) - clock.now()) < _A_MOMENT


@pytest.mark.parametrize("off", _WRONG.values(), ids=_WRONG)
def test_where_all_clocks_were_wrong_no_page_and_no_figure_tells_of_negative_times(
    city, signed_in, client, off
):
    head = an_official("Hue", role=Role.HEAD)
    browser = signed_in(head)
    complaint = a_complaint()
    with clock.standing_at(MONDAY + off):
        lifecycle.assign(complaint, to=head, by=head)
        lifecycle.start(complaint, by=head)
        lifecycle.ask(complaint, by=head, question="Which lamp?")
    with clock.standing_at(MONDAY + timedelta(hours=2)):
        lifecycle.answer(complaint, words="This.")
    with clock.standing_at(MONDAY + off):
        lifecycle.resolve(complaint, by=head, result="Done.")
    with clock.standing_at(MONDAY + timedelta(hours=3)), suppress(Refused):
        reopening.reopen(complaint, words="No.")
    db.session.commit()
    for moment in (MONDAY + off, MONDAY + timedelta(hours=4)):
        with clock.standing_at(moment):
            reminding.go_round()
            publishing.count_all()
            db.session.commit()

    assert complaint.due_at > complaint.received_at
    assert [event.position for event in history.of(complaint)] == list(range(1, complaint.version + 1))
    open_link(client, complaint)
    pages = [client.page(f"/my/{complaint.reference}"), client.page("/statistics")]
    pages += [
        browser.page(path) for path in (f"/desk/complaints/{complaint.reference}", "/desk", "/desk/overview")
    ]
    assert [found[0] for page in pages if (found := _NEGATIVE.search(text_of(page)))] == []
    assert not re.search(r": -\d", str(db.session.scalars(select(Statistic.figures)).all()))


def test_the_day_that_most_years_do_not_have_is_a_day_like_others(city, signed_in, client):
    head = an_official("Hue", role=Role.HEAD)
    with clock.standing_at(datetime(2032, 2, 29, 10, 0, tzinfo=HANOI)):
        browser = signed_in(head)
        complaint = a_complaint(by=head)
        open_link(client, complaint)
        for work in (reminding.go_round, publishing.count_all, digests.go_on, recurring.go_on):
            work()
        tasks.write([history.of(complaint)[0].id])
        db.session.commit()
        for path in ("/", "/reports", "/reports.atom", "/statistics", f"/my/{complaint.reference}"):
            assert client.get(path).status_code == 200, path
        for path in ("/desk", "/desk/overview", f"/desk/complaints/{complaint.reference}"):
            assert browser.get(path).status_code == 200, path
    with clock.standing_at(datetime(2033, 2, 28, 10, 0, tzinfo=HANOI)):
        assert client.get("/statistics").status_code == 200


@pytest.mark.parametrize("off", _WRONG.values(), ids=_WRONG)
def test_a_session_is_good_or_over_and_never_an_error(bo, signed_in, monkeypatch, off):
    browser = signed_in(bo)
    began = datetime.now(UTC).timestamp()
    monkeypatch.setattr("itsdangerous.timed.time", SimpleNamespace(time=lambda: began + off.total_seconds()))

    there = browser.get("/desk")
    again = browser.get("/desk/sign-in")

    assert there.status_code in (200, 302, 303)
    assert again.status_code in (200, 303)


def test_a_replica_does_not_say_what_time_it_is(machine):
    db.session().info[READS] = db.engine
    city_queries.in_force()
    told_by_replica = list(clock._told)
    replica.stop_reading()
    city_queries.forget()
    city_queries.in_force()

    assert told_by_replica == []
    assert len(clock._told) == 1
