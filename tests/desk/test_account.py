"""An official's own page: the morning's mail is switched off and on, by oneself and for oneself."""

import pytest

from cps.city import queries
from cps.kernel.db import db
from cps.web import language
from tests.makers import an_official
from tests.pageclient import soup_of, text_of
from tests.rounds import put_in_force


def test_the_morning_mail_is_switched_off_and_on(city, signed_in):
    bo, eve = an_official(), an_official("Eve")
    browser = signed_in(bo)

    for words, wanted in (("You do not get it.", False), ("You get it from 7:30 am on.", True)):
        answer = browser.submit(browser.page("/desk/account"), "/digest")

        assert (answer.status_code, answer.location) == (303, "/desk/account")
        assert words in text_of(browser.page("/desk/account").select_one("main"))
        db.session.refresh(bo)
        assert bo.wants_digest is wanted
    assert eve.wants_digest is True


def test_a_choice_that_is_none_changes_nothing(city, signed_in):
    bo = an_official()
    browser = signed_in(bo)

    answer = browser.submit(browser.page("/desk/account"), "/digest", wanted="perhaps")

    assert answer.status_code == 422
    assert "You get it" in text_of(soup_of(answer).select_one("main"))
    db.session.refresh(bo)
    assert bo.wants_digest is True


def test_where_the_city_sends_no_morning_mail_there_is_nothing_to_switch(city, signed_in, monkeypatch):
    put_in_force(monkeypatch, digest_at=None)
    monkeypatch.setattr(language, "in_force", queries.in_force)

    page = signed_in(an_official()).page("/desk/account")

    assert "Your city does not send it." in text_of(page.select_one("main"))
    assert page.select("main form") == []


@pytest.mark.parametrize("path", ["/desk", "/desk/account"])
def test_the_name_in_the_bar_leads_there(city, signed_in, path):
    page = signed_in(an_official()).page(path)

    mine = page.select_one(".bar details.mine")
    assert text_of(mine.summary) == "Bo"
    assert text_of(mine.select_one("a[href='/desk/account']")) == "My account"
