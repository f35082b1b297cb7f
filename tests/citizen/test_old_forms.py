"""Forms of earlier releases, as they lie open in a tab or wait on a phone for 30 days: filed, or asked back with all that was typed.

`old_forms` holds what each truly different form sent, as recorded from that release. Who changes the fields of the form
records it there first, in a file of its own.
"""

import json
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select
from werkzeug.datastructures import MultiDict
from werkzeug.test import TestResponse, encode_multipart

from cps.city.queries import in_force
from cps.complaints import filing
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.web import language
from tests.citizen.acts import OWN, send_again
from tests.makers import MONDAY, a_key
from tests.pageclient import PageClient, soup_of, text_of

OLD = {
    file.stem: json.loads(file.read_text())
    for file in sorted(Path(__file__).with_name("old_forms").glob("*.json"))
}
OPEN_FOR = timedelta(days=30)
TYPED = ("landmark", "words", "contact")

each = pytest.mark.parametrize("form", OLD.values(), ids=OLD.keys())


def sent(browser: PageClient, form: dict[str, Any], **changes: str) -> TestResponse:
    """Send it as it was sent then; a month after the page was opened, in a browser that knows no cookie any more."""
    fields = [(name, changes.get(name, value)) for name, value in form["fields"]]
    fields = [(name, str(a_key()) if value == "KEY" else value) for name, value in fields]
    boundary, body = encode_multipart(MultiDict(fields))
    headers = OWN if form["accept"] is None else {**OWN, "Accept": form["accept"]}
    content_type = f'multipart/form-data; boundary="{boundary}"'
    with clock.standing_at(MONDAY + OPEN_FOR):
        return browser.post("/complaints", data=body, content_type=content_type, headers=headers)


def filed() -> Complaint | None:
    db.session.rollback()
    return db.session.scalars(select(Complaint)).one_or_none()


def typed(form: dict[str, Any]) -> dict[str, str]:
    return {name: value for name, value in form["fields"] if name in TYPED}


def is_asked_back_with_all_of_it(answer: TestResponse, form: dict[str, Any]) -> str:
    """Hold an answer that files nothing against what it owes, and return what it says."""
    assert answer.status_code == 422
    if form["accept"]:
        faults = answer.get_json()["faults"]  # the words are still on the phone
        assert faults
        return " ".join(faults.values())
    page = soup_of(answer)
    shown = {name: page.select_one(f"[name={name}]") for name in TYPED}
    assert {name: field.get("value") or field.text.strip() for name, field in shown.items()} == typed(form)
    return text_of(page.select_one(".summary"))


@each
def test_it_is_filed_or_asked_back(city, client, form):
    answer = sent(client, form)

    complaint = filed()
    if form["then"] == "asked back":
        assert complaint is None
        assert "There is a little more to say" in is_asked_back_with_all_of_it(answer, form)
        return
    assert answer.status_code == (201 if form["accept"] else 303)
    assert complaint is not None
    assert {"landmark": complaint.landmark, "words": complaint.words} == {
        name: value for name, value in typed(form).items() if name != "contact"
    }
    assert (complaint.category.code, complaint.latitude) == (dict(form["fields"])["category"], 21.0287)


@each
def test_a_kind_of_problem_that_is_gone_since_is_asked_for_again(city, client, form):
    answer = sent(client, form, category="horse-tram")

    assert filed() is None
    assert "Choose" in is_asked_back_with_all_of_it(answer, form)


@each
def test_a_ward_that_is_gone_since_is_asked_for_again(city, client, form):
    answer = sent(client, form, area="99999", coordinates="")

    assert filed() is None
    assert "Choose one from the list" in is_asked_back_with_all_of_it(answer, form)


@each
def test_a_notice_about_data_that_has_changed_since_is_shown_again(city, client, form, monkeypatch):
    there = in_force()
    asks = replace(there.profile.asks, consent=replace(there.profile.asks.consent, version="2030-02"))
    since = replace(there, profile=replace(there.profile, asks=asks))
    monkeypatch.setattr(language, "in_force", lambda: since)
    monkeypatch.setattr(filing, "in_force", lambda: since)

    answer = sent(client, form)

    if "consent" not in dict(form["fields"]):  # it showed none
        assert filed() is not None
        return
    assert filed() is None
    assert "The notice about your data has changed" in is_asked_back_with_all_of_it(answer, form)


@pytest.mark.parametrize(
    "form", [form for form in OLD.values() if not form["accept"]], ids=lambda form: form["since"]
)
def test_what_was_asked_back_is_filed_when_it_is_sent_again(city, client, form):
    page = soup_of(sent(client, form, coordinates="", landmark="", category="horse-tram"))

    answer = send_again(client, page, landmark="cạnh tháp bút", category="pothole", asked="pothole")

    assert answer.status_code == 303
    complaint = filed()
    assert complaint is not None
    assert complaint.words == typed(form)["words"]


def test_sent_twice_it_is_one_report(city, client):
    form = OLD["1_first"]
    key = str(a_key())

    answers = [sent(client, form, key=key) for _ in range(2)]

    assert answers[0].location == answers[1].location
    assert db.session.scalar(select(func.count()).select_from(Complaint)) == 1


def test_the_form_of_today_is_recorded(ana):
    form = next(form for form in ana.page("/").select("form[method=post]") if form["action"] == "/complaints")
    today = {field["name"] for field in form.select("[name]") if field.get("type") not in ("file", "submit")}

    recorded = {name for one in OLD.values() for name, _value in one["fields"]}

    assert today - recorded == set()
