"""Whoever dies, wherever: what was acknowledged is there, once, and nothing that nobody needs stays.

Each use case is done by a process that dies after its first step to the outside, by another that dies after the second,
and so on until one comes to its end. Then the citizen sends again, or another worker takes the job.
"""

import hashlib
import os
from collections import Counter
from collections.abc import Collection, Iterator
from io import BytesIO
from pathlib import Path
from uuid import uuid4

import pytest
from flask import Flask
from sqlalchemy import select, text

from cps.city.queries import in_force
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel.db import db
from cps.notify.models import Message, MessageState
from cps.photos import album
from cps.photos.models import Photo, State
from cps.photos.storage import FolderStorage
from tests.citizen.acts import send
from tests.mailserver import Inbox, taking_mail
from tests.makers import a_complaint, a_photo
from tests.reliability.dying import points
from tests.reliability.leftovers import expect_nothing_left_over
from tests.reliability.working import take_up_stalled, work_off

# Many reports of the same are news to officials as well, which is not what is counted here.
_RECEIPTS = select(Event.id).where(Event.kind == EventKind.RECEIVED)
_LETTERS = select(Message.event_id).join(Event).where(Event.kind == EventKind.RECEIVED)
IS_WHOLE = os.environ.get("CPS_INSIDE") == "all"


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with taking_mail() as inbox:
        yield inbox


@pytest.fixture
def dying(city: Flask, storage: FolderStorage, tmp_path: Path, trusted_city):
    """Let processes die at one step after the other."""
    in_force()
    return lambda scene, **more: points(scene, city, storage=storage.root, folder=tmp_path, **more)


def test_a_report_is_there_once_wherever_the_process_that_takes_it_dies(city, dying, inbox):
    keys = []

    def scene():
        keys.append(str(uuid4()))
        return lambda: _send(city, keys[-1])

    places = [place for place in dying(scene) if _expect_taken(_send(city, keys[-1]), place)]
    work_off(city)

    assert places[-1].endswith("COMMIT")
    _expect_one_of_each(keys, inbox)


def test_a_report_with_a_photo_is_there_once_and_its_photo_whole(city, dying, storage, inbox):
    sent = {}

    def scene():
        key, photo = str(uuid4()), a_photo((64, 48)).getvalue()
        sent[key] = photo
        # So that each of them takes as many steps as the others, whatever folders there are already.
        storage.path(hashlib.sha256(photo).hexdigest()).parent.mkdir(parents=True, exist_ok=True)
        return lambda: _send(city, key, photo)

    places = [place for place in dying(scene) if _expect_taken(_send(city, *_last(sent)), place)]
    _do(city, "announce", "deliver")

    assert {"disk write", "disk fsync", "disk replace"} <= {place.partition("after ")[2] for place in places}
    _expect_one_of_each(sent, inbox)
    for key, photo in sent.items():
        [row] = db.session.scalars(select(Photo).where(Photo.submission_key == key)).all()
        assert (row.complaint_id is not None, row.state) == (True, State.WAITING)
        with storage.open(row.original) as kept:
            assert hashlib.sha256(kept.read()).digest() == hashlib.sha256(photo).digest()
    assert Counter(_jobs()) == Counter({"develop": len(sent)})
    expect_nothing_left_over(storage)


def test_what_came_with_a_form_that_nobody_sends_again_is_forgotten(city, dying, storage):
    places = list(dying(lambda: lambda: _send(city, str(uuid4()), a_photo((64, 48)).getvalue())))
    db.session.execute(
        text("DELETE FROM photo WHERE complaint_id IS NULL")
    )  # as happens to drafts after a day
    db.session.commit()

    assert len(places) > 10
    expect_nothing_left_over(storage)


def test_every_letter_is_written_and_leaves_once_wherever_the_worker_dies(city, dying, inbox):
    numbers = []

    def scene():
        numbers.append(a_complaint().id)
        return lambda: work_off(city)

    places, sent_again = [], []
    for place in dying(scene):
        _revive(city)
        places.append(place)
        copies = Counter(mail["Message-ID"] for mail in _receipts_at(inbox))
        assert len(copies) == len(numbers), place
        sent_again += [place] if copies.total() > len(numbers) + len(sent_again) else []

    assert set(db.session.scalars(select(Message.state))) == {MessageState.SENT}
    assert Counter(db.session.scalars(_LETTERS)) == Counter(db.session.scalars(_RECEIPTS))
    # Whoever dies after a server took a letter cannot know it: it goes again under the same number, and only then.
    last = {place.partition("after ")[2] for place in sent_again}
    assert last <= {"mail the letter", "mail answer", "mail QUIT", "database UPDATE message"}
    assert len(places) > 20
    assert _jobs() == []


def test_every_photo_becomes_visible_wherever_the_worker_dies(city, dying, storage):
    def scene():
        complaint = a_complaint(contact=None)
        album.keep_after(a_photo((64, 48)), filename="lamp.jpg", complaint_id=complaint.id)
        db.session.commit()
        return lambda: work_off(city)

    for place in dying(scene, every=1 if IS_WHOLE else 5):  # to develop a photo takes a second
        _revive(city)
        db.session.rollback()
        assert set(db.session.scalars(select(Photo.state))) == {State.READY}, place

    assert _jobs() == []
    expect_nothing_left_over(storage)


def _send(city: Flask, key: str, photo: bytes | None = None) -> int:
    photos = [(BytesIO(photo), "lamp.jpg")] if photo else []
    return send(city.test_client(), key=key, photos=photos).status_code


def _expect_taken(status: int, place: str) -> bool:
    assert status == 303, place
    return True


def _last(sent: dict[str, bytes]) -> tuple[str, bytes]:
    return list(sent.items())[-1]


def _revive(city: Flask) -> None:
    """Let another worker look after what the dead one had, half a minute later."""
    take_up_stalled(city)
    work_off(city)


def _expect_one_of_each(keys: Collection[str], inbox: Inbox) -> None:
    """One report, event, row of a letter, and letter at the server, for each key and no others."""
    db.session.rollback()
    complaints = db.session.scalars(select(Complaint)).all()
    assert sorted(str(one.submission_key) for one in complaints) == sorted(keys)
    assert Counter(db.session.scalars(_RECEIPTS.with_only_columns(Event.complaint_id))) == Counter(
        one.id for one in complaints
    )
    assert Counter(db.session.scalars(_LETTERS)) == Counter(db.session.scalars(_RECEIPTS))
    mails = _receipts_at(inbox)
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == len(keys)


def _receipts_at(inbox: Inbox) -> list:
    return [mail for mail in inbox.mails if mail["To"] == "ana@citizen.example"]


def _do(city: Flask, *names: str) -> None:
    """Do the jobs with these names, and leave the others."""
    others = text(
        "UPDATE procrastinate_jobs SET queue_name = :to WHERE task_name <> ALL(:names) AND queue_name = :was"
    )
    db.session.execute(others, {"to": "left", "was": "default", "names": list(names)})
    db.session.commit()
    work_off(city)


def _jobs() -> list[str]:
    """Return the work that is left, but what is swept later."""
    names = text("SELECT task_name FROM procrastinate_jobs WHERE task_name <> 'sweep_blobs'")
    return list(db.session.scalars(names))
