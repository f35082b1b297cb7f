"""Leave at the desk: the page of who is away, and what changes on the other pages while somebody is."""

from datetime import date

import pytest
from sqlalchemy import event, select

from cps.complaints import queue_counts
from cps.complaints.contacts import Reveal
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people import leaves
from cps.people.models import Leave, Role
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import soup_of, text_of

TODAY = date(2030, 1, 7)
FRIDAY = date(2030, 1, 11)


def away(person, *, cover=None, first=TODAY, last=FRIDAY):
    leave = leaves.plan(person, first=first, last=last, cover=cover, by=person)
    db.session.commit()
    return leave


def notes(page):
    return [text_of(note) for note in page.select("p.note")]


def listed(page):
    return [text_of(line) for line in page.select(".leaves li")]


def references(page):
    return {link.get_text() for link in page.select("td.q-ref a")}


@pytest.fixture
def lan(city):
    return an_official("Lan")


@pytest.fixture
def minh(city):
    return an_official("Minh")


@pytest.fixture
def head(city):
    return an_official("Head", role=Role.HEAD)


@pytest.fixture
def statements(city):
    """Every question to the database but those about the city, which is kept."""
    seen: list[str] = []

    def count(_conn, _cursor, statement, *_rest):
        if "FROM city" not in statement:
            seen.append(statement)

    event.listen(db.engine, "before_cursor_execute", count)
    yield seen
    event.remove(db.engine, "before_cursor_execute", count)


def test_an_official_enters_the_own_leave(lan, minh, signed_in):
    browser = signed_in(lan)
    page = browser.page("/desk/leaves")

    answer = browser.submit(page, "/desk/leaves", first="2030-01-08", last="2030-01-11", cover=str(minh.id))

    assert (answer.status_code, answer.location) == (303, "/desk/leaves")
    assert page.select_one("#person") is None
    leave = db.session.scalars(select(Leave)).one()
    assert (leave.person, leave.first_day, leave.last_day) == (lan, date(2030, 1, 8), FRIDAY)
    [line] = listed(browser.page("/desk/leaves"))
    for words in ("Lan (me)", "Tuesday, 8 January 2030 – Friday, 11 January 2030", "Stands in: Minh"):
        assert words in line
    assert "away now" not in line


def test_a_head_enters_and_ends_the_leave_of_an_official(lan, head, signed_in):
    browser = signed_in(head)
    page = browser.page("/desk/leaves")

    browser.submit(page, "/desk/leaves", person=str(lan.id), first="2030-01-07", last="2030-01-11")
    page = browser.page("/desk/leaves")
    [line] = listed(page)

    assert "away now" in line
    assert "Nobody stands in. · Entered by Head" in line
    answer = browser.submit(page, "/ending")
    assert answer.status_code == 303
    assert listed(browser.page("/desk/leaves")) == []


def test_a_coordinator_sees_the_city_and_enters_leave_by_department(lan, minh, signed_in):
    away(lan)
    away(an_official("Chi", department=DRAINAGE))
    browser = signed_in(an_official("Dee", role=Role.COORDINATOR, department=None))

    everybody = listed(browser.page("/desk/leaves"))
    page = browser.page("/desk/leaves?department=hapulico")
    answer = browser.submit(
        page, "leaves?department=hapulico", person=str(minh.id), first="2030-01-14", last="2030-01-14"
    )

    assert len(everybody) == 2
    assert any("Hapulico" in line for line in everybody)
    assert len(listed(page)) == 1
    assert answer.location == "/desk/leaves?department=hapulico"
    assert browser.get("/desk/leaves?department=dragons").status_code == 404


def test_what_is_refused_is_said_at_its_field_and_kept(lan, signed_in):
    browser = signed_in(lan)

    answer = browser.submit(
        browser.page("/desk/leaves"), "/desk/leaves", first="2030-01-11", last="2030-01-08"
    )

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "before the first" in text_of(page.select_one("#last-fault"))
    assert page.select_one("#last")["value"] == "2030-01-08"
    assert db.session.scalars(select(Leave)).first() is None


@pytest.mark.parametrize(
    "typed",
    [
        {"first": "soon"},
        {"last": ""},
        {"cover": "x"},
        {"cover": "999999"},
        {"person": "999999"},
        {"person": "minh"},
    ],
)
def test_a_form_that_cannot_be_read_changes_nothing(lan, minh, signed_in, typed):
    browser = signed_in(lan)
    page = browser.page("/desk/leaves")
    token = page.select_one("input[name=csrf_token]")["value"]
    typed = {name: str(minh.id) if value == "minh" else value for name, value in typed.items()}

    answer = browser.post(
        "/desk/leaves",
        data={"csrf_token": token, "first": "2030-01-08", "last": "2030-01-09", **typed},
    )

    assert answer.status_code == 422
    assert [fault["id"] for fault in soup_of(answer).select(".fault[id]")] in (
        [f"{name}-fault" for name in typed],
        [],  # who enters the own leave alone is asked for no name
    )
    assert soup_of(answer).select(".summary li")
    assert db.session.scalars(select(Leave)).first() is None


def test_nobody_ends_what_is_not_theirs_or_over(lan, minh, signed_in):
    leave = away(lan, cover=minh)
    browser, own = signed_in(minh), signed_in(lan)
    page = browser.page("/desk/leaves")
    token = page.select_one("input[name=csrf_token]")["value"]

    answer = browser.post(f"/desk/leaves/{leave.id}/ending", data={"csrf_token": token})
    leave.first_day = leave.last_day = date(2030, 1, 4)
    db.session.commit()
    token = own.page("/desk/leaves").select_one("input[name=csrf_token]")["value"]
    late = own.post(f"/desk/leaves/{leave.id}/ending", data={"csrf_token": token})

    assert page.select('form[action$="/ending"]') == []
    assert answer.status_code == 404
    assert late.status_code == 409
    assert "This leave is over already." in late.text


def test_auditors_have_no_page_of_it(city, signed_in):
    browser = signed_in(an_official("Aud", role=Role.AUDITOR, department=None))
    page = browser.page("/desk")
    token = page.select_one("input[name=csrf_token]")["value"]

    assert page.select("[data-leaves]") == []
    assert browser.get("/desk/leaves").status_code == 404
    assert browser.post("/desk/leaves", data={"csrf_token": token}).status_code == 404


def test_all_that_somebody_has_is_handed_over_at_once(lan, minh, head, signed_in):
    theirs = [a_complaint(Status.ASSIGNED, by=lan) for _number in range(3)]
    a_complaint(Status.ASSIGNED, by=minh)
    away(lan, first=FRIDAY)
    browser = signed_in(head)
    page = browser.page("/desk/leaves")
    link = page.select_one('.leaves a[href*="handler="]')

    ending = f"view=open&handler={lan.id}"
    selection = soup_of(browser.submit(page, f"selections?{ending}", action="assignments"))
    value = {one["value"].split(":")[0] for one in selection.select("input[name=report]")}
    preview = browser.submit(selection, f"previews?{ending}", handler=str(minh.id))
    done = browser.submit(soup_of(preview), f"batches?{ending}")

    assert text_of(link) == "3 open reports"
    assert references(browser.page(link["href"])) == set()  # they are no longer there
    assert value == {one.reference for one in theirs}
    assert done.status_code == 303
    db.session.expire_all()
    assert {one.assignee.name for one in theirs} == {"Minh"}


def test_who_stands_in_is_told_above_the_queue_with_a_link_to_what_there_is(lan, minh, signed_in):
    theirs = {a_complaint(Status.ASSIGNED, by=lan).reference for _number in range(2)}
    a_complaint(Status.RESOLVED, by=lan)
    away(lan, cover=minh)
    browser = signed_in(minh)

    page = browser.page("/desk")
    link = page.select_one("p.note a")

    assert notes(page) == ["You stand in for Lan until 11 January: 2 reports"]
    assert references(browser.page(link["href"])) == theirs
    assert notes(signed_in(an_official("Other")).page("/desk")) == []


def test_a_coordinator_who_stands_in_is_told_too_while_the_numbers_are_kept(city, signed_in):
    dee, eve = (an_official(name, role=Role.COORDINATOR, department=None) for name in ("Dee", "Eve"))
    queue_counts.forget()
    browser = signed_in(eve)
    browser.page("/desk")

    away(dee, cover=eve)

    assert notes(browser.page("/desk")) == ["You stand in for Dee until 11 January: 0 reports"]


def test_who_is_away_and_works_nevertheless_is_told_how_to_end_it(lan, signed_in):
    leave = away(lan)
    browser = signed_in(lan)

    page = browser.page("/desk")
    browser.submit(browser.page(page.select_one("p.note a")["href"]), "/ending")

    assert notes(page) == ["You are entered as away until 11 January. End it"]
    assert notes(browser.page("/desk")) == []
    db.session.refresh(leave)
    assert leave.ended_at is not None


def test_the_note_costs_the_queue_no_question_of_its_own(lan, minh, signed_in, statements):
    a_complaint(Status.ASSIGNED, by=lan)
    browser = signed_in(minh)
    browser.page("/desk")
    statements.clear()
    browser.page("/desk")
    before = len(statements)
    away(lan, cover=minh)
    db.session.remove()
    statements.clear()

    page = browser.page("/desk")

    assert len(notes(page)) == 1
    assert len(statements) == before


@pytest.mark.parametrize("who", ["lan", "minh", "other", "head"])
def test_who_stands_in_counts_as_the_handler_for_who_reported(lan, minh, head, signed_in, who):
    officials = {"lan": lan, "minh": minh, "other": an_official("Other"), "head": head}
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    away(lan, cover=minh)
    address = f"/desk/complaints/{complaint.reference}"
    browser, may = signed_in(officials[who]), who in ("lan", "minh")
    page = browser.page(address)
    token = page.select_one("input[name=csrf_token]")["value"]

    answer = browser.post(f"{address}/reveals", data={"csrf_token": token, "reason": "To call."})

    assert ("ana@citizen.example" in answer.text) is may
    looks = db.session.scalars(select(Reveal)).all()
    assert [look.person_id for look in looks] == ([officials[who].id] if may else [])


def test_it_is_over_with_the_leave(lan, minh, signed_in):
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    leave = away(lan, cover=minh)
    leaves.end(leave, by=lan)
    db.session.commit()
    address = f"/desk/complaints/{complaint.reference}"
    browser = signed_in(minh)
    token = browser.page(address).select_one("input[name=csrf_token]")["value"]

    answer = browser.post(f"{address}/reveals", data={"csrf_token": token, "reason": "To call."})

    assert answer.status_code == 409


def test_a_reports_screen_costs_no_more_questions_while_somebody_is_away(lan, minh, signed_in, statements):
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    address = f"/desk/complaints/{complaint.reference}"
    browser = signed_in(minh)
    browser.page(address)
    statements.clear()
    browser.page(address)
    before = len(statements)
    away(an_official("Third"), cover=an_official("Fourth"))
    db.session.remove()
    statements.clear()

    page = browser.page(address)

    assert "Third – away until 11 January, Fourth stands in" in text_of(page)
    assert len(statements) == before
    assert [one for one in statements if one.startswith("SELECT leave.")] == []


def test_lists_of_handlers_and_the_report_say_who_is_away(lan, minh, head, signed_in):
    complaint = a_complaint(Status.ASSIGNED, by=lan)
    away(lan, cover=minh)
    browser = signed_in(minh)

    page = browser.page(f"/desk/complaints/{complaint.reference}")
    browser.submit(page, "/assignments", handler=str(lan.id))

    names = [text_of(one) for one in page.select("#assignments-handler option")]
    assert names == ["Minh (me)", "Head", "Lan – away until 11 January, Minh stands in"]
    assert "Handler Lan – away until 11 January, Minh stands in" in text_of(page.select_one(".facts"))
    db.session.expire_all()
    assert complaint.assignee is lan  # nobody is kept from it


def test_a_batch_is_assigned_with_who_is_away_said(lan, head, signed_in):
    a_complaint(Status.ASSIGNED, by=lan)
    away(lan)
    browser = signed_in(head)

    page = browser.page("/desk/leaves")
    selection = soup_of(browser.submit(page, f"selections?view=open&handler={lan.id}", action="assignments"))

    assert "Lan – away until 11 January" in [text_of(one) for one in selection.select("option")]


def test_on_site_has_the_reports_of_who_is_away_too(lan, minh, signed_in):
    own = a_complaint(Status.ASSIGNED, by=minh)
    theirs = a_complaint(Status.ASSIGNED, by=lan)
    a_complaint(Status.ASSIGNED, by=an_official("Other"))
    away(lan, cover=minh)

    page = signed_in(minh).page("/desk/field")

    found = {stop["data-reference"]: "for Lan" in text_of(stop) for stop in page.select(".stop")}
    assert found == {own.reference: False, theirs.reference: True}


def test_on_site_shows_of_both_together_what_is_due_first(lan, minh, signed_in, monkeypatch):
    monkeypatch.setattr("cps.desk.field.MOST", 2)
    late, first, second = (a_complaint(Status.ASSIGNED, by=by) for by in (minh, lan, minh))
    late.due_at = max(one.due_at for one in (first, second)).replace(year=2031)
    db.session.commit()
    away(lan, cover=minh)

    page = signed_in(minh).page("/desk/field")

    assert {stop["data-reference"] for stop in page.select(".stop")} == {first.reference, second.reference}
    assert "there are more" in text_of(page)


def test_the_overview_says_who_is_away(lan, minh, head, signed_in):
    a_complaint(Status.ASSIGNED, by=lan)
    away(lan, cover=minh)

    page = signed_in(head).page("/desk/overview")

    names = [text_of(row.th) for row in page.select('section[aria-labelledby="load-title"] tbody tr')]
    assert "Lan – away until 11 January, Minh stands in" in names
    assert "Minh" in names


def test_that_the_one_who_stands_in_does_not_is_said(lan, minh, head, signed_in):
    away(lan, cover=minh)
    away(minh, last=TODAY)

    [line] = [line for line in listed(signed_in(head).page("/desk/leaves")) if line.startswith("Lan")]

    assert "Minh was named to stand in, but is away too or has left the department." in line
