"""A mail server that is away, slow, refuses, or drops what it took: nobody who reports notices, and every letter leaves once, in order."""

import socket
import threading
from asyncio import sleep
from collections import defaultdict
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from itertools import cycle, pairwise

import pytest
from aiosmtpd.controller import Controller
from sqlalchemy import select

from cps.complaints.models import Event
from cps.complaints.reporters import Contact
from cps.health import ways
from cps.health.finding import State
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import channels, resting, tasks
from cps.notify.channels import Undelivered
from cps.notify.models import Message, MessageState
from cps.web.limits import limiter
from tests.citizen.acts import send
from tests.living import free_port
from tests.mailserver import Inbox, sending_by, taking_mail
from tests.makers import MONDAY, a_complaint
from tests.reliability.working import time_passes, work_off

_HOUR = timedelta(hours=1)


class Slammed:
    """A port where somebody opens and closes the door at once, and notes when anybody knocked."""

    def __init__(self, port: int, at: list[datetime]) -> None:
        self._door = socket.create_server(("127.0.0.1", port))
        self._at = at
        self._thread = threading.Thread(target=self._answer)
        self._thread.start()

    def close(self) -> None:
        self._door.shutdown(socket.SHUT_RDWR)
        self._thread.join()
        self._door.close()

    def _answer(self) -> None:
        while True:
            try:
                visitor, _address = self._door.accept()
            except OSError:
                return
            self._at.append(NOW[0])
            visitor.close()


NOW = [MONDAY]


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with taking_mail() as inbox:
        yield inbox


def test_after_three_days_of_dead_mail_every_letter_leaves_once_and_in_order(city, client):
    port, knocks, sent = free_port(), [], defaultdict(list)
    with sending_by(f"smtp://127.0.0.1:{port}"), ExitStack() as stack:
        door = Slammed(port, knocks)
        stack.callback(door.close)
        for number, passed in enumerate((*_FIRST_HOUR, *(4 * _HOUR for _times in range(18)))):
            if number % 3 == 0:
                _report(client, f"citizen{number % 2}@citizen.example", sent)
            _pass(city, passed)
        assert NOW[0] - MONDAY > 72 * _HOUR
        assert set(_states()) == {MessageState.WAITING}
        finding = ways.mail(None)
        assert (finding.state, finding.figures["waiting"]) == (State.FAULT, sum(map(len, sent.values())))
        stack.pop_all().close()
        with _server(port) as inbox:
            for _time in range(20):
                _pass(city, timedelta(minutes=1))
            mails = list(inbox.mails)

    # Once a round, by one letter for all, and each time later, however many wait.
    gaps = [after - before for before, after in pairwise(dict.fromkeys(knocks))]
    assert gaps[:5] == sorted(gaps[:5])
    assert len(knocks) <= len(set(knocks)) + 1 + 1  # the doctor knocks as well
    assert set(_states()) == {MessageState.SENT}
    assert len({mail["Message-ID"] for mail in mails}) == len(mails) == sum(map(len, sent.values()))
    for address, references in sent.items():
        received = [mail.get_content() for mail in mails if mail["To"] == address]
        assert [reference in mail for reference, mail in zip(references, received, strict=True)] == [
            True
        ] * len(references)


def test_a_rest_grows_to_a_quarter_of_an_hour_and_ends_with_the_first_letter_that_leaves(city):
    rest, lengths = resting.Rest(), []
    for _time in range(7):
        rest.begin()
        lengths.append(rest.left().total_seconds())
    rest.end()

    assert lengths == [30, 60, 120, 240, 480, 900, 900]
    assert rest.left() is None
    rest.begin()
    assert rest.left() == resting.FIRST


def test_a_clock_that_is_put_back_leaves_no_server_alone_for_a_year():
    rest = resting.Rest()
    with clock.standing_at(MONDAY + timedelta(days=365)):
        rest.begin()

    assert rest.left() is None


def test_letters_that_wait_for_a_dead_server_are_never_given_up(city):
    a_complaint()
    with sending_by("smtp://127.0.0.1:9"):
        work_off(city)
        for _day in range(9):
            _pass(city, timedelta(days=1))

    assert _states() == [MessageState.WAITING]
    assert db.session.scalars(select(Message.attempts)).all() == [0]


@pytest.mark.parametrize(
    ("answer", "state"), [("451 later", MessageState.WAITING), ("554 no", MessageState.WAITING)]
)
def test_a_letter_that_is_refused_keeps_no_other_waiting(city, inbox, answer, state):
    first, _second = _letters(2)
    inbox.answer = answer
    tasks.deliver(first)
    inbox.answer = "250 OK"

    db.session.commit()
    work_off(city)

    assert [mail["To"] for mail in inbox.mails].count("b@citizen.example") == 1
    assert db.session.get_one(Message, first).state in (state, MessageState.SENT)


def test_an_address_that_does_not_exist_is_given_up_at_once_and_seen(city, inbox):
    async def refused(_server, _session, _envelope, _address, _options):
        return "550 no such user"

    inbox.handle_RCPT = refused
    [number] = _letters(1)
    tasks.deliver(number)
    db.session.commit()

    assert _states() == [MessageState.FAILED]
    finding = ways.mail(None)
    assert (finding.state, finding.figures["failed_in_7_days"]) == (State.WARNING, 1)


def test_what_a_server_took_is_sent_whatever_it_says_to_the_farewell(city, inbox):
    async def rude(_server, _session, _envelope):
        return "500 what?"

    inbox.handle_QUIT = rude
    [number] = _letters(1)
    tasks.deliver(number)
    db.session.commit()

    assert _states() == [MessageState.SENT]
    assert len(inbox.mails) == 1


def test_a_server_that_takes_letters_and_drops_the_line_is_left_alone_after_three(city, inbox):
    begun = []

    async def dropped(server, _session, envelope):
        begun.append(envelope.rcpt_tos[0])
        server.transport.close()
        return "250 OK"

    inbox.handle_DATA = dropped
    for number in _letters(6):
        tasks.deliver(number)

    assert len(begun) == 3
    assert set(_states()) == {MessageState.WAITING}
    assert channels.current().rest.left() is not None


def test_a_slow_server_holds_one_letter_for_its_time_and_the_others_not_at_all(city, inbox, monkeypatch):
    monkeypatch.setattr(channels, "_TIMEOUT_SECONDS", 0.2)
    asked = []

    async def slow(_server, _session, _envelope, _hostname, responses):
        asked.append(1)
        await sleep(1)
        return responses

    inbox.handle_EHLO = slow
    for number in _letters(5):
        tasks.deliver(number)

    assert len(asked) == 1
    assert set(_states()) == {MessageState.WAITING}


def test_a_wrong_password_is_no_fault_of_the_letters(city, inbox):
    with sending_by(f"smtp://city:wrong@127.0.0.1:{inbox.port}"):
        [number] = _letters(1)
        tasks.deliver(number)
        with pytest.raises(Undelivered) as told:
            channels.current().try_out()

    assert told.value.is_away
    assert db.session.get_one(Message, number).attempts == 0


def test_a_code_does_not_wait_behind_older_letters(city, inbox):
    older, code = _letters(2, address="a@citizen.example")
    db.session.get_one(Message, code).expires_at = clock.now() + _HOUR
    tasks.deliver(code)

    assert db.session.get_one(Message, code).state is MessageState.SENT
    assert db.session.get_one(Message, older).state is MessageState.WAITING


def test_at_most_one_letter_leaves_in_each_transaction(city, inbox):
    *_older, last = _letters(4, address="a@citizen.example")
    tasks.deliver(last)

    assert len(inbox.mails) == 1
    assert db.session.get_one(Message, last).state is MessageState.WAITING
    db.session.commit()
    work_off(city)
    assert len(inbox.mails) == 4


# Many reports of the same at one place are news to officials as well.
_ELSEWHERE = cycle(f"{number:05}" for number in (4, 8, 25, 70, 82, 91, 97, 103))
_FIRST_HOUR = tuple(timedelta(minutes=minutes) for minutes in (1, 1, 2, 4, 8, 15, 16, 16))


def _report(client, address: str, sent: dict[str, list[str]]) -> None:
    limiter.reset()
    answer = send(client, contact=address, latitude="", longitude="", area=next(_ELSEWHERE))
    assert answer.status_code == 303
    secret = answer.location.rpartition("/")[2].partition("?")[0]
    page = client.get(f"/track/{secret}").location
    sent[address].append(page.rpartition("/")[2].partition("?")[0])


def _pass(city, passed: timedelta) -> None:
    """Let time pass, and the worker do what is due then."""
    time_passes(passed)
    NOW[0] += passed
    with clock.standing_at(NOW[0]):
        work_off(city)
        db.session.rollback()


@pytest.fixture(autouse=True)
def _from_monday() -> None:
    NOW[0] = MONDAY


@contextmanager
def _server(port: int) -> Iterator[Inbox]:
    inbox = Inbox()
    controller = Controller(inbox, hostname="127.0.0.1", port=port)
    controller.start()
    yield inbox
    controller.stop()


def _letters(count: int, address: str | None = None) -> list[str]:
    """Write letters, each a minute after the other; to others each, if nobody is named. Their numbers, in order."""
    for number in range(count):
        with clock.standing_at(MONDAY + timedelta(minutes=number)):
            contact = Contact(email=address or f"{chr(97 + number)}@citizen.example")
            complaint = a_complaint(contact=contact, point=None, area=next(_ELSEWHERE))
            tasks.write(db.session.scalars(select(Event.id).where(Event.complaint_id == complaint.id)).all())
    db.session.commit()
    return [str(one) for one in db.session.scalars(select(Message.id).order_by(Message.written_at))]


def _states() -> list[MessageState]:
    db.session.rollback()
    return list(db.session.scalars(select(Message.state)))
