"""`cps doctor` on a real installation: said to people and to programs, with an exit code for monitoring."""

import json

import pytest
from click.testing import CliRunner

from cps.console import doctor
from cps.console.command import main
from cps.health.finding import Finding, State
from tests.living import free_port


@pytest.fixture
def installation(monkeypatch, tmp_path, database_url, hanoi):
    """A city that runs on the database of the tests."""
    for name, value in (
        ("CPS_VAR", str(tmp_path)),
        ("CPS_DATABASE_URL", database_url),
        ("CPS_SECRET_KEY", "a-key-of-the-tests-alone"),
        ("CPS_DEMO", "yes"),
    ):
        monkeypatch.setenv(name, value)


def doctor_says(*arguments):
    return CliRunner().invoke(main, ["doctor", *arguments])


def test_every_part_is_told_with_what_to_do(installation):
    result = doctor_says()

    lines = result.output.splitlines()
    assert result.exit_code == 2  # the tests' database is too fast to be durable, and nobody works
    assert any(line.startswith("FAULT    worker") for line in lines)
    assert any(line.strip().startswith("→ Start it:") for line in lines)
    assert any(line.startswith("ok       city") and "Hà Nội" in line for line in lines)
    assert lines[-1].startswith("2 faults")


def test_programs_read_the_same(installation):
    result = doctor_says("--json")

    told = json.loads(result.stdout)
    assert (told["status"], result.exit_code) == ("fault", 2)
    assert told["version"]
    worker = next(part for part in told["parts"] if part["name"] == "worker")
    assert (worker["state"], worker["figures"]["workers"]) == ("fault", 0)


def test_a_database_that_is_away_is_a_finding_and_no_crash(installation, monkeypatch):
    monkeypatch.setenv("CPS_DATABASE_URL", f"postgresql://us:s3cret@127.0.0.1:{free_port()}/cps")

    result = doctor_says()

    assert result.exit_code == 2
    assert "FAULT    database" in result.output
    assert "cannot be reached" in result.output
    assert "s3cret" not in result.output


@pytest.mark.parametrize(
    ("state", "code", "last"),
    [
        (State.OK, 0, "All is well."),
        (State.OFF, 0, "All is well."),
        (State.WARNING, 1, "0 faults, 1 warning."),
        (State.FAULT, 2, "1 fault, 0 warnings."),
    ],
)
def test_the_exit_code_is_for_monitoring(installation, monkeypatch, state, code, last):
    monkeypatch.setattr(doctor, "_found", lambda _settings: [Finding("clock", state, "It ticks.")])

    result = doctor_says()

    assert (result.exit_code, result.output.splitlines()[-1]) == (code, last)


def test_work_that_was_given_up_is_tried_again(installation, app):
    from sqlalchemy import text

    from cps.kernel.db import db

    with app.app_context():
        for status in ("failed", "failed", "todo"):
            db.session.execute(
                text(
                    "INSERT INTO procrastinate_jobs (task_name, queue_name, args, status)"
                    " VALUES ('develop', 'default', '{}', CAST(:status AS procrastinate_job_status))"
                ),
                {"status": status},
            )
        db.session.commit()

    result = CliRunner().invoke(main, ["jobs", "retry"])

    assert result.output == "2 jobs are tried again.\n"
    with app.app_context():
        statuses = db.session.scalars(text("SELECT status::text FROM procrastinate_jobs")).all()
        db.session.rollback()
    assert set(statuses) == {"todo"}
