"""Every route answers the same questions: what does a stranger get, an official from elsewhere, one of ours?

The table names each route once. A route without a row fails, so does a row without a route.
"""

from dataclasses import dataclass

import pytest
from flask import Flask

from cps.complaints import tracking
from cps.kernel.db import db
from cps.people.models import Role
from cps.photos import album
from cps.photos.models import Photo, State
from tests.makers import DRAINAGE, LIGHTING, a_complaint, a_key, a_photo, a_subtask, a_template, an_official
from tests.pageclient import soup_of

SIGN_IN = "to sign-in"


@dataclass(frozen=True)
class Row:
    """Who gets what from a route, for a private complaint of another department; empty forms where it takes forms."""

    stranger: int | str
    elsewhere: int
    ours: int
    coordinator: int


ALL = Row(200, 200, 200, 200)
NOBODY = Row(404, 404, 404, 404)
DESK_READ = Row(SIGN_IN, 404, 200, 200)
DESK_MOVE = Row(SIGN_IN, 404, 409, 409)  # nothing was handed over, or planned
WRITERS = Row(SIGN_IN, 404, 404, 200)  # heads have pages of their own
DESK_FORM = Row(SIGN_IN, 404, 422, 422)
ASKED_FORM = Row(SIGN_IN, 404, 409, 422)  # who asked cannot answer

TABLE = {
    "GET /": ALL,
    "GET /static/<path:filename>": ALL,
    "GET /robots.txt": ALL,
    "GET /sw.js": ALL,
    "GET /offline": ALL,
    "GET /kept.json": ALL,
    "GET /manifest.webmanifest": ALL,
    "POST /suggestions": Row(204, 204, 204, 204),
    "GET /statistics": ALL,
    "GET /demo/outbox": ALL,
    "GET /map/areas.json": ALL,
    "GET /consent": ALL,
    "GET /places.json": ALL,
    "GET /map/opening.json": ALL,
    "GET /sentences.json": ALL,
    "GET /categories/words.json": ALL,
    "GET /categories/<code>/questions.json": ALL,
    "GET /map": ALL,
    "GET /map/clusters.json": Row(422, 422, 422, 422),
    "GET /map/reports.json": Row(422, 422, 422, 422),
    "GET /map/picture.svg": ALL,
    "POST /complaints": Row(422, 422, 422, 422),
    "GET /complaints": Row(303, 303, 303, 303),
    "GET /complaints/<reference>": NOBODY,
    "GET /reports": ALL,
    "GET /reports.atom": ALL,
    "GET /alerts": ALL,
    "POST /alerts": Row(422, 422, 422, 422),
    "GET /alerts/<secret>": NOBODY,
    "GET /alerts/<secret>/endings": NOBODY,
    "POST /alerts/<secret>/confirmations": NOBODY,
    "POST /alerts/<secret>/endings": NOBODY,
    "GET /photos/<key>/<any(small, large):size>": NOBODY,
    "GET /track/<secret>": Row(303, 303, 303, 303),
    "GET /reports/<uuid:key>/photos/<uuid:upload>": ALL,
    "PATCH /reports/<uuid:key>/photos/<uuid:upload>": Row(400, 400, 400, 400),
    "GET /my/<reference>": NOBODY,
    "GET /my/<reference>/photos/<key>/<any(small, large):size>": NOBODY,
    "GET /my/<reference>/photos/uploads/<uuid:upload>": NOBODY,
    "PATCH /my/<reference>/photos/uploads/<uuid:upload>": NOBODY,
    "POST /my/<reference>/answers": NOBODY,
    "POST /my/<reference>/withdrawal": NOBODY,
    "POST /my/<reference>/reopenings": NOBODY,
    "POST /my/<reference>/demands": NOBODY,
    "POST /my/<reference>/additions": NOBODY,
    "POST /my/<reference>/ratings": NOBODY,
    "POST /my/<reference>/joinings": NOBODY,
    "POST /my/<reference>/joinings/end": NOBODY,
    "GET /my/<reference>/link.svg": NOBODY,
    "POST /my/<reference>/forgotten": NOBODY,
    "GET /my": ALL,
    "POST /my/lookups": Row(422, 422, 422, 422),
    "POST /my/phone/forgotten": Row(303, 303, 303, 303),
    "POST /my/forgotten": Row(303, 303, 303, 303),
    "POST /complaints/<reference>/joinings": NOBODY,
    "GET /joined/<secret>": NOBODY,
    "GET /my/<reference>/joining": NOBODY,
    "POST /my/<reference>/joining/reopenings": NOBODY,
    "POST /my/<reference>/joining/end": NOBODY,
    "GET /health/live": ALL,
    "GET /health/ready": ALL,
    "GET /health": Row(503, 503, 503, 503),  # the tests' database is not durable, which is a fault
    "GET /desk": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/overview": WRITERS,
    "GET /desk/recurring": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/recurring/<int:number>": Row(SIGN_IN, 404, 404, 404),
    "POST /desk/recurring/<int:number>/plans": Row(SIGN_IN, 404, 404, 404),
    "POST /desk/recurring/<int:number>/measures": Row(SIGN_IN, 404, 404, 404),
    "POST /desk/recurring/<int:number>/handovers": Row(SIGN_IN, 404, 404, 404),
    "POST /desk/recurring/<int:number>/dismissals": Row(SIGN_IN, 404, 404, 404),
    "GET /desk/leaves": Row(SIGN_IN, 200, 200, 200),
    "POST /desk/leaves": Row(SIGN_IN, 422, 422, 422),
    "POST /desk/leaves/<int:number>/ending": Row(SIGN_IN, 404, 404, 404),
    "GET /desk/reveals": Row(SIGN_IN, 404, 404, 200),
    "GET /desk/counts": Row(SIGN_IN, 200, 200, 200),
    "POST /desk/selections": Row(SIGN_IN, 422, 422, 422),  # nothing is selected
    "POST /desk/previews": Row(SIGN_IN, 422, 422, 422),
    "POST /desk/batches": Row(SIGN_IN, 422, 422, 422),
    "POST /desk/batches/<uuid:key>/undoings": Row(SIGN_IN, 404, 404, 404),
    "GET /desk/batches/<uuid:key>": Row(SIGN_IN, 404, 404, 404),  # whose it is sees it
    "GET /desk/sign-in": Row(200, 303, 303, 303),
    "POST /desk/session": Row(422, 422, 422, 422),
    "POST /desk/session/end": Row(SIGN_IN, 303, 303, 303),
    "GET /desk/account": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/reports/new": Row(SIGN_IN, 200, 200, 200),
    "POST /desk/reports": Row(SIGN_IN, 422, 422, 422),
    "GET /desk/complaints/<reference>/receipt": DESK_READ,
    "GET /desk/complaints/<reference>/receipt.svg": Row(
        SIGN_IN, 404, 404, 404
    ),  # somebody else wrote it down
    "GET /desk/field": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/field/offline": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/field/session": Row(SIGN_IN, 200, 200, 200),
    "GET /desk/field/<reference>/<any(done, absent, elsewhere):outcome>": DESK_READ,
    "POST /desk/field/<reference>/<any(done, absent, elsewhere):outcome>": DESK_FORM,
    "GET /desk/keys": Row(SIGN_IN, 200, 200, 200),
    "POST /desk/keys": Row(SIGN_IN, 303, 303, 303),
    "GET /desk/views": Row(SIGN_IN, 200, 200, 200),
    "POST /desk/views": Row(SIGN_IN, 404, 404, 404),  # to be shown to nobody known
    "POST /desk/views/<int:number>": Row(SIGN_IN, 404, 404, 404),
    "POST /desk/views/<int:number>/removals": Row(SIGN_IN, 404, 404, 404),
    "GET /desk/templates": WRITERS,
    "GET /desk/templates/new": WRITERS,
    "POST /desk/templates": Row(SIGN_IN, 404, 404, 404),
    "GET /desk/templates/<int:number>": WRITERS,
    "POST /desk/templates/<int:number>": Row(SIGN_IN, 404, 404, 422),
    "POST /desk/templates/<int:number>/retirements": Row(SIGN_IN, 404, 404, 303),
    "POST /desk/account/digest": Row(SIGN_IN, 422, 422, 422),
    "GET /desk/complaints/<reference>": DESK_READ,
    "GET /desk/complaints/<reference>/preview": DESK_READ,
    "POST /desk/complaints/<reference>/looks": Row(SIGN_IN, 404, 204, 204),
    "GET /desk/photos/<key>/<any(small, large):size>": DESK_READ,
    "GET /desk/photos/<key>/tiny": DESK_READ,
    "GET /desk/complaints/<reference>/photos/<key>/redactions": DESK_READ,
    "POST /desk/complaints/<reference>/photos/<key>/redactions": DESK_FORM,
    "POST /desk/complaints/<reference>/photos/<key>/redactions/end": DESK_MOVE,
    "GET /desk/complaints/<reference>/photos/<key>/clear": DESK_READ,
    "POST /desk/complaints/<reference>/alarms/end": DESK_MOVE,
    "POST /desk/complaints/<reference>/flags": DESK_FORM,
    "POST /desk/complaints/<reference>/flags/end": DESK_FORM,
    "POST /desk/complaints/<reference>/quarantines": DESK_FORM,
    "POST /desk/complaints/<reference>/quarantines/end": DESK_MOVE,  # it is not set aside
    "POST /desk/complaints/<reference>/drafts": Row(SIGN_IN, 404, 204, 204),
    "POST /desk/complaints/<reference>/repeats": DESK_FORM,
    "POST /desk/complaints/<reference>/presence": Row(SIGN_IN, 404, 200, 200),
    "POST /desk/complaints/<reference>/drafts/end": Row(SIGN_IN, 404, 303, 303),
    "POST /desk/complaints/<reference>/assignments": DESK_FORM,
    "POST /desk/complaints/<reference>/transfers": DESK_FORM,
    "POST /desk/complaints/<reference>/acceptances": DESK_MOVE,
    "POST /desk/complaints/<reference>/returns": DESK_FORM,
    "GET /desk/complaints/<reference>/mergers": Row(SIGN_IN, 404, 422, 422),  # no number was typed
    "GET /desk/complaints/<reference>/mergers/<other>": DESK_READ,
    "POST /desk/complaints/<reference>/mergers": DESK_FORM,
    "POST /desk/complaints/<reference>/partings": DESK_MOVE,  # it is merged into nothing
    "POST /desk/complaints/<reference>/pauses": DESK_FORM,
    "POST /desk/complaints/<reference>/plans": DESK_FORM,
    "POST /desk/complaints/<reference>/plans/end": DESK_MOVE,
    "POST /desk/complaints/<reference>/hidings": DESK_MOVE,
    "POST /desk/complaints/<reference>/hidings/end": DESK_MOVE,
    "POST /desk/complaints/<reference>/categories/kept": DESK_FORM,
    "GET /desk/complaints/<reference>/nearby": DESK_READ,
    "GET /desk/complaints/<reference>/translation": Row(SIGN_IN, 404, 303, 303),  # there is no translator
    "POST /desk/complaints/<reference>/resumptions": DESK_MOVE,
    "POST /desk/complaints/<reference>/categories": DESK_FORM,
    "POST /desk/complaints/<reference>/priorities": DESK_FORM,
    "POST /desk/complaints/<reference>/undoings": DESK_MOVE,  # nothing was just done
    "POST /desk/complaints/<reference>/starts": Row(SIGN_IN, 404, 303, 303),
    "POST /desk/complaints/<reference>/questions": DESK_FORM,
    "POST /desk/complaints/<reference>/notes": DESK_FORM,
    "POST /desk/complaints/<reference>/resolutions": DESK_FORM,
    "POST /desk/complaints/<reference>/refusals": DESK_FORM,
    "POST /desk/complaints/<reference>/extensions": DESK_FORM,
    "POST /desk/complaints/<reference>/reveals": Row(SIGN_IN, 404, 409, 422),  # nobody handles it
    "POST /desk/complaints/<reference>/photo-releases": Row(SIGN_IN, 404, 303, 303),
    "POST /desk/complaints/<reference>/subtasks": DESK_FORM,
    "POST /desk/complaints/<reference>/subtasks/<department>/replies": ASKED_FORM,
    "POST /desk/complaints/<reference>/subtasks/<department>/extensions": ASKED_FORM,
    "POST /desk/complaints/<reference>/subtasks/<department>/withdrawals": DESK_FORM,
}


def _routes(app: Flask) -> set[str]:
    return {
        f"{method} {rule.rule.rstrip('/') or '/'}"
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }


def test_every_route_has_a_row_and_every_row_a_route(hanoi):
    assert _routes(hanoi) == set(TABLE)


@pytest.fixture
def private(city):
    """A private complaint with a photo, with the inspectors, who asked the lighting company; and the ways to it."""
    complaint = a_complaint(category="staff-conduct")
    photo = Photo(complaint_id=complaint.id, original="0" * 64, original_size=1, **_developed())
    db.session.add(photo)
    a_subtask(complaint, to=LIGHTING, by=an_official(department="thanh-tra"))
    return {
        "<reference>": complaint.reference,
        "<other>": a_complaint(category="staff-conduct").reference,
        "<code>": "noise",
        "<department>": LIGHTING,
        "<key>": photo.key,
        "<uuid:key>": str(a_key()),
        "<uuid:upload>": str(a_key()),
        "<any(small, large):size>": "small",
        "<any(done, absent, elsewhere):outcome>": "done",
        "<int:number>": str(a_template().id),
        "<secret>": tracking.secret_for(complaint.submission_key),
        "<path:filename>": "favicon.svg",
        "version": str(complaint.version),
    }


@pytest.mark.parametrize("who", ["stranger", "elsewhere", "ours", "coordinator"])
@pytest.mark.parametrize("route", sorted(TABLE))
def test_who_gets_what(client, signed_in, private, route, who):
    browser = client if who == "stranger" else signed_in(_official(who))
    expected = getattr(TABLE[route], who)

    answer = _asked(browser, route, private)

    if expected == SIGN_IN:
        assert answer.status_code == 303
        assert answer.location.startswith("/desk/sign-in")
    else:
        assert answer.status_code == expected, answer.get_data(as_text=True)[:500]


@pytest.mark.parametrize("route", sorted(route for route in TABLE if not route.startswith("GET")))
def test_a_form_of_another_site_is_refused_everywhere(signed_in, private, route):
    browser = signed_in(_official("ours"))

    method, path = route.split(" ", 1)[0], _path(route, private)
    answer = browser.open(path, method=method, headers={"Sec-Fetch-Site": "cross-site"})

    assert answer.status_code == 403


@pytest.mark.parametrize("route", sorted(r for r in TABLE if r.startswith("POST /desk/complaints")))
def test_the_desk_wants_its_token_with_every_form(signed_in, private, route):
    browser = signed_in(_official("ours"))

    answer = browser.post(_path(route, private), headers={"Sec-Fetch-Site": "same-origin"})

    assert answer.status_code == 400


@pytest.mark.parametrize("route", sorted(r for r in TABLE if r.startswith("GET") and "<reference>" in r))
@pytest.mark.parametrize(
    "reference", ["0000-0000", "7K3M-9QAZ", "'; DROP TABLE complaint --", "../../etc/passwd"]
)
def test_an_unknown_number_is_not_found_anywhere(signed_in, private, route, reference):
    browser = signed_in(_official("coordinator"))

    answer = browser.get(_path(route, {**private, "<reference>": reference}))

    assert answer.status_code in (404, 308)


def _official(who: str):
    return {
        "elsewhere": lambda: an_official("Chi", department=DRAINAGE),
        "ours": lambda: an_official("Bo", department="thanh-tra"),
        "coordinator": lambda: an_official("Dee", department="pcc", role=Role.COORDINATOR),
    }[who]()


def _asked(browser, route, private):
    method, path = route.split(" ", 1)[0], _path(route, private)
    if method == "GET":
        return browser.get(path)
    if method == "PATCH":
        return browser.patch(path, data=b"", headers={"Sec-Fetch-Site": "same-origin"})
    fields = {"version": private["version"]}
    if path.startswith("/desk"):
        fields["csrf_token"] = _token(browser)
    return browser.post(path, data=fields, headers={"Sec-Fetch-Site": "same-origin"})


def _token(browser) -> str:
    page = soup_of(browser.get("/desk/account", follow_redirects=True))  # a light page
    return page.find("input", attrs={"name": "csrf_token"})["value"]


def _path(route: str, values: dict[str, str]) -> str:
    path = route.split(" ", 1)[1]
    for name, value in values.items():
        path = path.replace(name, value) if name.startswith("<") else path
    return path


def _developed() -> dict[str, object]:
    blob = album.storage().put(a_photo((32, 32)).getvalue())
    return {"state": State.READY, "small": blob, "large": blob, "width": 32, "height": 32}
