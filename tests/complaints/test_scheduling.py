"""Planned days: told to citizens, within the deadline while that runs, and heard of once by the handler when they are over."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cps.complaints import (
    extending,
    handovers,
    history,
    joining,
    lifecycle,
    pausing,
    queries,
    reopening,
    scheduling,
    standing,
    views,
)
from cps.complaints.attached import Agenda
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Handover, Status
from cps.complaints.views import Day, Sieve, View
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.notify import letters, tasks
from cps.notify.models import Message
from tests.complaints.copies import copy_many
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_department, a_key, later
from tests.rounds import at, go_round

TUESDAY, WEDNESDAY, THURSDAY, FRIDAY = (date(2030, 1, day) for day in (8, 9, 10, 11))
NEXT_MONDAY = date(2030, 1, 14)


@pytest.fixture
def lamp(city, bo):
    """A lamp that Bo handles, due on Thursday."""
    return a_complaint(Status.ASSIGNED, by=bo)


def plan(complaint, by, first=WEDNESDAY, last=None, note=""):
    event = scheduling.plan(complaint, by=by, first=first, last=last or first, note=note)
    db.session.commit()
    return event


def faults(complaint, by, first, last=None, note=""):
    with pytest.raises(Invalid) as refusal:
        scheduling.plan(complaint, by=by, first=first, last=last or first, note=note)
    return {name: fault.msgid for name, fault in refusal.value.faults.items()}


def missed(complaint):
    db.session.expire_all()
    return [one for one in history.of(complaint) if one.kind is EventKind.PLAN_MISSED]


def test_a_planned_day_is_a_fact_beside_status_and_deadline(lamp, bo):
    before = lamp.status, lamp.due_at

    event = plan(lamp, bo, WEDNESDAY, THURSDAY, note="Keep the gate open.")

    assert lamp.planned == (WEDNESDAY, THURSDAY)
    assert (lamp.status, lamp.due_at) == before
    assert (event.kind, event.is_internal, event.note) == (EventKind.PLANNED, False, "Keep the gate open.")
    assert event.details == {"first": "2030-01-09", "last": "2030-01-10"}


def test_who_plans_has_taken_it_on(bo):
    new = a_complaint()

    plan(new, bo)

    assert new.status is Status.RECEIVED
    assert new.acknowledged_at == MONDAY


def test_another_day_takes_the_place_of_the_one_before_and_says_so(lamp, bo):
    plan(lamp, bo, TUESDAY)

    event = plan(lamp, bo, THURSDAY)

    assert lamp.planned == (THURSDAY, THURSDAY)
    assert (event.details["old_first"], event.details["old_last"]) == ("2030-01-08", "2030-01-08")


def test_a_day_is_taken_back_with_a_reason_that_the_citizen_reads(lamp, bo):
    plan(lamp, bo, TUESDAY, WEDNESDAY)
    before = lamp.status, lamp.due_at

    event = scheduling.unplan(lamp, by=bo, reason="A storm is coming.")

    assert lamp.planned is None
    assert (lamp.status, lamp.due_at) == before
    assert (event.kind, event.is_internal, event.note) == (EventKind.UNPLANNED, False, "A storm is coming.")
    assert event.details == {"old_first": "2030-01-08", "old_last": "2030-01-09"}


def test_without_a_reason_the_day_stays(lamp, bo):
    plan(lamp, bo, TUESDAY)

    with pytest.raises(Invalid) as refusal:
        scheduling.unplan(lamp, by=bo, reason=" ")

    assert "Write why" in refusal.value.faults["reason"].msgid
    assert lamp.planned == (TUESDAY, TUESDAY)


def test_only_a_day_that_is_planned_for_what_is_open_is_taken_back(lamp, bo):
    with pytest.raises(Refused, match="No day is planned"):
        scheduling.unplan(lamp, by=bo, reason="A storm.")
    plan(lamp, bo, TUESDAY)
    lifecycle.resolve(lamp, by=bo, result="Changed.")

    with pytest.raises(Refused, match="No day is planned"):
        scheduling.unplan(lamp, by=bo, reason="A storm.")


def test_a_day_that_was_taken_back_is_no_longer_missed_and_another_can_be_planned(lamp, bo):
    plan(lamp, bo, TUESDAY)
    scheduling.unplan(lamp, by=bo, reason="A storm.")
    db.session.commit()
    go_round(at(9, 9))
    assert missed(lamp) == []

    with clock.standing_at(at(9, 9)):
        event = plan(lamp, bo, THURSDAY)

    assert "old_first" not in event.details


def test_the_citizen_is_told_that_nobody_comes_that_day(lamp, bo):
    plan(lamp, bo, TUESDAY)
    event = scheduling.unplan(lamp, by=bo, reason="A storm is coming.")

    letter = letters.written("unplanned", event, language="en")

    assert letter.subject == f"Report {lamp.reference}: not on the planned day"
    assert "not be done on the planned day (Tuesday, 8 January 2030)" in letter.body
    assert "\n\nA storm is coming.\n\n" in letter.body


def test_who_reported_it_and_who_joined_it_hear_that_nobody_comes(lamp, bo):
    joining.join(lamp, key=a_key(), contact=Contact(email="eve@citizen.example"), language="en")
    plan(lamp, bo, TUESDAY)
    event = scheduling.unplan(lamp, by=bo, reason="A storm is coming.")
    db.session.commit()

    tasks.write([event.id])

    told = db.session.scalars(select(Message.address).order_by(Message.address)).all()
    assert [address.split("@")[0] for address in told] == ["ana", "eve"]


def test_the_same_day_is_planned_again_only_with_a_new_sentence(lamp, bo):
    plan(lamp, bo, TUESDAY)

    assert "already" in faults(lamp, bo, TUESDAY, note=" ")["first"]
    event = plan(lamp, bo, TUESDAY, note="In the morning.")

    assert "old_first" not in event.details


@pytest.mark.parametrize(
    ("first", "last", "field", "words"),
    [
        (date(2030, 1, 6), None, "first", "is over"),
        (WEDNESDAY, TUESDAY, "last", "before the first"),
        (TUESDAY, date(2030, 1, 22), "last", "at most"),
        (FRIDAY, None, "first", "Extend the deadline first"),
        (WEDNESDAY, FRIDAY, "last", "Extend the deadline first"),
    ],
)
def test_what_is_no_day_for_it_is_refused_with_a_sentence(lamp, bo, first, last, field, words):
    assert words in faults(lamp, bo, first, last)[field]
    assert lamp.planned is None


@pytest.mark.parametrize("day", [date(2030, 1, 7), THURSDAY])
def test_today_and_the_day_of_the_deadline_can_be_planned(lamp, bo, day):
    plan(lamp, bo, day)

    assert lamp.planned_until == day


def test_today_is_today_where_the_city_is(lamp, bo):
    with clock.standing_at(at(8, 0, 30)):  # in UTC it is Monday still
        assert "is over" in faults(lamp, bo, date(2030, 1, 7))["first"]


def test_a_deadline_that_was_extended_is_a_later_day_s_and_then_it_cannot_be_extended_again(lamp, bo):
    extending.extend(lamp, by=bo, count=1, reason="Rain.")

    plan(lamp, bo, FRIDAY)

    assert "cannot be extended again" in faults(lamp, bo, NEXT_MONDAY)["first"]


def test_what_is_overdue_is_planned_for_any_of_sixty_working_days(lamp, bo):
    with clock.standing_at(at(11, 9)):
        last = scheduling.latest_day(lamp)
        assert not scheduling.is_limited(lamp)
        assert "within" in faults(lamp, bo, last + timedelta(days=1))["first"]
        plan(lamp, bo, last)

    assert date(2030, 4, 1) < last < date(2030, 4, 30)  # twelve weeks, and the days of Tết


def test_a_deadline_that_stands_still_sets_no_limit(lamp, bo):
    pausing.pause(lamp, by=bo, cause="inspection", reason="We look.")

    plan(lamp, bo, NEXT_MONDAY)

    assert lamp.planned_from == NEXT_MONDAY


@pytest.mark.parametrize(
    "status", [status for status in Status if not status.is_open and status is not Status.MERGED]
)
def test_nothing_is_planned_for_what_is_closed(bo, status):
    closed = a_complaint(status, by=bo)

    with pytest.raises(lifecycle.ImpossibleMove):
        scheduling.plan(closed, by=bo, first=TUESDAY, last=TUESDAY)


def test_who_handled_it_before_it_came_to_the_auditor_does_not_plan_it(bo):
    lamp = a_complaint(Status.RESOLVED, by=bo)
    for _time in range(2):
        reopening.reopen(lamp, words="Still dark.")
        if lamp.handover is not Handover.DISPUTED:
            lifecycle.resolve(lamp, by=bo, result="Changed.")

    with pytest.raises(Refused, match="handled this report before"):
        scheduling.plan(lamp, by=bo, first=TUESDAY, last=TUESDAY)


def test_another_department_plans_anew(lamp, bo):
    plan(lamp, bo)

    handovers.transfer(lamp, to=a_department(DRAINAGE), by=bo, reason="Water.")

    assert lamp.planned is None


def test_another_round_plans_anew(lamp, bo):
    plan(lamp, bo)
    lifecycle.resolve(lamp, by=bo, result="Changed.")

    reopening.reopen(lamp, words="Still dark.")

    assert lamp.planned is None


def test_the_database_keeps_no_half_of_a_plan_and_none_backwards(lamp):
    for values in (
        "planned_from = '2030-01-09'",
        "planned_from = '2030-01-09', planned_until = '2030-01-08'",
    ):
        with pytest.raises(IntegrityError, match="planned_days"), db.session.begin_nested():
            db.session.execute(text(f"UPDATE complaint SET {values}"))


def test_how_it_stood_at_a_version_says_for_when_it_was_planned(lamp, bo):
    plan(lamp, bo, TUESDAY)
    version = lamp.version
    plan(lamp, bo, THURSDAY)
    scheduling.unplan(lamp, by=bo, reason="A storm.")
    plan(lamp, bo, WEDNESDAY)
    handovers.transfer(lamp, to=a_department(DRAINAGE), by=bo, reason="Water.")
    events = history.of(lamp)

    planned = [standing.at_version(lamp, events, one).planned for one in range(version - 1, lamp.version + 1)]

    days = [day and (day, day) for day in (None, TUESDAY, THURSDAY, None, WEDNESDAY, None)]
    assert planned == days
    assert standing.now(lamp).planned is None


# Letters


def test_the_citizen_is_told_the_day_with_its_weekday_and_the_sentence(lamp, bo):
    event = plan(lamp, bo, WEDNESDAY, note="Keep the gate open.")

    letter = letters.written("planned", event, language="en")

    assert "planned for Wednesday, 9 January 2030.\n\nKeep the gate open.\n\nTrack" in letter.body


def test_without_a_sentence_there_is_no_gap_for_one(lamp, bo):
    letter = letters.written("planned", plan(lamp, bo), language="en")

    assert "9 January 2030.\n\nTrack report" in letter.body


def test_a_changed_day_is_told_with_the_one_before(lamp, bo):
    plan(lamp, bo, TUESDAY)

    letter = letters.written("replanned", plan(lamp, bo, WEDNESDAY, THURSDAY), language="en")

    days = "Wednesday, 9 January 2030 – Thursday, 10 January 2030 (was Tuesday, 8 January 2030)"
    assert days in letter.body


def test_it_goes_to_who_reported_it_and_who_joined_it_each_time(lamp, bo):
    joining.join(lamp, key=a_key(), contact=Contact(email="eve@citizen.example"), language="en")
    first, second = plan(lamp, bo, TUESDAY), plan(lamp, bo, WEDNESDAY)

    tasks.write([first.id, second.id])

    order = Message.event_id, Message.address
    told = db.session.execute(select(Message.address, Message.subject).order_by(*order)).all()
    assert [(address.split("@")[0], subject.split(": ")[1]) for address, subject in told] == [
        ("ana", "dự kiến xử lý Thứ Ba, 08/01/2030"),
        ("eve", "planned for Tuesday, 8 January 2030"),
        ("ana", "đổi ngày xử lý sang Thứ Tư, 09/01/2030"),
        ("eve", "new day Wednesday, 9 January 2030"),
    ]


# The day is over


def test_the_handler_hears_once_when_the_offices_open_after_a_day_that_is_over(lamp, bo):
    extending.extend(lamp, by=bo, count=1, reason="Rain.")
    plan(lamp, bo, FRIDAY)

    for moment in (at(11, 17), at(13, 9), at(14, 7, 50)):
        go_round(moment)
    early = missed(lamp)
    for moment in (at(14, 8), at(14, 8, 5), at(15, 9)):
        go_round(moment)

    assert early == []
    [event] = missed(lamp)
    assert event.details["people"] == [bo.id]
    assert event.is_internal


def test_the_mail_says_for_when_it_was_planned(lamp, bo):
    plan(lamp, bo, TUESDAY)
    go_round(at(9, 8))
    [event] = missed(lamp)

    tasks.write([event.id])

    mail = db.session.scalars(select(Message).where(Message.event_id == event.id)).one()
    assert mail.address == bo.email
    assert "08/01/2030" in mail.body


def test_a_new_day_is_heard_of_again(lamp, bo):
    plan(lamp, bo, TUESDAY)
    go_round(at(9, 8))
    with clock.standing_at(at(9, 9)):
        plan(lamp, bo, WEDNESDAY)

    go_round(at(10, 8))

    assert [one.details["last"] for one in missed(lamp)] == ["2030-01-08", "2030-01-09"]


def test_it_is_heard_of_though_the_deadline_stands_still(lamp, bo):
    plan(lamp, bo, TUESDAY)
    pausing.pause(lamp, by=bo, cause="inspection", reason="We look.")
    db.session.commit()

    go_round(at(9, 8))

    assert len(missed(lamp)) == 1


def test_of_what_was_closed_in_time_nobody_hears(lamp, bo):
    plan(lamp, bo, TUESDAY)
    go_round(at(8, 12))
    with clock.standing_at(at(8, 15)):
        lifecycle.resolve(lamp, by=bo, result="Changed.")
        db.session.commit()

    go_round(at(9, 8))

    assert missed(lamp) == []
    assert db.session.get_one(Agenda, lamp.id).next_at is None  # nor is it looked at for ever


def test_after_a_long_outage_it_is_written_down_and_mailed_to_nobody(lamp, bo):
    plan(lamp, bo, TUESDAY)

    go_round(at(20, 9))

    [event] = missed(lamp)
    assert (event.details["people"], event.details["addresses"]) == ([], [])


def test_that_it_was_heard_of_stops_nobody_who_has_the_report_open(lamp, bo):
    plan(lamp, bo, TUESDAY)
    version = lamp.version
    go_round(at(9, 8))
    db.session.expire_all()

    lifecycle.expect_version(lamp, version)

    assert lamp.version > version


# Narrowing a queue


def found(person, view=View.OPEN, **asked):
    page = queries.queue(person, view, day=Day(clock.now(), later(hours=15)), sieve=Sieve(**asked))
    return {row.reference for row in page.rows}


def test_a_queue_is_narrowed_to_what_is_planned_for_a_day(bo):
    one, span, _other, done = (a_complaint(Status.ASSIGNED, by=bo) for _ in range(4))
    plan(one, bo, WEDNESDAY)
    plan(span, bo, TUESDAY, THURSDAY)
    plan(done, bo, WEDNESDAY)
    lifecycle.resolve(done, by=bo, result="Changed.")
    db.session.commit()

    assert found(bo, planned=WEDNESDAY) == {one.reference, span.reference}
    assert found(bo, planned=THURSDAY) == found(bo, planned=TUESDAY) == {span.reference}
    assert found(bo, planned=FRIDAY) == found(bo, View.CLOSED, planned=WEDNESDAY) == set()


def test_the_longest_plan_is_found_on_its_first_day(lamp, bo):
    with clock.standing_at(at(11, 9)):
        plan(lamp, bo, FRIDAY, FRIDAY + timedelta(days=13))

    assert found(bo, planned=FRIDAY) == {lamp.reference}


def test_a_queue_is_narrowed_to_what_is_over_and_not_done(bo):
    over, today, _unplanned = (a_complaint(Status.ASSIGNED, by=bo) for _ in range(3))
    plan(over, bo, TUESDAY)
    plan(today, bo, WEDNESDAY)

    assert found(bo, missed=WEDNESDAY) == {over.reference}


@pytest.mark.parametrize("asked", [{"planned": WEDNESDAY}, {"missed": WEDNESDAY}])
def test_it_is_read_from_an_index_of_what_is_planned(bo, asked):
    a_complaint()
    day = "CASE WHEN claimed.number % 50 = 0 THEN date '2030-01-01' + claimed.number::int % 20 END"
    copy_many(3000, planned_from=day, planned_until=day)

    names = views.narrowed(Sieve(**asked))
    query = select(Complaint.id).where(views.condition(View.OPEN), *views.sifted(names, View.OPEN))
    bound = views.values(Sieve(**asked))
    compiled = query.order_by(Complaint.due_at, Complaint.id).limit(26).compile(db.engine)
    rows = db.session.connection().exec_driver_sql("EXPLAIN " + str(compiled), {**compiled.params, **bound})
    said = "\n".join(row[0] for row in rows)

    assert "ix_complaint_planned" in said, said
