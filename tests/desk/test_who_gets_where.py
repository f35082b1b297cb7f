"""Role × route × object: what each kind of official gets at every address of the desk, of their own, of colleagues, of
other departments, and of what there is not.

Forms are sent empty, or as they were before anything happened, so that whoever is let in changes as little as can be: what
an act then does is in `test_who_does_what_to_what`. A new route without a row fails.
"""

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from werkzeug.test import TestResponse

from cps.city.queries import today
from cps.complaints import batches, saved_views
from cps.complaints.attached import Viewer
from cps.complaints.models import Complaint
from cps.complaints.recurring import RecurringProblem
from cps.complaints.saved_views import Sharing
from cps.complaints.status import Status
from cps.complaints.views import View
from cps.kernel.db import Base, db
from cps.people import leaves
from cps.people.attempts import Attempt
from cps.people.denials import Denial
from cps.people.models import Person, Role
from cps.photos import album
from cps.photos.models import Photo, State
from tests.makers import DRAINAGE, a_complaint, a_photo, a_subtask, a_template, an_official
from tests.pageclient import PageClient, soup_of, text_of
from tests.recurring import a_problem

OURS, ASKED = "so-y-te", "so-xay-dung"
FOOD = "food-safety"  # of which the reporter says who shall read it

PEOPLE: Mapping[str, Callable[[], Person]] = {
    "officer": lambda: an_official("Bo", department=OURS),
    "colleague": lambda: an_official("Kim", department=OURS),
    "head": lambda: an_official("Hue", department=OURS, role=Role.HEAD),
    "asked": lambda: an_official("Ask", department=ASKED),
    "elsewhere": lambda: an_official("Chi", department=DRAINAGE),
    "their head": lambda: an_official("Huy", department=DRAINAGE, role=Role.HEAD),
    "coordinator": lambda: an_official("Dee", department="pcc", role=Role.COORDINATOR),
    "auditor": lambda: an_official("Aud", department=None, role=Role.AUDITOR),
}

# What each of PEOPLE gets: in; refused with a sentence; not found; not found, and no try either.
IN, REFUSED, HIDDEN, NOTHING = "+", "-", ".", ","

#             officer, colleague, head | asked, elsewhere, their head | coordinator, auditor
ALL = {"": "+++ +++ ++"}
WORKERS = {"": "+++ +++ +."}
WRITERS = {"": "..+ ..+ +."}
LEADERS = {"": "..+ ..+ ++"}
CITY = {"": "... ... ++"}
READ = {"private": "+++ +.. ++", "public": "+++ +++ ++"}
DONE_BY_OURS = {"private": "+++ -.. +-", "public": "+++ --- +-"}
SEEN_BY_OURS = {"private": "+++ ... +.", "public": "+++ ... +."}
# Who reads a report keeps what is typed about it, and says that it is open.
KEPT = {"private": "+++ +,, ++", "public": "+++ +++ ++"}
ANSWERED = {"private": "--- +.. +-", "public": "--- --- +-"}
OF_OFFICER = {"own": "+.. ... .."}

TABLE: Mapping[str, Mapping[str, str]] = {
    "GET /desk": ALL,
    "GET /desk/counts": ALL,
    "GET /desk/overview": LEADERS,
    "GET /desk/reveals": CITY,
    "GET /desk/account": ALL,
    "POST /desk/account/digest": ALL,
    "GET /desk/keys": ALL,
    "POST /desk/keys": ALL,
    "GET /desk/sign-in": ALL,
    "POST /desk/session": ALL,
    "POST /desk/session/end": ALL,
    "GET /desk/leaves": WORKERS,
    "POST /desk/leaves": WORKERS,
    "POST /desk/leaves/<int:number>/ending": {"officer's": "+.+ ... +."},
    "GET /desk/recurring": ALL,
    "GET /desk/recurring/<int:number>": {"problem": "+++ ... ++"},
    # Who reads it and may not plan it is told so by its page, which is no try (see `test_recurring`).
    "POST /desk/recurring/<int:number>/plans": {"problem": "+++ ... ++"},
    "POST /desk/recurring/<int:number>/measures": {"problem": "+++ ... ++"},
    "POST /desk/recurring/<int:number>/handovers": {"problem": "..+ ... +."},
    "POST /desk/recurring/<int:number>/dismissals": {"problem": "..+ ... +."},
    "POST /desk/selections": WORKERS,
    "POST /desk/previews": WORKERS,
    "POST /desk/batches": WORKERS,
    "GET /desk/batches/<uuid:key>": OF_OFFICER,
    "POST /desk/batches/<uuid:key>/undoings": OF_OFFICER,
    "GET /desk/views": ALL,
    "POST /desk/views": {"own": "+++ +++ ++", "department's": "..+ ..+ ..", "city's": "... ... +."},
    "POST /desk/views/<int:number>": {
        "own": "+.. ... ..",
        "department's": "+++ ... ..",
        "city's": "+++ +++ ++",
    },
    "POST /desk/views/<int:number>/removals": {
        "own": "+.. ... ..",
        "department's": "..+ ... ..",
        "city's": "... ... +.",
    },
    "GET /desk/templates": WRITERS,
    "GET /desk/templates/new": WRITERS,
    "POST /desk/templates": WRITERS,
    "GET /desk/templates/<int:number>": {"department's": "..+ ... ..", "city's": "... ... +."},
    "POST /desk/templates/<int:number>": {"department's": "..+ ... ..", "city's": "... ... +."},
    "POST /desk/templates/<int:number>/retirements": {"department's": "..+ ... ..", "city's": "... ... +."},
    "GET /desk/reports/new": WORKERS,
    "POST /desk/reports": WORKERS,
    "GET /desk/field": WORKERS,
    "GET /desk/field/offline": ALL,
    "GET /desk/field/session": ALL,
    "GET /desk/field/<reference>/<any(done, absent, elsewhere):outcome>": SEEN_BY_OURS,
    "POST /desk/field/<reference>/<any(done, absent, elsewhere):outcome>": DONE_BY_OURS,
    "GET /desk/photos/<key>/<any(small, large):size>": READ,
    "GET /desk/photos/<key>/tiny": READ,
    "GET /desk/complaints/<reference>": READ,
    "GET /desk/complaints/<reference>/preview": READ,
    "GET /desk/complaints/<reference>/nearby": READ,
    "GET /desk/complaints/<reference>/translation": READ,
    "GET /desk/complaints/<reference>/receipt": READ,
    # The private link is for whoever wrote the report down, for an hour.
    "GET /desk/complaints/<reference>/receipt.svg": {"private": ",,, ... ,.", "public": ",,, ... ,."},
    "GET /desk/complaints/<reference>/mergers": READ,
    "GET /desk/complaints/<reference>/mergers/<other>": {"private": "+++ ... ++", "public": "+++ ... ++"},
    "POST /desk/complaints/<reference>/looks": KEPT,
    "POST /desk/complaints/<reference>/presence": KEPT,
    "POST /desk/complaints/<reference>/drafts": KEPT,
    "POST /desk/complaints/<reference>/drafts/end": READ,
    # Who did it takes it back, wherever it went.
    "POST /desk/complaints/<reference>/undoings": READ,
    "POST /desk/complaints/<reference>/photo-releases": SEEN_BY_OURS,
    "GET /desk/complaints/<reference>/photos/<key>/clear": SEEN_BY_OURS,
    "GET /desk/complaints/<reference>/photos/<key>/redactions": SEEN_BY_OURS,
    "POST /desk/complaints/<reference>/photos/<key>/redactions": SEEN_BY_OURS,
    "POST /desk/complaints/<reference>/photos/<key>/redactions/end": SEEN_BY_OURS,
    "POST /desk/complaints/<reference>/partings": READ,  # it is merged into nothing
    # The officer handles the private one, nobody the public one.
    "POST /desk/complaints/<reference>/reveals": {"private": "+-- ... -.", "public": "--+ ... +."},
    "POST /desk/complaints/<reference>/subtasks/<department>/replies": ANSWERED,
    "POST /desk/complaints/<reference>/subtasks/<department>/extensions": ANSWERED,
    "POST /desk/complaints/<reference>/subtasks/<department>/withdrawals": DONE_BY_OURS,
    **{
        f"POST /desk/complaints/<reference>/{noun}": DONE_BY_OURS
        for noun in (
            *("acceptances", "alarms/end", "assignments", "extensions", "flags", "flags/end", "mergers"),
            *("notes", "pauses", "plans", "plans/end", "priorities", "quarantines", "quarantines/end"),
            *("questions", "refusals", "repeats", "resolutions", "resumptions", "returns", "starts"),
            *("subtasks", "transfers", "categories", "categories/kept", "hidings", "hidings/end"),
        )
    },
}

FIELDS: Mapping[str, dict[str, str]] = {
    "POST /desk/account/digest": {"wanted": "on"},
    "POST /desk/keys": {"reset": ""},
    "POST /desk/views": {"name": "Lamps"},
    "POST /desk/views/<int:number>": {"name": "Lamps"},
    "POST /desk/templates": {"use": "resolution"},
}
OUTSIDE = {"GET /desk/sign-in", "POST /desk/session"}
UNKNOWN = {
    "<reference>": "7K3M-9QAZ",
    "<other>": "7K3M-9QAZ",
    "<uuid:key>": "00000000-0000-4000-8000-000000000000",
    "<int:number>": "999999999999",
    "<key>": "no-such-photo",
    "<department>": ASKED,
    "<any(small, large):size>": "small",
    "<any(done, absent, elsewhere):outcome>": "done",
}
_SHARINGS = {"own": "personal", "department's": "department", "city's": "city"}

# Whoever may not do it reads one of these, and the screen of the report as it is.
# In the gate whoever gets nothing asks, for `test_routes` lets the others in; `make roles` lets everybody ask for all.
IS_WHOLE = os.environ.get("CPS_ROLES") == "all"

_NOT_FOUND = ("We could not find this page.", "We found no report with this number. Check the number.")
_NOT_YOURS = (
    "Only they can change it.",
    "Only the department that was asked",
    "Only who handles a report may",
)


@dataclass
class World:
    """Two reports of the office of health, each with a photo; who has them; and what else is made anew when it is wanted."""

    people: Mapping[str, Person]
    reports: Mapping[str, Complaint]
    photos: Mapping[str, str]
    other: Complaint
    problem: int = field(default=0)
    leave: int = field(default=0)

    def path(self, route: str, thing: str) -> str:
        """Return the address of this thing by a route."""
        values = {
            "<uuid:key>": self._batch,
            "<int:number>": lambda: str(self._number(route, thing)),
            "<key>": lambda: self.photos[thing],
            "<reference>": lambda: self.reports[thing].reference,
            "<other>": lambda: self.other.reference,
            "<department>": lambda: ASKED,
            "<any(small, large):size>": lambda: "small",
            "<any(done, absent, elsewhere):outcome>": lambda: "done",
        }
        path = route.split(" ", 1)[1]
        for name, value in values.items():
            path = path.replace(name, value()) if name in path else path
        return path

    def _number(self, route: str, thing: str) -> int:
        if "/recurring/" in route:
            return self.problem
        if "/leaves/" in route:
            return self.leave
        if "/templates/" in route:
            return a_template(by=self.people["head" if thing == "department's" else "coordinator"]).id
        by = self.people[{"own": "officer", "department's": "head", "city's": "coordinator"}[thing]]
        saved = saved_views.save(
            "Lamps", sharing=Sharing(_SHARINGS[thing]), view=View.OPEN, filters={}, by=by
        )
        db.session.commit()
        return saved.id

    def _batch(self) -> str:
        key = uuid4()
        batches.begin(key, action="notes", by=self.people["officer"])
        db.session.commit()
        return str(key)


@pytest.fixture
def world(city: Flask) -> World:
    people = {name: person() for name, person in PEOPLE.items()}
    private = a_complaint(Status.ASSIGNED, by=people["officer"], category=FOOD, wants_public=False)
    a_subtask(private, to=ASKED, by=people["officer"], days=1)
    reports = {"private": private, "public": a_complaint(category=FOOD)}
    photos = {name: _photographed(report) for name, report in reports.items()}
    other = a_complaint(category=FOOD, wants_public=False)
    away = leaves.plan(people["officer"], first=today(), last=today(), cover=None, by=people["officer"])
    db.session.commit()
    return World(people, reports, photos, other, problem=a_problem(category=FOOD).id, leave=away.id)


def test_every_address_of_the_desk_has_a_row(hanoi):
    assert set(TABLE) == set(_routes(hanoi))


@pytest.mark.parametrize("role", PEOPLE)
def test_who_gets_where(world, signed_in, role):
    browser, place = signed_in(world.people[role]), list(PEOPLE).index(role)
    token, found = _token(browser), {}
    expected = {
        (route, thing): whom.replace(" ", "")[place]
        for route in sorted(TABLE, key=lambda route: route.endswith("/session/end"))
        for thing, whom in TABLE[route].items()
    }
    expected = {key: gets for key, gets in expected.items() if IS_WHOLE or gets != IN}

    for route, thing in expected:
        path = world.path(route, thing)
        found[route, thing] = _asked(browser, world.people[role].id, route, path, thing, token)

    assert found == expected


@pytest.mark.parametrize("role", ["officer", "coordinator", "auditor"])
def test_what_there_is_not_is_found_by_nobody_and_is_no_try(world, signed_in, role):
    browser = signed_in(world.people[role])
    token, found = _token(browser), {}

    for route in (one for one in TABLE if "<" in one):
        path = route.split(" ", 1)[1]
        for name, value in UNKNOWN.items():
            path = path.replace(name, value)
        found[route] = _asked(browser, world.people[role].id, route, path, "", token)

    assert found == dict.fromkeys(found, NOTHING)


@pytest.mark.parametrize("route", [route for route in TABLE if "<int:number>" in route])
def test_a_number_that_fits_no_row_is_not_found(city, signed_in, route):
    browser = signed_in(PEOPLE["coordinator"]())

    answer = _sent(browser, route, route.split(" ", 1)[1].replace("<int:number>", "9" * 25), _token(browser))

    assert answer.status_code in (404, 405)
    assert text_of(soup_of(answer).h1) in _NOT_FOUND


@pytest.mark.parametrize("who", ["nobody", "switched off"])
def test_whoever_has_no_account_is_sent_to_sign_in(world, client, signed_in, who):
    person = an_official("Ole", role=Role.COORDINATOR)
    browser = client if who == "nobody" else signed_in(person)
    token = _token(browser)
    person.is_active = False
    db.session.commit()

    for route in (one for one in TABLE if one not in OUTSIDE):
        path = world.path(route, next(iter(TABLE[route])))
        stood = _all_rows()
        answer = _sent(browser, route, path, token)
        assert answer.status_code == 303, route
        assert answer.location.startswith("/desk/sign-in"), route
        assert _all_rows() == stood, route


def _routes(app: Flask) -> Iterator[str]:
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/desk"):
            yield from (f"{method} {rule.rule}" for method in rule.methods - {"HEAD", "OPTIONS"})


def _asked(browser: PageClient, person_id: int, route: str, path: str, thing: str, token: str) -> str:
    """Try a route, and return what came of it; who is denied reads a sentence, changes nothing, and is written down."""
    fields = {"sharing": _SHARINGS[thing]} if thing in _SHARINGS else {}
    if route.endswith("/mergers"):
        fields["lead"] = path.split("/")[3]
    if "/recurring/" in route:  # whose page is old is told so, whoever they are
        version = select(RecurringProblem.version).where(RecurringProblem.id == int(path.split("/")[3]))
        fields |= {"version": str(db.session.scalar(version)), "department": DRAINAGE}
    stood, tries = _all_rows(), _tries(person_id)
    answer = _sent(browser, route, path, token, **fields)
    assert answer.status_code < 500, route
    tried = _tries(person_id) - tries
    if answer.status_code == 404:
        got = HIDDEN if tried else NOTHING
        assert text_of(soup_of(answer).h1) in _NOT_FOUND, route
    else:
        told = soup_of(answer).select_one(".refusal, [role=alert]") if answer.status_code == 409 else None
        is_refused = told is not None and any(words in text_of(told) for words in _NOT_YOURS)
        got = REFUSED if is_refused else IN
    assert tried == (got in (HIDDEN, REFUSED)), route
    assert got == IN or _all_rows() == stood, route
    return got


def _sent(browser: PageClient, route: str, path: str, token: str, **fields: str) -> TestResponse:
    """Ask as a page of our own does; a form with what it needs to be read at all."""
    method = route.split(" ", 1)[0]
    if method == "GET":
        return browser.get(path)
    return browser.open(
        path,
        method=method,
        data={"csrf_token": token, "version": "0", **FIELDS.get(route, {}), **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )


def _token(browser: PageClient) -> str:
    page = soup_of(browser.get("/desk", follow_redirects=True))
    return str(page.find("input", attrs={"name": "csrf_token"})["value"])


def _tries(person_id: int) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.sum(Denial.times)).where(Denial.person_id == person_id)) or 0


def _all_rows() -> tuple[str, ...]:
    """Return a mark of every row there is but those of the city, of who looks at what, what was denied and how often it was tried."""
    db.session.rollback()
    return tuple(db.session.execute(text(f"SELECT {_MARKS}")).one())


def _photographed(complaint: Complaint) -> str:
    blob = album.storage().put(a_photo((32, 32)).getvalue())
    developed = {"state": State.READY, "small": blob, "large": blob, "width": 32, "height": 32}
    photo = Photo(complaint_id=complaint.id, original="0" * 64, original_size=1, **developed)
    db.session.add(photo)
    db.session.commit()
    return photo.key


_MARKED = sorted(
    mapper.local_table.name
    for mapper in Base.registry.mappers
    if not mapper.class_.__module__.startswith("cps.city") and mapper.class_ not in (Attempt, Denial, Viewer)
)
_MARKS = ", ".join(
    f"(SELECT md5(coalesce(string_agg(t::text, '|' ORDER BY t::text), '')) FROM {table} t)"
    for table in (*_MARKED, "procrastinate_jobs")
)
