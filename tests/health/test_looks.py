"""Each look at an installation: well, a warning, a fault, by what really is so."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import pytest
from sqlalchemy import text

from cps.app import create_app
from cps.health import backup, looks, machine, place, store, ways, work
from cps.health.finding import Finding, State, worst
from cps.kernel import clock, schema
from cps.kernel.db import db
from cps.notify import tasks
from cps.notify.letters import Letter
from cps.notify.models import MessageState
from tests.living import free_port
from tests.mailserver import sending_by, taking_mail
from tests.makers import later

CERTIFICATES = Path(__file__).parent / "certificates"
GIB = 2**30


def states(findings):
    return {one.name: one.state for one in findings}


@pytest.mark.parametrize(
    ("free", "total", "state"),
    [
        (50, 100, State.OK),
        (9, 100, State.WARNING),
        (1.9, 10, State.WARNING),
        (2.9, 100, State.FAULT),
        (0.4, 1, State.FAULT),
    ],
)
def test_room_on_the_disk(settings, monkeypatch, free, total, state):
    usage = SimpleNamespace(free=int(free * GIB), total=int(total * GIB))
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _place: usage)

    found = machine.disk(settings)

    assert found.state is state
    assert found.figures["free_gib"] == pytest.approx(free, abs=0.01)
    assert bool(found.todo) is (state is not State.OK)


@pytest.mark.parametrize(("share", "state"), [(0.5, State.OK), (0.09, State.WARNING), (0.02, State.FAULT)])
def test_a_disk_that_can_name_no_more_files(settings, monkeypatch, share, state):
    usage = SimpleNamespace(free=50 * GIB, total=100 * GIB)
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda _place: usage)
    names = SimpleNamespace(f_files=1000, f_favail=int(1000 * share))
    monkeypatch.setattr(machine.os, "statvfs", lambda _place: names)

    assert machine.disk(settings).state is state


def test_a_disk_that_is_not_there_yet_is_looked_at_where_it_would_be(settings, tmp_path):
    assert machine.disk(replace(settings, var=tmp_path / "a" / "b")).state is not State.FAULT


def test_a_folder_that_cannot_be_written_to_is_a_fault(settings, monkeypatch):
    monkeypatch.setattr(machine.os, "access", lambda _place, _mode: False)

    found = machine.disk(settings)

    assert found.state is State.FAULT
    assert "Nothing can be written" in found.told


@pytest.mark.parametrize(("says", "state"), [(0, State.OK), (5, State.WARNING), (None, State.OFF)])
def test_the_clock(settings, monkeypatch, says, state):
    monkeypatch.setattr(machine, "_kernel_clock", lambda: says)

    assert machine.clock(settings).state is state


def test_the_kernel_says_of_its_clock_without_being_changed():
    assert machine._kernel_clock() in (None, *range(6))


def test_the_database_of_the_tests_is_told_not_to_be_durable(city, settings):
    with clock.standing_at(datetime.now(UTC)):
        found = store.database(settings)

    assert found.state is State.FAULT  # it is: what is tested here need not survive a power cut
    assert "`fsync` is off" in found.told
    assert "Set `fsync = on`" in found.todo
    assert found.figures["answer_ms"] > 0
    assert found.figures["clock_apart_seconds"] < 2


def test_clocks_that_are_apart_are_said(city, settings):
    with clock.standing_at(datetime.now(UTC) - timedelta(minutes=10)):
        found = store.database(settings)

    assert "clock and ours are 600 seconds apart" in found.told


def test_a_transaction_that_stays_open_is_said(city, settings, monkeypatch):
    monkeypatch.setattr(store, "_LONG", timedelta())
    with db.engine.connect() as other, clock.standing_at(datetime.now(UTC)):
        other.execute(text("SELECT 1"))
        found = store.database(settings)

    assert "A transaction has been open" in found.told


@pytest.mark.parametrize(
    ("present", "state", "todo"),
    [
        ("needed", State.OK, ""),
        ("0001", State.FAULT, "cps database migrate"),
        ("9999", State.FAULT, "Install the newer version"),
        (None, State.FAULT, "cps city load"),
    ],
)
def test_migrations(city, settings, monkeypatch, present, state, todo):
    found_there = schema.needed() if present == "needed" else present
    monkeypatch.setattr(store.schema, "present", lambda: found_there)

    found = store.migrations(settings)

    assert (found.state, todo in found.todo) == (state, True)


def test_the_state_of_the_database_is_read_from_it(city):
    assert schema.present() == schema.needed()


@pytest.mark.parametrize(
    ("seconds", "state"), [(5, State.OK), (90, State.FAULT), (4000, State.FAULT), (None, State.FAULT)]
)
def test_a_worker_that_says_nothing_is_a_fault(city, settings, seconds, state):
    db.session.execute(text("DELETE FROM procrastinate_workers"))
    if seconds is not None:
        db.session.execute(
            text(
                "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (now() - make_interval(secs => :s))"
            ),
            {"s": seconds},
        )

    found = work.worker(settings)

    assert found.state is state
    assert found.figures["silence_seconds"] == seconds


def a_job(*, age=0, status="todo", due_in=None, task="deliver"):
    db.session.execute(
        text(
            "INSERT INTO procrastinate_jobs (task_name, queue_name, args, status, scheduled_at)"
            " VALUES (:task, 'default', '{}', CAST(:status AS procrastinate_job_status),"
            " now() + make_interval(secs => :due))"
        ),
        {"task": task, "status": status, "due": due_in},
    )
    # When it was asked for, the queue has written down by itself.
    db.session.execute(
        text("UPDATE procrastinate_events SET at = now() - make_interval(secs => :age)"), {"age": age}
    )


@pytest.mark.parametrize(
    ("age", "due_in", "state", "waiting"),
    [
        (10, None, State.OK, 1),
        (400, None, State.WARNING, 1),
        (4000, None, State.FAULT, 1),
        (4000, 60, State.OK, 0),  # put off on purpose
        (4000, -400, State.WARNING, 1),  # and due for a while
    ],
)
def test_work_that_waits(city, settings, age, due_in, state, waiting):
    a_job(age=age, due_in=due_in)

    found = work.queue(settings)

    assert (found.state, found.figures["waiting"]) == (state, waiting)


def test_work_that_was_given_up_is_named_and_can_be_tried_again(city, settings):
    a_job(status="failed", task="develop")
    a_job(status="failed", task="develop")

    found = work.queue(settings)
    assert found.state is State.WARNING
    assert "2 jobs are given up: develop (2)." in found.told
    assert looks.work.queue is work.queue


def a_letter(*, age=timedelta(), state=MessageState.WAITING):
    row = tasks.as_message(Letter("Subject", "Body"), to="ana@citizen.example", language="en", event_id=None)
    ended = None if state is MessageState.WAITING else clock.now() - age
    row |= {"written_at": clock.now() - age, "state": state, "ended_at": ended}
    db.session.execute(tasks._WRITE, [row])


def test_a_demo_keeps_its_letters(city, settings):
    assert ways.mail(settings).state is State.OFF


def test_without_a_mail_server_letters_wait_and_that_is_said(city, settings):
    with sending_by(""):
        a_letter()
        found = ways.mail(settings)

    assert found.state is State.WARNING
    assert "nobody gets letters (1 wait)" in found.told


@pytest.mark.parametrize(
    ("age", "state"),
    [
        (timedelta(minutes=5), State.OK),
        (timedelta(hours=2), State.WARNING),
        (timedelta(hours=30), State.FAULT),
    ],
)
def test_a_server_that_answers_while_letters_wait(city, settings, age, state):
    with taking_mail() as inbox:
        a_letter(age=age)
        found = ways.mail(settings)

    assert found.state is state
    assert inbox.mails == []  # it was asked, and no letter was sent


def test_a_server_that_is_not_there_is_a_fault(city, settings):
    with sending_by(f"smtp://127.0.0.1:{free_port()}"):
        found = ways.mail(settings)

    assert found.state is State.FAULT
    assert "does not take letters" in found.told


def test_a_server_that_does_not_know_us_is_a_fault_and_the_password_is_not_told(city, settings):
    with taking_mail() as inbox, sending_by(f"smtp://us:s3cret@127.0.0.1:{inbox.port}"):
        found = ways.mail(settings)

    assert found.state is State.FAULT
    assert "s3cret" not in str(found.as_json())


def test_a_server_that_does_not_take_our_sender_is_a_fault(city, settings):
    with taking_mail() as inbox:
        inbox.answer_to_sender = "553 not from you"
        found = ways.mail(settings)

    assert found.state is State.FAULT
    assert "553 not from you" in found.told


def test_letters_that_were_refused_for_good_are_counted_for_a_week(city, settings):
    with taking_mail():
        a_letter(age=timedelta(days=8), state=MessageState.FAILED)
        before = ways.mail(settings)
        a_letter(age=timedelta(days=6), state=MessageState.FAILED)
        found = ways.mail(settings)

    assert before.state is State.OK
    assert (found.state, found.figures["failed_in_7_days"]) == (State.WARNING, 1)


@contextmanager
def showing(name) -> Iterator[int]:
    """Show a certificate to whoever comes."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATES / f"{name}.pem")
    listening = socket.create_server(("127.0.0.1", 0))

    def serve():
        try:
            connection, _address = listening.accept()
            with connection, context.wrap_socket(connection, server_side=True) as secured:
                secured.recv(1)
        except OSError:
            pass

    thread = Thread(target=serve, daemon=True)
    thread.start()
    yield listening.getsockname()[1]
    listening.close()
    thread.join(5)


def at(settings, port):
    return replace(settings, base_url=f"https://localhost:{port}", is_demo=False)


def test_a_certificate_that_browsers_accept(settings, monkeypatch):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / "authority.pem"))
    with showing("good") as port:
        found = ways.certificate(at(settings, port))

    assert (found.state, found.figures["days_left"] > 10_000) == (State.OK, True)


@pytest.mark.parametrize(("name", "authority"), [("expired", "authority.pem"), ("good", "expired.pem")])
def test_a_certificate_that_browsers_refuse(settings, monkeypatch, name, authority):
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATES / authority))
    with showing(name) as port:
        found = ways.certificate(at(settings, port))

    assert found.state is State.FAULT
    assert "Browsers refuse the certificate of localhost" in found.told


@pytest.mark.parametrize(("days", "state"), [(30, State.OK), (20, State.WARNING), (6, State.FAULT)])
def test_a_certificate_that_ends_soon(settings, monkeypatch, days, state):
    monkeypatch.setattr(ways, "_ends", lambda _host, _port: datetime.now(UTC) + timedelta(days=days))

    assert ways.certificate(at(settings, 443)).state is state


def test_an_address_that_does_not_answer_is_a_warning(settings):
    assert ways.certificate(at(settings, free_port())).state is State.WARNING


@pytest.mark.parametrize(
    ("address", "is_demo", "state"),
    [
        ("http://reports.example", False, State.FAULT),
        ("http://reports.example", True, State.OFF),
        ("http://127.0.0.1:8000", False, State.OFF),
    ],
)
def test_without_a_certificate(settings, address, is_demo, state):
    assert ways.certificate(replace(settings, base_url=address, is_demo=is_demo)).state is state


def test_the_city_in_force_is_named(city, settings):
    assert "Hà Nội" in place.city(settings).told


@pytest.mark.parametrize(
    ("days", "until", "state"),
    [
        (0, None, State.OK),
        (0, timedelta(days=90), State.OK),
        (0, timedelta(days=20), State.WARNING),
        (0, timedelta(days=-1), State.FAULT),
    ],
)
def test_how_far_holidays_are_known(city, settings, monkeypatch, days, until, state):
    found = place.in_force()
    if until is not None:
        last = (later(days=days) + until).date()
        profile = replace(found.profile, calendar=replace(found.profile.calendar, holidays_until=last))
        monkeypatch.setattr(place, "in_force", lambda: replace(found, profile=profile))

    assert place.holidays(settings).state is state


def test_a_base_map_that_cannot_be_read_is_a_fault(settings, tmp_path):
    broken = tmp_path / "hanoi.mbtiles"
    broken.write_bytes(b"no map")

    assert place.base_map(settings).state is State.OFF
    assert place.base_map(replace(settings, basemap=broken)).state is State.FAULT
    assert (
        place.base_map(replace(settings, tile_url="https://tiles.example/{z}/{x}/{y}.png")).state is State.OK
    )


@pytest.mark.parametrize(("is_demo", "state"), [(True, State.OFF), (False, State.WARNING)])
def test_no_backup_is_a_warning_but_for_a_demo(settings, is_demo, state):
    assert backup.backup(replace(settings, is_demo=is_demo)).state is state


def test_a_database_without_an_archive_is_a_fault(city, settings):
    found = backup.backup(replace(settings, backup_stanza="hanoi"))

    assert found.state is State.FAULT
    assert "The database's changes are not archived." in found.told
    assert "archive_mode = on" in found.todo


def test_everything_is_looked_at_and_nothing_changes(city, settings):
    before = db.session.execute(text("SELECT txid_current_if_assigned()")).scalar()

    found = looks.everything(settings)

    assert [one.name for one in found] == list(looks.NAMES)
    assert db.session.execute(text("SELECT txid_current_if_assigned()")).scalar() == before


def test_where_the_database_does_not_answer_the_rest_is_still_told(settings):
    app = create_app(settings, database_url=f"postgresql://127.0.0.1:{free_port()}/cps")
    with app.app_context():
        found = states(looks.everything(settings))

    assert found["database"] is State.FAULT
    assert set(found) == {"clock", "disk", "certificate", "base_map", "sms", "photos", "database"}


def test_a_look_that_fails_hides_no_other(city, settings, monkeypatch):
    def broken(_settings):
        raise RuntimeError("no such thing")

    monkeypatch.setattr(looks, "_ALONE", (("clock", broken), *looks._ALONE[1:]))

    found = looks.everything(settings)

    assert found[0].state is State.FAULT
    assert "no such thing" in found[0].told
    assert [one.name for one in found] == list(looks.NAMES)


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        ([State.OK, State.OFF], State.OK),
        ([State.OFF], State.OK),
        ([], State.OK),
        ([State.OK, State.WARNING, State.OFF], State.WARNING),
        ([State.WARNING, State.FAULT, State.OK], State.FAULT),
    ],
)
def test_all_is_as_its_worst_part(states, expected):
    assert worst(Finding("x", state, "") for state in states) is expected
