"""Whatever zone the machine and the database are set to, people read the same: the city's own time.

`make zones` runs the tests of time, letters and figures whole in each of these zones.
"""

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from flask import Flask
from sqlalchemy import select, text

from cps.complaints import history, reminding
from cps.complaints.models import Complaint
from cps.evaluate import publishing
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify.models import Message
from cps.people.models import Role
from tests.citizen.acts import link_of
from tests.conftest import _empty
from tests.mailserver import sending_by
from tests.makers import MONDAY, a_complaint, an_official
from tests.pageclient import text_of
from tests.reliability.working import work_off

ZONES = ("Asia/Kathmandu", "Asia/Manila", "Asia/Ho_Chi_Minh", "Asia/Seoul", "Europe/Berlin")
IS_WHOLE = os.environ.get("CPS_INSIDE") == "all"
_KEY = UUID("6d1f7c52-0c1b-4f0e-9d43-4a3e6a1f0b77")
_DST_BEGINS = datetime(2030, 3, 31, 0, 59, tzinfo=UTC)  # in Berlin: a minute later it is three o'clock
_DRAWN = re.compile(r"[0-9A-Z]{4}-[0-9A-Z]{4}|[0-9a-f]{8}@|/(track|joined)/\S+|#\d+")


@pytest.mark.parametrize("moment", [MONDAY, _DST_BEGINS], ids=["on Monday", "as summer time begins"])
def test_in_every_zone_people_read_the_same(city, signed_in, moment):
    with _set_to(city, "UTC"):
        expected = _told(city, signed_in, moment)

    assert len(expected) > 10
    for zone in ZONES if IS_WHOLE else (ZONES[0], ZONES[-1]):
        with _set_to(city, zone):
            assert _told(city, signed_in, moment) == expected, zone


def _told(city: Flask, signed_in: Any, moment: datetime) -> list[str]:
    """Tell what people are told of a report that is late: dates, letters, pages."""
    _empty()
    with clock.standing_at(moment), sending_by("outbox:"):
        head = an_official("Hue", role=Role.HEAD)
        browser, citizen = signed_in(head), city.test_client()
        own = a_complaint(submission_key=_KEY)
        link, reference = link_of(own), own.reference
        found = [str(one.astimezone(UTC)) for one in (own.received_at, own.due_at, own.acknowledge_by)]
        work_off(city)
    with clock.standing_at(moment + timedelta(days=40)), sending_by("outbox:"):
        reminding.go_round()
        publishing.count_all()
        db.session.commit()
        work_off(city)
        own = db.session.scalars(select(Complaint)).one()
        found += [f"{event.kind} {event.at.astimezone(UTC)}" for event in history.of(own)]
        found += [f"{one.subject} {one.body}" for one in _letters()]
        db.session.rollback()
        citizen.get(link)
        paths = (f"/my/{reference}", f"/complaints/{reference}", "/reports", "/statistics")
        found += [text_of(citizen.page(path)) for path in paths]
        paths = (f"/desk/complaints/{reference}", "/desk", "/desk/overview")
        found += [text_of(browser.page(path)) for path in paths]
    return [_DRAWN.sub("…", words) for words in found]


def _letters() -> list[Message]:
    return list(
        db.session.scalars(select(Message).order_by(Message.written_at, Message.address, Message.subject))
    )


@contextmanager
def _set_to(city: Flask, zone: str) -> Iterator[None]:
    """Set this machine, its libraries and the database to a zone."""
    before = {name: os.environ.get(name) for name in ("TZ", "PGTZ")}
    os.environ.update(TZ=zone, PGTZ=zone)
    time.tzset()
    _set_database(f"SET timezone TO '{zone}'")
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})
        time.tzset()
        _set_database("RESET timezone")


def _set_database(change: str) -> None:
    name = db.session.scalar(text("SELECT current_database()"))
    db.session.execute(text(f'ALTER DATABASE "{name}" {change}'))
    db.session.commit()
    db.session.remove()
    db.engine.dispose()
