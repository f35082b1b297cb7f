"""The actions: each noun does its verb, and whatever stands against one keeps what was typed."""

import pytest
from sqlalchemy import select

from cps.complaints import handovers, history, lifecycle, priorities
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.reports import as_it_is, differences, screen_of
from tests.makers import DRAINAGE, a_complaint, a_department, an_official
from tests.pageclient import soup_of, text_of

FORMS = {
    "assignments": {},
    "starts": {},
    "questions": {"question": "Which lamp is it?"},
    "notes": {"note": "The cable is old."},
    "resolutions": {"result": "We changed the lamp."},
    "refusals": {"reason": "It is not the city's lamp.", "remedy": "Ask the owner of the house."},
    "transfers": {"department": DRAINAGE, "reason": "It is a drain."},
}


def kinds(complaint: Complaint) -> list[EventKind]:
    return [event.kind for event in history.of(complaint)]


def token_of(browser) -> str:
    return browser.page("/desk").select_one("input[name=csrf_token]")["value"]


@pytest.mark.parametrize(
    ("noun", "status", "kind"),
    [
        ("assignments", Status.ASSIGNED, EventKind.ASSIGNED),
        ("starts", Status.IN_PROGRESS, EventKind.STARTED),
        ("questions", Status.WAITING, EventKind.ASKED),
        ("notes", Status.RECEIVED, EventKind.NOTED),
        ("resolutions", Status.RESOLVED, EventKind.RESOLVED),
        ("refusals", Status.DECLINED, EventKind.DECLINED),
        ("transfers", Status.RECEIVED, EventKind.TRANSFERRED),
    ],
)
def test_each_form_does_what_it_says(city, signed_in, noun, status, kind):
    bo, complaint = an_official(), a_complaint()
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(complaint)), f"/{noun}", **FORMS[noun])

    assert (answer.status_code, answer.location) == (303, screen_of(complaint))
    assert as_it_is(complaint).status is status
    latest = history.of(complaint)[-1]
    assert (latest.kind, latest.by_id) == (kind, bo.id)


def test_a_report_goes_to_the_colleague_who_was_chosen(city, signed_in):
    colleague, complaint = an_official("Eve"), a_complaint()
    browser = signed_in(an_official())

    browser.submit(browser.page(screen_of(complaint)), "/assignments", handler=str(colleague.id))

    assert as_it_is(complaint).assignee_id == colleague.id


@pytest.mark.parametrize("handler", ["", "0", "x", "²", "9" * 40, "-1"])
def test_nobody_outside_the_department_can_be_chosen(city, signed_in, handler):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), "/assignments", handler=handler)

    assert answer.status_code == 422
    assert (
        text_of(soup_of(answer).select_one("#assignments-handler-fault"))
        == "Choose a colleague from the list."
    )
    assert kinds(as_it_is(complaint)) == [EventKind.RECEIVED]


def test_an_official_of_another_department_cannot_be_chosen(city, signed_in):
    complaint, chi = a_complaint(), an_official("Chi", department=DRAINAGE)
    browser = signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), "/assignments", handler=str(chi.id))

    assert answer.status_code == 422
    assert as_it_is(complaint).assignee_id is None


@pytest.mark.parametrize("role", [Role.OFFICER, Role.HEAD, Role.COORDINATOR])
def test_every_role_may_transfer_what_it_may_act_on(city, signed_in, role):
    complaint = a_complaint()
    browser = signed_in(an_official("Dee", role=role))

    browser.submit(browser.page(screen_of(complaint)), "/transfers", **FORMS["transfers"])

    assert as_it_is(complaint).department_id == a_department(DRAINAGE).id


def test_a_transfer_needs_a_department_that_exists(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.submit(
        browser.page(screen_of(complaint)), "/transfers", department="moon", reason="It is there."
    )

    assert answer.status_code == 422
    page = soup_of(answer)
    assert text_of(page.select_one("#transfers-department-fault")) == "Choose a department from the list."
    assert page.select_one("#transfers-reason").get_text() == "It is there."


@pytest.mark.parametrize(
    ("noun", "typed", "missing"),
    [
        ("questions", {"question": " "}, ["question"]),
        ("notes", {"note": ""}, ["note"]),
        ("resolutions", {"result": ""}, ["result"]),
        ("refusals", {"reason": "", "remedy": ""}, ["reason", "remedy"]),
        ("refusals", {"reason": "It is not ours.", "remedy": ""}, ["remedy"]),
        ("transfers", {"department": DRAINAGE, "reason": ""}, ["reason"]),
    ],
)
def test_what_is_missing_is_said_beside_its_field_and_the_rest_is_kept(city, signed_in, noun, typed, missing):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), f"/{noun}", **typed)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert page.select_one(f"details#{noun}").has_attr("open")
    for field in missing:
        control = page.select_one(f"#{noun}-{field}")
        assert control["aria-invalid"] == "true"
        assert f"{noun}-{field}-fault" in control["aria-describedby"]
        assert page.select_one(f'.attempt a[href="#{noun}-{field}"]')
    for field in typed.keys() - set(missing) - {"department"}:
        assert page.select_one(f"#{noun}-{field}").get_text() == typed[field]
    assert kinds(as_it_is(complaint)) == [EventKind.RECEIVED]


@pytest.mark.parametrize(
    ("status", "noun"),
    [
        (Status.RESOLVED, "assignments"),
        (Status.RESOLVED, "starts"),
        (Status.RESOLVED, "questions"),
        (Status.RESOLVED, "resolutions"),
        (Status.RESOLVED, "refusals"),
        (Status.RESOLVED, "transfers"),
        (Status.IN_PROGRESS, "starts"),
        (Status.WAITING, "questions"),
    ],
)
def test_an_impossible_move_is_refused_with_a_sentence(city, signed_in, status, noun):
    bo = an_official()
    complaint = a_complaint(status, by=bo)
    before = kinds(complaint)
    browser = signed_in(bo)

    answer = browser.post(
        f"{screen_of(complaint)}/{noun}",
        data={
            "csrf_token": token_of(browser),
            "version": complaint.version,
            **FORMS[noun],
            **({"handler": bo.id} if noun == "assignments" else {}),
        },
    )

    assert answer.status_code == 409
    assert f"This cannot be done now: report {complaint.reference} is at" in text_of(answer)
    assert kinds(as_it_is(complaint)) == before
    assert complaint.status is status
    for typed in FORMS[noun].keys() - {"department"}:
        assert FORMS[noun][typed] in text_of(answer)


@pytest.mark.parametrize("noun", FORMS)
def test_a_stale_form_shows_what_changed_and_keeps_what_was_typed(city, signed_in, noun):
    bo, colleague, complaint = an_official(), an_official("Eve"), a_complaint()
    browser = signed_in(bo)
    page = browser.page(screen_of(complaint))
    lifecycle.note(complaint, by=colleague, words="I am on my way there.")
    db.session.commit()

    stale = browser.submit(page, f"/{noun}", **FORMS[noun])

    shown = soup_of(stale)
    assert stale.status_code == 409
    told = text_of(shown.select_one(".attempt"))
    assert "Somebody changed this report while you had it open." in told
    assert "I am on my way there." in told
    assert "Report received" not in told
    assert kinds(as_it_is(complaint)) == [EventKind.RECEIVED, EventKind.NOTED]

    again = browser.submit(shown, f"/{noun}")

    assert again.status_code == 303
    assert history.of(as_it_is(complaint))[-1].note == next(
        (FORMS[noun][field] for field in ("question", "note", "result", "reason") if field in FORMS[noun]), ""
    )


def test_theirs_and_mine_stand_beside_each_other_field_by_field(city, signed_in):
    bo, eve, complaint = an_official(), an_official("Eve"), a_complaint()
    browser = signed_in(bo)
    page = browser.page(screen_of(complaint))
    lifecycle.assign(complaint, to=eve, by=eve)
    priorities.prioritise(complaint, to="urgent", by=eve, reason="Wires.")
    db.session.commit()

    stale = browser.submit(page, "/assignments", handler=str(bo.id))
    rows = differences(stale)

    assert rows["Handler"] == ["nobody yet", "Eve", "Bo"]
    assert rows["Status"] == ["Received", "Assigned", "–"]
    assert rows["Priority"][0] == "–"
    assert set(rows) == {"Handler", "Status", "Priority", "Deadline"}
    assert rows["Deadline"][0] != rows["Deadline"][1]


def test_where_nothing_but_words_came_no_field_is_said_to_differ(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official())
    page = browser.page(screen_of(complaint))
    lifecycle.note(complaint, by=an_official("Eve"), words="Hm.")
    db.session.commit()

    stale = browser.submit(page, "/starts")

    assert stale.status_code == 409
    assert soup_of(stale).select_one(".difference") is None


def test_what_was_typed_is_shown_even_where_it_cannot_be_sent_any_more(city, signed_in):
    bo, colleague, complaint = an_official(), an_official("Eve"), a_complaint()
    browser = signed_in(bo)
    page = browser.page(screen_of(complaint))
    lifecycle.resolve(complaint, by=colleague, result="Done.")
    db.session.commit()

    answer = browser.submit(page, "/questions", question="Which lamp is it?")

    assert answer.status_code == 409
    assert "Which lamp is it?" in text_of(soup_of(answer).select_one(".attempt"))


def test_what_was_typed_is_shown_even_if_the_report_has_gone_to_another_department(city, signed_in):
    bo, complaint = an_official(), a_complaint()
    browser = signed_in(bo)
    page = browser.page(screen_of(complaint))
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=an_official("Eve"), reason="It is a drain.")
    db.session.commit()

    answer = browser.submit(page, "/resolutions", result="We changed the lamp.")

    assert answer.status_code == 409
    told = text_of(soup_of(answer).select_one(".attempt"))
    assert "Only they can change it." in told
    assert "We changed the lamp." in told


@pytest.mark.parametrize("version", ["", "x", "-1", "99999999999999999999", "²"])
def test_a_form_that_does_not_say_its_version_is_stale(city, signed_in, version):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.submit(browser.page(screen_of(complaint)), "/starts", version=version)

    assert answer.status_code == 409
    assert as_it_is(complaint).status is Status.RECEIVED


@pytest.mark.parametrize("noun", FORMS)
def test_another_department_changes_nothing(city, signed_in, noun):
    complaint = a_complaint()
    browser = signed_in(an_official("Chi", department=DRAINAGE))
    data = {"csrf_token": token_of(browser), "version": complaint.version, **FORMS[noun]}

    public = browser.post(f"{screen_of(complaint)}/{noun}", data=data)
    complaint.is_public = False
    db.session.commit()
    private = browser.post(f"{screen_of(complaint)}/{noun}", data=data)

    assert (public.status_code, private.status_code) == (409, 404)
    assert complaint.words not in private.text
    assert kinds(as_it_is(complaint)) == [EventKind.RECEIVED]


@pytest.mark.parametrize("noun", FORMS)
def test_a_form_without_its_token_is_not_taken(city, signed_in, noun):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.post(
        f"{screen_of(complaint)}/{noun}", data={"version": complaint.version, **FORMS[noun]}
    )

    assert answer.status_code == 400
    assert kinds(as_it_is(complaint)) == [EventKind.RECEIVED]


def test_a_form_from_another_site_is_not_taken(city, signed_in):
    complaint = a_complaint()
    browser = signed_in(an_official())

    answer = browser.post(
        f"{screen_of(complaint)}/starts",
        data={"csrf_token": token_of(browser), "version": complaint.version},
        headers={"Sec-Fetch-Site": "cross-site"},
    )

    assert answer.status_code == 403
    assert db.session.scalar(select(Complaint.status)) is Status.RECEIVED
