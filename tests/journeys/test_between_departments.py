"""A report between departments, on a phone: handed over and accepted, paused and resumed, another one asked."""

from playwright.sync_api import Locator, Page, expect

from tests.journeys.acts import do, letters, report, sign_in, sign_out
from tests.living import Living, until

LIGHTING, ROADS, DRAINAGE = "hapulico", "so-xay-dung", "hsdc"
TO_OFFICIALS = "/demo/outbox?to=officials"


def test_a_report_is_handed_over_paused_and_asked_about(phone: Page, running_city: Living):
    number = report(phone)
    tracking = phone.url

    _at_the_desk(phone, running_city, number, department=LIGHTING)
    do(phone, "Transfer", {"Department": ROADS, "Reason": "The pole belongs to the road."})
    expect(_history(phone, "Transferred to: ")).to_be_visible()
    _fits(phone)
    sign_out(phone)

    _at_the_desk(phone, running_city, number, department=ROADS)
    phone.get_by_role("button", name="Accept", exact=True).click()
    expect(_history(phone, "Accepted by: ")).to_be_visible()
    phone.get_by_role("button", name="Start work").click()
    do(phone, "Pause", {"Reason": "We look at the cable."})
    expect(_history(phone, "Paused: Inspection on site")).to_be_visible()
    _fits(phone)
    phone.get_by_role("button", name="Let the deadline run again").click()
    expect(_history(phone, "The deadline runs again")).to_be_visible()
    question = {"Department": DRAINAGE, "Question": "Is the cable in your duct?", "in working days": "1"}
    do(phone, "Ask another department", question, button="Ask")
    expect(phone.locator(".subtask")).to_contain_text("Is the cable in your duct?")
    _fits(phone)
    sign_out(phone)

    sign_in(phone, running_city, department=DRAINAGE)
    phone.get_by_role("link", name="Asked of us").click()
    phone.get_by_role("link", name=number).click()
    phone.get_by_label("Reply").fill("It is ours. We pull it out.")
    _fits(phone)
    phone.get_by_role("button", name="Send reply").click()
    expect(phone.locator(".subtask")).to_contain_text("answered")
    sign_out(phone)

    _at_the_desk(phone, running_city, number, department=ROADS)
    expect(phone.locator(".subtask")).to_contain_text("It is ours. We pull it out.")

    told = until(lambda: letters(phone, number, expected=5), seconds=30, what="five letters")
    assert "stands still for now. Reason: We look at the cable." in told
    assert told.count("runs again. Promised date: ") == 1
    mails = until(
        lambda: letters(phone, number, expected=2, address=TO_OFFICIALS), seconds=30, what="two mails"
    )
    assert "We pull it out." not in told + mails
    phone.goto(tracking)
    assert "It is ours." not in phone.content()


def test_an_official_switches_the_morning_mail_off_on_a_phone(phone: Page, running_city: Living):
    sign_in(phone, running_city, department=DRAINAGE)
    phone.locator(".mine > summary").click()
    phone.get_by_role("link", name="My account").click()

    phone.get_by_role("button", name="Switch off").click()

    expect(phone.get_by_text("You do not get it.")).to_be_visible()
    _fits(phone)
    phone.get_by_role("button", name="Switch on").click()
    expect(phone.get_by_text("You do not get it.")).to_be_hidden()


def _at_the_desk(phone: Page, city: Living, number: str, *, department: str) -> None:
    sign_in(phone, city, department=department)
    phone.goto(f"/desk/complaints/{number}")


def _history(phone: Page, words: str) -> Locator:
    return phone.locator(".history .event-head", has_text=words).first


def _fits(phone: Page) -> None:
    """Nothing is wider than the phone."""
    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
