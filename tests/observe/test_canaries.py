"""Whatever people write, and wherever it breaks: none of it is in a log or a trace, and each line is one object.

A whole instance lives through a bad day: reports, letters that are refused, errors of the database and of the code,
in the web side and in the worker. Every field holds a canary.
"""

import re
import socket
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from aiosmtpd.controller import Controller

from cps.kernel import jobs
from cps.kernel.db import db
from cps.observe.lines import KEYS
from tests.living import free_port, until
from tests.makers import PASSWORD, a_photo, a_report_form, an_official
from tests.observe.collector import attributes, collecting
from tests.observe.running import Browser, running

pytestmark = pytest.mark.xdist_group("living")

CANARY = "kanari"
PHONE = "0987654321"
LATITUDE, LONGITUDE = "21.0287654", "105.8523456"
_LINK = re.compile(r"/track/([\w-]+)")


class Refusing:
    """A mail server that takes no letter for some, and says whose it was."""

    async def handle_RCPT(self, server, session, envelope, address, options):
        if "nobody" in address:
            return f"550 5.1.1 <{address}>: no such person"
        if "later" in address:
            return f"451 4.2.1 <{address}>: try again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        return "250 OK"


@contextmanager
def refusing_mail():
    port = free_port()
    controller = Controller(Refusing(), hostname="127.0.0.1", port=port)
    controller.start()
    yield f"smtp://127.0.0.1:{port}"
    controller.stop()


def a_form(**changes):
    values = {
        "words": f'{CANARY}-words\n{{"level":"{CANARY}-forged"}}\r\n',
        "landmark": f"{CANARY}-landmark",
        "name": f"{CANARY}-name",
        "contact": f"{CANARY}-mail@citizen.example",
        "latitude": LATITUDE,
        "longitude": LONGITUDE,
        **changes,
    }
    return a_report_form(**values)


def file(browser, *, photos=(), **changes):
    """File a report and return the secret of its private link."""
    answer = browser.send("/complaints", photos=photos, **a_form(**changes))
    assert answer.status == 303, answer.text
    found = _LINK.search(answer.headers["Location"])
    assert found
    return found.group(1)


def reference_of(browser, secret):
    return browser.open(f"/track/{secret}").headers["Location"].partition("/my/")[2].partition("?")[0]


def signed_in(base_url, person):
    browser = Browser(base_url)
    page = browser.open("/desk/sign-in")
    assert browser.submit(page, "/desk/session", email=person.email, password=PASSWORD).status == 303
    return browser


@contextmanager
def broken(database, breaking, mending):
    database.execute(breaking)
    yield
    database.execute(mending)


def live_a_bad_day(city, database, bo):
    """Return what must not be read anywhere."""
    citizen = Browser(city.base_url)
    secret = file(citizen, photos=[(a_photo(), f"{CANARY}-photo.jpg")])
    reference = reference_of(citizen, secret)
    assert citizen.open(f"/my/{reference}").status == 200
    for contact in (f"{CANARY}-nobody@citizen.example", f"{CANARY}-later@citizen.example", PHONE):
        file(citizen, contact=contact)
    refuse(citizen)
    act(signed_in(city.base_url, bo), reference)
    ask_strangely(citizen)
    break_database(citizen, database)
    break_code(citizen, database, reference)
    break_job(city, database)
    return [secret, reference, PHONE, LATITUDE, LONGITUDE, CANARY, "127.0.0.1", bo.email, PASSWORD]


def refuse(citizen):
    assert citizen.send("/complaints", **a_form(words="", category=f"{CANARY}-category")).status == 422
    sent = citizen.send("/complaints", photos=[(a_photo(kind="GIF"), f"{CANARY}.gif")], **a_form())
    assert sent.status == 422


def act(desk, reference):
    screen = desk.open(f"/desk/complaints/{reference}")
    assert desk.submit(screen, "/notes", note=f"{CANARY}-note").status == 303
    screen = desk.open(f"/desk/complaints/{reference}")
    assert desk.submit(screen, "/questions", question=f"{CANARY}-question").status == 303
    assert desk.open(f"/desk?words={CANARY}-search").status == 200


def ask_strangely(citizen):
    headers = {
        "User-Agent": f"{CANARY}-agent",
        "Referer": f"http://{CANARY}-referer.example/",
        "X-Forwarded-For": f"{CANARY}-address",
        "X-Request-Id": f"{CANARY}-id",
        "Cookie": f"{CANARY}=cookie",
    }
    assert citizen.open(f"/{CANARY}-path/%0A{CANARY}?{CANARY}=query%0Aline", headers=headers).status == 404
    with socket.create_connection(urlsplit(citizen.base_url).netloc.split(":")) as line:
        line.sendall(f"GET /{CANARY} HTTP/1.1\r\nHost: x\r\n{CANARY} header\r\n\r\n".encode())
        assert b"400" in line.recv(1000)
    assert citizen.open(f"/track/{CANARY}-secret-that-is-none", headers=headers).status == 404


def break_database(citizen, database):
    """Let the database refuse what it is told, with the row in its reason."""
    with broken(
        database,
        "CREATE UNIQUE INDEX one_landmark ON complaint (landmark) WHERE landmark LIKE '%twice%'",
        "DROP INDEX one_landmark",
    ):
        file(citizen, landmark=f"{CANARY}-twice")
        answer = citizen.send("/complaints", **a_form(landmark=f"{CANARY}-twice", key=str(uuid4())))
    assert answer.status == 500


def break_code(citizen, database, reference):
    """Let the code stumble over a value that it quotes."""
    with broken(
        database,
        f"UPDATE complaint SET promise = promise || '-{CANARY}'",
        f"UPDATE complaint SET promise = replace(promise, '-{CANARY}', '')",
    ):
        assert citizen.open(f"/my/{reference}").status == 500


def break_job(city, database):
    with broken(
        database,
        f"UPDATE complaint SET promise = promise || '-{CANARY}'; DELETE FROM agenda",
        f"UPDATE complaint SET promise = replace(promise, '-{CANARY}', '')",
    ):
        jobs.defer(jobs.REMIND)
        db.session.commit()
        city.line("worker", job=jobs.REMIND, message="the job failed and is tried again")


def test_no_canary_gets_out(city, database_url, tmp_path):
    bo = an_official()
    with (
        refusing_mail() as mail,
        collecting() as collected,
        psycopg.connect(database_url, autocommit=True) as database,
    ):
        with running(
            tmp_path,
            database_url,
            CPS_MAIL_URL=mail,
            CPS_MAIL_FROM="city@hanoi.example",
            CPS_TRACES=collected.url,
        ) as instance:
            hidden = live_a_bad_day(instance, database, bo)
            instance.line("worker", job=jobs.DEVELOP, message="the job is done")
            until(
                lambda: "letter" in instance.log("worker") and "given up" in instance.log("worker"),
                seconds=60,
                what="a letter that is given up",
            )
        [(data,)] = database.execute("SHOW data_directory").fetchall()
    logs = {name: instance.log(name) for name in ("web", "worker")}
    logs["PostgreSQL"] = (Path(data).parent / "run" / "log").read_text()
    assert "one_landmark" in logs["PostgreSQL"]
    logs["traces"] = b"\n".join(collected.sent).decode(errors="replace")
    found = [(name, word) for name, log in logs.items() for word in hidden if word.lower() in log.lower()]

    assert found == []
    for name in ("web", "worker"):
        lines = instance.lines(name)
        assert {tuple(line) for line in lines} == {KEYS}
        assert {line["city"] for line in lines if line["message"] == "answered"} <= {"hanoi"}
    assert_it_says_enough(instance)
    assert_traced(collected)


def assert_it_says_enough(instance):
    """What an operator needs is there: which endpoint, which error where, which job."""
    web, worker = instance.lines("web"), instance.lines("worker")
    statuses = {(line["endpoint"], line["status"]) for line in web}
    faults = [line["fault"] for line in web if line["fault"]]
    assert {("citizen.file", 303), ("citizen.file", 422), ("citizen.file", 500), ("none", 404)} <= statuses
    assert {("citizen.mine", 500), ("citizen.track", 404), ("desk.create_note", 303)} <= statuses
    assert "23505 one_landmark" in {fault["code"] for fault in faults}
    assert any("cps/citizen/reports.py" in place for fault in faults for place in fault["stack"])
    assert {line["fault"]["type"] for line in worker if line["job"] == jobs.REMIND and line["fault"]}
    assert any(re.match(r"letter \S+ given up .* 550$", line["message"]) for line in worker)
    assert any(line["logger"] == "gunicorn.error" for line in web)
    broken = [line["request"] for line in web if line["fault"]]
    assert len(set(broken)) == len(broken) == 2  # each is told once
    assert all(len(line["request"]) == 32 for line in web if line["status"])


def assert_traced(collected):
    spans = collected.spans()
    statements = [attributes(span).get("db.query.text", "") for span in spans]
    names = {span.name for span in spans}
    filing = next(span for span in spans if span.name == "POST citizen.file")
    assert collected.services() == {"cps-web", "cps-worker"}
    assert {"GET citizen.mine", "GET none", f"job {jobs.DEVELOP}", "letter"} <= names
    assert any("%(" in statement for statement in statements)
    assert any(span.parent_span_id == filing.span_id for span in spans)
    assert "sqlalchemy.exc.IntegrityError" not in {attributes(span).get("error.type") for span in spans}
    assert any((attributes(span).get("error.type") or "").startswith("psycopg") for span in spans)
