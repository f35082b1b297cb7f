"""What is set aside is nowhere a citizen looks, and who reported it reads an honest word; each public route has its row."""

from dataclasses import dataclass

import pytest

from cps.complaints import atlas, hiding, joining, lifecycle, quarantine
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import alerts, placenews, tasks
from cps.notify.alerts import Place
from cps.notify.models import Message, Subscriber
from cps.people.models import Role
from tests.citizen.acts import OWN, a_shown_photo, open_link
from tests.makers import HOAN_KIEM, a_complaint, a_key, an_official, later
from tests.pageclient import text_of

WORD = "khoảnhkhắclạ"
HERE = "west=105.80&south=21.00&east=105.90&north=21.06&zoom=13"


@dataclass(frozen=True)
class Surface:
    """How a public route is asked, and what of a public report it shows: any of these, or nothing at all."""

    query: str = ""
    shows: tuple[str, ...] = ()


NUMBER, WORDS, COUNT, FOUND = "<reference>", WORD, '"total":1', "200"
NOTHING = Surface()

# Every address that anybody can ask; those of one's own reports and of the desk are not public.
SURFACES = {
    "/": NOTHING,
    "/robots.txt": NOTHING,
    "/health": NOTHING,
    "/health/live": NOTHING,
    "/health/ready": NOTHING,
    "/sw.js": NOTHING,
    "/offline": NOTHING,
    "/kept.json": NOTHING,
    "/manifest.webmanifest": NOTHING,
    "/statistics": NOTHING,  # numbers, see the tests of the verbs
    "/demo/outbox": NOTHING,
    "/consent": NOTHING,
    "/places.json": Surface("q=xyz"),
    "/sentences.json": NOTHING,
    "/categories/words.json": NOTHING,
    "/categories/<code>/questions.json": NOTHING,
    "/alerts": NOTHING,
    "/alerts/<secret>": NOTHING,
    "/alerts/<secret>/endings": NOTHING,
    "/map/areas.json": NOTHING,
    "/map/opening.json": NOTHING,
    "/map/picture.svg": NOTHING,
    "/map": Surface("latitude=21.0287&longitude=105.8523&zoom=16", (NUMBER,)),
    "/map/clusters.json": Surface(HERE, (",1,",)),
    "/map/reports.json": Surface(HERE, (NUMBER, COUNT)),
    "/complaints": Surface("reference=<reference>", (NUMBER, WORDS, FOUND)),
    "/complaints/<reference>": Surface("", (NUMBER, WORDS, FOUND)),
    "/reports": Surface("", (NUMBER, WORDS)),
    "/reports.atom": Surface("", (NUMBER, WORDS)),
    "/photos/<key>/<any(small, large):size>": Surface("", (FOUND,)),
}
OF_ONES_OWN = ("/my", "/joined/", "/track/", "/reports/<uuid:key>/photos", "/desk", "/static")


def test_every_public_route_has_a_row(hanoi):
    rules = {rule.rule.rstrip("/") or "/" for rule in hanoi.url_map.iter_rules() if "GET" in rule.methods}

    assert {rule for rule in rules if not rule.startswith(OF_ONES_OWN)} == set(SURFACES)


@pytest.fixture(autouse=True)
def _always_asked_anew(app, monkeypatch):
    monkeypatch.setattr(atlas, "_SECONDS_TRUSTED", 0)
    atlas.forget()
    yield
    atlas.forget()


@pytest.fixture
def dee(city):
    return an_official("Dee", role=Role.COORDINATOR)


def aside(complaint, by):
    quarantine.set_aside(complaint, by=by, cause="abuse", reason="Names a neighbour.")
    db.session.commit()


def shown(client, route, surface, complaint, photo):
    """Return what of the report the route shows."""
    values = {"<reference>": complaint.reference, "<code>": "noise", "<secret>": "none", "<key>": photo.key}
    path, query = route.replace("<any(small, large):size>", "small"), surface.query
    for name, value in values.items():
        path, query = path.replace(name, value), query.replace(name, value)
    answer = client.get(f"{path}?{query}" if query else path, follow_redirects=True)
    body = answer.get_data(as_text=photo.key not in path)
    if photo.key in path:
        return {FOUND} if answer.status_code == 200 else set()
    found = {
        mark for mark in (NUMBER, WORDS, COUNT, ",1,") if mark.replace(NUMBER, complaint.reference) in body
    }
    if FOUND in surface.shows:
        # A number that was asked for may be named in the refusal; that it exists is not said.
        found = {FOUND, *found} if answer.status_code == 200 else found - {NUMBER}
    return found & {*surface.shows, NUMBER, WORDS}


@pytest.mark.parametrize("route", sorted(SURFACES))
def test_no_public_route_shows_what_is_set_aside_and_each_does_again(client, bo, dee, route):
    complaint = a_complaint(words=f"Đèn {WORD}")
    photo = a_shown_photo(complaint)
    surface = SURFACES[route]
    before = shown(client, route, surface, complaint, photo)

    aside(complaint, bo)
    during = shown(client, route, surface, complaint, photo)
    quarantine.let_in(complaint, by=dee)
    db.session.commit()
    after = shown(client, route, surface, complaint, photo)

    assert before == set(surface.shows)
    assert during == set()
    assert after == before


@pytest.mark.parametrize("status", [Status.RECEIVED, Status.RESOLVED])
def test_no_public_route_shows_what_is_hidden_and_all_do_again(client, bo, dee, status):
    complaint = a_complaint(status, by=bo, words=f"Đèn {WORD}")
    photo = a_shown_photo(complaint)
    before = {r: shown(client, r, s, complaint, photo) for r, s in SURFACES.items()}

    hiding.hide(complaint, by=bo, reason="A neighbour is named.")
    db.session.commit()
    during = {r for r, s in SURFACES.items() if shown(client, r, s, complaint, photo)}
    hiding.show(complaint, by=dee)
    db.session.commit()
    after = {r: shown(client, r, s, complaint, photo) for r, s in SURFACES.items()}

    assert any(before.values())
    assert during == set()
    assert after == before


def test_what_is_set_aside_and_declined_stays_out_of_sight(client, bo, dee):
    complaint = a_complaint(words=f"Đèn {WORD}")
    photo = a_shown_photo(complaint)
    aside(complaint, bo)
    lifecycle.decline(complaint, by=dee, reason="No place is named.", remedy="Write again with a place.")
    db.session.commit()

    assert {r for r, s in SURFACES.items() if shown(client, r, s, complaint, photo)} == set()


def hidden(complaint, by):
    hiding.hide(complaint, by=by, reason="Names a neighbour.")
    db.session.commit()


@pytest.mark.parametrize("keep_away", [aside, hidden])
def test_nobody_can_join_it_or_be_told_of_it_by_mail(client, bo, keep_away):
    complaint = a_complaint(words=f"Đèn {WORD}")
    alerts.ask("binh@citizen.example", Place(point=HOAN_KIEM, radius_m=500), language="en")
    subscriber = db.session.query(Subscriber).one()
    alerts.confirm(subscriber.alerts[0])
    subscriber.alerts[0].told_until = later(days=-1)
    db.session.query(Message).delete()
    keep_away(complaint, bo)

    with clock.standing_at(later(days=1)):
        placenews.go_on()
        joined = client.post(
            f"/complaints/{complaint.reference}/joinings",
            data={"key": str(a_key()), "contact": "chi@citizen.example"},
            headers=OWN,
        )
    db.session.commit()

    assert joined.status_code == 404
    assert db.session.query(Message).count() == 0


def test_its_reporter_reads_that_it_is_being_checked_and_no_reason(ana, bo):
    complaint = a_complaint()
    open_link(ana, complaint)
    before = text_of(ana.page(f"/my/{complaint.reference}"))
    aside(complaint, bo)
    page = text_of(ana.page(f"/my/{complaint.reference}"))

    assert "being checked" not in before
    assert "This report is being checked. Until that is done, nobody but you and the city sees it." in page
    assert "you are told why and how to object" in page
    assert "Names a neighbour." not in page
    assert "Insults" not in page
    assert "will answer by" in page


def test_its_reporter_is_told_in_their_language_why_it_was_declined_and_objects(ana, bo, dee):
    complaint = a_complaint()
    open_link(ana, complaint)
    aside(complaint, bo)
    event = lifecycle.decline(complaint, by=dee, reason="Không rõ nơi.", remedy="Gửi lại, có ghi nơi.")
    db.session.commit()
    tasks.write([event.id])
    db.session.commit()
    letter = db.session.query(Message).filter(Message.event_id == event.id).one()
    page = ana.page(f"/my/{complaint.reference}")

    assert letter.language == "vi"
    assert "Không rõ nơi." in letter.body
    assert "Gửi lại, có ghi nơi." in letter.body
    assert "being checked" not in text_of(page)
    assert ana.submit(page, "/reopenings", words="Nơi có ghi.").status_code == 303
    db.session.rollback()
    assert db.session.get(Complaint, complaint.id, populate_existing=True).set_aside == "abuse"
    assert "being checked" in text_of(ana.page(f"/my/{complaint.reference}"))


def test_who_joined_it_reads_that_it_is_being_checked_and_none_of_its_words(ana, bo):
    complaint, key = a_complaint(words=f"Đèn {WORD}"), a_key()
    joining.join(complaint, key=key, contact=Contact(email="binh@citizen.example"), language="en")
    db.session.commit()
    ana.get(f"/joined/{joining.secret_for(key)}")
    before = ana.page(f"/my/{complaint.reference}/joining").text
    aside(complaint, bo)
    page = ana.page(f"/my/{complaint.reference}/joining").text

    assert WORD in before
    assert WORD not in page
    assert "This report is being checked. Until that is done, it is not shown." in page
