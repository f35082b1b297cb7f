"""Joining: everybody is counted once, keeps the own number, hears of the result and can leave."""

import pytest
from sqlalchemy import func, select

from cps.complaints import history, joining, lifecycle, merging, reopening
from cps.complaints.attached import Joining
from cps.complaints.contacts import Reporter
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.kernel.errors import NotFound, Refused
from cps.notify import tasks
from cps.notify.models import Message
from tests.makers import a_complaint, a_key, an_official

BINH = Contact(email="binh@citizen.example")


def _merged(lead: Complaint, **changes) -> Complaint:
    own = a_complaint(**{"contact": BINH, "language": "en", **changes})
    merging.merge(own, into=lead)
    db.session.commit()
    return own


def _joined(lead: Complaint, contact: Contact = BINH, *, key=None) -> Joining:
    found = joining.join(lead, key=key or a_key(), contact=contact, language="en")
    db.session.commit()
    return found


def _kinds(complaint: Complaint) -> list[EventKind]:
    return [event.kind for event in history.of(complaint)]


def _told(complaint: Complaint) -> dict[str, Message]:
    """Write the letters of its latest event; return them by address."""
    event = history.of(complaint)[-1]
    tasks.write([event.id])
    found = db.session.scalars(select(Message).where(Message.event_id == event.id))
    return {message.address: message for message in found}


def test_a_report_that_joins_another_keeps_its_number_and_both_say_so(city):
    lead = a_complaint()

    own = _merged(lead)

    assert (own.status, own.lead_id) == (Status.MERGED, lead.id)
    assert own.closed_at is not None
    assert _kinds(own)[-1] is EventKind.MERGED
    assert _kinds(lead)[-1] is EventKind.JOINED
    assert lead.joined == 1


def test_the_same_form_twice_is_the_same_joining(city):
    lead, key = a_complaint(), a_key()

    first, again = _joined(lead, key=key), _joined(lead, key=key)

    assert first.id == again.id
    assert lead.joined == 1


def test_the_same_contact_is_the_same_person_however_often_it_joins(city):
    lead = a_complaint()

    _joined(lead)
    _joined(lead, Contact(email="Binh@Citizen.example"))
    _merged(lead)

    assert lead.joined == 1
    assert _kinds(lead).count(EventKind.JOINED) == 1


def test_the_reporter_is_not_counted_again_by_joining(city):
    lead = a_complaint(contact=BINH)

    _joined(lead)

    assert lead.joined == 0


def test_people_without_a_contact_are_people_too(city):
    lead = a_complaint()

    _merged(lead, contact=None)
    _merged(lead, contact=None)

    assert lead.joined == 2


def test_a_contact_stands_in_one_place_only(city):
    own = _merged(a_complaint())

    row = db.session.scalars(select(Joining).where(Joining.own_id == own.id)).one()

    assert (row.email, row.phone) == (None, None)
    assert db.session.get(Reporter, own.id).email == BINH.email


def test_who_merged_hears_of_the_result_with_the_own_number_link_and_language(city):
    lead = a_complaint(language="vi")
    own = _merged(lead)

    lifecycle.resolve(lead, by=an_official(), result="We changed the lamp.")
    letters = _told(lead)

    assert set(letters) == {"ana@citizen.example", BINH.email}
    letter = letters[BINH.email]
    assert letter.subject == f"Report {own.reference} resolved"
    assert "We changed the lamp." in letter.body
    assert letter.body.count("/track/") == 1
    assert "Đã xử lý" not in letter.body


def test_who_left_a_contact_hears_of_the_result_with_the_link_of_the_joining(city):
    lead = a_complaint()
    one = _joined(lead)

    lifecycle.resolve(lead, by=an_official(), result="We changed the lamp.")
    letter = _told(lead)[BINH.email]

    assert f"/joined/{joining.secret_for(one.key)}" in letter.body
    assert "/track/" not in letter.body


def test_joining_is_confirmed_to_who_joined_alone(city):
    lead = a_complaint()
    _joined(lead, Contact(email="early@citizen.example"))
    _joined(lead)

    letters = _told(lead)

    assert set(letters) == {BINH.email}
    assert lead.reference in letters[BINH.email].subject


def test_what_the_reporter_is_asked_is_not_asked_of_those_who_joined(city):
    lead = a_complaint()
    _joined(lead)

    lifecycle.ask(lead, by=an_official(), question="Which lamp is it?")

    assert set(_told(lead)) == {"ana@citizen.example"}


def test_a_reopened_lead_concerns_those_who_joined(city):
    lead, bo = a_complaint(), an_official()
    _joined(lead)
    lifecycle.resolve(lead, by=bo, result="done")

    reopening.reopen(lead, words="Still dark.")

    assert BINH.email in _told(lead)


def test_who_leaves_hears_no_more_and_is_forgotten(city):
    lead = a_complaint()
    one = _joined(lead)

    joining.leave(one)
    db.session.commit()

    assert lead.joined == 0
    assert _kinds(lead)[-1] is EventKind.LEFT
    assert db.session.scalar(select(func.count()).select_from(Joining)) == 0
    with pytest.raises(NotFound):
        joining.with_secret(joining.secret_for(one.key))


def test_a_merged_report_goes_on_by_itself_when_its_reporter_wants(city):
    lead = a_complaint()
    own = _merged(lead)
    due = own.due_at

    merging.part(own)
    db.session.commit()

    assert (own.status, own.lead_id, own.closed_at) == (Status.RECEIVED, None, None)
    assert own.due_at == due
    assert lead.joined == 0
    assert lead.status is Status.RECEIVED


def test_a_merged_report_can_join_again_after_it_left(city):
    lead = a_complaint()
    own = _merged(lead)
    merging.part(own)

    merging.merge(own, into=lead)
    db.session.commit()

    assert (own.status, lead.joined) == (Status.MERGED, 1)


def test_merging_twice_is_refused_and_changes_nothing(city):
    lead = a_complaint()
    own = _merged(lead)
    version = own.version

    with pytest.raises(Refused):
        merging.merge(own, into=lead)

    assert own.version == version


def test_a_report_that_others_joined_stays_by_itself_and_is_not_withdrawn(city):
    lead, other = a_complaint(), a_complaint()
    _joined(lead)

    with pytest.raises(Refused):
        merging.merge(lead, into=other)
    with pytest.raises(Refused):
        lifecycle.withdraw(lead)

    assert lead.status is Status.RECEIVED


def test_nobody_joins_what_has_ended_is_private_or_is_the_own(city):
    own = a_complaint()

    with pytest.raises(Refused):
        merging.merge(own, into=a_complaint(Status.RESOLVED))
    with pytest.raises(NotFound):
        merging.merge(own, into=a_complaint(category="staff-conduct"))
    with pytest.raises(NotFound):
        merging.merge(own, into=own)
    with pytest.raises(Refused):
        merging.merge(a_complaint(category="staff-conduct"), into=own)

    assert own.status is Status.RECEIVED


def test_a_joined_report_does_not_stop_the_hand_of_an_official_who_has_it_open(city):
    lead = a_complaint()
    version = lead.version

    _joined(lead)

    lifecycle.expect_version(lead, version)
    assert lead.version > version
