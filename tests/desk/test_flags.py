"""Marked as abusive: told to the head and the auditor, disputed by its reporter, judged by another, and a limit that ends."""

from datetime import timedelta

import pytest

from cps.city.abuse import Abuse
from cps.city.queries import in_force
from cps.complaints import additions, filing, flags, history, lifecycle, quarantine, window
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.notify import tasks
from cps.notify.models import Message
from cps.people.models import Role
from tests.citizen.acts import open_link, send
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_report, an_official, later
from tests.pageclient import soup_of, text_of
from tests.rounds import AUDITOR

DAY = timedelta(days=1)
ANA, PHONE = Contact(email="ana@citizen.example"), Contact(phone="0912345678")


@pytest.fixture
def eve(city):
    return an_official("Eve", role=Role.HEAD)


def now(complaint):
    db.session.rollback()
    return db.session.get(Complaint, complaint.id, populate_existing=True)


def flagged(by, count=1, **changes):
    found = [a_complaint(**changes) for _number in range(count)]
    for complaint in found:
        flags.flag(complaint, by=by, reason="Threatens the clerk.")
    db.session.commit()
    return found


def mails(*events):
    tasks.write([event.id for event in events])
    db.session.commit()
    return {
        message.address: message
        for message in db.session.query(Message)
        if "@hanoi" in message.address or message.address == AUDITOR
    }


def test_an_official_marks_a_report_and_it_is_handled_as_ever(bo, signed_in):
    complaint, browser = a_complaint(), signed_in(bo)
    before = (complaint.status, complaint.due_at, complaint.is_public)

    answer = browser.submit(browser.page(screen_of(complaint)), "/flags", reason="Threatens the clerk.")
    page = browser.page(screen_of(complaint))

    assert answer.status_code == 303
    assert now(complaint).flagged_at == MONDAY
    assert (complaint.status, complaint.due_at, complaint.is_public) == before
    assert "Abusive towards staff" in text_of(page.select_one(".complaint-head"))
    assert "Marked as abusive towards staff" in text_of(page.select_one(".event-flagged"))
    assert "Threatens the clerk." in text_of(page.select_one(".event-flagged"))
    assert not page.select("#flags")
    assert "resolutions" in {form["action"].rsplit("/", 1)[1] for form in page.select("main form")}


def test_the_head_and_the_auditor_are_told_by_mail(bo, eve, clocks):
    (complaint,) = flagged(bo)

    told = mails(history.of(complaint)[-1])

    assert set(told) == {eve.email, AUDITOR}
    assert (
        f"Report {complaint.reference} is marked as abusive" in told[AUDITOR].subject
        or told[AUDITOR].language == "vi"
    )
    assert "Threatens the clerk." not in told[eve.email].body


@pytest.mark.parametrize(
    ("noun", "said"), [("flags", "Write what is abusive in it."), ("flags/end", "Write why the mark goes.")]
)
def test_it_needs_a_reason(bo, eve, signed_in, noun, said):
    complaint = a_complaint() if noun == "flags" else flagged(bo)[0]
    browser = signed_in(eve)

    answer = browser.submit(browser.page(screen_of(complaint)), f"/{noun}", reason="  ")

    assert answer.status_code == 422
    assert said in text_of(soup_of(answer))


def test_once_is_enough_and_what_is_not_marked_cannot_be_cleared(bo, eve):
    (complaint,) = flagged(bo)

    with pytest.raises(Refused, match="already"):
        flags.flag(complaint, by=bo, reason="Again.")
    with pytest.raises(Refused, match="is not marked"):
        flags.unflag(a_complaint(), by=eve, reason="Fine.")


@pytest.mark.parametrize(
    ("setter", "judge", "may"),
    [
        ("bo", "bo", False),
        ("bo", "eve", True),
        ("bo", "dee", True),
        ("eve", "eve", False),
        ("eve", "dee", True),
        ("bo", "chi", False),
    ],
)
def test_a_head_or_coordinator_takes_it_away_and_not_who_set_it(bo, eve, setter, judge, may):
    dee = an_official("Dee", role=Role.COORDINATOR)
    people = {
        "bo": bo,
        "eve": eve,
        "dee": dee,
        "chi": an_official("Chi", role=Role.HEAD, department=DRAINAGE),
    }
    (complaint,) = flagged(people[setter])

    if may:
        flags.unflag(complaint, by=people[judge], reason="Only angry.")
        db.session.commit()
    else:
        with pytest.raises(Refused, match="judge"):
            flags.unflag(complaint, by=people[judge], reason="Only angry.")

    assert (now(complaint).flagged_at is None) is may


def test_taking_it_away_on_the_screen(bo, eve, signed_in):
    (complaint,) = flagged(bo)
    assert not signed_in(bo).page(screen_of(complaint)).select('form[action$="flags/end"]')
    browser = signed_in(eve)

    answer = browser.submit(browser.page(screen_of(complaint)), "/flags/end", reason="Only angry.")
    page = browser.page(screen_of(complaint))

    assert answer.status_code == 303
    assert "No longer marked as abusive" in text_of(page.select_one(".event-unflagged"))
    assert "Abusive towards staff" not in text_of(page.select_one(".complaint-head"))


def test_another_department_marks_nothing(signed_in, bo):
    complaint = a_complaint()
    browser = signed_in(an_official("Chi", department=DRAINAGE))

    assert not browser.page(screen_of(complaint)).select("#flags")


def test_it_is_taken_back_like_other_acts(bo, signed_in):
    window.use(30)
    complaint, browser = a_complaint(), signed_in(bo)
    browser.submit(browser.page(screen_of(complaint)), "/flags", reason="Threatens.")

    assert browser.submit(browser.page(screen_of(complaint)), "/undoings").status_code == 303
    assert now(complaint).flagged_at is None


def test_what_is_set_aside_can_be_marked_too(bo):
    complaint = a_complaint()
    quarantine.set_aside(complaint, by=bo, cause="abuse", reason="Insults.")
    flags.flag(complaint, by=bo, reason="Insults.")
    db.session.commit()

    assert complaint.flagged_at == MONDAY


@pytest.mark.parametrize("is_closed", [False, True])
def test_its_reporter_reads_it_writes_against_it_and_the_head_hears(client, bo, eve, is_closed):
    client.set_cookie("language", "en")
    complaint = a_complaint(Status.RESOLVED if is_closed else Status.RECEIVED, by=bo)
    open_link(client, complaint)
    before = client.page(f"/my/{complaint.reference}")
    flags.flag(complaint, by=bo, reason="Threatens the clerk.")
    db.session.commit()
    page = client.page(f"/my/{complaint.reference}")
    answer = client.submit(page, "/additions", words="I was only angry.")
    event = history.of(now(complaint))[-1]

    assert "abusive" not in text_of(before)
    assert "The city has marked the words of this report as abusive towards staff." in text_of(page)
    assert "Threatens the clerk." not in text_of(page)
    assert answer.status_code == 303
    assert (event.kind, event.note) == (EventKind.ADDED, "I was only angry.")
    assert set(mails(event)) == {eve.email}


def test_what_is_added_to_other_reports_is_told_to_nobody_by_mail_and_not_taken_when_closed(bo, eve):
    open_one, closed = a_complaint(), a_complaint(Status.RESOLVED, by=bo)
    event = additions.add(open_one, words="By the door.", photos=0)
    db.session.commit()

    assert mails(event) == {}
    with pytest.raises(Refused):
        additions.add(closed, words="By the door.", photos=0)


def test_nobody_else_sees_the_mark(client, bo):
    (complaint,) = flagged(bo)
    client.set_cookie("language", "en")

    assert "abusive" not in client.get(f"/complaints/{complaint.reference}").text


@pytest.mark.parametrize("contact", [ANA, PHONE])
def test_after_three_marks_two_reports_a_day_are_taken_and_then_a_plain_sentence(bo, contact):
    flagged(bo, 3, contact=contact)
    with clock.standing_at(later(days=1)):
        for _number in range(2):
            filing.file(a_report(contact=contact))
            db.session.commit()
        with pytest.raises(Invalid) as refused:
            filing.file(a_report(contact=contact, language="en"))
        db.session.rollback()
        sentence = str(refused.value.faults["contact"])
        a_complaint(contact=Contact(email="binh@citizen.example"))
        a_complaint(contact=None)

    assert set(refused.value.faults) == {"contact"}
    assert "2 reports within 24 hours" in sentence
    assert "21 January 2030" in sentence or "Jan" in sentence
    with clock.standing_at(later(days=2, seconds=1)):
        filing.file(a_report(contact=contact))
        db.session.commit()


def is_limited(at):
    """Whether the third report within a minute is refused then; nothing of it stays."""
    with clock.standing_at(at):
        try:
            for _number in range(3):
                filing.file(a_report())
        except Invalid:
            return True
        finally:
            db.session.rollback()
        return False


def test_the_limit_ends_and_marks_that_were_taken_away_count_no_more(bo, eve):
    first, *_others = flagged(bo, 3)

    assert is_limited(MONDAY + 14 * DAY - timedelta(seconds=1))
    assert not is_limited(MONDAY + 14 * DAY)
    flags.unflag(first, by=eve, reason="Only angry.")
    db.session.commit()
    assert not is_limited(MONDAY + DAY)


def test_two_marks_limit_nobody(bo):
    flagged(bo, 2)

    assert not is_limited(MONDAY + DAY)


def test_marks_of_more_than_thirty_days_ago_count_no_more(bo, monkeypatch):
    monkeypatch.setattr(type(in_force().profile.asks), "abuse", Abuse(days=60), raising=False)
    flagged(bo, 3)

    assert is_limited(MONDAY + 30 * DAY)
    assert not is_limited(MONDAY + 30 * DAY + timedelta(seconds=1))


def test_a_city_can_switch_it_off_and_choose_its_numbers(bo, monkeypatch):
    flagged(bo, 3)

    for abuse, expected in (
        (Abuse(flags=0), False),
        (Abuse(flags=4), False),
        (Abuse(a_day=3), False),
        (Abuse(), True),
    ):
        monkeypatch.setattr(type(in_force().profile.asks), "abuse", abuse, raising=False)
        assert is_limited(MONDAY + DAY) is expected


def test_what_sounds_dangerous_is_always_taken(bo):
    flagged(bo, 3)
    danger = in_force().profile.asks.emergency.by_language["vi"][0]

    for _number in range(4):
        assert a_complaint(words=f"{danger}!").set_aside is None


def test_what_an_official_writes_down_for_somebody_is_taken(bo):
    flagged(bo, 3)

    for _number in range(4):
        a_complaint(entered_by=bo.id)


def test_the_form_says_it_and_keeps_what_was_typed(client, bo):
    flagged(bo, 3)
    client.set_cookie("language", "en")
    for _number in range(3):
        answer = send(client, words="The lamp is dark again.")
    page = soup_of(answer)

    assert answer.status_code == 422
    assert "marked as abusive towards staff" in text_of(page)
    assert "write why; somebody else decides." in text_of(page)
    assert page.select_one("textarea[name=words]").text.strip() == "The lamp is dark again."
    assert page.select_one("input[name=contact]")["value"] == "ana@citizen.example"


def test_a_withdrawn_report_can_be_marked_without_being_opened_again(bo):
    complaint = a_complaint()
    lifecycle.withdraw(complaint)
    flags.flag(complaint, by=bo, reason="Threatens.")
    db.session.commit()

    assert complaint.status is Status.WITHDRAWN
