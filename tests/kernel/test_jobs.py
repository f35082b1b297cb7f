"""Work for later: whom it is told; when it fails what the machine lacks is waited for, and what is wrong by itself is seen."""

import errno
import os
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from procrastinate.jobs import Job
from sqlalchemy import select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from cps.complaints.kinds import EventKind
from cps.complaints.models import Event
from cps.health import work as health
from cps.health.finding import State
from cps.kernel import jobs
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.kernel.lacking import is_lacking
from cps.notify import letters
from cps.notify.models import Message
from cps.photos import album
from cps.photos.models import Photo
from cps.photos.models import State as PhotoState
from cps.photos.storage import NoRoom
from tests.mailserver import sending_by
from tests.makers import a_complaint, a_photo
from tests.reliability.working import next_in, take_up_stalled, time_passes, work_off

_DIES = text(
    "UPDATE procrastinate_jobs SET status = 'doing', worker_id = NULL WHERE task_name = :task AND status = 'todo'"
)


def _told(outer: Exception, cause: Exception) -> Exception:
    try:
        raise outer from cause
    except Exception as error:  # noqa: BLE001 - whichever it is
        return error


LACKING = [
    OSError(errno.ENOSPC, "No space left on device"),
    OSError(errno.EIO, "Input/output error"),
    _told(NoRoom(), OSError(errno.ENOSPC, "No space left on device")),
    psycopg.OperationalError("server closed the connection unexpectedly"),
    OperationalError("SELECT 1", None, psycopg.errors.AdminShutdown()),
    psycopg.errors.ReadOnlySqlTransaction(),
    NoConnectionFree("QueuePool limit of size 5 overflow 5 reached"),
]
WRONG = [
    ValueError("no picture"),
    _told(NotFound(), FileNotFoundError(errno.ENOENT, "No such file or directory")),
    psycopg.errors.UniqueViolation(),
]


@pytest.mark.parametrize(("task", "is_told"), [(jobs.ANNOUNCE, False), (jobs.DEVELOP, True)])
def test_only_of_other_work_than_news_the_database_tells_the_worker(app, task, is_told):
    url = str(app.config["SQLALCHEMY_DATABASE_URI"]).replace("postgresql+psycopg", "postgresql", 1)
    with psycopg.connect(url, autocommit=True) as worker:
        worker.execute("LISTEN procrastinate_any_queue_v1")

        with app.app_context():
            jobs.defer(task, event_id=0)
            db.session.commit()
            db.session.remove()

        assert bool(list(worker.notifies(timeout=0.3))) is is_told


@pytest.mark.parametrize("error", LACKING, ids=lambda error: type(error).__name__)
def test_what_the_machine_lacks_is_waited_for_as_long_as_it_takes(error):
    gaps = [_again_in(jobs.PATIENTLY, error, attempts) for attempts in (0, 1, 2, 50)]
    most = [_again_in(jobs.PERSISTENTLY, error, attempts) for attempts in (0, 5, 11, 5000)]

    assert is_lacking(error)
    assert gaps == [5, 25, 25, 25]
    assert most == [2, 64, 600, 600]


@pytest.mark.parametrize("error", WRONG, ids=lambda error: type(error).__name__)
def test_what_is_wrong_by_itself_is_tried_a_few_times_and_given_up(error):
    assert [_again_in(jobs.PATIENTLY, error, attempts) for attempts in range(4)] == [5, 25, None, None]
    assert _again_in(jobs.PERSISTENTLY, error, 11) == 4096
    assert _again_in(jobs.PERSISTENTLY, error, 12) is None


def test_a_job_that_kills_its_workers_is_tried_three_times_alone_and_last_and_then_parked_in_the_open(city):
    a_complaint()
    _defer("poison", "innocent")

    order = []
    for _death in range(3):
        _die("poison")
        take_up_stalled(city)
        order.append(_rows("poison"))

    assert order == [[("todo", "alone", 0, 1)], [("todo", "alone", -1, 2)], [("failed", "alone", -1, 3)]]
    assert _rows("innocent") == [("todo", None, 0, 0)]
    finding = health.queue(None)
    assert finding.state is State.WARNING
    assert "1 job is given up: poison (1)." in finding.told


def test_two_jobs_that_died_together_never_run_together_again(city):
    _defer("poison", "beside")
    for task in ("poison", "beside"):
        _die(task)
    take_up_stalled(city)

    assert _fetched() == "poison"
    assert _fetched() is None


def test_a_parked_job_that_people_let_go_on_has_all_its_tries_again(city):
    _defer("poison")
    for _death in range(3):
        _die("poison")
        take_up_stalled(city)

    assert jobs.retry_failed() == 1
    db.session.commit()

    [(status, _lock, priority, _attempts)] = _rows("poison")
    assert (status, priority) == ("todo", 0)
    _die("poison")
    take_up_stalled(city)
    assert _rows("poison")[0][0] == "todo"


def test_periodic_work_that_waits_again_already_does_not_keep_other_work_of_the_dead_from_being_taken_up(
    city,
):
    _defer("periodic", lock="periodic")
    _defer("other")
    for task in ("periodic", "other"):
        _die(task)
    _defer("periodic", lock="periodic")

    take_up_stalled(city)

    assert [row[0] for row in _rows("periodic")] == ["todo"]
    assert [row[0] for row in _rows("other")] == ["todo"]


def test_periodic_work_that_was_given_up_twice_is_done_once_when_it_may_again(city):
    for _time in range(2):
        _defer("periodic", lock="periodic")
        db.session.execute(text("UPDATE procrastinate_jobs SET status = 'failed' WHERE status = 'todo'"))
        db.session.commit()

    assert jobs.retry_failed() == 1
    db.session.commit()
    assert [row[0] for row in _rows("periodic")] == ["todo"]


def test_what_a_dead_worker_had_goes_on_within_a_minute():
    [cron] = [
        one.cron
        for one in jobs.app.periodic_registry.periodic_tasks.values()
        if one.task is jobs.take_up_stalled_jobs
    ]
    looks = int(cron.rpartition("/")[2])
    polls = 5  # procrastinate's own, if it misses a notice

    assert jobs._STALLED_AFTER_SECONDS + looks + polls <= 60


def test_a_letter_that_cannot_be_written_keeps_no_other_from_being_written(city, monkeypatch):
    reports = [a_complaint(landmark=f"lamp {number}") for number in range(6)]
    numbers = [one.id for one in reports]
    write = letters.written

    def written(kind, event, **more):
        return 1 / 0 if event.complaint_id == numbers[2] else write(kind, event, **more)

    monkeypatch.setattr(letters, "written", written)
    with sending_by("outbox:"):
        work_off(city)
        while (gap := next_in()) is not None and gap < timedelta(seconds=60):
            time_passes(gap + timedelta(seconds=1))
            work_off(city)

    written_about = select(Event.complaint_id).join(Message).where(Event.kind == EventKind.RECEIVED)
    assert sorted(db.session.scalars(written_about)) == sorted({*numbers} - {numbers[2]})


def test_a_photo_waits_for_a_disk_that_is_full_and_is_developed_when_there_is_room(city, monkeypatch):
    complaint = a_complaint(contact=None)
    album.keep_after(a_photo((64, 48)), filename="lamp.jpg", complaint_id=complaint.id)
    db.session.commit()
    replace = os.replace

    with monkeypatch.context() as full:
        full.setattr(os, "replace", _full)
        for _try in range(6):
            work_off(city)
            time_passes(timedelta(seconds=30))
    assert os.replace is replace
    assert db.session.scalars(select(Photo.state)).all() == [PhotoState.WAITING]
    db.session.rollback()

    work_off(city)

    assert db.session.scalars(select(Photo.state)).all() == [PhotoState.READY]


def _full(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def _again_in(strategy: jobs.Again, error: Exception, attempts: int) -> int | None:
    job = Job(id=1, queue="default", lock=None, queueing_lock=None, task_name="work", attempts=attempts)
    decision = strategy.get_retry_decision(exception=error, job=job)
    return decision and round((decision.retry_at - datetime.now(UTC)).total_seconds())


def _defer(*tasks: str, lock: str | None = None) -> None:
    for task in tasks:
        statement = "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock) VALUES ('default', :task, :lock)"
        db.session.execute(text(statement), {"task": task, "lock": lock})
    db.session.commit()


def _die(task: str) -> None:
    """Let a worker begin with it and die."""
    db.session.execute(_DIES, {"task": task})
    db.session.commit()


def _rows(task: str) -> list[tuple]:
    db.session.rollback()
    query = text(
        "SELECT status::text, lock, priority, attempts FROM procrastinate_jobs WHERE task_name = :task ORDER BY id"
    )
    return [tuple(row) for row in db.session.execute(query, {"task": task})]


def _fetched() -> str | None:
    query = text("SELECT task_name FROM procrastinate_fetch_job_v2('{default}', NULL)")
    found = db.session.scalar(query)
    db.session.commit()
    return found
