"""The one screen of a complaint: who sees what of it."""

from datetime import timedelta

import pytest

from cps.complaints import lifecycle
from cps.complaints.contacts import Reveal
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import soup_of, text_of
from tests.rounds import at, go_round


def nouns(page):
    actions = [str(form["action"]) for form in page.select("main form")]
    return {action.rsplit("/", 1)[1] for action in actions if "/complaints/" in action}


def test_a_point_is_shown_with_its_plus_code(city, signed_in):
    bo = an_official()

    placed = signed_in(bo).page(screen_of(a_complaint()))
    unplaced = signed_in(bo).page(screen_of(a_complaint(point=None)))

    assert "Plus code: 7PH72VH2+FW" in text_of(placed)
    assert "Plus code" not in text_of(unplaced)


def make_private(complaint):
    complaint.is_public = False
    db.session.commit()
    return complaint


def test_everything_is_on_one_screen(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.IN_PROGRESS, by=bo)
    lifecycle.note(complaint, by=bo, words="The cable is old.")
    db.session.commit()

    page = signed_in(bo).page(screen_of(complaint))

    read = text_of(page)
    for words in (
        complaint.reference,
        "In progress",
        "Bo",
        complaint.words,
        "cạnh tháp bút",
        "The cable is old.",
    ):
        assert words in read
    assert "ana@citizen.example" not in str(page)
    assert "Has left an e-mail address." in read


def test_by_when_it_is_taken_on_is_said_until_somebody_does(city, signed_in):
    bo = an_official()
    browser = signed_in(bo)

    new = text_of(browser.page(screen_of(a_complaint())).select_one(".facts"))
    taken = text_of(browser.page(screen_of(a_complaint(Status.ASSIGNED, by=bo))).select_one(".facts"))

    assert "Take on by 8 January 2030, 9:00 am" in new
    assert "Take on by" not in taken


def test_the_history_is_told_latest_first_and_notes_look_different(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.WAITING, by=bo)
    lifecycle.note(complaint, by=bo, words="The cable is old.")
    db.session.commit()

    page = signed_in(bo).page(screen_of(complaint))

    told = [head.get_text().strip() for head in page.select(".history strong")]
    assert told == [
        "Internal note",
        "Question to citizen",
        "Work started",
        "Assigned to: Bo",
        "Report received",
    ]
    assert "Only officials see this" in text_of(page.select_one(".event-internal"))
    assert "The citizen sees this" in text_of(page.select_one(".event-asked"))


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (
            Status.RECEIVED,
            {
                "assignments",
                "starts",
                "questions",
                "notes",
                "resolutions",
                "refusals",
                "transfers",
                "subtasks",
                "mergers",
                "extensions",
                "plans",
                "priorities",
                "categories",
                "quarantines",
                "flags",
                "hidings",
            },
        ),
        (
            Status.WAITING,
            {
                "assignments",
                "starts",
                "notes",
                "resolutions",
                "refusals",
                "transfers",
                "subtasks",
                "mergers",
                "plans",
                "priorities",
                "categories",
                "quarantines",
                "flags",
                "hidings",
                "reveals",
            },
        ),
        (Status.RESOLVED, {"notes", "reveals", "flags", "hidings"}),
    ],
)
def test_only_possible_actions_are_offered(city, signed_in, status, expected):
    bo = an_official()

    page = signed_in(bo).page(screen_of(a_complaint(status, by=bo)))

    assert nouns(page) == expected


def test_what_the_citizen_will_see_is_marked_in_words(city, signed_in):
    page = signed_in(an_official(role=Role.HEAD)).page(screen_of(a_complaint()))

    marked = {
        form["action"].rsplit("/", 1)[1]: "Citizen will see this" in text_of(form)
        for form in page.select("main form")
    }
    assert marked == {
        "assignments": False,
        "starts": False,
        "notes": False,
        "subtasks": False,
        "mergers": False,
        "quarantines": False,
        "flags": False,
        "hidings": False,
        "reveals": False,
        "questions": True,
        "resolutions": True,
        "refusals": True,
        "transfers": True,
        "extensions": True,
        "plans": True,
        "priorities": True,
        "categories": True,
    }


def test_colleagues_are_offered_with_the_official_first(city, signed_in):
    an_official("Abe")
    an_official("Gone", is_active=False)
    an_official("Chi", department=DRAINAGE)
    bo = an_official()

    page = signed_in(bo).page(screen_of(a_complaint()))

    options = [option.get_text() for option in page.select("#assignments-handler option")]
    assert options == ["Bo (me)", "Abe"]


def test_another_department_reads_what_is_public_and_can_do_nothing(city, signed_in):
    chi = an_official("Chi", department=DRAINAGE)
    complaint = a_complaint()

    page = signed_in(chi).page(screen_of(complaint))

    assert nouns(page) == set()
    assert "This report is with another department:" in text_of(page)
    assert "Has left" not in text_of(page)


def test_another_departments_private_report_is_not_there(city, signed_in):
    complaint = make_private(a_complaint())
    browser = signed_in(an_official("Chi", department=DRAINAGE))

    assert browser.get(screen_of(complaint)).status_code == 404


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.COORDINATOR])
def test_the_own_department_and_the_coordinator_read_a_private_report(city, signed_in, role):
    complaint = make_private(a_complaint())

    page = signed_in(an_official("Dee", role=role)).page(screen_of(complaint))

    assert "officials only" in text_of(page)


@pytest.mark.parametrize("reference", ["7K3M-9QAZ", "x", "ZZZZ-ZZZZ", "%00", "7K3M%2F9QAZ"])
def test_an_unknown_number_is_not_found(city, signed_in, reference):
    assert signed_in(an_official()).get(f"/desk/complaints/{reference}").status_code == 404


def test_a_number_is_found_however_it_is_typed(city, signed_in):
    complaint = a_complaint()

    page = signed_in(an_official()).page("/desk/complaints/" + complaint.reference.replace("-", " ").lower())

    assert complaint.reference in page.h1.get_text()


def test_a_report_with_nothing_but_a_place_is_shown(city, signed_in):
    page = signed_in(an_official()).page(screen_of(a_complaint(words="", landmark="", contact=None)))

    assert "The citizen wrote no text." in text_of(page)
    assert "Has left no contact." in text_of(page)
    assert "reveals" not in nouns(page)


def test_the_contact_is_shown_once_and_that_is_written_down(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(complaint)), "/reveals", reason="The place is unclear.")

    assert answer.status_code == 200
    assert "ana@citizen.example" in text_of(answer)
    assert "ana@citizen.example" not in str(browser.page(screen_of(complaint)))
    kept = db.session.query(Reveal).one()
    assert (kept.complaint_id, kept.person_id, kept.reason) == (complaint.id, bo.id, "The place is unclear.")


def test_the_contact_is_not_shown_without_a_reason(city, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(complaint)), "/reveals", reason="  ")

    assert answer.status_code == 422
    assert "ana@citizen.example" not in answer.text
    fault = soup_of(answer).select_one("#reveals-reason-fault")
    assert text_of(fault) == "Write why you need the contact."
    assert db.session.query(Reveal).count() == 0


@pytest.mark.parametrize(
    ("role", "handled_by", "may"),
    [
        (Role.OFFICER, None, False),
        (Role.HEAD, None, True),
        (Role.COORDINATOR, None, True),
        (Role.OFFICER, "a colleague", False),
        (Role.HEAD, "a colleague", False),
        (Role.COORDINATOR, "a colleague", False),
        (Role.OFFICER, "who left", False),
        (Role.HEAD, "who left", True),
    ],
)
def test_only_who_handles_a_report_may_look_and_who_leads_while_nobody_does(
    city, signed_in, role, handled_by, may
):
    colleague = an_official("Eve")
    complaint = a_complaint(Status.ASSIGNED if handled_by else Status.RECEIVED, by=colleague)
    colleague.is_active = handled_by != "who left"
    db.session.commit()
    browser = signed_in(an_official(role=role))
    page = browser.page(screen_of(complaint))
    token = page.select_one("input[name=csrf_token]")["value"]

    answer = browser.post(f"{screen_of(complaint)}/reveals", data={"csrf_token": token, "reason": "To call."})

    assert ("reveals" in nouns(page)) is may
    assert ("Only who handles a report may see who reported it." in text_of(page)) is not may
    assert ("ana@citizen.example" in answer.text) is may
    assert (answer.status_code, db.session.query(Reveal).count()) == ((200, 1) if may else (409, 0))


def test_another_department_never_gets_the_contact(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    token = browser.page("/desk").select_one("input[name=csrf_token]")["value"]

    answer = browser.post(f"{screen_of(complaint)}/reveals", data={"csrf_token": token, "reason": "Curious."})

    assert answer.status_code == 404
    assert db.session.query(Reveal).count() == 0


def test_reminders_stand_in_the_history_for_officials_alone(city, clocks, client, signed_in):
    bo = an_official()
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    go_round(at(14, 8))

    read = text_of(signed_in(bo).page(screen_of(complaint)).select_one(".history"))

    assert "Reminder to: Handler. 80 % of the time is used." in read
    assert "Reminder to: Head of department. The deadline is over." in read
    assert "Reminder to: Auditor. Overdue by 1 working day or more." in read
    assert "Reminder" not in text_of(client.page(f"/complaints/{complaint.reference}"))


@pytest.mark.parametrize(
    ("waited", "said"),
    [
        (timedelta(hours=3), "Sent off on the phone on 7 January 2030, 6:00 am"),
        (
            timedelta(days=30),
            "Sent off on the phone on 31 December 2029, 9:00 am",
        ),  # no phone keeps one for longer
        (timedelta(minutes=9), None),
        (timedelta(hours=-1), None),
    ],
)
def test_that_a_report_waited_for_a_network_is_said(city, signed_in, waited, said):
    complaint = a_complaint(waited=waited)

    page = text_of(signed_in(an_official()).page(screen_of(complaint)))

    assert said in page if said else "Sent off on the phone" not in page
