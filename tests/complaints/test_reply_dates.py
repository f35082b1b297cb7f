"""By when a reply is due: within the report's deadline, else within a fortnight; and anew when the calendar changes."""

from dataclasses import replace
from datetime import date, datetime

import pytest
from sqlalchemy import text

from cps.city import queries
from cps.city.calendar import Closure
from cps.complaints import history, lifecycle, pausing, recounting, recounting_replies, reply_dates, subtasks
from cps.complaints.kinds import EventKind
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from tests.makers import HANOI, a_complaint, a_subtask, an_official, later


def at(day, hour=17, minute=0):
    return datetime(2030, 1, day, hour, minute, tzinfo=HANOI)


def test_a_day_ends_when_the_office_closes(city):
    complaint = a_complaint()

    assert reply_dates.end_of(date(2030, 1, 8), complaint) == ReplyDate(at(8))


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2030, 1, 6), "past"),
        (date.min, "past"),
        (date(2030, 1, 11), "before the report"),
        (date.max, "before the report"),
    ],
)
def test_a_day_before_today_or_after_the_deadline_is_no_day_for_a_reply(city, day, words):
    with pytest.raises(Invalid, match=words) as refused:
        reply_dates.end_of(day, a_complaint())

    assert set(refused.value.faults) == {"reply_by"}


def test_a_day_without_office_is_no_day_for_a_reply(city):
    pothole = a_complaint(category="pothole")

    with pytest.raises(Invalid, match="closed on that day"):
        reply_dates.end_of(date(2030, 1, 12), pothole)  # a Saturday


def test_working_days_are_counted_with_the_calendar_of_the_city(city):
    friday = datetime(2030, 1, 11, 16, tzinfo=HANOI)

    assert reply_dates.after_working_days(1, since=friday) == ReplyDate(at(14), days=1)
    for count in (0, -1, 367):
        with pytest.raises(Invalid):
            reply_dates.after_working_days(count, since=friday)


def test_at_most_so_many_working_days_are_offered_as_fit_into_the_deadline(city):
    complaint = a_complaint()

    most = reply_dates.most_working_days(complaint, since=clock.now())

    assert most == 3
    assert reply_dates.after_working_days(most, since=clock.now()).moment <= complaint.due_at
    complaint.due_at = later(days=3)  # in the morning: its last evening is too late
    assert reply_dates.most_working_days(complaint, since=clock.now()) == 2
    complaint.due_at = later(hours=1)
    assert reply_dates.most_working_days(complaint, since=clock.now()) == 0


def test_after_the_deadline_a_reply_is_due_within_ten_working_days(city):
    complaint = a_complaint()
    complaint.due_at = later(hours=-1)

    room = reply_dates.room(complaint)

    assert (room.until, room.is_within) == (at(21), False)
    assert reply_dates.most_working_days(complaint, since=clock.now()) == 10
    assert reply_dates.faults(complaint, at(21)) == {}
    assert set(reply_dates.faults(complaint, at(21, 17, 1))) == {"reply_by"}
    with pytest.raises(Invalid, match="within 10 working days"):
        reply_dates.end_of(date(2030, 1, 22), complaint)


def test_a_reply_about_an_overdue_report_is_put_off_once_within_ten_working_days_more(city):
    bo, complaint = an_official(), a_complaint()
    complaint.due_at = later(hours=-1)
    subtask = a_subtask(complaint, by=bo)

    assert subtasks.may_be_extended(complaint, subtask)
    subtasks.extend(complaint, subtask, by=bo, reply_by=ReplyDate(at(21)), reason="The duct is under water.")

    assert subtask.reply_by == at(21)


@pytest.fixture
def storm_on(in_force):
    """Close the offices on days of January, beside those they are closed on anyway."""
    before = queries.in_force().profile.calendar

    def close(*days):
        closures = tuple(Closure(date(2030, 1, day), {"en": "Storm"}) for day in days)
        in_force(calendar=replace(before, closures=(*before.closures, *closures)))

    return close


def recount():
    after = 0
    while (after := recounting.recount_batch(after=after, why={"en": "Storm"})) is not None:
        pass
    after = 0
    while (after := recounting_replies.recount_batch(after=after, why={"en": "Storm"})) is not None:
        pass
    db.session.commit()


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        pytest.param({"days": 2, "reply_by": at(9)}, at(10), id="so many working days"),
        pytest.param({"reply_by": at(9)}, at(9), id="another day than the closed one"),
        pytest.param({"reply_by": at(8)}, at(9), id="the closed day itself"),
    ],
)
def test_a_closure_moves_the_reply_date_as_it_was_typed(city, storm_on, closed, expected):
    subtask = a_subtask(a_complaint(category="pothole"), by=an_official(), **closed)

    storm_on(8)
    recount()

    assert subtask.reply_by == expected


def test_the_history_says_old_and_new_date_and_why_once_and_only_to_officials(city, storm_on):
    complaint = a_complaint()
    subtask = a_subtask(complaint, by=an_official(), reply_by=at(8), days=1)

    storm_on(8)
    for _turn in range(2):
        recount()

    kinds = [event.kind for event in history.of(complaint)]
    assert kinds[-2:] == [EventKind.RECOUNTED, EventKind.REPLY_RECOUNTED]
    event = history.of(complaint)[-1]
    assert event.is_internal
    assert datetime.fromisoformat(event.details["old"]) == at(8)
    assert datetime.fromisoformat(event.details["new"]) == at(9) == subtask.reply_by
    assert event.details["why"] == {"en": "Storm"}


def test_a_closure_that_is_taken_back_gives_the_old_reply_date_again(city, storm_on):
    subtask = a_subtask(a_complaint(), by=an_official(), reply_by=at(8))

    storm_on(8)
    recount()
    storm_on()
    recount()

    assert subtask.reply_by == at(8)


def test_an_extension_is_counted_again_from_where_the_question_ends_now(city, storm_on):
    bo, complaint = an_official(), a_complaint(category="pothole")
    subtask = a_subtask(complaint, by=bo, reply_by=at(8), days=1)
    later_date = reply_dates.after_working_days(1, since=subtask.reply_by)
    subtasks.extend(complaint, subtask, by=bo, reply_by=later_date, reason="The duct is under water.")
    db.session.commit()

    storm_on(8)
    recount()

    assert subtask.reply_by == at(10)


def test_a_question_that_was_answered_before_says_nothing_about_the_one_that_is_open(city, storm_on):
    bo, complaint = an_official(), a_complaint(category="pothole")
    first = a_subtask(complaint, by=bo, reply_by=at(9), days=2)
    subtasks.reply(complaint, first, by=bo, words="It is ours.")
    second = a_subtask(complaint, by=bo, reply_by=at(8), days=1)

    storm_on(8)
    recount()

    assert (first.reply_by, second.reply_by) == (at(9), at(9))


def test_a_reply_stays_due_within_the_deadline_it_was_asked_for(city, storm_on):
    complaint = a_complaint()
    complaint.promise = "3 calendar days"  # closures do not move it
    complaint.due_at = at(10, 23, 59)
    subtask = a_subtask(complaint, by=an_official(), reply_by=at(10), days=3)

    storm_on(8)
    recount()

    assert subtask.reply_by == complaint.due_at == at(10, 23, 59)


@pytest.mark.parametrize("standing", ["waits", "is paused", "is overdue"])
def test_a_deadline_that_stands_or_is_over_does_not_limit_the_count(city, storm_on, standing):
    bo, complaint = an_official(), a_complaint(Status.IN_PROGRESS)
    complaint.promise = "3 calendar days"
    complaint.due_at = at(10, 23, 59)
    subtask = a_subtask(complaint, by=bo, reply_by=at(10), days=3)
    if standing == "waits":
        lifecycle.ask(complaint, by=bo, question="Which lamp?")
    elif standing == "is paused":
        pausing.pause(complaint, by=bo, cause="inspection", reason="We look at the pole.")
    db.session.commit()

    storm_on(8)
    with clock.standing_at(at(11, 8) if standing == "is overdue" else clock.now()):
        recount()

    assert subtask.reply_by == at(11)


def test_replies_are_counted_in_batches_after_the_reports(city, storm_on, monkeypatch):
    asked = [a_subtask(a_complaint(), by=an_official(), reply_by=at(8), days=1) for _ in range(5)]
    monkeypatch.setattr(recounting_replies, "_BATCH", 2)
    storm_on(8)

    after, batches = 0, 0
    while (after := recounting_replies.recount_batch(after=after, why={})) is not None:
        batches += 1

    assert batches == 3
    assert {subtask.reply_by for subtask in asked} == {at(9)}


def test_after_the_last_report_the_replies_are_asked_for(city):
    recounting.recount(after=0, why={})

    asked = text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'recount_replies'")
    assert db.session.scalar(asked) == 1


def test_what_nobody_owes_any_more_is_not_counted(city, storm_on):
    bo, complaint = an_official(), a_complaint()
    subtask = a_subtask(complaint, by=bo, reply_by=at(8), days=1)
    subtasks.withdraw(complaint, subtask, by=bo, reason="We found the plan.")
    db.session.commit()

    storm_on(8)
    recount()

    assert subtask.reply_by == at(8)
