"""A report in the reader's language: by the operator's translator, on demand, without what tells who wrote it."""

import json
import logging
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from cps.complaints import additions, lifecycle
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.suggesting import translator
from tests.makers import DRAINAGE, a_complaint, an_official
from tests.pageclient import text_of

WORDS = "Đèn không sáng, gọi tôi 0912 345 678 hoặc ana@citizen.example."


class Fake:
    """A translator's edge, as LibreTranslate speaks: what it was asked, and what it answers."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.status = 200
        self.answer: Callable[[dict[str, Any]], object] = lambda asked: {
            "translatedText": [f"<en> {text}" for text in asked["q"]]
        }


@pytest.fixture
def fake() -> Iterator[Fake]:
    fake = Fake()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            fake.asked.append((self.path, asked))
            answer = fake.answer(asked)
            body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
            self.send_response(fake.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_args):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    address = f"libretranslate:http://127.0.0.1:{server.server_address[1]}/"
    translator.use(address, key="a key", user_agent="cps (http://localhost)")
    try:
        yield fake
    finally:
        translator.use("", key="", user_agent="")
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def browser(city, signed_in):
    return signed_in(an_official())


def address(complaint):
    return f"/desk/complaints/{complaint.reference}/translation"


def test_a_report_in_another_language_has_a_fold_that_leads_to_its_translation(fake, browser):
    foreign, ours = a_complaint(language="vi"), a_complaint(language="en")

    link = browser.page(f"/desk/complaints/{foreign.reference}").select_one("#translation a[data-fetched]")

    assert link["href"] == address(foreign)
    assert browser.page(f"/desk/complaints/{ours.reference}").select_one("#translation") is None
    assert browser.get(address(ours)).location == f"/desk/complaints/{ours.reference}"
    assert fake.asked == []  # nothing leaves before somebody asks


def test_without_a_translator_there_is_no_fold(browser):
    complaint = a_complaint(language="vi")

    assert browser.page(f"/desk/complaints/{complaint.reference}").select_one("#translation") is None
    assert browser.get(address(complaint)).location == f"/desk/complaints/{complaint.reference}"


def test_what_the_citizen_wrote_is_asked_for_in_one_go_and_shown_in_order(fake, browser):
    complaint = a_complaint(language="vi", words="Đèn tắt.", landmark="cạnh tháp bút")
    additions.add(complaint, words="Vẫn tắt.", photos=0)
    lifecycle.note(complaint, words="Call the <power> company.", by=an_official())
    db.session.commit()

    page = browser.page(address(complaint))

    ((path, asked),) = fake.asked
    assert (path, asked["source"], asked["target"]) == ("/translate", "vi", "en")
    assert (asked["format"], asked["api_key"]) == ("text", "a key")
    assert asked["q"] == ["Đèn tắt.", "cạnh tháp bút", "Vẫn tắt."]
    assert [text_of(one) for one in page.select(".translation div")] == [
        "Details <en> Đèn tắt.",
        "Place <en> cạnh tháp bút",
        "The citizen added <en> Vẫn tắt.",
    ]
    assert "A machine translated this" in text_of(page.select_one("[data-part]"))


def test_a_short_answer_such_as_a_route_or_a_number_plate_is_not_sent(fake, browser):
    complaint = a_complaint(
        category="public-transport", language="vi", answers={"route": ["32"]}, landmark=""
    )

    browser.page(address(complaint))

    assert complaint.answers == {"route": "32"}
    assert fake.asked[0][1]["q"] == [complaint.words]


def test_phone_numbers_and_addresses_stay_here(fake, browser):
    browser.page(address(a_complaint(language="vi", words=WORDS, landmark="")))

    assert fake.asked[0][1]["q"] == ["Đèn không sáng, gọi tôi ••• hoặc •••."]


def test_filipino_is_called_as_the_service_calls_it(fake):
    translator.translated(["Patay ang ilaw."], source="fil", target="ko")

    assert (fake.asked[0][1]["source"], fake.asked[0][1]["target"]) == ("tl", "ko")


def test_a_report_without_words_asks_nobody(fake, browser):
    page = browser.page(address(a_complaint(language="vi", words="", landmark="")))

    assert "The citizen wrote no text." in text_of(page.select_one("[data-part]"))
    assert fake.asked == []


@pytest.mark.parametrize(
    ("status", "answer"),
    [
        (500, b""),
        (403, {"error": "Invalid API key"}),
        (400, b"<html>"),
        (400, {"error": "Invalid request: missing q parameter"}),
        (200, b"<html>"),
        (200, {}),
        (200, {"translatedText": "one text for all"}),
        (200, {"translatedText": "ab"}),  # as many letters as texts
        (200, {"translatedText": ["too few"]}),
        (200, {"translatedText": [1, 2]}),
        (200, [7]),
        (200, None),
    ],
)
def test_a_translator_that_fails_is_told_in_a_sentence_and_logged_without_the_words(
    fake, browser, caplog, status, answer
):
    fake.status, fake.answer = status, lambda _asked: answer

    with caplog.at_level(logging.INFO, logger="cps"):
        refused = browser.get(address(a_complaint(language="vi", words="nhà tôi", landmark="cạnh chợ")))

    assert refused.status_code == 409
    assert "The translator does not answer." in refused.text
    assert "CPS_TRANSLATOR failed" in caplog.text
    assert "nhà tôi" not in caplog.text


def test_a_translator_that_is_gone_is_told_in_a_sentence(browser):
    translator.use("libretranslate:http://127.0.0.1:9", key="", user_agent="cps")
    try:
        refused = browser.get(address(a_complaint(language="vi")))
    finally:
        translator.use("", key="", user_agent="")

    assert refused.status_code == 409
    assert "The translator does not answer." in refused.text


def test_a_language_that_it_does_not_know_is_told_as_that(fake, browser):
    fake.status, fake.answer = 400, lambda _asked: {"error": "vi is not supported"}

    refused = browser.get(address(a_complaint(language="vi")))

    assert "The translator does not know this language." in refused.text


def test_it_is_for_who_may_read_the_report_itself(fake, signed_in, city):
    private = a_complaint(category="staff-conduct", language="vi")

    assert signed_in(an_official("Chi", department=DRAINAGE)).get(address(private)).status_code == 404
    assert fake.asked == []


def test_what_is_said_later_by_officials_is_not_sent(fake, browser):
    complaint = a_complaint(Status.RESOLVED, language="vi", words="Đèn tắt.", landmark="")

    browser.page(address(complaint))

    assert fake.asked[0][1]["q"] == ["Đèn tắt."]
