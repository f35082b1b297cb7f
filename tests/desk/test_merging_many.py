"""Many reports merged at once: one of them leads, the others keep their numbers, and all can be taken out again."""

import pytest
from sqlalchemy import select

from cps.complaints import lifecycle, merging
from cps.complaints.batches import Batch
from cps.complaints.kinds import EventKind
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel.db import db
from tests.desk.reports import as_it_is
from tests.desk.test_batches import confirmed, kinds, post
from tests.makers import DRAINAGE, a_complaint, a_department, an_official
from tests.pageclient import soup_of, text_of

PART = "form[action*='/undoings']"


@pytest.fixture
def lamps(bo):
    """Three reports, the oldest first."""
    names = ("ana", "eve", "tam")
    return [a_complaint(contact=Contact(email=f"{name}@citizen.example")) for name in names]


def merged(browser, lamps, lead):
    return confirmed(browser, lamps, action="mergers", lead=lead.reference)


def part(browser, page):
    token = page.select_one(f"{PART} input[name=csrf_token]")["value"]
    return browser.post(page.select_one(PART)["action"], data={"csrf_token": token})


def test_the_others_are_merged_into_the_one_that_leads(browser, lamps):
    lead, *others = lamps

    page = merged(browser, lamps, lead)

    assert text_of(page.h1) == "2 reports are changed"
    assert [(as_it_is(one).status, one.lead_id) for one in others] == [(Status.MERGED, lead.id)] * 2
    assert as_it_is(lead).joined == 2
    assert lead.status is Status.RECEIVED
    left_out = text_of(page.select_one(".outcomes"))
    assert lead.reference in left_out
    assert "The others are merged into this one." in left_out


def test_the_oldest_is_offered_to_lead_and_the_look_ahead_says_which_one_does(browser, lamps):
    chosen = soup_of(post(browser, "/desk/selections?view=open", lamps[::-1], action="mergers"))

    options = [option["value"] for option in chosen.select("#mergers-lead option")]
    assert options == [one.reference for one in lamps]
    preview = browser.submit(chosen, "/desk/previews?view=open", lead=lamps[1].reference)
    assert text_of(soup_of(preview).select_one("p.handed")).startswith(f"Merge: {lamps[1].reference}.")
    assert [as_it_is(one).status for one in lamps] == [Status.RECEIVED] * 3


@pytest.mark.parametrize("lead", ["", "7K3M-9QAZ"])
def test_only_one_of_the_selected_leads(browser, lamps, lead):
    answer = post(browser, "/desk/previews", lamps, action="mergers", lead=lead)

    assert answer.status_code == 422
    assert "Choose which of the selected reports leads." in text_of(answer)


def test_one_that_is_not_selected_does_not_lead(browser, lamps):
    answer = post(browser, "/desk/previews", lamps[:2], action="mergers", lead=lamps[2].reference)

    assert answer.status_code == 422


@pytest.mark.rows_by_hand
def test_one_that_cannot_be_read_any_more_does_not_lead_and_the_selection_stays(browser, lamps):
    lead = lamps[0]
    lead.department_id, lead.is_public = a_department(DRAINAGE).id, False
    db.session.commit()

    answer = post(browser, "/desk/previews", lamps, action="mergers", lead=lead.reference)

    assert answer.status_code == 422
    assert "We found no report with this number." in text_of(soup_of(answer).find(id="mergers-lead-fault"))
    assert len(soup_of(answer).select("input[name=report]")) == 2


def test_what_cannot_be_merged_is_left_out_with_its_reason(bo, browser, lamps):
    lead, closed, private = lamps
    lifecycle.resolve(closed, by=bo, result="Changed.")
    private.is_public = False
    db.session.commit()

    answer = post(browser, "/desk/previews", lamps, action="mergers", lead=lead.reference)

    told = text_of(soup_of(answer).select_one(".outcomes"))
    assert "This report is closed, so it cannot join another." in told
    assert "This report is not public, so it stays by itself." in told


def test_all_are_taken_out_again_and_stand_as_before(browser, lamps):
    lead, *others = lamps
    page = merged(browser, lamps, lead)

    answer = part(browser, page)

    assert [as_it_is(one).status for one in others] == [Status.RECEIVED] * 2
    assert [kinds(one)[-1] for one in others] == [EventKind.PARTED] * 2
    assert as_it_is(lead).joined == 0
    soup = soup_of(answer)
    assert soup.select_one(PART) is None
    assert text_of(soup.find(id="undone-title")) == "Undone"


def test_one_that_was_taken_out_meanwhile_is_left_alone(bo, browser, lamps):
    lead, first, second = lamps
    page = merged(browser, lamps, lead)
    merging.part(as_it_is(first), by=bo)
    db.session.commit()

    answer = part(browser, page)

    assert kinds(as_it_is(first)).count(EventKind.PARTED) == 1
    assert as_it_is(second).status is Status.RECEIVED
    assert "Somebody changed this report" in text_of(
        soup_of(answer).select_one("section[aria-labelledby=refused-title]")
    )


def test_what_went_to_another_department_meanwhile_is_not_taken_out(browser, lamps, signed_in):
    page = merged(browser, lamps, lamps[0])
    other = an_official("Chi", department="so-xay-dung")
    db.session.execute(select(Batch).with_for_update()).scalar_one().by_id = other.id
    db.session.commit()
    theirs = signed_in(other)
    token = theirs.page("/desk/keys").select_one("input[name=csrf_token]")["value"]

    answer = theirs.post(page.select_one(PART)["action"], data={"csrf_token": token})

    assert answer.status_code == 200
    assert [as_it_is(one).status for one in lamps[1:]] == [Status.MERGED] * 2
