"""What nobody has opened for more than a working day: told once, to who leads, and counted in the morning's mail."""

from cps.city.queries import in_force
from cps.complaints import handovers, history, lifecycle, seeing
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import digests, tasks
from cps.notify.models import Message
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_department, an_official
from tests.rounds import at, go_round

# Reports come in on Monday, 7 January 2030, at 9: a working day later is Tuesday, when the offices close at 17.


def told_of(complaint):
    db.session.expire_all()
    return [event for event in history.of(complaint) if event.kind is EventKind.OVERLOOKED]


def test_what_nobody_opens_within_a_working_day_is_told_to_the_head_once(city):
    head = an_official("Head", role=Role.HEAD)
    complaint = a_complaint()

    go_round(at(8, 16, 55))
    early = told_of(complaint)
    for moment in (at(8, 17), at(8, 17, 5), at(9, 17, 5), at(20, 9)):
        go_round(moment)

    assert early == []
    (event,) = told_of(complaint)
    assert (event.at, event.is_internal, event.by) == (at(8, 17), True, None)
    assert event.details["people"] == [head.id]


def test_what_somebody_of_the_department_has_opened_is_not_told(city):
    bo = an_official("Bo")
    complaint = a_complaint()
    go_round(at(7, 10))

    with clock.standing_at(at(8, 16)):
        seeing.see(complaint, by=bo)
    go_round(at(8, 17))

    assert told_of(complaint) == []


def test_what_an_official_of_another_department_has_opened_is(city):
    stranger = an_official("Stranger", department=DRAINAGE)
    complaint = a_complaint()

    seeing.see(complaint, by=stranger)
    go_round(at(8, 17))

    assert len(told_of(complaint)) == 1


def test_a_weekend_is_no_working_day(city):
    with clock.standing_at(at(11, 10)):  # Friday
        complaint = a_complaint()

    go_round(at(14, 16, 55))
    early = told_of(complaint)
    go_round(at(14, 17))

    assert (early, len(told_of(complaint))) == ([], 1)


def test_who_gets_a_report_has_a_working_day_of_the_own_and_is_told_again(city):
    bo, head = an_official("Bo"), an_official("Head", role=Role.HEAD, department=DRAINAGE)
    complaint = a_complaint()
    go_round(at(8, 17))

    with clock.standing_at(at(9, 10)):
        handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="Yours.")
        db.session.commit()
    go_round(at(10, 16, 55))
    early = told_of(complaint)
    go_round(at(10, 17))

    assert len(early) == 1
    assert [event.details["people"] for event in told_of(complaint)] == [[], [head.id]]


def test_what_waits_for_its_citizen_or_stands_still_is_told_like_others(city):
    bo = an_official("Bo")
    complaint = a_complaint(Status.WAITING, by=bo)
    complaint.seen_at = None
    db.session.commit()

    go_round(at(8, 17))

    assert len(told_of(complaint)) == 1


def test_what_ended_unseen_is_not_told(city):
    complaint = a_complaint()
    go_round(at(7, 10))
    lifecycle.withdraw(complaint)
    db.session.commit()

    go_round(at(9, 9))

    assert told_of(complaint) == []


def test_a_head_gets_one_mail_a_day_however_many_lie_there(city):
    head = an_official("Head", role=Role.HEAD)
    others = an_official("Other head", role=Role.HEAD, department=DRAINAGE)
    first, second, third = a_complaint(), a_complaint(), a_complaint()
    elsewhere = a_complaint()
    elsewhere.department = a_department(DRAINAGE)
    with clock.standing_at(at(8, 9)):
        later = a_complaint()
    db.session.commit()

    go_round(at(8, 17))
    go_round(at(9, 17))

    told = [told_of(one)[0].details["people"] for one in (first, second, third)]
    assert sorted(told) == [[], [], [head.id]]
    assert told_of(elsewhere)[0].details["people"] == [others.id]
    assert told_of(later)[0].details["people"] == [head.id]  # another day


def test_where_departments_disagree_coordinators_see_to_it(city):
    coordinator = an_official("Coordinator", role=Role.COORDINATOR, department=None)
    an_official("Head", role=Role.HEAD)
    complaint = a_complaint()
    complaint.handover = Handover.DISPUTED
    db.session.commit()

    go_round(at(8, 17))

    assert told_of(complaint)[0].details["people"] == [coordinator.id]


def test_what_an_outage_left_behind_is_no_mail(city):
    an_official("Head", role=Role.HEAD)
    complaint = a_complaint()

    go_round(at(18, 9))

    (event,) = told_of(complaint)
    assert (event.details["people"], event.details["addresses"]) == ([], [])


def test_once_it_was_told_nothing_more_is_planned_of_it(city):
    complaint, calendar = a_complaint(), in_force().profile.calendar

    before = seeing.overlooked_at(complaint.received_at, history.turns(complaint), calendar)
    go_round(at(8, 17))

    assert before == at(8, 17)
    assert seeing.overlooked_at(complaint.received_at, history.turns(complaint), calendar) is None


def test_what_was_no_mail_keeps_no_other_from_being_one(city):
    head = an_official("Head", role=Role.HEAD)
    a_complaint()
    with clock.standing_at(at(17, 9)):  # Thursday
        fresh = a_complaint()

    go_round(at(18, 16))
    go_round(at(18, 17))

    assert told_of(fresh)[0].details["people"] == [head.id]


def test_the_mail_names_the_report_and_says_where_others_are(city):
    head = an_official("Head", role=Role.HEAD)
    head.language = "en"
    complaint = a_complaint()
    db.session.commit()
    go_round(at(8, 17))

    tasks.write([told_of(complaint)[0].id])

    (mail,) = db.session.query(Message).filter_by(address=head.email).all()
    assert mail.subject == f"Report {complaint.reference}: nobody has opened it"
    assert "more than a working day" in mail.body
    assert complaint.reference in mail.body


def test_the_morning_tells_heads_and_coordinators_how_many_nobody_has_opened(city):
    head = an_official("Head", role=Role.HEAD)
    coordinator = an_official("Coordinator", role=Role.COORDINATOR, department=None)
    bo = an_official("Bo")
    opened, _lies, _lies_too = a_complaint(), a_complaint(), a_complaint()
    for person in (head, coordinator, bo):
        person.language = "en"
    db.session.commit()
    go_round(at(8, 17))
    seeing.see(opened, by=bo)

    with clock.standing_at(at(9, 8)):
        digests.go_on()
        db.session.commit()

    said = "Opened by nobody for more than a working day: 2"
    bodies = {mail.address: mail.body for mail in db.session.query(Message).filter_by(event_id=None)}
    assert said in bodies[head.email]
    assert said in bodies[coordinator.email]
    assert said not in bodies[bo.email]
