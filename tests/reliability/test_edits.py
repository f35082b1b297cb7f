"""Many officials change one report at the same moment: what was accepted stands in its history once, and nothing else does.

First all of them try the same thing, each thing in turn; then everybody tries something by chance. `CPS_EDITS` says how
many changes are tried in all (`make edits`); in the gate it is a sample.
"""

import os
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from threading import Barrier

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from cps.complaints.models import Complaint, Event
from cps.kernel.db import db
from tests.makers import a_complaint, an_official
from tests.pageclient import PageClient

EDITS = int(os.environ.get("CPS_EDITS", "300"))
OFFICERS = 10
_HEADERS = {"Sec-Fetch-Site": "same-origin"}

Thing = tuple[int, str, dict[str, str]]
# What is tried, how often, and what is typed; {words} is told from all others.
_TRIED: tuple[Thing, ...] = (
    (40, "notes", {"note": "{words}"}),
    (15, "assignments", {}),
    (10, "starts", {}),
    (10, "questions", {"question": "{words}"}),
    (10, "priorities", {"priority": "urgent", "reason": "{words}"}),
    (10, "priorities", {"priority": "", "reason": "{words}"}),
    (5, "categories", {"category": "pothole", "reason": "{words}"}),
    (5, "categories", {"category": "street-light", "reason": "{words}"}),
    (10, "extensions", {"count": "1", "reason": "{words}"}),
    (3, "resolutions", {"result": "{words}"}),
    (2, "refusals", {"reason": "{words}", "remedy": "Ask again."}),
)

# What has to be done first, so that one of all can do this: by its place in the list above.
_FIRST = {5: 4, 7: 6, 9: 2}


@dataclass
class Desk:
    """An official at a desk of their own."""

    number: int
    browser: PageClient
    token: str


@dataclass
class Told:
    """What the officials were told of their changes to one report."""

    accepted: Counter[str] = field(default_factory=Counter)
    acts: int = 0
    refused: set[str] = field(default_factory=set)
    strange: list[int] = field(default_factory=list)
    overwritten: int = 0


def test_whoever_is_told_that_it_is_saved_finds_it_once_and_the_others_nothing(app: Flask, signed_in):
    chance = random.Random(5)
    desks = [_desk(app, signed_in, number) for number in range(OFFICERS)]
    with ThreadPoolExecutor(OFFICERS) as pool:
        tried = sum(_all_alike(app, pool, desks, place, chance) for place in range(len(_TRIED)))
        while tried < EDITS:
            reference, told = _a_report(app), Told()
            while tried < EDITS and (version := _version(app, reference)) is not None:
                at_once = chance.sample(desks, chance.randint(2, OFFICERS))
                things = chance.choices(_TRIED, weights=[thing[0] for thing in _TRIED], k=len(at_once))
                tried += _round(pool, at_once, things, reference, version, told, chance)
            _expect_true(app, reference, told)


def _all_alike(
    app: Flask, pool: ThreadPoolExecutor, desks: list[Desk], place: int, chance: random.Random
) -> int:
    """Let all officials try the same thing at one moment, on a report where it can be done."""
    reference, told, thing = _a_report(app), Told(), _TRIED[place]
    if place in _FIRST:
        _round(pool, desks[:1], [_TRIED[_FIRST[place]]], reference, _known(app, reference), told, chance)
    before = told.acts
    count = _round(pool, desks, [thing] * len(desks), reference, _known(app, reference), told, chance)
    assert told.acts == before + 1, f"{thing[1]}: one of all is told that it is saved"
    _expect_true(app, reference, told)
    return count


def _known(app: Flask, reference: str) -> int:
    version = _version(app, reference)
    assert version is not None, "it is open"
    return version


def _a_report(app: Flask) -> str:
    with app.app_context():
        return a_complaint(contact=None).reference


def _round(
    pool: ThreadPoolExecutor,
    desks: list[Desk],
    things: Sequence[Thing],
    reference: str,
    version: int,
    told: Told,
    chance: random.Random,
) -> int:
    """Let these officials, who all see the same state, send what they typed at one moment."""
    begin = Barrier(len(desks))
    jobs = []
    for desk, (_weight, noun, fields) in zip(desks, things, strict=True):
        words = f"{chance.getrandbits(64):016x}"
        typed = {name: text.format(words=words) for name, text in fields.items()}
        if noun == "assignments":
            typed["handler"] = str(chance.choice(desks).number)
        path = f"/desk/complaints/{reference}/{noun}"
        job = pool.submit(_send, begin, desk, path, {"version": str(version), **typed})
        jobs.append((job, words if words in typed.values() else None))
    before = told.acts
    for job, words in jobs:
        status = job.result()
        if status == 303:
            told.acts += 1
            told.accepted.update([words] if words else [])
        elif status in (409, 422, 503):  # 503: others kept the report busy for too long
            told.refused.update([words] if words else [])
        else:
            told.strange.append(status)
    told.overwritten += max(0, told.acts - before - 1)
    return len(jobs)


def _send(begin: Barrier, desk: Desk, path: str, fields: dict[str, str]) -> int:
    begin.wait(60)
    typed = {"csrf_token": desk.token, **fields}
    # Past the look at the page: a thousand times the same one.
    answer = FlaskClient.open(desk.browser, path, method="POST", data=typed, headers=_HEADERS)
    return answer.status_code


def _expect_true(app: Flask, reference: str, told: Told) -> None:
    with app.app_context():
        query = (
            select(Event).join(Complaint).where(Complaint.reference == reference, Event.by_id.is_not(None))
        )
        acts = db.session.scalars(query).all()
        noted = Counter(event.note for event in acts if event.note)
    assert told.strange == []
    assert (
        told.overwritten == 0
    )  # all of a round saw the same state: the second would not have seen the first
    assert len(acts) == told.acts
    assert noted == told.accepted
    assert not told.refused & set(noted)


def _version(app: Flask, reference: str) -> int | None:
    """Return the version of the report as it stands now; None when it is closed."""
    with app.app_context():
        found = db.session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        return found.version if found.status.is_open else None


def _desk(app: Flask, signed_in, number: int) -> Desk:
    with app.app_context():
        person = an_official(f"Officer {number}")
        number = person.id
        browser = signed_in(person)
    page = browser.page("/desk/account")
    return Desk(number, browser, page.select_one("input[name=csrf_token]")["value"])
