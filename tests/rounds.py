"""What the tests of time running out share: a ladder of three steps, an objection, the rounds of a worker."""

from dataclasses import replace
from datetime import datetime

from cps.city import queries
from cps.city.clocks import Objection, Rung
from cps.city.promise import Promise
from cps.complaints import agenda, escalation, objections, reminding
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import HANOI

AUDITOR = "auditor@hanoi.example"
LADDER = (
    Rung("handler", percent=80),
    Rung("head", percent=100),
    Rung("auditor", late=Promise.parse("1 working day")),
)
OBJECTION = Objection(
    Promise(60, "calendar_days"),
    Promise(10, "working_days"),
    {"vi": "Gửi đơn đến phòng đã trả lời.", "en": "Write to the department that answered."},
)


def put_in_force(monkeypatch, **parts):
    """Change the clocks of the city for a test."""
    city = queries.in_force()
    profile = replace(city.profile, clocks=replace(city.profile.clocks, **parts))
    changed = replace(city, profile=profile)
    for module in (queries, agenda, escalation, objections):
        monkeypatch.setattr(module, "in_force", lambda: changed)


def at(day, hour, minute=0, month=1):
    """Return a moment of 2030 in Hanoi."""
    return datetime(2030, month, day, hour, minute, tzinfo=HANOI)


def go_round(moment):
    """Let a worker do its round at this moment."""
    with clock.standing_at(moment):
        reminding.go_round()
        db.session.commit()
