"""Many reports at once: selected, looked at ahead, done one by one, and said item by item."""

import random
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import func, select

from cps.complaints import lifecycle
from cps.complaints.batches import Batch, BatchLine
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.complaints.templates import Use
from cps.desk import batches as desk_batches
from cps.kernel.db import db
from cps.kernel.references import reference
from cps.people.models import Role
from tests.desk.reports import as_it_is
from tests.makers import DRAINAGE, LIGHTING, MONDAY, a_complaint, a_key, a_template, an_official, later
from tests.pageclient import soup_of, text_of

DONE = {"result": "We changed the lamp."}


def picks(complaints: Sequence[Complaint]) -> list[str]:
    return [f"{one.reference}:{one.version}" for one in complaints]


def post(browser, path, complaints, **fields):
    """Send a form with this selection; complaints, or lines as a form has them."""
    page = browser.page("/desk/keys")
    lines = [one if isinstance(one, str) else f"{one.reference}:{one.version}" for one in complaints]
    data = {"report": lines, "csrf_token": page.select_one("input[name=csrf_token]")["value"], **fields}
    return browser.post(path, data=data, headers={"Sec-Fetch-Site": "same-origin"})


def confirmed(browser, complaints, **fields):
    """Go through the pages as somebody without scripts does: select, say what, look ahead, confirm."""
    chosen = soup_of(post(browser, "/desk/selections?view=open", complaints, action=fields.pop("action")))
    preview = browser.submit(chosen, "/desk/previews?view=open", **fields)
    assert preview.status_code == 200, text_of(preview)
    done = browser.submit(soup_of(preview), "/desk/batches?view=open")
    assert done.status_code == 303, text_of(done)
    return browser.page(done.location)


def kinds(complaint):
    query = select(Event.kind).where(Event.complaint_id == complaint.id).order_by(Event.position)
    return db.session.scalars(query).all()[1:]


def rows(page, table):
    return [[text_of(cell) for cell in row.select("td")] for row in page.select(f"{table} tbody tr")]


def test_a_queue_has_a_box_for_each_line_with_the_version_that_is_seen(browser):
    complaint = a_complaint(Status.ASSIGNED)

    page = browser.page("/desk")

    box = page.select_one("td.q-pick input")
    assert box["value"] == f"{complaint.reference}:{complaint.version}"
    assert box["form"] == page.select_one("form.picked")["id"]


def test_questions_of_others_are_not_selected(browser):
    a_complaint()

    assert not browser.page("/desk?view=asked").select(".picked, .q-pick")


def test_the_selected_ones_are_assigned_after_a_look_ahead(bo, browser):
    one, other, third = a_complaint(), a_complaint(), a_complaint()

    page = confirmed(browser, [one, other], action="assignments", handler=str(bo.id))

    assert text_of(page.h1) == "2 reports are changed"
    assert [as_it_is(each).assignee_id for each in (one, other, third)] == [bo.id, bo.id, None]
    links = {link["href"].rsplit("/", 1)[-1] for link in page.select(".batch-numbers a")}
    assert links == {one.reference, other.reference}


@pytest.mark.parametrize(
    ("action", "fields", "kind"),
    [
        ("transfers", {"department": DRAINAGE, "reason": "It is a drain."}, EventKind.TRANSFERRED),
        ("categories", {"category": "pothole", "reason": "It is a hole."}, EventKind.CATEGORISED),
        ("categories", {"category": "pothole"}, EventKind.CATEGORISED),
        ("priorities", {"priority": "urgent", "reason": "A school is near."}, EventKind.PRIORITISED),
        ("pauses", {"cause": "inspection", "reason": "We look at it."}, EventKind.PAUSED),
        ("notes", {"note": "The ladder is away."}, EventKind.NOTED),
        ("resolutions", DONE, EventKind.RESOLVED),
        ("refusals", {"reason": "Not ours.", "remedy": "Ask the owner."}, EventKind.DECLINED),
    ],
)
def test_each_action_does_to_each_what_it_does_to_one(bo, browser, action, fields, kind):
    pair = [a_complaint(Status.ASSIGNED, by=bo), a_complaint(Status.ASSIGNED, by=bo)]

    confirmed(browser, pair, action=action, **fields)

    assert [kinds(as_it_is(one))[-1] for one in pair] == [kind, kind]


def test_a_look_ahead_says_what_would_change_and_changes_nothing(bo, browser):
    closed, open_one = a_complaint(Status.RESOLVED, by=bo), a_complaint()
    events = db.session.scalar(select(func.count()).select_from(Event))

    answer = post(browser, "/desk/previews", [closed, open_one], action="resolutions", **DONE)

    page = soup_of(answer)
    assert text_of(page.h1) == "1 report would change"
    assert "1 is left out." in text_of(page)
    assert f"report {closed.reference} is at “Resolved”" in text_of(page.select_one("section .outcomes"))
    assert "Received → Resolved" in text_of(page.select_one("details .outcomes"))
    assert "We changed the lamp." in text_of(page.select_one(".words"))
    assert as_it_is(open_one).status is Status.RECEIVED
    assert db.session.scalar(select(func.count()).select_from(Event)) == events
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0


@pytest.mark.parametrize(
    ("action", "fields", "said"),
    [
        (
            "transfers",
            {"department": DRAINAGE, "reason": "It is a drain."},
            "Transfer: Hanoi Drainage (HSDC).",
        ),
        ("categories", {"category": "pothole"}, "Category: Pothole, road damage."),
        (
            "priorities",
            {"priority": "urgent", "reason": "A school is near."},
            "Priority: Urgent (4 working hours",
        ),
        ("pauses", {"cause": "inspection", "reason": "We look."}, "Pause: Inspection on site (at most"),
        ("notes", {"note": "The ladder is away."}, "Internal note."),
    ],
)
def test_a_look_ahead_says_what_was_chosen(bo, browser, action, fields, said):
    answer = post(browser, "/desk/previews", [a_complaint(Status.ASSIGNED, by=bo)], action=action, **fields)

    assert text_of(soup_of(answer).select_one("p.handed")).startswith(said)


def test_a_look_ahead_says_who_is_to_handle_them(bo, browser):
    answer = post(browser, "/desk/previews", [a_complaint()], action="assignments", handler=str(bo.id))

    assert text_of(soup_of(answer).select_one("p.handed")).startswith(f"Assign: {bo.name}.")


def test_words_that_nobody_wrote_are_not_shown_ahead(bo, browser):
    answer = post(
        browser,
        "/desk/previews",
        [a_complaint(Status.ASSIGNED, by=bo)],
        action="categories",
        category="drains",
    )

    assert "As in report" not in text_of(soup_of(answer))


def test_what_changed_since_it_was_selected_is_left_out_and_said(bo, browser):
    one, other = a_complaint(), a_complaint()
    lines = picks([one, other])
    lifecycle.note(one, by=an_official("Eve"), words="Wait.")
    db.session.commit()

    page = confirmed(browser, lines, action="resolutions", **DONE)

    assert text_of(page.h1) == "1 report is changed"
    assert "Somebody changed this report" in text_of(page.select_one(".outcomes"))
    assert [as_it_is(each).status for each in (one, other)] == [Status.RECEIVED, Status.RESOLVED]


def test_one_that_cannot_be_changed_leaves_the_others_alone(bo, browser):
    good = [a_complaint(), a_complaint()]
    stands = a_complaint(Status.WITHDRAWN)

    confirmed(browser, [good[0], stands, good[1]], action="resolutions", **DONE)

    assert [as_it_is(one).status for one in (*good, stands)] == [
        Status.RESOLVED,
        Status.RESOLVED,
        Status.WITHDRAWN,
    ]
    assert kinds(stands) == [EventKind.WITHDRAWN]


def test_reports_of_others_and_numbers_of_none_are_left_out(browser):
    ours, theirs, hidden = (
        a_complaint(),
        a_complaint(category="drains"),
        a_complaint(category="staff-conduct"),
    )

    page = confirmed(browser, [ours, theirs, hidden], action="notes", note="Look.")
    answer = post(
        browser,
        "/desk/previews",
        [ours, theirs, hidden],
        action="notes",
        note="Look.",
    )

    assert text_of(page.h1) == "1 report is changed"
    said = text_of(soup_of(answer).select_one("section .outcomes"))
    assert "Only they can change it." in said
    assert f"{hidden.reference} We found no report with this number." in said
    assert [kinds(as_it_is(one)) for one in (theirs, hidden)] == [[], []]


def test_a_text_that_is_missing_is_asked_for_with_the_selection_kept(browser):
    pair = [a_complaint(), a_complaint()]

    answer = post(browser, "/desk/previews", pair, action="refusals", reason="Not ours.", remedy="")

    page = soup_of(answer)
    assert answer.status_code == 422
    assert "Write what the citizen can do instead." in text_of(page.select_one(".attempt"))
    assert page.select_one("#refusals-reason").get_text().strip() == "Not ours."
    assert [box["value"] for box in page.select(".batch-lines input[checked]")] == picks(pair)


@pytest.mark.parametrize(
    ("action", "fields", "says"),
    [
        ("assignments", {"handler": "x"}, "Choose a colleague from the list."),
        ("assignments", {"handler": "9" * 30}, "Choose a colleague from the list."),
        ("transfers", {"department": "none", "reason": "x"}, "Choose a department from the list."),
        ("priorities", {"priority": "none", "reason": "x"}, "Choose a priority from the list."),
        ("pauses", {"cause": "rain", "reason": "x"}, "Choose why the deadline stands still."),
        ("resolutions", {"result": "", "template": "7"}, "Choose a template from the list."),
        (
            "resolutions",
            {"result": "Lamp {place}", "template": ""},
            "Write something in the place of {place}.",
        ),
    ],
)
def test_what_fits_no_report_is_refused_before_anything_is_foreseen(browser, action, fields, says):
    complaint = a_complaint(landmark="")
    complaint.area_id = None  # so that it has no place in words
    db.session.commit()

    answer = post(browser, "/desk/previews", [complaint], action=action, **fields)

    assert answer.status_code == 422
    assert says in text_of(answer)


def test_a_handler_of_another_department_gets_none_of_ours(browser):
    chi = an_official("Chi", department=DRAINAGE)

    answer = post(browser, "/desk/previews", [a_complaint()], action="assignments", handler=str(chi.id))

    assert "0 reports would change" in text_of(answer)
    assert "Chi does not work in this department." in text_of(answer)


def test_a_template_answers_each_in_the_language_of_who_reported_it(browser):
    template = a_template(texts={"vi": {"result": "Xong {number}."}, "en": {"result": "Done {number}."}})
    one, other, third = a_complaint(), a_complaint(language="en"), a_complaint(language="ko")

    page = confirmed(browser, [one, other, third], action="resolutions", template=str(template.id))

    notes = {
        event.complaint_id: event.note for event in db.session.scalars(select(Event).where(Event.note != ""))
    }
    assert notes == {one.id: f"Xong {one.reference}.", other.id: f"Done {other.reference}."}
    assert "has no text in the language of this one" in text_of(page.select_one(".outcomes"))


def test_a_template_of_another_kind_of_report_answers_none_of_these(browser):
    complaint = a_complaint()
    template = a_template(category_id=complaint.category_id + 1)

    answer = post(browser, "/desk/previews", [complaint], action="resolutions", template=str(template.id))

    assert "0 reports would change" in text_of(answer)


def test_a_template_of_another_department_is_no_choice(browser):
    head = an_official("Chi", department=DRAINAGE, role=Role.HEAD)
    template = a_template(by=head)

    answer = post(browser, "/desk/previews", [a_complaint()], action="resolutions", template=str(template.id))

    assert answer.status_code == 422


def test_a_template_and_a_text_of_the_own_are_too_much(browser):
    template = a_template()

    answer = post(
        browser, "/desk/previews", [a_complaint()], action="resolutions", template=str(template.id), **DONE
    )

    assert "not both" in text_of(soup_of(answer).select_one(".attempt"))


def test_a_refusal_is_written_by_a_template_too(browser):
    texts = {"vi": {"reason": "Không phải của thành phố.", "remedy": "Gọi 1022."}}
    template = a_template(use=Use.REFUSAL, texts=texts)
    complaint = a_complaint()

    confirmed(browser, [complaint], action="refusals", template=str(template.id))

    event = db.session.scalars(select(Event).where(Event.kind == EventKind.DECLINED)).one()
    assert (event.note, event.details["remedy"]) == ("Không phải của thành phố.", "Gọi 1022.")


def test_a_phone_number_in_a_text_for_many_is_sent_only_by_who_says_so_once_more(browser):
    complaint = a_complaint()
    fields = {"action": "resolutions", "result": "Call 0912 345 678.", "key": str(a_key())}

    asked = post(browser, "/desk/previews", [complaint], **fields)
    past = post(browser, "/desk/batches", [complaint], **fields)
    sure = browser.submit(soup_of(asked), "/desk/previews?view=open", sure="yes")
    done = browser.submit(soup_of(sure), "/desk/batches?view=open")

    assert (asked.status_code, past.status_code, done.status_code) == (422, 422, 303)
    assert "Send it as it is" in text_of(asked)
    assert kinds(as_it_is(complaint)) == [EventKind.RESOLVED]


@pytest.mark.parametrize("path", ["/desk/selections", "/desk/previews", "/desk/batches"])
def test_one_too_many_is_refused_with_the_selection_kept(browser, monkeypatch, path):
    monkeypatch.setattr(desk_batches, "MOST", 2)
    three = [a_complaint(), a_complaint(), a_complaint()]

    answer = post(browser, path, three, action="resolutions", **DONE)

    page = soup_of(answer)
    assert answer.status_code == 409
    assert "At most 2 reports at a time: 3 are selected." in text_of(page.select_one(".attempt"))
    assert [box["value"] for box in page.select(".batch-lines input[checked]")] == picks(three)
    assert page.select_one("textarea").get_text().strip() == DONE["result"]
    assert [as_it_is(one).status for one in three] == [Status.RECEIVED] * 3


@pytest.mark.parametrize(("count", "code"), [(500, 200), (501, 409)])
def test_the_limit_is_five_hundred(browser, count, code):
    lines = [f"{reference(number, bytes(32))}:1" for number in range(1, count + 1)]

    assert post(browser, "/desk/previews", lines, action="notes", note="x").status_code == code


def test_nothing_selected_is_said(browser):
    answer = post(browser, "/desk/previews", ["x", "", ":", "7K3M-9QAZ", "--:1"], action="notes", note="x")

    assert answer.status_code == 422
    assert "No report is selected." in text_of(answer)


def test_where_many_would_change_their_number_is_typed(browser, monkeypatch):
    monkeypatch.setattr(desk_batches, "CONFIRMED_ABOVE", 1)
    pair = [a_complaint(), a_complaint()]
    preview = soup_of(post(browser, "/desk/previews", pair, action="resolutions", **DONE))

    wrong = browser.submit(preview, "/desk/batches?view=open", count="3")
    none = browser.submit(preview, "/desk/batches?view=open")

    assert (wrong.status_code, none.status_code) == (422, 422)
    assert "Type 2: so many reports would change." in text_of(wrong)
    assert [as_it_is(one).status for one in pair] == [Status.RECEIVED] * 2
    assert db.session.scalar(select(func.count()).select_from(Batch)) == 0

    right = browser.submit(soup_of(wrong), "/desk/batches?view=open", count="२")

    assert right.status_code == 303
    assert [as_it_is(one).status for one in pair] == [Status.RESOLVED] * 2


def test_few_are_confirmed_without_a_number(browser):
    preview = post(browser, "/desk/previews", [a_complaint()], action="resolutions", **DONE)

    assert desk_batches.CONFIRMED_ABOVE == 100
    assert not soup_of(preview).select("#count")


def test_the_same_form_sent_twice_is_done_once(browser):
    complaint = a_complaint()
    preview = soup_of(post(browser, "/desk/previews", [complaint], action="notes", note="Once."))

    first = browser.submit(preview, "/desk/batches?view=open")
    second = browser.submit(preview, "/desk/batches?view=open")

    assert first.location == second.location
    assert text_of(browser.page(second.location).h1) == "1 report is changed"
    assert kinds(as_it_is(complaint)) == [EventKind.NOTED]


def test_what_was_done_is_kept_under_one_key_and_shown_to_who_did_it(bo, browser, signed_in):
    ours, closed = a_complaint(), a_complaint(Status.WITHDRAWN)
    preview = soup_of(post(browser, "/desk/previews", [ours, closed], action="resolutions", **DONE))

    done = browser.submit(preview, "/desk/batches?view=open")

    lines = db.session.scalars(select(BatchLine).order_by(BatchLine.position)).all()
    assert [(line.reference, line.event_id is not None, bool(line.refusal)) for line in lines] == [
        (ours.reference, True, False),
        (closed.reference, False, True),
    ]
    assert db.session.scalars(select(Batch)).one().by_id == bo.id
    assert browser.get(done.location).status_code == 200
    assert signed_in(an_official("Eve")).get(done.location).status_code == 404


def test_all_that_fit_a_view_are_selected_beyond_its_page(browser):
    with_boxes = [a_complaint(landmark="hồ Tây") for _each in range(27)]
    a_complaint(landmark="elsewhere")
    page = browser.page("/desk?q=ho+tay")

    answer = browser.submit(page, page.select_one("form.picked")["action"], all="yes")

    found = {box["value"] for box in soup_of(answer).select(".batch-lines input[checked]")}
    assert found == set(picks(with_boxes))
    assert text_of(soup_of(answer).h1) == "27 reports are selected"


def test_more_than_can_be_changed_at_once_gives_the_first_of_them(browser, monkeypatch):
    monkeypatch.setattr("cps.desk.picking.MOST", 2)
    reports = [a_complaint() for _each in range(3)]
    for hours, one in enumerate(reports, start=1):
        one.due_at = later(hours=hours)
    db.session.commit()
    page = browser.page("/desk")

    answer = browser.submit(page, page.select_one("form.picked")["action"], all="yes")

    assert [box["value"] for box in soup_of(answer).select(".batch-lines input")] == picks(reports[:2])
    assert "These are the first." in text_of(answer)


def test_a_coordinator_assigns_across_departments_where_the_handler_works(city, signed_in):
    browser = signed_in(an_official("Dee", role=Role.COORDINATOR))
    lamp, drain = a_complaint(), a_complaint(category="drains")
    bo = an_official("Bo", department=LIGHTING)
    chosen = soup_of(post(browser, "/desk/selections", [lamp, drain], action="assignments"))

    page = confirmed(browser, [lamp, drain], action="assignments", handler=str(bo.id))

    assert any(" · " in option.get_text() for option in chosen.select("#assignments-handler option"))
    assert as_it_is(lamp).assignee_id == bo.id
    assert f"{drain.reference} Bo does not work in this department." in text_of(page.select_one(".outcomes"))


def test_from_the_look_ahead_one_comes_back_with_everything_that_was_typed(browser):
    complaint = a_complaint()
    preview = soup_of(post(browser, "/desk/previews?view=new", [complaint], action="notes", note="A\nB"))
    form = preview.select_one("form.batch-form")
    fields = [(one["name"], one["value"]) for one in form.select("input[type=hidden]")]

    answer = browser.post(
        "/desk/selections?view=new",
        data=dict(fields),
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert soup_of(answer).select_one("#notes-note").get_text().strip() == "A\nB"
    assert soup_of(answer).select_one(".pager a")["href"] == "/desk?view=new"


@pytest.mark.parametrize("action", ["", "reveals", "subtasks", "x"])
def test_what_cannot_be_done_to_many_is_no_address(browser, action):
    assert post(browser, "/desk/previews", [a_complaint()], action=action).status_code == 404
    assert post(browser, "/desk/batches", [a_complaint()], action=action, key=str(a_key())).status_code == 404


def test_the_moment_of_a_batch_is_the_citys(browser):
    page = confirmed(browser, [a_complaint()], action="notes", note="Look.")

    assert str(MONDAY.year) in text_of(page.select_one(".handed"))


def test_a_look_ahead_says_what_then_happens(bo, browser):
    chance = random.Random(5)
    standing = [Status.RECEIVED, Status.ASSIGNED, Status.IN_PROGRESS, Status.WAITING, Status.RESOLVED]
    tried = (
        {"action": "pauses", "cause": "inspection", "reason": "We look at it."},
        {"action": "priorities", "priority": "urgent", "reason": "A school is near."},
        {"action": "transfers", "department": DRAINAGE, "reason": "It is a drain."},
    )
    for fields in tried:
        chosen = [a_complaint(chance.choice(standing), by=bo, contact=None) for _each in range(12)]

        preview = soup_of(post(browser, "/desk/previews", chosen, **fields))
        done = browser.submit(preview, "/desk/batches?view=open")

        page = browser.page(done.location)
        assert rows(page, "section .outcomes") == rows(preview, "section .outcomes")
        changed = {link.get_text() for link in page.select(".batch-numbers a")}
        assert changed == {row[0] for row in rows(preview, "details .outcomes")}
        assert len(changed) + len(rows(page, "section .outcomes")) == 12


def test_two_who_change_the_same_reports_at_once_wait_and_the_second_is_told(app, city, signed_in):
    chosen = [a_complaint(contact=None) for _each in range(20)]
    forms = [
        (browser, soup_of(post(browser, "/desk/previews", lines, action="notes", note=name)))
        for name, lines in (("Bo", chosen), ("Eve", chosen[::-1]))
        for browser in [signed_in(an_official(name))]
    ]

    with ThreadPoolExecutor(2) as pool:
        sent = [pool.submit(one.submit, page, "/desk/batches?view=open") for one, page in forms]
        answers = [one.result() for one in sent]

    changed = [
        text_of(browser.page(answer.location).h1)
        for (browser, _page), answer in zip(forms, answers, strict=True)
    ]
    assert sorted(changed) == ["0 reports are changed", "20 reports are changed"]
    assert [kinds(as_it_is(one)) for one in chosen] == [[EventKind.NOTED]] * 20
