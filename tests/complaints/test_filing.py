"""Filing: one form, one complaint, with a number, a department and a date."""

import threading
from dataclasses import replace
from datetime import datetime

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from cps.complaints import filing, tracking
from cps.complaints.contacts import Reporter
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event, Submission
from cps.complaints.status import Status
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.references import canonical
from tests.makers import HANOI, MONDAY, a_report


def test_a_report_gets_a_number_a_department_an_area_and_a_date(city):
    complaint = filing.file(a_report()).complaint

    assert canonical(complaint.reference) == complaint.reference
    assert complaint.department.code == "hapulico"
    assert complaint.area is not None
    assert complaint.status is Status.RECEIVED
    assert complaint.due_at > MONDAY


def test_the_history_begins_with_the_receipt(city):
    complaint = filing.file(a_report()).complaint
    db.session.commit()

    events = db.session.scalars(select(Event).where(Event.complaint_id == complaint.id)).all()
    assert [(e.kind, e.position, e.at) for e in events] == [(EventKind.RECEIVED, 1, MONDAY)]


def test_the_same_form_again_is_the_same_complaint_and_nothing_runs_twice(city):
    report = a_report()
    first = filing.file(report)
    db.session.commit()

    second = filing.file(replace(report, words="changed meanwhile"))
    db.session.commit()

    assert first.is_new
    assert not second.is_new
    assert second.complaint.id == first.complaint.id
    assert second.complaint.words == report.words
    assert _count(Event) == _count(Complaint) == _count(Reporter) == _jobs("announce") == 1


def test_the_same_form_at_the_same_moment_is_filed_once(app: Flask):
    report, filed, gate = a_report(), [], threading.Barrier(6)

    def send() -> None:
        with app.app_context(), clock.standing_at(MONDAY):
            gate.wait(10)
            complaint = filing.file(report).complaint
            filed.append(complaint.reference)
            db.session.commit()

    threads = [threading.Thread(target=send) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)

    assert len(filed) == 6
    assert len(set(filed)) == 1
    with app.app_context():
        assert _count(Complaint) == _count(Event) == _jobs("announce") == 1


def test_a_refused_report_leaves_no_trace(city):
    with pytest.raises(Invalid):
        filing.file(a_report(category="no-such-thing"))
    db.session.rollback()

    assert _count(Submission) == _count(Complaint) == _jobs("announce") == 0


def test_every_fault_is_named_at_once(city):
    with pytest.raises(Invalid) as refusal:
        filing.file(a_report(category=None, point=None, landmark="", words="x" * 2001))

    assert set(refusal.value.faults) == {"category", "place", "words"}


@pytest.mark.parametrize(
    "place",
    [{"landmark": "đối diện chợ Hôm"}, {"area": "00004", "landmark": ""}],
    ids=["landmark only", "ward only"],
)
def test_no_point_is_needed_where_the_place_is_told_otherwise(city, place):
    complaint = filing.file(a_report(point=None, **place)).complaint

    assert complaint.point is None
    assert complaint.landmark == place["landmark"]


@pytest.mark.parametrize(
    "point",
    [Point(10.7769, 106.7009), Point(19.5, 107.5), Point(0.0, 0.0)],
    ids=["Ho Chi Minh City", "the sea", "null island"],
)
def test_a_point_outside_the_city_is_refused_with_whom_to_ask(city, point):
    with pytest.raises(Invalid) as refusal:
        filing.file(a_report(point=point))

    assert "outside" in str(refusal.value.faults["place"])


def test_a_ward_that_is_not_on_the_list_is_refused(city):
    with pytest.raises(Invalid) as refusal:
        filing.file(a_report(point=None, area="99999"))

    assert set(refusal.value.faults) == {"area"}


def test_a_matter_of_the_ward_goes_to_the_office_of_the_ward_it_lies_in(city):
    complaint = filing.file(a_report(category="sidewalk")).complaint

    assert complaint.area is not None
    assert complaint.department.code == f"ubnd-{complaint.area.code}"


def test_a_category_about_people_is_private(city):
    assert not filing.file(a_report(category="staff-conduct")).complaint.is_public
    assert filing.file(a_report()).complaint.is_public


def test_the_date_is_when_the_office_closes_on_the_last_working_day(city):
    complaint = filing.file(a_report(category="wires")).complaint

    assert complaint.due_at.astimezone(HANOI) == datetime(2030, 1, 8, 17, 0, tzinfo=HANOI)


def test_the_private_link_opens_the_complaint_and_is_stored_hashed(city):
    report = a_report()
    complaint = filing.file(report).complaint
    secret = tracking.secret_for(report.submission_key)
    db.session.commit()

    assert tracking.complaint_with(secret) is complaint
    row = str(db.session.execute(text("SELECT * FROM complaint")).mappings().one())
    assert secret not in row


def _count(model: type) -> int:
    return db.session.scalar(select(func.count()).select_from(model))


def _jobs(task: str) -> int:
    return db.session.scalar(
        text("SELECT count(*) FROM procrastinate_jobs WHERE task_name = :task").bindparams(task=task)
    )
