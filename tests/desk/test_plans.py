"""Planning a day at the desk: the form and its refusals, where the day is shown, queues narrowed to it, undo, many at once."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import select

from cps.complaints import scheduling, window
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.desk import planned
from cps.kernel import clock, dates
from cps.kernel.catalogues import speaker
from cps.kernel.dates import OtherCalendar
from cps.kernel.db import db
from cps.kernel.text import Text
from cps.notify import tasks
from cps.notify.models import Message
from tests.complaints.test_scheduling import FRIDAY, THURSDAY, TUESDAY, WEDNESDAY, plan
from tests.desk.reports import as_it_is, differences, screen_of
from tests.desk.test_batches import post
from tests.desk.test_saved import save, shown
from tests.makers import HANOI, a_complaint, an_official, later
from tests.pageclient import soup_of, text_of
from tests.rounds import at


@pytest.fixture
def lamp(bo):
    """A lamp that Bo handles, due on Thursday."""
    return a_complaint(Status.ASSIGNED, by=bo)


def send(browser, complaint, **typed):
    return browser.submit(browser.page(screen_of(complaint)), "/plans", **typed)


def pane_of(browser, complaint):
    html = browser.get(f"{screen_of(complaint)}/preview").json["html"]
    return BeautifulSoup(html, "html.parser")


def test_a_day_is_planned_and_stands_in_the_facts_and_the_history(lamp, browser):
    answer = send(browser, lamp, first="2030-01-09", note="Keep the gate open.")

    assert answer.status_code == 303
    assert as_it_is(lamp).planned == (WEDNESDAY, WEDNESDAY)
    page = browser.page(screen_of(lamp))
    assert "Planned for Wednesday, 9 January 2030" in text_of(page.select_one(".facts"))
    history = text_of(page.select_one(".history li"))
    assert "Planned for Wednesday, 9 January 2030" in history
    assert "Keep the gate open." in history
    assert page.select_one("#plans-first")["value"] == "2030-01-09"


def test_from_one_day_to_another(lamp, browser):
    send(browser, lamp, first="2030-01-08", last="2030-01-10")

    assert as_it_is(lamp).planned == (TUESDAY, THURSDAY)
    assert browser.page(screen_of(lamp)).select_one("#plans-last")["value"] == "2030-01-10"


@pytest.mark.parametrize(
    ("typed", "field", "words"),
    [
        ({"first": ""}, "first", "Choose the day."),
        ({"first": "tomorrow"}, "first", "We could not read this date."),
        ({"first": "2030-01-09", "last": "x"}, "last", "We could not read this date."),
        ({"first": "2030-01-06"}, "first", "This day is over."),
        ({"first": "2030-01-11"}, "first", "Extend the deadline first"),
    ],
)
def test_what_is_wrong_is_said_at_its_field_and_what_was_typed_stays(lamp, browser, typed, field, words):
    answer = send(browser, lamp, note="In the morning.", **typed)

    page = soup_of(answer)
    assert answer.status_code == 422
    assert words in text_of(page.select_one(f"#plans-{field}-fault"))
    assert page.select_one("#plans-note").get_text() == "In the morning."
    assert page.select_one("#plans-first")["value"] == typed["first"]
    assert as_it_is(lamp).planned is None


def test_a_day_on_which_the_offices_are_closed_is_asked_about_once(lamp, browser):
    with clock.standing_at(at(11, 9)):  # overdue, so that Saturday is not beyond a deadline
        asked = send(browser, lamp, first="2030-01-12")
        said = browser.submit(soup_of(asked), "/plans", first="2030-01-12", sure="yes")

    assert asked.status_code == 422
    assert "offices are closed" in text_of(soup_of(asked).select_one("#plans-first-fault"))
    assert said.status_code == 303
    assert as_it_is(lamp).planned_from.day == 12


def test_the_closed_day_is_named_where_it_was_typed(lamp, browser):
    with clock.standing_at(at(11, 9)):
        asked = send(browser, lamp, first="2030-01-11", last="2030-01-13")

    assert soup_of(asked).select_one("#plans-last-fault")
    assert as_it_is(lamp).planned is None


def test_a_phone_number_in_the_sentence_is_asked_about(lamp, browser):
    answer = send(browser, lamp, first="2030-01-09", note="Call 0912 345 678.")

    assert answer.status_code == 422
    assert "phone number" in text_of(soup_of(answer).select_one("#plans-note-fault"))


def test_who_plans_over_a_change_of_somebody_else_is_shown_theirs_and_the_own(lamp, bo, browser):
    page = browser.page(screen_of(lamp))
    plan(lamp, an_official("Abe"), TUESDAY)

    answer = browser.submit(page, "/plans", first="2030-01-09", note="")

    row = next(row for row in soup_of(answer).select(".difference tr") if "Planned for" in row.get_text())
    assert answer.status_code == 409
    assert [text_of(cell) for cell in row.select("td")] == [
        "–",
        "Tuesday, 8 January 2030",
        "Wednesday, 9 January 2030",
    ]
    assert as_it_is(lamp).planned_from == TUESDAY


def test_it_can_be_undone_and_nobody_hears_of_it(lamp, bo, browser):
    window.use(30)
    plan(lamp, bo, TUESDAY)
    send(browser, lamp, first="2030-01-09")
    planned_event = as_it_is(lamp).version

    browser.submit(browser.page(screen_of(lamp)), "/undoings")
    window.use(0)

    assert as_it_is(lamp).planned == (TUESDAY, TUESDAY)
    assert lamp.version == planned_event + 1
    events = db.session.scalars(
        select(scheduling.Event.id).where(scheduling.Event.kind == EventKind.PLANNED)
    ).all()
    tasks.write(events)
    assert len(db.session.scalars(select(Message)).all()) == 1  # of the first day alone


def test_a_day_is_taken_back_and_the_history_and_the_citizen_s_page_say_so(lamp, bo, browser):
    plan(lamp, bo, TUESDAY)
    page = browser.page(screen_of(lamp))
    assert "Planned for Tuesday, 8 January 2030." in text_of(page.find(id="plans/end"))

    answer = browser.submit(page, "/plans/end", reason="A storm is coming.")

    assert answer.status_code == 303
    page = browser.page(screen_of(lamp))
    assert page.find(id="plans/end") is None
    assert "Planned" not in text_of(page.select_one(".facts"))
    told = text_of(page.select_one(".history li"))
    assert "No longer planned for Tuesday, 8 January 2030" in told
    assert "A storm is coming." in told
    public = browser.page(f"/complaints/{lamp.reference}").select_one(".timeline li")
    assert "It will not be done on the planned day (Tuesday, 8 January 2030)." in text_of(public)
    assert text_of(public.blockquote) == "A storm is coming."


def test_without_a_reason_the_form_comes_back_open(lamp, bo, browser):
    plan(lamp, bo, TUESDAY)

    answer = browser.submit(browser.page(screen_of(lamp)), "/plans/end", reason="")

    assert answer.status_code == 422
    card = soup_of(answer).find(id="plans/end")
    assert card.has_attr("open")
    assert "Write why it is not done on that day." in text_of(card)
    assert as_it_is(lamp).planned == (TUESDAY, TUESDAY)


def test_that_it_was_taken_back_can_be_undone(lamp, bo, browser):
    window.use(30)
    plan(lamp, bo, TUESDAY)
    browser.submit(browser.page(screen_of(lamp)), "/plans/end", reason="A storm.")

    browser.submit(browser.page(screen_of(lamp)), "/undoings")
    window.use(0)

    assert as_it_is(lamp).planned == (TUESDAY, TUESDAY)


def test_who_plans_over_a_day_that_was_taken_back_sees_both(lamp, bo, browser):
    plan(lamp, bo, TUESDAY)
    page = browser.page(screen_of(lamp))
    scheduling.unplan(lamp, by=bo, reason="A storm.")
    db.session.commit()

    answer = browser.submit(page, "/plans", first="2030-01-09")

    assert answer.status_code == 409
    assert differences(answer)["Planned for"] == [
        "Tuesday, 8 January 2030",
        "–",
        "Wednesday, 9 January 2030",
    ]


def test_the_queue_the_preview_and_the_list_on_site_say_for_when(lamp, bo, browser):
    plan(lamp, bo, TUESDAY)

    line = browser.page("/desk").select_one(".q-kind .tag-planned")
    pane = pane_of(browser, lamp)
    stop = text_of(browser.page("/desk/field").select_one(".stop-facts"))

    assert [text_of(part) for part in line.select("span")] == ["Planned for tomorrow", "tomorrow"]
    assert "Tuesday, 8 January 2030" in text_of(pane.select_one(".facts"))
    assert "Planned for tomorrow" in stop


def test_what_is_over_and_open_still_says_so_everywhere(lamp, bo, browser, signed_in):
    plan(lamp, bo, TUESDAY)

    with clock.standing_at(at(9, 9)):
        browser = signed_in(bo)
        tag = browser.page("/desk").select_one(".q-kind .tag")
        facts = browser.page(screen_of(lamp)).select_one(
            ".facts div:has(> dt:-soup-contains('Planned for')) .chip-late"
        )
        pane = pane_of(browser, lamp)
        stop = text_of(browser.page("/desk/field").select_one(".stop-facts"))

    said = "Planned for yesterday – not done"
    assert [text_of(part) for part in tag.select("span")] == [said, "yesterday"]
    assert "tag-urgent" in tag["class"]
    assert text_of(facts) == text_of(pane.select_one(".facts .chip-late")) == "not done"
    assert said in stop


def test_a_queue_is_narrowed_to_a_day_and_to_what_is_over(lamp, bo, browser, signed_in):
    other = a_complaint(Status.ASSIGNED, by=bo)
    plan(lamp, bo, TUESDAY)
    plan(other, bo, THURSDAY)

    def listed(browser, asked):
        return [link.get_text() for link in browser.page(f"/desk?{asked}").select("td.q-ref a")]

    assert listed(browser, "planned=2030-01-10") == [other.reference]
    assert listed(browser, "missed=yes") == []
    with clock.standing_at(at(9, 9)):
        browser = signed_in(bo)
        assert listed(browser, "missed=yes") == [lamp.reference]
        page = browser.page("/desk?missed=yes")
    assert page.select_one("input[name=missed]").has_attr("checked")
    assert page.select_one(".sieve details").has_attr("open")


@pytest.mark.parametrize("asked", ["planned=soon", "missed=perhaps"])
def test_an_address_that_asks_for_nonsense_does_not_exist(browser, asked):
    assert browser.get(f"/desk?{asked}").status_code == 404


def test_a_saved_view_counts_what_is_planned_and_what_is_over(lamp, bo, browser, signed_in):
    plan(lamp, bo, TUESDAY)
    a_complaint(Status.ASSIGNED, by=bo)
    for asked in ("planned=2030-01-08", "missed=yes"):
        save(browser, f"view=open&{asked}", name=asked, sharing="personal")

    today = shown(browser.page("/desk"))
    with clock.standing_at(at(9, 9)):
        after = shown(signed_in(bo).page("/desk"))

    assert today == {"planned=2030-01-08": "1", "missed=yes": "0"}
    assert after == {"planned=2030-01-08": "1", "missed=yes": "1"}


def test_many_are_planned_at_once_each_within_its_own_deadline(bo, browser):
    first, second, short = (a_complaint(Status.ASSIGNED, by=bo) for _ in range(3))
    short.due_at = later(days=1, hours=8)
    db.session.commit()
    fields = {"action": "plans", "first": "2030-01-09", "note": "In the morning."}

    foreseen = soup_of(post(browser, "/desk/previews", [first, second, short], **fields))
    post(
        browser, "/desk/batches", [first, second, short], key="00000000-0000-4000-8000-000000000001", **fields
    )

    assert "after the deadline" in text_of(foreseen.select_one(".batch-part"))
    assert "Planned for Wednesday, 9 January 2030" in text_of(foreseen.select_one(".batch-form"))
    assert "In the morning." in text_of(foreseen.select_one(".batch-form .words"))
    assert as_it_is(first).planned == as_it_is(second).planned == (WEDNESDAY, WEDNESDAY)
    assert as_it_is(short).planned is None


def test_many_for_a_closed_day_are_asked_about_once(bo, browser):
    lamp = a_complaint(Status.ASSIGNED, by=bo)
    with clock.standing_at(at(11, 9)):
        fields = {"action": "plans", "first": "2030-01-12"}
        asked = post(browser, "/desk/previews", [lamp], **fields)
        said = post(browser, "/desk/previews", [lamp], sure="yes", **fields)

    assert (asked.status_code, said.status_code) == (422, 200)
    assert soup_of(asked).select_one("input[name=sure]")
    assert "1 report would change" in text_of(soup_of(said).select_one("h1"))


def words(first, last, *, day):
    class Row:
        status = Status.ASSIGNED
        planned_from, planned_until = first, last

    plan = planned.of(Row, now=at(day, 9), zone=HANOI, language="en", calendars=())
    english = speaker("en")
    return plan.words.rendered(english), str(
        plan.short.rendered(english) if isinstance(plan.short, Text) else plan.short
    )


@pytest.mark.parametrize(
    ("first", "last", "day", "expected", "short"),
    [
        (TUESDAY, TUESDAY, 7, "Planned for tomorrow", "tomorrow"),
        (TUESDAY, TUESDAY, 8, "Planned for today", "today"),
        (TUESDAY, TUESDAY, 9, "Planned for yesterday – not done", "yesterday"),
        (TUESDAY, TUESDAY, 10, "Planned for 8 January – not done", "8 January"),
        (THURSDAY, THURSDAY, 7, "Planned for 10 January", "10 January"),
        (WEDNESDAY, FRIDAY, 7, "Planned for 9 January – 11 January", "9 January"),
        (WEDNESDAY, FRIDAY, 8, "Planned for 9 January – 11 January", "tomorrow"),
        (WEDNESDAY, FRIDAY, 9, "Planned until 11 January", "today"),
        (WEDNESDAY, FRIDAY, 10, "Planned until 11 January", "until 11 January"),
        (WEDNESDAY, FRIDAY, 11, "Planned until today", "today"),
        (WEDNESDAY, FRIDAY, 12, "Planned for yesterday – not done", "yesterday"),
    ],
)
def test_what_is_said_of_a_plan_on_a_day(first, last, day, expected, short):
    assert words(first, last, day=day) == (expected, short)


def test_days_are_written_in_the_calendar_people_live_by():
    nepal = (OtherCalendar.BIKRAM_SAMBAT,)

    assert dates.short(THURSDAY, language="en", calendars=nepal) == "26 Poush"
    assert dates.short(THURSDAY, language="ne", calendars=nepal) == "पुस २६"
    assert dates.span(THURSDAY, FRIDAY, language="ne", calendars=nepal).startswith(
        "बिहीबार, २०८६ पुस २६ (१० जनवरी २०३०) – "
    )
    assert dates.span(THURSDAY, THURSDAY, language="ko") == "2030. 1. 10.(목)"
    assert dates.span(THURSDAY, THURSDAY, language="fil") == "Huwebes, Enero 10, 2030"
