"""Figures for Prometheus: exact over all processes, whoever is asked; there for who has the token, and cheap to leave off."""

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy.exc import DBAPIError

from cps import health
from cps.app import create_app
from cps.health import figures
from cps.health.finding import Finding, State
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.observe import places
from tests.living import free_port, until
from tests.makers import a_complaint, a_photo, a_report_form
from tests.observe.running import TOKEN, Browser, running

pytestmark = pytest.mark.xdist_group("living")
FILED = 'cps_filings_total{outcome="%s",reason="%s"}'


def test_without_a_token_of_its_own_it_is_not_there(client):
    assert client.get("/metrics").status_code == 404


@pytest.mark.parametrize("sent", ["", "Bearer ", "Bearer another-token-of-nobody", f"Basic {TOKEN}"])
def test_it_is_for_who_has_the_token(settings, database_url, hanoi, sent):
    app = create_app(replace(settings, metrics_token=TOKEN), database_url=database_url)

    answer = app.test_client().get("/metrics", headers={"Authorization": sent})

    assert (answer.status_code, answer.headers["WWW-Authenticate"]) == (401, "Bearer")
    assert "cps_" not in answer.text


def asked(settings, database_url):
    app = create_app(replace(settings, metrics_token=TOKEN), database_url=database_url)
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    with app.app_context():
        db.engine.dispose()
    return answer


def test_where_the_database_is_away_it_says_so(settings):
    answer = asked(settings, f"postgresql://127.0.0.1:{free_port()}/cps")

    assert answer.status_code == 200
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert answer.headers["Cache-Control"] == "no-store"
    assert 'cps_health_state{part="database"} 3.0' in answer.text
    assert "cps_open_complaints{" not in answer.text


def test_every_look_comes_along_with_each_of_its_numbers(settings, database_url, city, monkeypatch):
    found = [
        Finding("backup", State.WARNING, "Old.", figures={"age_seconds": 7, "at": "noon", "none": None}),
        Finding("mail", State.OFF, "None."),
        Finding("disk", State.FAULT, "Full."),
        Finding("clock", State.OK, "Right."),
    ]
    monkeypatch.setattr(health.looks, "everything", lambda _settings: found)

    written = asked(settings, database_url).text

    assert "cps_health_backup_age_seconds 7.0" in written
    states = {"clock": 0, "mail": 1, "backup": 2, "disk": 3}
    assert all(f'cps_health_state{{part="{part}"}} {state}.0' in written for part, state in states.items())
    assert "noon" not in written
    assert "cps_health_backup_none" not in written


@pytest.mark.parametrize(
    ("column", "value", "due"),
    [
        ("due_at", "'2030-01-06'", "overdue"),
        ("due_at", "'2030-01-07 05:00+00'", "today"),
        ("due_at", "'2030-02-01'", "later"),
        ("paused_since", "'2030-01-01', pause_cause = 'weather'", "standing"),
        ("set_aside", "'spam', is_public = false", None),
    ],
)
@pytest.mark.rows_by_hand
def test_open_reports_are_counted_by_when_they_are_due(city, column, value, due):
    complaint = a_complaint()
    db.session.execute(db.text(f"UPDATE complaint SET {column} = {value} WHERE id = {complaint.id}"))

    assert {name for name, count in figures.open_by_due().items() if count} == ({due} if due else set())


def test_what_is_counted_is_exact_over_all_processes(city, database_url, tmp_path):
    with running(tmp_path, database_url, CPS_WEB_WORKERS="3", CPS_MAIL_URL="outbox:") as instance:
        browser, form = Browser(instance.base_url), a_report_form()
        for _time in range(12):
            assert browser.send("/complaints", **a_report_form()).status == 303
        for _time in range(3):
            assert browser.send("/complaints", photos=[(a_photo(), "a.jpg")], **form).status == 303
        assert browser.send("/complaints", **a_report_form(category="")).status == 422
        assert (
            browser.send("/complaints", photos=[(a_photo(kind="GIF"), "a.gif")], **a_report_form()).status
            == 422
        )
        assert (
            browser.send("/complaints", headers={"Sec-Fetch-Site": "cross-site"}, **a_report_form()).status
            == 403
        )
        with psycopg.connect(database_url, autocommit=True) as database:
            database.execute("ALTER TABLE event ADD CONSTRAINT none CHECK (false) NOT VALID")
            assert browser.send("/complaints", **a_report_form()).status == 500
            database.execute("ALTER TABLE event DROP CONSTRAINT none")
        for number in range(5):
            assert browser.open(f"/{uuid4()}/{number}").status == 404
        instance.line("worker", job="develop", message="the job is done")
        for _time in range(4):  # whoever answers
            found = instance.metrics()
            assert found[FILED % ("stored", "")] == 13
            assert found[FILED % ("repeated", "")] == 2
            assert found[FILED % ("refused", "category")] == 1
            assert found[FILED % ("refused", "photos")] == 1
            assert found[FILED % ("refused", "forged")] == 1
            assert found[FILED % ("failed", "")] == 1
            assert found['cps_photos_total{outcome="refused"}'] == 1
            assert found['cps_photos_total{outcome="ready"}'] == 1
            assert found['cps_jobs_total{outcome="done",task="develop"}'] == 1
            assert found['cps_requests_total{endpoint="none",method="GET",status="4xx"}'] == 5
            assert found['cps_request_duration_seconds_count{endpoint="citizen.file"}'] == 19
            assert found["cps_requests_in_flight"] == 1
        assert not any(str(number) in name for name in found for number in (form["key"],))


def test_what_a_killed_process_counted_is_kept_and_counted_on(city, database_url, tmp_path):
    with running(
        tmp_path, database_url, worker=False, CPS_WEB_WORKERS="2", CPS_MAIL_URL="outbox:"
    ) as instance:
        browser = Browser(instance.base_url)
        name = 'cps_requests_total{endpoint="citizen.report",method="GET",status="2xx"}'
        files = set()
        for turn in range(1, 5):
            for _time in range(5):
                assert browser.open("/").status == 200
            assert instance.metrics()[name] == 5 * turn
            files = {path.name for path in (tmp_path / "var/run/metrics").iterdir()}
            for child in children(instance.processes["web"].pid):
                os.kill(child, signal.SIGKILL)
            until(lambda: answers_again(browser), seconds=30, what="new processes")
        assert instance.metrics()["cps_requests_in_flight"] == 1

    assert {path.name for path in (tmp_path / "var/run/metrics").iterdir()} == files


def children(pid):
    return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]


def answers_again(browser):
    try:
        return browser.open("/robots.txt").status == 200
    except OSError:
        return False


_CLAIM = """
import sys
from pathlib import Path
from cps.observe import places
print(places.claim(Path(sys.argv[1]), sys.argv[2]), flush=True)
sys.stdin.read()
"""


class Process:
    """A process that holds a place until it ends."""

    def __init__(self, folder, kind="web"):
        command = [sys.executable, "-c", _CLAIM, str(folder), kind]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.place = self.process.stdout.readline().strip()

    def end(self):
        self.process.kill()
        self.process.communicate()


def test_no_two_processes_count_in_one_place_and_the_next_goes_on_where_one_ended(tmp_path):
    first, second, other = Process(tmp_path), Process(tmp_path), Process(tmp_path, "worker")
    (tmp_path / "counter_web-1.db").write_bytes(b"counted")
    first.end()
    third = Process(tmp_path)
    kept = (tmp_path / "counter_web-1.db").read_bytes()
    for one in (second, third, other):
        one.end()

    assert (first.place, second.place, other.place, third.place) == ("web-1", "web-2", "worker-1", "web-1")
    assert kept.startswith(b"counted")


def test_who_comes_to_an_empty_folder_begins_anew(tmp_path):
    Process(tmp_path).end()
    (tmp_path / "counter_web-7.db").write_bytes(b"of another version")

    Process(tmp_path).end()

    assert not (tmp_path / "counter_web-7.db").exists()


def test_room_is_taken_beforehand(tmp_path):
    Process(tmp_path).end()

    for path in tmp_path.glob("*.db"):
        assert path.stat().st_blocks * 512 >= path.stat().st_size > 0


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "run").write_text("a file")

    with pytest.raises(Unusable, match=r"Nothing can be counted in .*run/metrics: Not a directory\."):
        places.claim(tmp_path / "run" / "metrics", "web")


def test_where_nothing_can_be_counted_people_are_answered(city, database_url, tmp_path):
    (tmp_path / "var").mkdir()
    (tmp_path / "var" / "run").write_text("a file where the folder should be")
    with running(tmp_path, database_url, worker=False, CPS_MAIL_URL="outbox:") as instance:
        assert Browser(instance.base_url).open("/").status == 200
        shown = instance.metrics()

        assert instance.line("web", logger="cps.observe.counts")["level"] == "error"
    assert 'cps_health_state{part="database"}' in shown
    assert "cps_requests_in_flight" not in shown


_FULL = """
import os, sys
from pathlib import Path
from cps.observe import counts, lines
lines.begin("text", process="web")
def no_room(file, at, size):
    raise OSError(28, "No space left on device")
counts.use(Path(sys.argv[1]), process="web")
os.posix_fallocate = no_room
if os.fork() == 0:
    counts.after_fork(process="web")
    counts.request("none", "GET", 200, 0.1)
    os._exit(0 if counts.meters() is None else 1)
_pid, code = os.wait()
counts.request("none", "GET", 200, 0.1)
print(code, sorted(path.name for path in Path(sys.argv[1]).glob("*_web-2*")))
"""


def test_a_process_that_finds_no_room_counts_nothing_and_leaves_nothing_half_made(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", _FULL, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "0 []\n"
    assert "No space left on device" in ended.stderr


_CUT_SHORT = """
import os, sys
from pathlib import Path
from cps.observe import counts
counts.use(Path(sys.argv[1]), process="web")
for _process in range(2):
    if os.fork() == 0:
        counts.after_fork(process="web")
        if _process == 0:
            answering = counts.in_flight()
            answering.__enter__()
        os._exit(0)  # as if it were killed: nothing is put right
    os.wait()
from prometheus_client import CollectorRegistry
registry = CollectorRegistry()
counts.meters().add_to(registry)
print(registry.get_sample_value("cps_requests_in_flight"))
"""


def test_what_a_killed_process_was_answering_is_not_being_answered(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", _CUT_SHORT, str(tmp_path)], capture_output=True, text=True, check=True
    )

    assert ended.stdout == "0.0\n"


def test_errors_of_the_database_do_not_quote_what_people_wrote(city):
    with pytest.raises(DBAPIError) as error:
        db.session.execute(db.text("SELECT CAST(NULLIF(:words, '') AS text) || 1 / 0"), {"words": "kanari"})

    assert "kanari" not in str(error.value)


def test_where_nothing_is_wanted_nothing_is_loaded(tmp_path):
    code = (
        "import sys; import cps.console.serve, cps.console.work; from cps.app import create_app;"
        "from cps.settings import from_environment;"
        f"create_app(from_environment({{'CPS_VAR': {str(tmp_path)!r}}}), database_url='postgresql:///none');"
        "print(sorted({name.partition('.')[0] for name in sys.modules} & {'prometheus_client', 'opentelemetry'}))"
    )

    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert loaded.stdout.strip() == "[]"
