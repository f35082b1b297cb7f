"""Role × verb × object: what each kind of official gets for each act, on a report as it stands in each way.

Every form is filled in as it should be, so that only who sends it and how the report stands decide. What is not
done changes nothing, and is refused with a sentence.
"""

import os
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cps.complaints import (
    flags,
    handovers,
    hiding,
    lifecycle,
    merging,
    pausing,
    quarantine,
    reopening,
    scheduling,
)
from cps.complaints.models import Complaint, Event
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.desk.permissions import Action
from cps.kernel.db import db
from cps.people.models import Person, Role
from tests.makers import DRAINAGE, LIGHTING, a_complaint, a_department, a_subtask, an_official
from tests.pageclient import PageClient, soup_of, text_of


def _filed(status: Status = Status.RECEIVED, **changes: Any) -> Complaint:
    """File a report of somebody who has reported nothing else: what one contact sends counts together."""
    return a_complaint(status, contact=Contact(email=f"{uuid4().hex}@citizen.example"), **changes)


def _paused() -> Complaint:
    complaint = _filed(Status.IN_PROGRESS)
    pausing.pause(complaint, by=_one_of(LIGHTING), cause="inspection", reason="The ladder is needed.")
    return complaint


def _offered() -> Complaint:
    complaint = _filed(category="drains")
    _hand(complaint, DRAINAGE, LIGHTING)
    return complaint


def _sent_on() -> Complaint:
    complaint = _filed()
    _hand(complaint, LIGHTING, DRAINAGE)
    return complaint


def _disputed() -> Complaint:
    complaint = _filed()
    for _turn in range(2):
        _hand(complaint, LIGHTING, DRAINAGE)
        handovers.give_back(complaint, by=_one_of(DRAINAGE), reason="It is a lamp.")
    return complaint


def _asked_of_us() -> Complaint:
    complaint = _filed(category="drains")
    a_subtask(complaint, to=LIGHTING, by=_one_of(DRAINAGE))
    return complaint


def _merged() -> Complaint:
    complaint, lead = _filed(), _filed()
    merging.merge(complaint, into=lead, by=_one_of(LIGHTING))
    return complaint


def _under_review() -> Complaint:
    complaint = _reopened()
    lifecycle.resolve(complaint, by=_one_of(LIGHTING), result="Done again.")
    reopening.reopen(complaint, words="It is still dark!")
    return complaint


def _set_aside() -> Complaint:
    complaint = _filed()
    quarantine.set_aside(complaint, by=_one_of(LIGHTING), cause="spam", reason="Only letters.")
    return complaint


def _planned() -> Complaint:
    complaint = _filed(Status.IN_PROGRESS)
    day = date(2030, 1, 9)
    scheduling.plan(complaint, by=_one_of(LIGHTING), first=day, last=day)
    return complaint


def _hidden() -> Complaint:
    complaint = _filed(Status.IN_PROGRESS)
    hiding.hide(complaint, by=_one_of(LIGHTING), reason="A neighbour is named.")
    return complaint


def _marked() -> Complaint:
    complaint = _filed(Status.IN_PROGRESS)
    flags.flag(complaint, by=_one_of(LIGHTING), reason="Threats.")
    return complaint


def _reopened() -> Complaint:
    complaint = _filed(Status.RESOLVED)
    reopening.reopen(complaint, words="It is still dark.")
    return complaint


def _hand(complaint: Complaint, sender: str, to: str) -> None:
    handovers.transfer(complaint, to=a_department(to), by=_one_of(sender), reason="It is theirs.")


def _one_of(department: str) -> Person:
    return an_official("Eve", department=department)


OBJECTS: Mapping[str, Callable[[], Complaint]] = {
    "received": _filed,
    "assigned": lambda: _filed(Status.ASSIGNED),
    "begun": lambda: _filed(Status.IN_PROGRESS),
    "waiting": lambda: _filed(Status.WAITING),
    "paused": _paused,
    "reopened": _reopened,
    "offered": _offered,
    "disputed": _disputed,
    "under review": _under_review,
    "set aside": _set_aside,
    "marked": _marked,
    "planned": _planned,
    "hidden": _hidden,
    "resolved": lambda: _filed(Status.RESOLVED),
    "declined": lambda: _filed(Status.DECLINED),
    "withdrawn": lambda: _filed(Status.WITHDRAWN),
    "merged": _merged,
    "sent on": _sent_on,
    "asked of us": _asked_of_us,
}

FIELDS: Mapping[Action, Callable[[Complaint], dict[str, str]]] = {
    Action.ACCEPTANCE: lambda _own: {},
    Action.RETURN: lambda _own: {"reason": "It is a drain."},
    Action.ASSIGNMENT: lambda own: {"handler": str(_one_of(own.department.code).id)},
    Action.START: lambda _own: {},
    Action.QUESTION: lambda _own: {"question": "Which lamp is it?"},
    Action.PAUSE: lambda _own: {"cause": "inspection", "reason": "The ladder is needed."},
    Action.RESUMPTION: lambda _own: {},
    Action.NOTE: lambda _own: {"note": "The ladder is away."},
    Action.RESOLUTION: lambda _own: {"result": "We changed the lamp."},
    Action.REFUSAL: lambda _own: {"reason": "Not the city's lamp.", "remedy": "Ask the owner."},
    Action.TRANSFER: lambda _own: {"department": "so-xay-dung", "reason": "It is a road."},
    Action.SUBTASK: lambda _own: {"department": "so-xay-dung", "question": "Is it your road?", "days": "1"},
    Action.EXTENSION: lambda _own: {"count": "1", "reason": "Rain."},
    Action.MERGER: lambda _own: {"lead": _filed().reference},
    Action.PARTING: lambda _own: {},
    Action.UNPLAN: lambda _own: {"reason": "It storms."},
    Action.PLAN: lambda _own: {"first": "2030-01-08", "note": "In the morning."},
    Action.QUARANTINE: lambda _own: {"cause": "spam", "reason": "Only letters."},
    Action.LET_IN: lambda _own: {},
    Action.FLAG: lambda _own: {"reason": "Threats."},
    Action.UNFLAG: lambda _own: {"reason": "It is anger at the lamp."},
    Action.KEEP_CATEGORY: lambda _own: {"category": "pothole"},
    Action.HIDE: lambda _own: {"reason": "A neighbour is named."},
    Action.SHOW: lambda _own: {},
    Action.CATEGORY: lambda _own: {"category": "pothole"},
    Action.PRIORITY: lambda _own: {"priority": "urgent", "reason": "Wires hang down."},
    Action.REVEAL: lambda _own: {"reason": "To call about the place."},
}

ROLES: Mapping[str, Callable[[], Person]] = {
    "officer": lambda: an_official("Bo"),
    "head": lambda: an_official("Hue", role=Role.HEAD),
    "coordinator": lambda: an_official("Dee", department="pcc", role=Role.COORDINATOR),
    "elsewhere": lambda: an_official("Chi", department="so-y-te", role=Role.HEAD),
    "auditor": lambda: an_official("Aud", department=None, role=Role.AUDITOR),
}

# An answer for each of ROLES: done, refused with a sentence, or not found.
DONE, REFUSED, HIDDEN = "+", "-", "."
OURS, CITY, JUDGES, NONE = "+++--", "--+--", "-++--", "-----"
AND_AUDITOR, CITY_AND_AUDITOR = "+++-+", "--+-+"

_NEW = ("received", "reopened", "offered", "disputed", "under review")
_BEGUN = ("begun", "marked", "planned", "hidden")
_RUNNING = (*_NEW, "assigned", *_BEGUN, "paused")
_OPEN = (*_RUNNING, "waiting")
_THEIRS = ("sent on", "asked of us")
_OURS = tuple(name for name in OBJECTS if name not in _THEIRS)

# Whom each verb obeys, by how the report stands; whatever is not named obeys nobody.
TABLE: Mapping[Action, Mapping[str, tuple[str, ...]]] = {
    Action.ACCEPTANCE: {OURS: ("offered",), CITY: ("sent on",)},
    Action.RETURN: {OURS: ("offered",), CITY: ("sent on",)},
    Action.ASSIGNMENT: {OURS: _OPEN, CITY: _THEIRS},
    Action.START: {OURS: (*_NEW, "assigned", "waiting"), CITY: _THEIRS},
    Action.QUESTION: {OURS: _RUNNING, CITY: _THEIRS},
    Action.PAUSE: {OURS: ("assigned", *_BEGUN)},
    Action.RESUMPTION: {OURS: ("paused",)},
    Action.NOTE: {AND_AUDITOR: ("under review",), OURS: _OURS, CITY: _THEIRS},
    Action.RESOLUTION: {OURS: _OPEN, CITY: _THEIRS},
    # What is set aside is judged by who leads, and did not set it aside.
    Action.REFUSAL: {JUDGES: ("set aside",), OURS: _OPEN, CITY: _THEIRS},
    # What was offered is accepted or given back first; where departments disagree the coordinator decides.
    Action.TRANSFER: {
        CITY_AND_AUDITOR: ("under review",),
        CITY: ("offered", "disputed", *_THEIRS),
        OURS: _OPEN,
    },
    Action.SUBTASK: {OURS: _OPEN, CITY: _THEIRS},
    Action.EXTENSION: {OURS: (*_NEW, "assigned", *_BEGUN), CITY: _THEIRS},
    Action.MERGER: {OURS: tuple(name for name in _OPEN if name != "hidden"), CITY: _THEIRS},
    Action.PARTING: {OURS: ("merged",)},
    Action.PLAN: {OURS: _OPEN, CITY: _THEIRS},
    Action.UNPLAN: {OURS: ("planned",)},
    Action.QUARANTINE: {OURS: _OPEN, CITY: _THEIRS},
    Action.LET_IN: {JUDGES: ("set aside",)},
    Action.FLAG: {OURS: tuple(name for name in _OURS if name != "marked"), CITY: _THEIRS},
    Action.UNFLAG: {JUDGES: ("marked",)},
    Action.CATEGORY: {OURS: _OPEN, CITY: _THEIRS},
    Action.KEEP_CATEGORY: {OURS: _OPEN, CITY: _THEIRS},
    Action.HIDE: {OURS: tuple(name for name in _OURS if name not in ("set aside", "hidden")), CITY: _THEIRS},
    # Heads and coordinators put it there again.
    Action.SHOW: {JUDGES: ("hidden",)},
    Action.PRIORITY: {OURS: _OPEN, CITY: _THEIRS},
    # Where somebody handles it, only they may look.
    Action.REVEAL: {
        "-++.+": ("under review",),
        "-++..": (*_NEW, "set aside", "declined", "withdrawn", "merged"),
        "---..": ("assigned", *_BEGUN, "waiting", "paused", "resolved"),
        "..+..": _THEIRS,
    },
}

# In the gate every verb is tried by officers, and by all roles where they differ; `make roles` tries all.
IS_WHOLE = os.environ.get("CPS_ROLES") == "all"
WHERE_ROLES_DIFFER = (Action.TRANSFER, Action.NOTE, Action.LET_IN, Action.UNFLAG, Action.REVEAL)


@pytest.mark.parametrize("name", OBJECTS)
def test_who_does_what(city, signed_in, name):
    browsers = {role: signed_in(person()) for role, person in ROLES.items()}
    tokens = {role: _token(browser) for role, browser in browsers.items()}
    found, expected = {}, {}

    for action in FIELDS:
        roles = list(ROLES) if IS_WHOLE or action in WHERE_ROLES_DIFFER else ["officer"]
        found[action] = _all_asked(action, name, {role: browsers[role] for role in roles}, tokens)
        expected[action] = _expected(action, name)[: len(roles)]

    assert found == expected


def _all_asked(
    action: Action, name: str, browsers: Mapping[str, PageClient], tokens: Mapping[str, str]
) -> str:
    """Let each role try in turn, each on a report that stands as named, and return what they got."""
    own, got = _made(name), ""
    for role, browser in browsers.items():
        got += _asked(browser, own, action, tokens[role])
        if got[-1] == DONE:
            own = _made(name)
    return got


def _expected(action: Action, name: str) -> str:
    who = next((who for who, names in TABLE[action].items() if name in names), NONE)
    # Another department does not even find what is not public.
    return f"{who[:3]}{HIDDEN}{who[4:]}" if name in ("set aside", "hidden") else who


def _made(name: str) -> Complaint:
    complaint = OBJECTS[name]()
    db.session.commit()
    return complaint


def _asked(browser: PageClient, own: Complaint, action: Action, token: str) -> str:
    fields = FIELDS[action](own)
    stood = _standing(own)
    answer = browser.post(
        f"/desk/complaints/{own.reference}/{action}",
        data={"csrf_token": token, "version": str(own.version), **fields},
        headers={"Sec-Fetch-Site": "same-origin"},
    )
    if answer.status_code in (200, 303):
        return DONE
    assert _standing(own) == stood
    if answer.status_code == 404:
        return HIDDEN
    assert answer.status_code == 409
    assert text_of(soup_of(answer).select_one(".refusal, [role=alert]"))
    return REFUSED


def _standing(complaint: Complaint) -> tuple[object, ...]:
    db.session.rollback()
    db.session.refresh(complaint)
    events = db.session.scalar(select(func.count(Event.id)).where(Event.complaint_id == complaint.id))
    return complaint.version, complaint.status, complaint.department_id, complaint.assignee_id, events


def _token(browser: PageClient) -> str:
    found = browser.page("/desk").find("input", attrs={"name": "csrf_token"})
    return str(found["value"])
