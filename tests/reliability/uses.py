"""What people and the worker do with the system, each as something that can be set up and then done again and again."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from itertools import cycle
from typing import Any
from uuid import uuid4

from flask import Flask
from sqlalchemy import select
from werkzeug.test import TestResponse

from cps.city.queries import in_force
from cps.complaints import merging, reminding, waits, window
from cps.complaints.models import Event
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.desk.permissions import Action
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.notify import digests, recurring, tasks
from cps.notify.models import Message
from cps.people.models import Role
from cps.photos import album
from cps.photos import tasks as photo_tasks
from tests.citizen.acts import OWN, open_link, send
from tests.desk.test_who_does_what_to_what import DONE, FIELDS, OBJECTS, _expected
from tests.makers import LIGHTING, PASSWORD, a_complaint, a_photo, an_official
from tests.pageclient import PageClient
from tests.publishing import confirmed_contacts

Doing = Callable[[], TestResponse | None]


@dataclass(frozen=True)
class Use:
    """Something that is done: `scene` sets it up and returns what does it, however often; `is_page`: over the web."""

    name: str
    scene: Callable[["Stage"], Doing]
    is_page: bool = True


class Stage:
    """The city, and the browsers of who plays in it."""

    def __init__(self, app: Flask, signed_in: Callable[[Any], PageClient]) -> None:
        self.app = app
        self._signed_in, self._browsers = signed_in, dict[Role, PageClient]()
        self.people: dict[Role, Any] = {}

    def citizen(self) -> PageClient:
        """Return a new browser of somebody."""
        browser = self.app.test_client()
        assert isinstance(browser, PageClient)
        return browser

    def official(self, role: Role) -> PageClient:
        """Return the browser of an official who handles lamps."""
        if role not in self._browsers:
            self.people[role] = an_official(role.value.title(), role=role, department=LIGHTING)
            self._browsers[role] = self._signed_in(self.people[role])
        return self._browsers[role]

    def token(self, browser: PageClient) -> str:
        """Return what the forms of this browser carry."""
        return str(browser.page("/desk/account").select_one("input[name=csrf_token]")["value"])


def _file(stage: Stage) -> Doing:
    browser, key = stage.citizen(), str(uuid4())
    return lambda: send(browser, key=key, contact=_somebody())


def _file_with_photo(stage: Stage) -> Doing:
    browser, key, photo = stage.citizen(), str(uuid4()), a_photo((64, 48)).getvalue()
    return lambda: send(browser, key=key, photos=[(BytesIO(photo), "lamp.jpg")])


def _add_photo(stage: Stage) -> Doing:
    browser, own, photo = stage.citizen(), a_complaint(contact=_contact()), a_photo((64, 48)).getvalue()
    open_link(browser, own)
    path = f"/my/{own.reference}/additions"

    def doing() -> TestResponse:
        form = {"words": "Here.", "photos": [(BytesIO(photo), "lamp.jpg")]}
        return browser.post(path, data=form, content_type="multipart/form-data", headers=OWN)

    return doing


def _piece(stage: Stage) -> Doing:
    browser, photo = stage.citizen(), a_photo((64, 48)).getvalue()
    path = f"/reports/{uuid4()}/photos/{uuid4()}?offset=0&size={len(photo)}"
    return lambda: browser.patch(path, data=photo, headers=OWN)


def _ask_for_code(stage: Stage) -> Doing:
    browser, key, contact = stage.citizen(), str(uuid4()), _somebody()

    def doing() -> TestResponse:
        with confirmed_contacts():
            return send(browser, key=key, contact=contact)

    return doing


def _join(stage: Stage) -> Doing:
    browser, lead, key = stage.citizen(), a_complaint(contact=None), str(uuid4())
    form, path = {"key": key, "contact": _somebody()}, f"/complaints/{lead.reference}/joinings"
    return lambda: browser.post(path, data=form, headers=OWN)


def _ask_alert(stage: Stage) -> Doing:
    browser, form = stage.citizen(), {"email": _somebody(), "area": "00004"}
    return lambda: browser.post("/alerts", data=form, headers=OWN)


def _own(status: Status, noun: str, at: timedelta = timedelta(0), **form: Any) -> Callable[[Stage], Doing]:
    def scene(stage: Stage) -> Doing:
        browser, own = stage.citizen(), a_complaint(status, contact=_contact())
        open_link(browser, own)
        path = f"/my/{own.reference}/{noun}"

        def doing() -> TestResponse:
            with clock.standing_at(clock.now() + at):
                return browser.post(path, data=form, headers=OWN)

        return doing

    return scene


def _merge_own(stage: Stage) -> Doing:
    browser, own, lead = stage.citizen(), a_complaint(contact=_contact()), a_complaint(contact=_contact())
    open_link(browser, own)
    path, form = f"/my/{own.reference}/joinings", {"lead": lead.reference}
    return lambda: browser.post(path, data=form, headers=OWN)


def _part_own(stage: Stage) -> Doing:
    browser, own, lead = stage.citizen(), a_complaint(contact=_contact()), a_complaint(contact=_contact())
    merging.merge(own, into=lead)
    db.session.commit()
    open_link(browser, own)
    path = f"/my/{own.reference}/joinings/end"
    return lambda: browser.post(path, headers=OWN)


def _act(action: Action) -> Callable[[Stage], Doing]:
    """Set the scene of what an official does, on the first report of those it can be done to."""
    name, role = next(
        (name, role)
        for place, role in ((0, Role.OFFICER), (1, Role.HEAD), (2, Role.COORDINATOR))
        for name in OBJECTS
        if _expected(action, name)[place] == DONE
    )

    def scene(stage: Stage) -> Doing:
        browser, own = stage.official(role), OBJECTS[name]()
        db.session.commit()
        form = {
            "csrf_token": stage.token(browser),
            "version": str(own.version),
            "sure": "yes",
            **FIELDS[action](own),
        }
        path = f"/desk/complaints/{own.reference}/{action}"
        db.session.rollback()
        return lambda: browser.post(path, data=form, headers=OWN)

    return scene


def _undo(stage: Stage) -> Doing:
    browser, own = stage.official(Role.OFFICER), a_complaint(contact=_contact())
    token = stage.token(browser)
    form = {"csrf_token": token, "version": str(own.version)}
    window.use(30)
    path = f"/desk/complaints/{own.reference}"
    browser.post(f"{path}/starts", data=form, headers=OWN)
    window.use(0)

    def doing() -> TestResponse:
        window.use(30)
        try:
            return browser.post(f"{path}/undoings", data={"csrf_token": token}, headers=OWN)
        finally:
            window.use(0)

    return doing


def _batch(stage: Stage) -> Doing:
    browser, key = stage.official(Role.OFFICER), str(uuid4())
    several = [a_complaint(Status.ASSIGNED, contact=_contact()) for _number in range(3)]
    lines = [f"{one.reference}:{one.version}" for one in several]
    form = {
        "report": lines,
        "csrf_token": stage.token(browser),
        "key": key,
        "action": "notes",
        "note": "Rain.",
    }
    return lambda: browser.post("/desk/batches?view=open", data=form, headers=OWN)


def _draft(stage: Stage) -> Doing:
    browser, own = stage.official(Role.OFFICER), a_complaint(contact=_contact())
    form = {"csrf_token": stage.token(browser), "action": "notes", "note": "Half a sen"}
    path = f"/desk/complaints/{own.reference}/drafts"
    return lambda: browser.post(path, data=form, headers=OWN)


def _sign_in(stage: Stage) -> Doing:
    stage.official(Role.OFFICER)
    browser = stage.citizen()
    page = browser.page("/desk/sign-in")
    email = stage.people[Role.OFFICER].email
    return lambda: browser.submit(page, "/desk/session", email=email, password=PASSWORD)


def _read(path: str, role: Role | None = None) -> Callable[[Stage], Doing]:
    def scene(stage: Stage) -> Doing:
        browser, own = stage.official(role) if role else stage.citizen(), a_complaint(contact=_contact())
        if role is None:
            open_link(browser, own)
        address = path.format(own=own.reference)
        return lambda: browser.get(address)

    return scene


def _job(
    begin: Callable[[Stage], Callable[[], Any]], at: timedelta = timedelta(0)
) -> Callable[[Stage], Doing]:
    """Set the scene of a job, done as the worker does it: in a context and a transaction of its own."""

    def scene(stage: Stage) -> Doing:
        work = begin(stage)
        run = jobs.runner(stage.app.app_context)

        def doing() -> None:
            with clock.standing_at(clock.now() + at):
                run(work, None, None)

        return doing

    return scene


def _announcing(_stage: Stage) -> Callable[[], Any]:
    # Each somewhere else: many of one kind at one place are news to officials as well.
    complaint = a_complaint(contact=_contact(), point=None, area=f"{next(_AREAS):05}")
    number = db.session.scalars(select(Event.id).where(Event.complaint_id == complaint.id)).one()
    return lambda: tasks.write([number])


def _delivering(stage: Stage) -> Callable[[], Any]:
    _announcing(stage)()
    db.session.commit()
    number = db.session.scalars(select(Message.id).order_by(Message.written_at.desc(), Message.id)).all()[-1]
    return lambda: tasks.deliver(str(number))


def _developing(_stage: Stage) -> Callable[[], Any]:
    complaint = a_complaint(contact=None)
    number = album.keep_after(a_photo((64, 48)), filename="lamp.jpg", complaint_id=complaint.id).id
    db.session.commit()
    return lambda: photo_tasks.develop_photo(number)


def _late(_stage: Stage) -> Callable[[], Any]:
    a_complaint(Status.ASSIGNED, contact=_contact())
    return reminding.go_round


def _waited(_stage: Stage) -> Callable[[], Any]:
    a_complaint(Status.WAITING, contact=_contact())
    return lambda: waits.end_waits(timestamp=0)


def _contact() -> Contact:
    return Contact(email=_somebody())


def _somebody() -> str:
    return f"{uuid4().hex[:12]}@citizen.example"


_MONTH = timedelta(days=30)
_AREAS = (code for code in cycle(range(10**5)) if in_force().area(f"{code:05}"))

FILING = Use("file", _file)
FILING_PHOTO = Use("file with a photo", _file_with_photo)
PIECE = Use("send a piece of a photo", _piece)
ADDING_PHOTO = Use("add a photo", _add_photo)
DEVELOPING = Use("develop", _job(_developing), is_page=False)
PAGES = (
    FILING,
    FILING_PHOTO,
    PIECE,
    Use("ask for a code", _ask_for_code),
    Use("join", _join),
    Use("ask for mails about a place", _ask_alert),
    Use("answer", _own(Status.WAITING, "answers", words="This one.")),
    Use("withdraw", _own(Status.RECEIVED, "withdrawal")),
    Use("reopen", _own(Status.RESOLVED, "reopenings", words="It is still dark.")),
    Use("rate", _own(Status.RESOLVED, "ratings", score="4", words="Good.")),
    Use("add", _own(Status.RECEIVED, "additions", words="It flickers, too.")),
    ADDING_PHOTO,
    Use("demand", _own(Status.ASSIGNED, "demands", _MONTH)),
    Use("merge the own", _merge_own),
    Use("part the own", _part_own),
    *(Use(f"desk: {action}", _act(action)) for action in FIELDS),
    Use("undo", _undo),
    Use("batch", _batch),
    Use("draft", _draft),
    Use("sign in", _sign_in),
    Use("see the form", _read("/")),
    Use("see the own", _read("/my/{own}")),
    Use("see the list", _read("/reports")),
    Use("see a report", _read("/complaints/{own}")),
    Use("see the queue", _read("/desk", Role.OFFICER)),
    Use("see it at the desk", _read("/desk/complaints/{own}", Role.OFFICER)),
    Use("see the overview", _read("/desk/overview", Role.HEAD)),
    Use("see what is not there", _read("/complaints/7K3M-9QAZ")),
)
JOBS = (
    Use("announce", _job(_announcing), is_page=False),
    Use("deliver", _job(_delivering), is_page=False),
    DEVELOPING,
    Use("escalate", _job(_late, _MONTH), is_page=False),
    Use("end waits", _job(_waited, _MONTH), is_page=False),
    Use("digests", _job(lambda _stage: digests.go_on), is_page=False),
    Use("recurring", _job(lambda _stage: recurring.go_on), is_page=False),
)
