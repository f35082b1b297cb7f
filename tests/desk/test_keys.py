"""The keys of the desk: everybody's, the own ones, and switched off; each page is told which they are."""

import json

import pytest

from cps.desk import keyboard
from cps.kernel.db import db
from tests.makers import a_complaint, an_official
from tests.pageclient import soup_of, text_of


def told(page):
    return json.loads(page.select_one("[data-keys]")["data-keys"])


def fields(**changes):
    letters = {f"key-{one.code}": one.key for one in keyboard.COMMANDS}
    return {"is_on": "yes", **letters, **{f"key-{code}": key for code, key in changes.items()}}


def test_each_letter_does_one_thing():
    letters = [one.key for one in keyboard.COMMANDS]

    assert len(letters) == len(set(letters))
    assert not set(letters) & set("0123456789")


def test_a_page_is_told_everybodys_keys(browser):
    assert told(browser.page("/desk")) == {one.key: one.code for one in keyboard.COMMANDS}


def test_the_page_of_a_report_is_told_them_too(browser):
    complaint = a_complaint()

    assert told(browser.page(f"/desk/complaints/{complaint.reference}"))["e"] == "resolutions"


def test_whose_keys_they_are_decides(bo, browser, signed_in):
    page = browser.page("/desk/keys")

    answer = browser.submit(page, "/desk/keys", **fields(resolutions="z", notes=""))

    assert answer.status_code == 303
    own = told(browser.page("/desk"))
    assert own["z"] == "resolutions"
    assert "e" not in own
    assert "n" not in own
    assert told(signed_in(an_official("Eve")).page("/desk"))["e"] == "resolutions"


def test_an_own_letter_is_not_taken_by_what_everybody_has_it_for(bo, browser):
    bo.keys = {"is_on": True, "own": {"next": "-"}}  # chosen when `-` was free
    db.session.commit()

    assert told(browser.page("/desk"))["-"] == "next"
    assert "alarms/end" not in told(browser.page("/desk")).values()
    answer = browser.submit(
        browser.page("/desk/keys"), "/desk/keys", **fields(next="-", **{"alarms/end": ""})
    )
    assert answer.status_code == 303


def test_letters_can_be_switched_off_and_on_again(bo, browser):
    page = browser.page("/desk/keys")
    without = {name: value for name, value in fields(next="z").items() if name != "is_on"}

    browser.submit(page, "/desk/keys", is_on="", **without)

    assert told(browser.page("/desk")) == {}
    db.session.refresh(bo)
    assert bo.keys == {"is_on": False, "own": {"next": "z"}}  # what was chosen stays

    browser.submit(browser.page("/desk/keys"), "/desk/keys", **fields(next="z"))

    assert told(browser.page("/desk"))["z"] == "next"


def test_a_command_that_came_later_takes_no_letter_that_somebody_chose(bo, browser):
    bo.keys = {"is_on": True, "own": {"next": "D"}}  # chosen before there was a command with it
    db.session.commit()

    letters = told(browser.page("/desk"))

    assert letters["D"] == "next"
    assert "plans" not in letters.values()


def test_all_can_be_as_at_the_beginning(bo, browser):
    browser.submit(browser.page("/desk/keys"), "/desk/keys", **fields(next="z"))

    browser.submit(browser.page("/desk/keys"), "/desk/keys", reset="yes")

    assert told(browser.page("/desk"))["j"] == "next"


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"next": "k"}, "Two things have this key"),
        ({"next": "5"}, "Type one letter or sign"),
        ({"next": "ab"}, "Type one letter or sign"),
        ({"next": "\u200d"}, "Type one letter or sign"),
    ],
)
def test_a_key_that_cannot_be_is_refused_and_kept_as_it_was_typed(bo, browser, changes, said):
    page = browser.page("/desk/keys")

    answer = browser.submit(page, "/desk/keys", **fields(notes="z", **changes))

    shown = soup_of(answer)
    assert answer.status_code == 422
    assert said in text_of(shown.select_one("#key-next-fault"))
    assert shown.select_one("#key-notes")["value"] == "z"
    db.session.refresh(bo)
    assert bo.keys == {}


def test_the_page_says_what_each_key_does(browser):
    page = browser.page("/desk/keys")

    assert len(page.select("table.keys tbody tr")) == len(keyboard.COMMANDS)
    assert "Ctrl+K" in text_of(page)
