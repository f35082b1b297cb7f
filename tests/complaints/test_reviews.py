"""The second opinion: the second "not fixed" goes to the auditor, and not to who decided before."""

import pytest
from sqlalchemy import select

from cps.complaints import history, lifecycle, merging, queries, reopening, reviews
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.complaints.views import Day, View
from cps.kernel.db import db
from cps.kernel.errors import Refused
from cps.notify import tasks
from cps.notify.models import Message
from cps.people.models import Role
from tests.makers import MONDAY, a_complaint, an_official


def _again(bo):
    """A report that Bo resolved and Ana reopened twice."""
    complaint = a_complaint(Status.RESOLVED, by=bo)
    reopening.reopen(complaint, words="Still dark.")
    lifecycle.resolve(complaint, by=bo, result="Done again.")
    reopening.reopen(complaint, words="Still dark!")
    db.session.commit()
    return complaint


def _kinds(complaint):
    return [event.kind for event in history.of(complaint)]


def test_the_first_time_it_goes_back_to_its_department(city):
    complaint = a_complaint(Status.RESOLVED)

    reopening.reopen(complaint, words="Still dark.")

    assert EventKind.REVIEW_ASKED not in _kinds(complaint)


def test_the_second_time_it_stands_with_the_coordinators_to_decide(city):
    dee = an_official("Dee", department="pcc", role=Role.COORDINATOR)

    complaint = _again(an_official())

    assert _kinds(complaint)[-1] is EventKind.REVIEW_ASKED
    assert [row.id for row in queries.queue(dee, View.DISPUTED, day=Day(MONDAY, MONDAY)).rows] == [
        complaint.id
    ]
    assert reviews.is_last_dispute(history.of(complaint))


def test_officials_are_told_by_mail(city):
    dee = an_official("Dee", department="pcc", role=Role.COORDINATOR)
    complaint = _again(an_official())
    event = history.of(complaint)[-1]

    tasks.write([event.id])
    mails = db.session.scalars(select(Message).where(Message.event_id == event.id)).all()

    told = event.details["addresses"] or [dee.email]
    assert [mail.address for mail in mails] == told
    assert complaint.reference in mails[0].subject


def test_who_handled_it_before_cannot_again_and_somebody_else_can(city):
    bo, other = an_official(), an_official("Bea")
    complaint = _again(bo)

    for forbidden in (
        lambda: lifecycle.assign(complaint, to=bo, by=other),
        lambda: lifecycle.start(complaint, by=bo),
        lambda: lifecycle.resolve(complaint, by=bo, result="done"),
        lambda: lifecycle.decline(complaint, by=bo, reason="no", remedy="none"),
    ):
        with pytest.raises(Refused, match="handled this report before"):
            forbidden()
    lifecycle.assign(complaint, to=other, by=other)

    assert complaint.assignee is other


def test_leaving_another_report_is_no_objection(city):
    lead, own = a_complaint(), a_complaint(contact=None)
    for _ in range(2):
        merging.merge(own, into=lead)
        merging.part(own)

    assert EventKind.REVIEW_ASKED not in _kinds(own)
