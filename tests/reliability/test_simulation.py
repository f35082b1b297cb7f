"""A city that lives: citizens, officials, the worker, the clock and faults in any order, and what is promised holds at every moment.

Hypothesis draws the order. What it finds wrong it makes as short as it can; that order then becomes a test of its own.
"""

import os
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import select

from cps.complaints import reminding, waits
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.kernel.lacking import is_lacking
from cps.notify.models import Message, MessageState
from cps.people.models import Role
from cps.web.limits import limiter
from tests import truths
from tests.citizen.acts import OWN, link_of, send
from tests.conftest import _empty
from tests.mailserver import Inbox, taking_mail
from tests.makers import LIGHTING, MONDAY, an_official
from tests.reliability.failing import Failing, Failure
from tests.reliability.steps import watched
from tests.reliability.working import next_in, time_passes, work_off

IS_WHOLE = os.environ.get("CPS_INSIDE") == "all"
EXAMPLES = int(os.environ.get("CPS_EXAMPLES", "100" if IS_WHOLE else "3"))

_FAULTS = st.one_of(st.none(), st.tuples(st.integers(1, 14), st.sampled_from(list(Failure))))
_WHICH = st.integers(0, 7)
_DESK = {
    "assignments": {"handler": "{me}"},
    "starts": {},
    "questions": {"question": "Which lamp is it?"},
    "notes": {"note": "The ladder is away."},
    "pauses": {"cause": "inspection", "reason": "The ladder is needed."},
    "resumptions": {},
    "extensions": {"count": "1", "reason": "Rain."},
    "priorities": {"priority": "urgent", "reason": "Wires hang down."},
    "resolutions": {"result": "We changed the lamp."},
    "refusals": {"reason": "Not the city's lamp.", "remedy": "Ask the owner."},
    "quarantines": {"cause": "spam", "reason": "Only letters."},
    "hidings": {"reason": "A neighbour is named."},
}
_CITIZEN = {
    "answers": {"words": "This one."},
    "additions": {"words": "It flickers."},
    "withdrawal": {},
    "reopenings": {"words": "It is still dark."},
    "ratings": {"score": "2", "words": "Slow."},
    "demands": {},
}


class City(RuleBasedStateMachine):
    """A city from Monday nine o'clock on."""

    def __init__(self, app: Flask, signed_in: Callable[[Any], Any], inbox: Inbox) -> None:
        super().__init__()
        self.app, self.inbox, self.now = app, inbox, MONDAY
        self.sent: list[str] = []
        self.acknowledged: dict[str, str] = {}
        inbox.mails.clear()
        inbox.answer = "250 OK"
        _empty()
        self.official = an_official("Dee", role=Role.COORDINATOR, department=LIGHTING)
        self.me = self.official.id
        self.desk = signed_in(self.official)
        page = self.desk.page("/desk/account")
        self.token = page.select_one("input[name=csrf_token]")["value"]
        db.session.rollback()

    @rule(fault=_FAULTS)
    def file(self, fault) -> None:
        """A citizen hands in a report."""
        self.sent.append(str(uuid4()))
        self._send(self.sent[-1], fault)

    @precondition(lambda self: self.sent)
    @rule(which=_WHICH, fault=_FAULTS)
    def file_again(self, which, fault) -> None:
        """A citizen who heard nothing, or pressed twice, hands in the same."""
        self._send(self.sent[which % len(self.sent)], fault)

    @precondition(lambda self: self.acknowledged)
    @rule(which=_WHICH, noun=st.sampled_from(sorted(_DESK)), fault=_FAULTS)
    def act(self, which, noun, fault) -> None:
        """An official does something to a report, if it can be done."""
        own = self._own(which)
        form = {name: text.format(me=self.me) for name, text in _DESK[noun].items()}
        form |= {"csrf_token": self.token, "version": str(own.version), "sure": "yes"}
        path = f"/desk/complaints/{own.reference}/{noun}"
        db.session.rollback()
        self._expect(self._with(fault, lambda: self.desk.post(path, data=form, headers=OWN)), fault)

    @precondition(lambda self: self.acknowledged)
    @rule(which=_WHICH, noun=st.sampled_from(sorted(_CITIZEN)), fault=_FAULTS)
    def reply(self, which, noun, fault) -> None:
        """A reporter does something to the own report, if it can be done."""
        own, browser = self._own(which), self.app.test_client()
        link, path = link_of(own), f"/my/{own.reference}/{noun}"
        db.session.rollback()
        browser.get(link)
        self._expect(self._with(fault, lambda: browser.post(path, data=_CITIZEN[noun], headers=OWN)), fault)

    @rule(minutes=st.sampled_from((1, 20, 60, 24 * 60, 9 * 24 * 60)))
    def time(self, minutes) -> None:
        """Time passes."""
        self.now += timedelta(minutes=minutes)
        time_passes(timedelta(minutes=minutes))

    @rule()
    def work(self) -> None:
        """The worker does what is due."""
        with self._clock():
            work_off(self.app)

    @rule(fault=_FAULTS)
    def look_round(self, fault) -> None:
        """The worker looks what time alone brings."""
        run = jobs.runner(self.app.app_context)

        def doing() -> None:
            run(lambda: (reminding.go_round(), waits.end_waits(timestamp=0)), None, None)

        try:
            self._with(fault, doing)
        except Exception as error:
            if fault is None or not is_lacking(error):
                raise

    @rule(answer=st.sampled_from(("250 OK", "451 later", "421 busy")))
    def mail(self, answer) -> None:
        """The mail server changes its mind."""
        self.inbox.answer = answer

    @invariant()
    def what_is_promised_holds(self) -> None:
        """What was acknowledged is there once, and all of it is true."""
        db.session.rollback()
        assert truths.untrue() == {}
        stored = Counter(str(key) for key in db.session.scalars(select(Complaint.submission_key)))
        assert set(self.acknowledged) <= set(stored) <= set(self.sent)
        assert set(stored.values()) <= {1}
        identities = [mail["Message-ID"] for mail in self.inbox.mails]
        assert len(set(identities)) == len(identities)
        db.session.rollback()
        assert db.engine.pool.checkedout() == 0

    def teardown(self) -> None:
        """All is well again: then every report has its receipt, sent once, and nothing is left to do."""
        self.inbox.answer = "250 OK"
        with self._clock():
            work_off(self.app)
            while (gap := next_in()) is not None and gap < timedelta(hours=5):
                self.time(gap.total_seconds() / 60 + 1)
                with self._clock():
                    work_off(self.app)
        self.what_is_promised_holds()
        receipts = select(Event.id).where(Event.kind == EventKind.RECEIVED)
        states = select(Message.event_id, Message.state).where(Message.event_id.in_(receipts))
        found = db.session.execute(states).all()
        assert Counter(event for event, _state in found) == Counter(db.session.scalars(receipts))
        assert {state for _event, state in found} <= {MessageState.SENT}
        db.session.rollback()

    def _send(self, key: str, fault: tuple[int, Failure] | None) -> None:
        answer = self._with(fault, lambda: send(self.app.test_client(), key=key, **_PLACE))
        if answer.status_code == 303:
            assert self.acknowledged.setdefault(key, answer.location) == answer.location
        else:
            self._expect(answer, fault)

    def _expect(self, answer: Any, fault: tuple[int, Failure] | None) -> None:
        if answer.status_code == 503:
            assert fault is not None
            assert answer.headers["Retry-After"]
        else:
            assert answer.status_code in (303, 404, 409, 422)

    def _with(self, fault: tuple[int, Failure] | None, doing: Callable[[], Any]) -> Any:
        with self._clock():
            if fault is None:
                return doing()
            with watched(Failing(self.app, *fault)):
                return doing()

    def _own(self, which: int) -> Complaint:
        key = list(self.acknowledged)[which % len(self.acknowledged)]
        return db.session.scalars(select(Complaint).where(Complaint.submission_key == key)).one()

    @contextmanager
    def _clock(self) -> Iterator[None]:
        with clock.standing_at(self.now):
            yield


_PLACE = {"latitude": "", "longitude": "", "area": "00004"}


@pytest.fixture
def quiet_limits(city: Flask) -> Iterator[None]:
    limiter.enabled = False
    yield
    limiter.enabled = True


def test_a_city_keeps_its_promises_whatever_happens_in_whatever_order(city, signed_in, quiet_limits):
    with taking_mail() as inbox:
        run_state_machine_as_test(
            lambda: City(city, signed_in, inbox),
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=40 if IS_WHOLE else 16,
                derandomize=True,
                database=None,
                deadline=None,
                suppress_health_check=list(HealthCheck),
            ),
        )
