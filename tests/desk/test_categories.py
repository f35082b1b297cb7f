"""The right category at the desk: chosen or accepted, handed over where it belongs, with what stands against it."""

import pytest

from cps.complaints import categorising, handovers, history, undoing, window
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove
from cps.complaints.status import Status
from cps.desk import suggested
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.suggesting import queries
from tests.desk.reports import as_it_is, differences, screen_of
from tests.makers import DRAINAGE, a_complaint, a_department
from tests.pageclient import soup_of, text_of


@pytest.fixture
def lamp(bo):
    return a_complaint()


@pytest.fixture
def words_mean(monkeypatch):
    """Let every report's words mean one category."""

    def mean(code):
        monkeypatch.setattr(queries, "suggested", lambda _words: code)

    return mean


def kinds(complaint):
    return [event.kind for event in history.of(as_it_is(complaint))]


def test_the_form_puts_it_into_another_category_and_hands_it_over(bo, lamp, signed_in):
    browser = signed_in(bo)

    answer = browser.submit(
        browser.page(screen_of(lamp)), "/categories", category="drains", reason="A drain."
    )

    assert answer.status_code == 303
    assert kinds(lamp) == [EventKind.RECEIVED, EventKind.CATEGORISED, EventKind.TRANSFERRED]
    assert (lamp.category.code, lamp.department_id) == ("drains", a_department(DRAINAGE).id)
    assert {event.note for event in history.of(lamp)[1:]} == {"A drain."}


def test_both_are_one_act_and_undone_together(bo, lamp, signed_in):
    window.use(30)
    try:
        browser = signed_in(bo)
        form = browser.page(screen_of(lamp))
        stood = undoing.before(as_it_is(lamp)).row
        browser.submit(form, "/categories", category="drains")
        page = browser.page(screen_of(lamp))
        browser.submit(page, "/undoings")
        after = browser.page(screen_of(lamp))
    finally:
        window.use(0)

    _received, changed, sent, *undone = history.of(as_it_is(lamp))
    assert len(page.select(".undo")) == 1
    assert not after.select(".undo")
    assert [event.kind for event in undone] == [EventKind.UNDONE, EventKind.UNDONE]
    assert [event.details["event"] for event in undone] == [sent.id, changed.id]
    assert undoing.before(lamp).row == stood


def test_what_was_changed_without_a_handover_is_undone_by_itself(bo, lamp, signed_in):
    window.use(30)
    try:
        browser = signed_in(bo)
        browser.submit(browser.page(screen_of(lamp)), "/categories", category="drains", onward=[])
        browser.submit(browser.page(screen_of(lamp)), "/undoings")
    finally:
        window.use(0)

    assert kinds(lamp)[1:] == [EventKind.CATEGORISED, EventKind.UNDONE]
    assert lamp.category.code == "street-light"


def test_who_says_so_keeps_it(bo, lamp, signed_in):
    browser = signed_in(bo)

    browser.submit(browser.page(screen_of(lamp)), "/categories", category="drains", onward=[])

    assert kinds(lamp) == [EventKind.RECEIVED, EventKind.CATEGORISED]
    assert lamp.department_id == a_department().id


def test_the_category_that_it_has_is_not_offered(bo, lamp, signed_in):
    page = signed_in(bo).page(screen_of(lamp))

    codes = [option["value"] for option in page.select("#categories-category option")]
    assert "pothole" in codes
    assert "street-light" not in codes


def test_what_is_wrong_is_said_and_what_was_typed_stays(bo, lamp, signed_in):
    browser = signed_in(bo)

    answer = browser.submit(browser.page(screen_of(lamp)), "/categories", reason="A hole.", onward=[])

    soup = soup_of(answer)
    assert answer.status_code == 422
    assert "Choose what the problem is." in text_of(soup)
    assert soup.select_one("#categories-reason").text.strip() == "A hole."
    assert soup.select_one("#categories input[name=onward]").get("checked") is None
    assert kinds(lamp) == [EventKind.RECEIVED]


def test_who_changes_it_at_the_same_time_sees_both(bo, lamp, signed_in):
    browser = signed_in(bo)
    page = browser.page(screen_of(lamp))
    categorising.categorise(lamp, to="pothole", by=bo)
    db.session.commit()

    answer = browser.submit(page, "/categories", category="wires")

    assert answer.status_code == 409
    assert differences(answer)["Category"] == [
        "Street light",
        "Pothole, road damage",
        "Dangerous wire",
    ]


def test_the_history_says_what_it_was_to_officials_and_to_citizens(bo, lamp, signed_in, client):
    categorising.categorise(lamp, to="pothole", by=bo, reason="It is a hole.")
    db.session.commit()

    told = text_of(signed_in(bo).page(screen_of(lamp)))
    public = text_of(client.page(f"/complaints/{lamp.reference}?lang=en"))

    assert (
        "Category: Pothole, road damage instead of Street light. Deadline 16 January 2030 instead of 10"
        in told
    )
    assert "Now in the category “Pothole, road damage” (was “Street light”)." in public
    assert "It is a hole." in public


def test_what_the_words_mean_is_offered_and_taken_with_one_button(bo, lamp, signed_in, words_mean):
    words_mean("drains")
    browser = signed_in(bo)
    page = browser.page(screen_of(lamp))

    form = page.select_one("form.handed:has([data-suggested])")
    assert "Drains, flooding" in text_of(form)
    fields = {field["name"]: field["value"] for field in form.select("input")}
    browser.post(form["action"], data=fields)

    assert kinds(lamp) == [EventKind.RECEIVED, EventKind.CATEGORISED, EventKind.TRANSFERRED]


@pytest.mark.parametrize("code", [None, "street-light"])
def test_nothing_is_offered_where_the_words_mean_nothing_else(bo, lamp, signed_in, words_mean, code):
    words_mean(code)

    assert signed_in(bo).page(screen_of(lamp)).select_one("[data-suggested]") is None


def test_what_an_official_has_judged_is_not_doubted(bo, lamp, words_mean):
    words_mean("drains")
    categorising.categorise(lamp, to="pothole", by=bo)

    assert suggested.of(lamp, history.of(lamp)) is None


def test_what_is_offered_can_be_turned_down_and_is_offered_no_more(bo, lamp, signed_in, words_mean):
    words_mean("drains")
    browser = signed_in(bo)
    button = browser.page(screen_of(lamp)).select_one("[data-rejected]")
    assert text_of(button) == "Keep “Street light”"

    fields = {field["name"]: field["value"] for field in button.find_parent("form").select("input")}
    answer = browser.post(button["formaction"], data=fields)

    assert answer.status_code == 303
    assert kinds(lamp) == [EventKind.RECEIVED, EventKind.CATEGORY_KEPT]
    assert lamp.category.code == "street-light"
    page = browser.page(screen_of(lamp))
    assert page.select_one("[data-suggested], [data-rejected]") is None
    assert "its words would mean “Drains, flooding”" in text_of(page.select_one(".history li"))


def test_who_turned_it_down_by_mistake_takes_that_back(bo, lamp, signed_in, words_mean):
    words_mean("drains")
    window.use(30)
    try:
        browser = signed_in(bo)
        button = browser.page(screen_of(lamp)).select_one("[data-rejected]")
        fields = {field["name"]: field["value"] for field in button.find_parent("form").select("input")}
        browser.post(button["formaction"], data=fields)
        browser.submit(browser.page(screen_of(lamp)), "/undoings")
    finally:
        window.use(0)

    assert browser.page(screen_of(lamp)).select_one("[data-rejected]") is not None


def test_only_a_category_of_the_city_is_turned_down(bo, lamp):
    with pytest.raises(Invalid):
        categorising.keep(lamp, suggested="no-such-thing", by=bo)


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.WITHDRAWN])
def test_of_what_is_closed_no_category_is_kept(bo, status):
    with pytest.raises(ImpossibleMove):
        categorising.keep(a_complaint(status, by=bo), suggested="drains", by=bo)


def test_what_was_handed_over_is_accepted_first(bo, lamp, words_mean):
    words_mean("wires")
    handovers.transfer(lamp, to=a_department(DRAINAGE), by=bo, reason="Yours.")

    assert suggested.of(lamp, history.of(lamp)) is None


def test_what_is_closed_is_neither_asked_about_nor_changed(bo, signed_in, words_mean):
    words_mean("drains")
    page = signed_in(bo).page(screen_of(a_complaint(Status.RESOLVED, by=bo)))

    assert page.select_one("[data-suggested], #categories") is None
