"""The private link and the page it opens: for who holds it, and nobody else."""

import logging
from datetime import timedelta

import pytest
from sqlalchemy import select

from cps.complaints import handovers, lifecycle, pausing, priorities, reopening, tracking
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person, Role
from tests.citizen.acts import link_of, open_link, send
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_department, an_official, later
from tests.pageclient import text_of
from tests.rounds import OBJECTION

NOWHERE = "/my/0000-0000"


def test_the_link_gives_a_cookie_for_this_report_alone_and_leaves_the_address(city, ana):
    complaint = a_complaint()

    answer = ana.get(link_of(complaint))

    cookie = answer.headers["Set-Cookie"]
    assert (answer.status_code, answer.location) == (303, f"/my/{complaint.reference}")
    assert f"Path=/my/{complaint.reference}" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Max-Age=31536000" in cookie
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["Referrer-Policy"] == "no-referrer"
    assert answer.headers["X-Robots-Tag"] == "noindex"


def test_over_https_the_cookie_stays_there(city, ana):
    answer = ana.get(link_of(a_complaint()), base_url="https://localhost")

    assert "Secure" in answer.headers["Set-Cookie"]


def test_the_page_is_for_who_holds_the_link(city, ana):
    complaint = a_complaint()

    before = ana.get(f"/my/{complaint.reference}")
    open_link(ana, complaint)
    after = ana.get(f"/my/{complaint.reference}")

    assert (before.status_code, after.status_code) == (404, 200)
    assert after.headers["Cache-Control"] == "no-store"
    assert after.headers["X-Robots-Tag"] == "noindex"


def test_without_the_link_a_report_that_is_there_looks_like_one_that_is_not(city, ana):
    complaint = a_complaint()

    there, not_there = ana.get(f"/my/{complaint.reference}"), ana.get(NOWHERE)

    assert there.status_code == not_there.status_code == 404
    assert there.text.replace(complaint.reference, "0000-0000") == not_there.text


def test_one_reports_secret_does_not_open_another(city, ana):
    mine, other = a_complaint(), a_complaint()
    ana.set_cookie("track", tracking.secret_for(mine.submission_key), path=f"/my/{other.reference}")

    assert ana.get(f"/my/{other.reference}").status_code == 404


@pytest.mark.parametrize("secret", ["nonsense", "x" * 5000, "%00", "%E2%80%AE", "AAAAAAAAAAAAAAAAAAAAAA"])
def test_a_wrong_link_is_told_so(city, ana, secret):
    answer = ana.get(f"/track/{secret}")

    assert answer.status_code == 404
    assert "This link does not open a report" in text_of(answer)


def test_guessing_links_ends_after_thirty_and_real_links_do_not_count(city, ana):
    complaint = a_complaint()

    opened = [ana.get(link_of(complaint)).status_code for _ in range(40)]
    guessed = [ana.get("/track/guess").status_code for _ in range(31)]

    assert set(opened) == {303}
    assert guessed == [404] * 30 + [429]


def test_no_secret_gets_into_the_log(city, ana, caplog):
    with caplog.at_level(logging.DEBUG):
        answer = send(ana)
        ana.get(answer.location)

    complaint = db.session.scalars(select(Complaint)).one()
    assert tracking.secret_for(complaint.submission_key) not in caplog.text


def test_the_confirmation_is_shown_once_and_the_link_stays(city, ana):
    complaint = a_complaint()

    first = ana.page(ana.get(f"{link_of(complaint)}?new=1").location)
    later_on = ana.page(f"/my/{complaint.reference}")

    assert first.select_one(".confirmation")
    assert not later_on.select_one(".confirmation")
    assert link_of(complaint) in text_of(later_on.select_one(".link"))


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (Status.RECEIVED, "will answer by 10 January 2030"),
        (Status.ASSIGNED, "will answer by 10 January 2030"),
        (Status.IN_PROGRESS, "is working on it. Promised date: 10 January 2030"),
        (Status.WAITING, "has a question. Please answer by 12 January 2030"),
        (Status.RESOLVED, "We changed the lamp."),
        (Status.DECLINED, "Ask the owner of the house."),
        (Status.WITHDRAWN, "This report was withdrawn."),
    ],
)
def test_the_page_says_in_plain_words_how_it_stands(city, ana, status, said):
    complaint = a_complaint(status)
    open_link(ana, complaint)

    page = ana.page(f"/my/{complaint.reference}")

    assert said in text_of(page.select_one(".standing"))


def test_the_steps_carry_their_dates(city, ana):
    complaint = a_complaint()
    bo = an_official()
    with clock.standing_at(later(days=1)):
        lifecycle.assign(complaint, to=bo, by=bo)
    db.session.commit()
    open_link(ana, complaint)

    steps = ana.page(f"/my/{complaint.reference}").select(".step")

    assert [text_of(step) for step in steps] == [
        "Received 7 January 2030",
        "Assigned 8 January 2030",
        "In progress",
        "Resolved",
        "Confirmed",
    ]
    assert steps[1]["aria-current"] == "step"


def test_a_closed_report_shows_only_the_steps_it_took(city, ana):
    complaint = a_complaint(Status.DECLINED)
    open_link(ana, complaint)

    steps = ana.page(f"/my/{complaint.reference}").select(".step")

    assert [text_of(step) for step in steps] == ["Received 7 January 2030", "Declined 7 January 2030"]


@pytest.mark.parametrize("address", ["/my", "/complaints"])
def test_a_refusal_says_until_when_and_how_to_object_and_then_no_more(city, ana, clocks, address):
    clocks(objection=OBJECTION)
    complaint = a_complaint(Status.DECLINED)
    open_link(ana, complaint)

    at_once = ana.page(f"{address}/{complaint.reference}")
    with clock.standing_at(later(days=61)):
        open_link(ana, complaint)
        too_late = ana.page(f"{address}/{complaint.reference}")

    assert text_of(at_once.select_one(".objection")) == (
        "If you disagree, you can object until 8 March 2030. The city decides within 10 working days. "
        "Write to the department that answered."
    )
    assert not too_late.select_one(".objection")


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.WITHDRAWN, Status.IN_PROGRESS])
def test_what_was_not_refused_is_not_objected_to(city, ana, clocks, status):
    clocks(objection=OBJECTION)
    complaint = a_complaint(status)
    open_link(ana, complaint)

    page = ana.page(f"/my/{complaint.reference}")

    assert not page.select_one(".objection")


def test_after_it_is_sent_back_the_steps_are_taken_again(city, ana):
    complaint = a_complaint(Status.RESOLVED)
    with clock.standing_at(later(days=1)):
        reopening.reopen(complaint, words="Still dark.")
    db.session.commit()
    open_link(ana, complaint)

    steps = ana.page(f"/my/{complaint.reference}").select(".step")

    assert [text_of(step) for step in steps] == [
        "Received 7 January 2030",
        "Assigned",
        "In progress",
        "Resolved",
        "Confirmed",
    ]


def test_a_transfer_is_told_with_its_reason_and_the_new_department(city, ana):
    complaint = a_complaint()
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official(), reason="It is their pump.")
    db.session.commit()
    open_link(ana, complaint)

    standing = text_of(ana.page(f"/my/{complaint.reference}").select_one(".standing"))

    assert "No need to report again" in standing
    assert "It is their pump." in standing


def test_a_return_is_told_and_what_nobody_gives_way_on_is_being_decided(city, ana):
    complaint, bo, chi = a_complaint(), an_official(), an_official("Chi", department=DRAINAGE)
    open_link(ana, complaint)
    told = []
    for _turn in range(2):
        handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is their pump.")
        handovers.give_back(complaint, by=chi, reason="We have no pump there.")
        db.session.commit()
        told.append(text_of(ana.page(f"/my/{complaint.reference}").select_one(".standing")))

    assert "This report is back with Hanoi Street Lighting (Hapulico). No need to report again." in told[0]
    assert "We are deciding which department handles this report." in told[1]
    assert all("We have no pump there." in words for words in told)


def test_a_body_outside_the_city_is_named_as_such(city, ana):
    complaint, outside = a_complaint(), a_department("evnhanoi")
    outside.is_outside = True
    handovers.transfer(complaint, to=outside, by=an_official(), reason="It is their cable.")
    outside.is_outside = False
    db.session.commit()
    open_link(ana, complaint)

    standing = text_of(ana.page(f"/my/{complaint.reference}").select_one(".standing"))

    assert "Hanoi Power (EVNHANOI), which is not part of the city government" in standing


@pytest.mark.parametrize(
    ("cause", "words"),
    [
        ("inspection", "Hanoi Street Lighting (Hapulico) is inspecting the place."),
        ("other_body", "Hanoi Street Lighting (Hapulico) is waiting for another office."),
        ("system", "Our system does not work as it should."),
    ],
)
def test_a_pause_is_told_with_its_reason_and_its_longest_end(city, ana, cause, words):
    complaint = a_complaint(Status.IN_PROGRESS)
    dee = an_official("Dee", department="pcc", role=Role.COORDINATOR)
    pausing.pause(complaint, by=dee, cause=cause, reason="We look at the pole.")
    db.session.commit()
    open_link(ana, complaint)

    with clock.standing_at(later(days=4)):
        standing = text_of(ana.page(f"/my/{complaint.reference}").select_one(".standing"))

    assert words in standing
    assert "The deadline stands still until" in standing
    assert "We look at the pole." in standing
    assert "paused 4 days" in standing or "paused 5 days" in standing or "paused 3 days" in standing
    assert "We are late" not in standing


def test_a_priority_is_told_with_the_new_date(city, ana):
    complaint = a_complaint()
    priorities.prioritise(complaint, to="urgent", by=an_official(), reason="Children walk here.")
    db.session.commit()
    open_link(ana, complaint)

    page = text_of(ana.page(f"/my/{complaint.reference}"))

    assert "Priority: Urgent. New date: 7 January 2030 (was 10 January 2030). Reason:" in page
    assert "How the date was counted: 4 working hours." in page


def test_what_is_late_says_so_and_is_sorry(city, ana):
    complaint = a_complaint()
    open_link(ana, complaint)

    with clock.standing_at(complaint.due_at + timedelta(minutes=1)):
        late = text_of(ana.page(f"/my/{complaint.reference}"))
    with clock.standing_at(complaint.due_at):
        not_yet = text_of(ana.page(f"/my/{complaint.reference}"))

    assert "We are late. The answer was due on 10 January 2030. We are sorry." in late
    assert "will answer by" not in late
    assert "We are late" not in not_yet


def test_what_waits_for_the_citizen_is_not_late(city, ana):
    complaint = a_complaint(Status.WAITING)
    open_link(ana, complaint)

    with clock.standing_at(MONDAY + timedelta(days=30)):
        page = text_of(ana.page(f"/my/{complaint.reference}"))

    assert "We are late" not in page


def test_notes_and_names_of_officials_stay_inside(city, ana):
    bo = an_official("Bobinsky")
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    lifecycle.note(complaint, by=bo, words="He calls every day.")
    db.session.commit()
    open_link(ana, complaint)

    page = ana.get(f"/my/{complaint.reference}").text

    assert "He calls every day." not in page
    assert db.session.get(Person, bo.id).name not in page


@pytest.mark.parametrize(
    ("category", "said"),
    [("pothole", "See what everybody can see"), ("noise", "Only you and the city see this report.")],
)
def test_the_reporter_is_told_who_else_sees_the_report(city, ana, category, said):
    complaint = a_complaint(category=category)
    open_link(ana, complaint)

    page = ana.page(f"/my/{complaint.reference}")

    assert said in text_of(page)
    assert bool(page.select(f"a[href='/complaints/{complaint.reference}']")) == (category == "pothole")
