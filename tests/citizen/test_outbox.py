"""The demo's letters, which are nowhere but in a demo."""

from dataclasses import replace

from flask import Flask

from cps import citizen
from cps.complaints import history
from cps.kernel.db import db
from cps.notify import tasks
from tests.citizen.acts import link_of
from tests.makers import a_complaint
from tests.pageclient import text_of


def announce(complaint) -> None:
    tasks.write([history.of(complaint)[-1].id])
    db.session.commit()


def test_letters_are_shown_with_links_to_click(city, ana):
    complaint = a_complaint()
    announce(complaint)

    letter = ana.page("/demo/outbox").select_one(".letter")

    assert complaint.reference in text_of(letter)
    assert "ana@citizen.example" in text_of(letter)
    assert [link["href"] for link in letter.select("a")] == [f"http://localhost{link_of(complaint)}"]


def test_what_a_citizen_wrote_is_text_in_a_letter_too(city, ana):
    complaint = a_complaint()
    event = history.of(complaint)[-1]
    tasks.write([event.id])
    db.session.execute(db.text("UPDATE message SET body = '<script>x</script>', subject = '<b>'"))
    db.session.commit()

    page = ana.get("/demo/outbox").text

    assert "<script>x" not in page
    assert "&lt;script&gt;x" in page


def test_every_page_of_a_demo_says_so_and_leads_to_the_letters(ana):
    assert ana.page("/").select_one(".demo a")["href"] == "/demo/outbox"


def test_an_empty_outbox_says_what_to_do(ana):
    assert "No letters yet" in text_of(ana.page("/demo/outbox"))


def test_there_is_no_outbox_outside_a_demo(settings):
    app = Flask("a real city")

    app.register_blueprint(citizen.blueprint(replace(settings, is_demo=False)))

    assert "citizen.outbox" not in app.view_functions
    assert "citizen.report" in app.view_functions
