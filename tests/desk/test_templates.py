"""Replies that are sent often: who writes them, where they are offered, and that no gap is ever sent."""

import json

import pytest
from sqlalchemy import select

from cps.complaints import templates
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.complaints.templates import Gap, ReplyTemplate, Use
from cps.kernel.db import db
from cps.people.models import Role
from tests.makers import DRAINAGE, a_complaint, a_template, an_official
from tests.pageclient import soup_of, text_of

CATEGORY = "street-light"


@pytest.fixture
def head(city):
    return an_official("Abe", role=Role.HEAD)


def offered(page, use="resolutions"):
    return [text_of(link).split(" ", 1)[1] for link in page.select(f"#{use} .ready a")]


def screen(browser, complaint, **asked):
    query = "&".join(f"{name}={value}" for name, value in asked.items())
    return browser.page(f"/desk/complaints/{complaint.reference}?{query}")


def fields(**changes):
    return {"title": "Lamp changed", "category": "", "result-vi": "Đã thay đèn.", "result-en": "", **changes}


def test_a_template_is_offered_filled_in_the_language_of_who_reported_it(bo, signed_in):
    a_template()
    vietnamese, english = a_complaint(), a_complaint(language="en")
    browser = signed_in(bo)

    told = [
        json.loads(screen(browser, one).select_one(".ready a")["data-fill"]) for one in (vietnamese, english)
    ]

    assert told == [
        {"result": f"Đã thay đèn cho phản ánh {vietnamese.reference}."},
        {"result": f"Changed. {english.reference}"},
    ]


def test_what_has_no_text_in_that_language_is_not_offered(bo, signed_in):
    a_template(texts={"en": {"result": "Changed."}})

    assert offered(screen(signed_in(bo), a_complaint())) == []


def test_a_department_is_offered_its_own_and_the_citys(bo, head, signed_in):
    text = {"vi": {"result": "Xong."}}
    a_template(title="City", texts=text)
    a_template(title="Own", texts=text, by=head)
    a_template(title="Elsewhere", texts=text, by=an_official("Chi", department=DRAINAGE, role=Role.HEAD))

    assert offered(screen(signed_in(bo), a_complaint())) == ["Own", "City"]


def test_a_template_of_another_category_or_use_is_not_offered(bo, signed_in):
    complaint = a_complaint()
    a_template(title="Light", category_id=complaint.category_id)
    a_template(title="Other", category_id=complaint.category_id + 1)
    a_template(title="No", use=Use.REFUSAL, texts={"vi": {"reason": "Không.", "remedy": "Gọi 1022."}})

    page = screen(signed_in(bo), complaint)

    assert offered(page) == ["Light"]
    assert offered(page, "refusals") == ["No"]


def test_without_scripts_a_link_fills_in_the_form(bo, signed_in):
    template, complaint = a_template(), a_complaint()

    page = screen(signed_in(bo), complaint, template=template.id)

    assert (
        page.select_one("#resolutions-result").get_text()
        == f"Đã thay đèn cho phản ánh {complaint.reference}."
    )
    assert page.select_one("#resolutions").has_attr("open")
    assert page.select_one(".attempt") is None


@pytest.mark.parametrize("number", ["0", "x", "99999999999999999999"])
def test_a_template_that_is_not_there_fills_in_nothing(bo, signed_in, number):
    page = screen(signed_in(bo), a_complaint(), template=number)

    assert page.select_one("#resolutions-result").get_text() == ""


def test_every_gap_has_its_value():
    text = " ".join(f"{{{gap}}}" for gap in Gap)

    assert templates.filled(text, {gap: f"<{gap}>" for gap in Gap}) == " ".join(f"<{gap}>" for gap in Gap)


def test_what_is_filled_in_is_no_template_again():
    assert (
        templates.filled("{place}", {Gap.PLACE: "{number} {{ 7 * 7 }}", Gap.NUMBER: "X"})
        == "{number} {{ 7 * 7 }}"
    )


def test_a_gap_that_is_still_open_is_not_sent(bo, signed_in):
    a_template(texts={"vi": {"result": "Đã sửa tại {place}."}})
    complaint = a_complaint(landmark="", point=None, area="00004")
    complaint.area = None
    db.session.commit()
    browser = signed_in(bo)
    page = screen(browser, complaint)
    text = json.loads(page.select_one(".ready a")["data-fill"])["result"]

    answer = browser.submit(page, "/resolutions", result=text)

    assert text == "Đã sửa tại {place}."
    assert answer.status_code == 422
    assert "Write something in the place of {place}." in text_of(answer)
    assert soup_of(answer).select_one("#resolutions-result").get_text() == text
    assert db.session.scalars(select(Complaint.status)).one() is Status.RECEIVED


@pytest.mark.parametrize(
    ("action", "typed"),
    [
        ("/questions", {"question": "{deadline}?"}),
        ("/refusals", {"reason": "No.", "remedy": "See {department}."}),
    ],
)
def test_no_public_text_is_sent_with_a_gap(bo, signed_in, action, typed):
    browser = signed_in(bo)

    answer = browser.submit(screen(browser, a_complaint()), action, **typed)

    assert answer.status_code == 422


def test_braces_that_are_no_gap_are_sent_as_they_are(bo, signed_in):
    browser = signed_in(bo)

    answer = browser.submit(screen(browser, a_complaint()), "/resolutions", result="Type {A4} lamp {}.")

    assert answer.status_code == 303


def test_a_head_writes_changes_and_retires_a_template(bo, head, signed_in):
    browser = signed_in(head)
    form = browser.page("/desk/templates/new?use=resolutions")
    answer = browser.submit(form, "/desk/templates", **fields(category=CATEGORY))
    template = db.session.scalars(select(ReplyTemplate)).one()
    assert answer.status_code == 303
    assert (template.department_id, template.texts) == (
        head.department_id,
        {"vi": {"result": "Đã thay đèn."}},
    )

    form = browser.page(f"/desk/templates/{template.id}")
    browser.submit(form, f"/templates/{template.id}", **fields(title="New lamp"))

    complaint = a_complaint(category=CATEGORY)
    assert offered(screen(signed_in(bo), complaint)) == ["New lamp"]
    assert "New lamp" in text_of(browser.page("/desk/templates"))

    browser.submit(browser.page(f"/desk/templates/{template.id}"), "/retirements")

    assert offered(screen(signed_in(bo), complaint)) == []
    assert browser.get(f"/desk/templates/{template.id}").status_code == 404


def test_officers_write_none_and_heads_change_no_others(bo, head, signed_in):
    city = a_template()
    other = a_template(by=an_official("Chi", department=DRAINAGE, role=Role.HEAD))

    assert signed_in(bo).get("/desk/templates").status_code == 404
    assert "Templates" not in text_of(signed_in(bo).page("/desk").header)
    browser = signed_in(head)
    assert "Templates" in text_of(browser.page("/desk").header)
    assert [browser.get(f"/desk/templates/{one.id}").status_code for one in (city, other)] == [404, 404]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"title": " "}, "Write a title"),
        ({"title": "x" * 61}, "Write a title"),
        ({"result-vi": ""}, "Write the text in at least one language."),
        ({"result-vi": "x" * 2001}, "This is too long"),
        ({"result-vi": "{name}"}, "{name} means nothing. Gaps are: {number}"),
        ({"result-vi": "{ config }"}, "{ config } means nothing"),
    ],
)
def test_a_template_that_cannot_be_is_refused_and_kept_as_typed(head, signed_in, changes, said):
    browser = signed_in(head)
    form = browser.page("/desk/templates/new?use=resolutions")

    answer = browser.submit(form, "/desk/templates", **fields(**changes))

    page = soup_of(answer)
    assert answer.status_code == 422
    assert said in text_of(page)
    for name, text in changes.items():
        control = page.select_one(f"#{name}")
        assert (
            control.get("value") if control.name == "input" else control.get_text().removeprefix("\n")
        ) == text.strip()
    assert db.session.scalars(select(ReplyTemplate)).all() == []


def test_a_refusal_says_both_why_and_what_else(head, signed_in):
    browser = signed_in(head)
    form = browser.page("/desk/templates/new?use=refusals")

    answer = browser.submit(form, "/desk/templates", title="Private", **{"reason-vi": "Đèn tư nhân."})

    assert answer.status_code == 422
    assert "Write this text too" in text_of(soup_of(answer).select_one("#remedy-vi-fault"))


def test_after_a_reply_the_next_report_comes_and_says_what_was_done(bo, signed_in):
    done, following = a_complaint(), a_complaint()
    browser = signed_in(bo)

    answer = browser.submit(
        screen(browser, done), "/resolutions", result="Changed.", next=following.reference
    )
    page = browser.page(answer.location)

    assert following.reference in text_of(page.h1)
    assert f"{done.reference} is done" in text_of(page)
    kinds = db.session.scalars(select(Event.kind).where(Event.complaint_id == done.id)).all()
    assert EventKind.RESOLVED in kinds


@pytest.mark.parametrize("following", ["", "nonsense", "//evil.example", "0000-0000"])
def test_it_goes_on_at_the_report_itself_where_there_is_no_next(bo, signed_in, following):
    complaint = a_complaint()
    browser = signed_in(bo)

    answer = browser.submit(screen(browser, complaint), "/resolutions", result="Changed.", next=following)

    assert answer.location.endswith(f"/desk/complaints/{complaint.reference}")


def test_what_stands_inside_a_sentence_is_in_its_language_too(head, signed_in):
    browser = signed_in(head)
    spoken = {"Accept-Language": "vi"}

    pages = [
        browser.page(path, headers=spoken)
        for path in ("/desk/templates", "/desk/templates/new?use=refusals", "/desk?q=xyzzy")
    ]

    for page in pages:
        for english in ("Decline", "Resolve", "Closed"):
            assert english not in text_of(page)
