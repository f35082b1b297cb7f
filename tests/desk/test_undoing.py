"""Taking back what was just done: for a moment, exactly, by who did it, and before anybody was told."""

from datetime import timedelta

import pytest
from sqlalchemy import inspect, select, text

from cps.complaints import (
    batches,
    extending,
    history,
    lifecycle,
    pausing,
    queries,
    reopening,
    undoing,
    window,
)
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import tasks
from cps.notify.models import Message
from tests.desk.reports import screen_of
from tests.desk.test_batches import post
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_photo, a_subtask, an_official, later
from tests.pageclient import soup_of, text_of


@pytest.fixture(autouse=True)
def _window(app):
    window.use(30)
    yield
    window.use(0)


def row(complaint):
    db.session.rollback()
    db.session.refresh(complaint)
    return {
        one.key: getattr(complaint, one.key) for one in inspect(Complaint).column_attrs if one.key != "sought"
    }


def act(browser, complaint, noun, **fields):
    answer = browser.submit(browser.page(screen_of(complaint)), f"/{noun}", **fields)
    assert answer.status_code == 303, text_of(answer)
    return browser.page(answer.location)


def undone(browser, page, complaint):
    return browser.submit(page, f"{complaint.reference}/undoings")


def kinds(complaint):
    return [event.kind for event in history.of(complaint)]


ACTS = [
    (Status.RECEIVED, "starts", {}),
    (Status.ASSIGNED, "questions", {"question": "Which lamp?"}),
    (Status.ASSIGNED, "pauses", {"cause": "inspection", "reason": "We look."}),
    (Status.ASSIGNED, "extensions", {"count": "1", "reason": "No lamps."}),
    (Status.ASSIGNED, "categories", {"category": "noise", "onward": ""}),
    (Status.ASSIGNED, "priorities", {"priority": "urgent", "reason": "A school."}),
    (Status.WAITING, "resolutions", {"result": "Changed."}),
    (Status.IN_PROGRESS, "refusals", {"reason": "Not ours.", "remedy": "Ask them."}),
    (Status.WAITING, "transfers", {"department": DRAINAGE, "reason": "A drain."}),
    (Status.WAITING, "starts", {}),
]


@pytest.mark.parametrize(("status", "noun", "fields"), ACTS)
def test_it_stands_exactly_as_before_and_history_says_both(bo, browser, status, noun, fields):
    complaint = a_complaint(status, by=bo)
    browser.page(screen_of(complaint))  # looked at
    stood, turned = row(complaint), history.turns(complaint)

    with clock.standing_at(later(hours=1)):
        page = act(browser, complaint, noun, **fields)
        changed = row(complaint)
        answer = undone(browser, page, complaint)

    assert answer.status_code == 303
    assert changed != stood
    assert row(complaint) == {**stood, "version": stood["version"] + 2}
    assert kinds(complaint)[-1] is EventKind.UNDONE
    assert history.turns(complaint) == turned
    assert EventKind.UNDONE not in {event.kind for event in history.told_to_citizens(complaint)}
    assert len(history.told_to_citizens(complaint)) == len(history.counting(history.of(complaint)))


def test_an_assignment_is_undone_too(bo, browser):
    complaint, eve = a_complaint(), an_official("Eve")
    stood = row(complaint)

    page = act(browser, complaint, "assignments", handler=str(eve.id))
    undone(browser, page, complaint)

    assert row(complaint) == {**stood, "seen_at": stood["seen_at"] or complaint.seen_at, "version": 3}
    assert complaint.assignee is None


def test_the_screen_says_how_long_and_then_no_more(bo, browser):
    complaint = a_complaint()
    page = act(browser, complaint, "starts")
    with clock.standing_at(MONDAY + timedelta(seconds=12)):
        soon = browser.page(screen_of(complaint))
    with clock.standing_at(MONDAY + timedelta(seconds=30)):
        late = browser.page(screen_of(complaint))
        refused = undone(browser, page, complaint)

    assert "30 seconds left" in text_of(page.select_one(".undo"))
    assert "18 seconds left" in text_of(soon.select_one(".undo"))
    assert not late.select(".undo")
    assert refused.status_code == 409
    assert "This cannot be undone any more." in text_of(refused)
    assert row(complaint)["status"] is Status.IN_PROGRESS


def test_nobody_else_is_offered_it_or_can(bo, browser, signed_in):
    complaint = a_complaint()
    page = act(browser, complaint, "starts")
    eve = signed_in(an_official("Eve"))

    answer = post(eve, f"{screen_of(complaint)}/undoings", [], version=str(row(complaint)["version"]))

    assert not eve.page(screen_of(complaint)).select(".undo")
    assert page.select(".undo")
    assert answer.status_code == 409
    assert row(complaint)["status"] is Status.IN_PROGRESS


def test_what_happened_since_stands_in_the_way(bo, browser):
    complaint = a_complaint()
    page = act(browser, complaint, "starts")
    lifecycle.note(complaint, by=an_official("Eve"), words="Wait.")
    db.session.commit()

    answer = undone(browser, page, complaint)

    assert answer.status_code == 409
    assert not browser.page(screen_of(complaint)).select(".undo")
    assert row(complaint)["status"] is Status.IN_PROGRESS


def test_it_is_undone_once_and_the_undoing_is_not_undone(bo, browser):
    complaint = a_complaint()
    page = act(browser, complaint, "starts")
    undone(browser, page, complaint)

    again = undone(browser, page, complaint)

    assert again.status_code == 409
    assert not browser.page(screen_of(complaint)).select(".undo")
    assert kinds(complaint) == [EventKind.RECEIVED, EventKind.STARTED, EventKind.UNDONE]


def test_a_note_a_picture_and_a_question_to_others_leave_no_way_back(bo, browser):
    noted, shown, asked = a_complaint(), a_complaint(), a_complaint(Status.ASSIGNED, by=bo)
    a_subtask(asked, by=bo)

    pages = [
        act(browser, noted, "notes", note="Look."),
        act(browser, shown, "resolutions", result="Done.", photo=(a_photo(), "after.jpg")),
        act(browser, asked, "resolutions", result="Done."),  # the question is withdrawn with it
    ]

    assert not [page for page in pages if page.select(".undo")]


def test_letters_wait_and_none_is_written_about_what_was_undone(bo, browser):
    complaint = a_complaint()
    page = act(browser, complaint, "starts")
    event = history.of(complaint)[-1].id
    waits = text(
        "SELECT scheduled_at > now() + interval '30 seconds' FROM procrastinate_jobs "
        "WHERE task_name = 'announce' AND args ->> 'event_id' = :id"
    )
    assert db.session.scalar(waits, {"id": str(event)}) is True

    undone(browser, page, complaint)
    tasks.write([one.id for one in history.of(complaint)])

    assert db.session.scalars(select(Message.subject).where(Message.event_id == event)).all() == []
    assert db.session.scalars(select(Message.event_id)).all() == [history.of(complaint)[0].id]


def test_what_citizens_and_time_do_is_told_at_once(city):
    complaint = a_complaint(Status.WAITING)
    lifecycle.answer(complaint, words="The third.")
    db.session.commit()

    waiting = text(
        "SELECT count(*) FROM procrastinate_jobs WHERE args ->> 'event_id' = :id AND scheduled_at IS NULL"
    )

    assert db.session.scalar(waiting, {"id": str(history.of(complaint)[-1].id)}) == 1


def test_an_extension_and_a_pause_that_were_undone_are_not_counted(bo, browser):
    complaint = a_complaint(Status.ASSIGNED, by=bo)
    undone(browser, act(browser, complaint, "extensions", count="1", reason="No lamps."), complaint)
    undone(browser, act(browser, complaint, "pauses", cause="inspection", reason="We look."), complaint)
    row(complaint)

    with clock.standing_at(later(hours=2)):
        before = complaint.due_at
        extending.extend(complaint, by=bo, count=1, reason="Again.", has_consent=False)
        pausing.pause(complaint, by=bo, cause="inspection", reason="Now.")

    assert complaint.due_at > before
    db.session.rollback()


def test_an_older_question_is_asked_again_when_the_newer_act_is_undone(bo, browser):
    complaint = a_complaint(Status.WAITING, by=bo)

    undone(browser, act(browser, complaint, "starts"), complaint)

    assert row(complaint)["status"] is Status.WAITING
    assert queries.waiting_question(complaint) == "Which lamp is it?"


def test_a_citizen_does_not_see_what_was_undone(bo, browser, client):
    complaint = a_complaint()
    undone(browser, act(browser, complaint, "refusals", reason="Not ours.", remedy="Ask them."), complaint)

    page = client.page(f"/complaints/{complaint.reference}")

    assert "Not ours." not in text_of(page)
    assert "Not ours." in text_of(browser.page(screen_of(complaint)).select_one(".history"))


def test_what_was_sent_to_another_department_comes_back(city, signed_in):
    tra = signed_in(an_official("Tra", department="thanh-tra"))
    complaint = a_complaint(category="staff-conduct")
    tra.page(screen_of(complaint))
    stood = row(complaint)
    page = act(tra, complaint, "transfers", department=DRAINAGE, reason="It is a drain.")

    answer = undone(tra, page, complaint)

    assert answer.status_code == 303
    assert row(complaint) == {**stood, "version": 3}


def test_a_batch_is_undone_line_by_line(bo, browser):
    some = [a_complaint() for _each in range(3)]
    stood = [row(one) for one in some]
    preview = soup_of(post(browser, "/desk/previews", some, action="resolutions", result="Done."))
    page = browser.page(browser.submit(preview, "/desk/batches?view=open").location)
    row(some[2])
    reopening.reopen(some[2], words="Still dark.")
    db.session.commit()

    answer = browser.submit(page, "/undoings?view=open")

    after = soup_of(answer)
    assert text_of(after.h1) == "1 report is changed"
    assert {link.get_text() for link in after.select("[aria-labelledby=undone-title] a")} == {
        some[0].reference,
        some[1].reference,
    }
    refused = text_of(after.select_one("[aria-labelledby=refused-title]"))
    assert some[2].reference in refused
    assert [{**row(one), "version": 1} for one in some[:2]] == [{**one, "version": 1} for one in stood[:2]]
    assert row(some[2])["status"] is Status.RECEIVED
    assert db.session.scalars(select(batches.BatchLine.event_id)).all()
    assert len(db.session.scalars(select(Event).where(Event.kind == EventKind.UNDONE)).all()) == 2


def test_a_preview_leaves_nothing_to_be_undone(bo, browser):
    complaint = a_complaint()

    post(browser, "/desk/previews", [complaint], action="resolutions", result="Done.")

    assert db.session.scalar(text("SELECT count(*) FROM undoable")) == 0


def test_without_a_window_nothing_waits_and_nothing_is_offered(bo, browser):
    window.use(0)
    complaint = a_complaint()

    page = act(browser, complaint, "starts")

    assert not page.select(".undo")
    assert db.session.scalar(text("SELECT count(*) FROM undoable")) == 0
    assert (
        db.session.scalar(
            text(
                "SELECT count(*) FROM procrastinate_jobs WHERE scheduled_at IS NOT NULL AND task_name = 'announce'"
            )
        )
        == 0
    )


def test_how_it_stood_is_forgotten_when_it_is_too_late(bo, browser):
    act(browser, a_complaint(), "starts")
    undoing.forget_undoable(timestamp=0)
    kept = db.session.scalar(text("SELECT count(*) FROM undoable"))

    with clock.standing_at(MONDAY + timedelta(seconds=31)):
        undoing.forget_undoable(timestamp=0)

    assert kept == 1
    assert db.session.scalar(text("SELECT count(*) FROM undoable")) == 0
    db.session.rollback()
