"""Counting: what the database counts at once is what a slow second opinion counts one by one."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cps.complaints import reopening
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.console.demonstration import generate
from cps.evaluate import queries
from cps.evaluate.measures import Share
from cps.evaluate.queries import By
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import MONDAY, a_complaint, later

LONG_AGO = MONDAY - timedelta(days=400)


@pytest.fixture
def lived_in(city):
    """A city of 1,500 reports, made up over a year."""
    generate(1500, seed=7, now=MONDAY)
    db.session.commit()
    return db.session.scalars(select(Complaint)).all()


@pytest.mark.parametrize("days", [30, 365])
def test_every_count_agrees_with_counting_one_by_one(lived_in, days):
    since = MONDAY - timedelta(days=days)

    counted = queries.counted(since, MONDAY)

    assert counted.total == _by_hand(lived_in, since, MONDAY)
    for by, number_of in _NUMBERS.items():
        groups = {number_of(c) for c in lived_in} - {None}
        by_hand = {n: _by_hand([c for c in lived_in if number_of(c) == n], since, MONDAY) for n in groups}
        assert dict(counted.groups[by]) == {n: tally for n, tally in by_hand.items() if tally != _NOTHING}


def test_what_was_withdrawn_counts_nowhere(city):
    a_complaint(Status.WITHDRAWN)

    assert queries.counted(LONG_AGO, later(days=1)).total == _NOTHING


def test_an_overdue_report_that_is_open_counts_as_not_in_time(city):
    a_complaint()

    counted = queries.counted(LONG_AGO, later(days=60)).total

    assert counted.in_time == Share(0, 1)
    assert counted.overdue == 1


def test_a_report_that_waits_for_its_citizen_is_neither_late_nor_in_time(city):
    a_complaint(Status.WAITING)

    counted = queries.counted(LONG_AGO, later(days=60)).total

    assert counted.in_time == Share(0, 0)
    assert (counted.open, counted.overdue) == (1, 0)


def test_a_reopened_report_counts_as_reopened_and_no_longer_as_answered(city):
    complaint = a_complaint(Status.RESOLVED)
    reopening.reopen(complaint, words="It is dark again.")
    a_complaint(Status.RESOLVED)
    db.session.commit()

    counted = queries.counted(LONG_AGO, later(days=1)).total

    assert (counted.answered, counted.reopened) == (1, Share(1, 2))


def test_within_30_days_is_asked_of_those_only_that_are_as_old(city):
    a_complaint(Status.RESOLVED)
    with clock.standing_at(later(days=20)):
        a_complaint()

    counted = queries.counted(LONG_AGO, later(days=40)).total

    assert counted.soon == Share(1, 1)


def test_bars_follow_the_days_of_the_city(city):
    with clock.standing_at(datetime.fromisoformat("2030-01-07T00:30+07:00")):  # still Sunday in UTC
        a_complaint()

    bars = queries.bars(LONG_AGO, later(days=1), unit="week", zone="Asia/Ho_Chi_Minh")

    assert [(bar.day.isoformat(), bar.received, bar.answered) for bar in bars] == [("2030-01-07", 1, 0)]


_NOTHING = queries.Tally()
_NUMBERS = {
    By.DEPARTMENT: lambda c: c.department_id,
    By.AREA: lambda c: c.area_id,
    By.CATEGORY: lambda c: c.category_id,
}
_REOPENED = select(Event.complaint_id).where(Event.kind == EventKind.REOPENED)


def _by_hand(complaints, since, until):
    reopened = set(db.session.scalars(_REOPENED))
    those = [c for c in complaints if c.status not in (Status.WITHDRAWN, Status.MERGED)]
    came = [c for c in those if since <= c.received_at < until]
    old = [c for c in came if until - c.received_at > timedelta(days=30)]
    due = [c for c in those if since <= c.due_at < until and (c.closed_at or not c.standing_since)]
    late = [c for c in those if c.status.is_open and not c.standing_since and c.due_at < until]
    days = Counter((_days(c, until), c.closed_at is not None) for c in came)
    return queries.Tally(
        received=len(came),
        answered=sum(_is_answered(c) for c in came),
        open=sum(c.status.is_open for c in those),
        overdue=len(late),
        in_time=Share(sum(c.closed_at is not None and c.closed_at <= c.due_at for c in due), len(due)),
        soon=Share(
            sum(_is_answered(c) and c.closed_at - c.received_at <= timedelta(days=30) for c in old), len(old)
        ),
        reopened=Share(
            sum(c.id in reopened for c in came), sum(_is_answered(c) or c.id in reopened for c in came)
        ),
        days=dict(days) if came else None,
    )


def _is_answered(complaint):
    return complaint.status in (Status.RESOLVED, Status.DECLINED)


def _days(complaint, until):
    return -(-((complaint.closed_at or until) - complaint.received_at) // timedelta(days=1))
