"""`make hosts`: a city on two hosts behind HAProxy, whose hosts and bucket are killed while citizens report.

It prints what it saw, a line for each, and leaves with 1 if something was not as it must be.
"""

import http.client
import json
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
from collections import Counter
from io import BytesIO
from pathlib import Path
from typing import Self
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import encode_multipart

from tests.hosts.running import Browser, Host, Hosts, answered, balancer, hosts, token_of
from tests.living import a_folder, free_port, until
from tests.makers import a_photo, a_report_form

KILLS = int(os.environ.get("CPS_KILLS", "6"))
SEED = int(os.environ.get("CPS_SEED", "20150401"))
CITIZENS = 4
_WITH_PHOTO = 0.3
_BETWEEN_KILLS = 20  # reports
EMAIL = "ha@hanoi.example"

FAULTS: list[str] = []


def say(what: str, found: object, *, is_right: bool = True) -> None:
    """Print what was seen, and remember what was wrong."""
    print(f"{'ok   ' if is_right else 'WRONG'} {what}: {found}", flush=True)
    if not is_right:
        FAULTS.append(what)


class Citizen(threading.Thread):
    """Files one report after the other; whoever is asked to come again sends the same form again."""

    def __init__(self, base_url: str, stop: threading.Event, seed: int) -> None:
        super().__init__()
        self.base_url, self.stop, self.chance = base_url, stop, random.Random(seed)
        self.ledger: dict[str, bool] = {}
        self.answers: Counter[str] = Counter()
        self.longest = 0.0

    def run(self) -> None:
        while not self.stop.is_set():
            key, with_photo = str(uuid4()), self.chance.random() < _WITH_PHOTO
            photo = a_photo((320, 240)).read() if with_photo else b""
            begun = time.monotonic()
            until(lambda key=key, photo=photo: self._sent(key, photo), seconds=120, what="an answer")
            self.longest = max(self.longest, time.monotonic() - begun)
            self.ledger[key] = with_photo

    def _sent(self, key: str, photo: bytes) -> bool:
        fields: MultiDict[str, object] = MultiDict(a_report_form(key=key))
        if photo:
            fields.add("photos", FileStorage(BytesIO(photo), filename="lamp.jpg"))
        boundary, body = encode_multipart(fields)
        address = urlsplit(self.base_url)
        connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=30)
        headers = {
            "Content-Type": f'multipart/form-data; boundary="{boundary}"',
            "Sec-Fetch-Site": "same-origin",
        }
        try:
            connection.request("POST", "/complaints", body, headers)
            answer = connection.getresponse()
            answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.answers[type(error).__name__] += 1
            return False
        finally:
            connection.close()
        told = "" if answer.status != 503 or answer.headers["Retry-After"] else " without Retry-After"
        self.answers[f"{answer.status}{told}"] += 1
        return answer.status == 303


class Storm:
    """Citizens who report until the block ends; then what became of it."""

    def __init__(self, base_url: str, seed: int) -> None:
        self._stop = threading.Event()
        self.citizens = [Citizen(base_url, self._stop, seed + number) for number in range(CITIZENS)]

    def __enter__(self) -> Self:
        for one in self.citizens:
            one.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stop.set()
        for one in self.citizens:
            one.join()

    @property
    def filed(self) -> int:
        return sum(len(one.ledger) for one in self.citizens)

    @property
    def answers(self) -> Counter[str]:
        return sum((one.answers for one in self.citizens), Counter())

    @property
    def ledger(self) -> dict[str, bool]:
        return {key: photo for one in self.citizens for key, photo in one.ledger.items()}

    def go_on(self, reports: int) -> None:
        before = self.filed
        until(lambda: self.filed >= before + reports, seconds=120, what="filing to go on")


def main() -> None:
    """Go through all of it."""
    if shutil.which("haproxy") is None:
        sys.exit("There is no haproxy on this machine: apt-get install haproxy.")
    print(f"seed {SEED}, {KILLS} kills, {CITIZENS} citizens")
    port = free_port()
    base_url = f"http://127.0.0.1:{port}"
    with a_folder() as folder, hosts(folder, base_url=base_url, CPS_PROXIES="1") as found:
        for host in found.all:
            host.environment |= {"CPS_LOG": "json"}
        with balancer(folder, found, port=port) as admin:
            sign_in(found, base_url)
            limits(base_url)
            restarts(found, base_url, admin)
            kills(found, base_url)
            away(found, base_url)
            profile(found)
            bucket(found, base_url)
    print("All is as it must be." if not FAULTS else f"WRONG: {', '.join(FAULTS)}.")
    sys.exit(1 if FAULTS else 0)


def sign_in(found: Hosts, base_url: str) -> None:
    """Sign in by HAProxy, which leads to either host, and out again."""
    said = found.all[0].cps(
        *("people", "add", "--role", "coordinator", "--name", "Hà", "--email", EMAIL, "--department", "pcc")
    )
    browser = Browser(base_url)
    browser.sign_in(EMAIL, said.strip().splitlines()[-1].split()[-1])
    pages = [browser.get("/desk")[0] for _turn in range(10)]
    token = token_of(browser.get("/desk")[2])
    browser.post("/desk/session/end", csrf_token=token)
    after = [browser.get("/desk")[0] for _turn in range(4)]
    say(
        "signed in on both hosts, then out of both",
        f"{Counter(pages)} {Counter(after)}",
        is_right={*pages} == {200} and {*after} == {303},
    )


def limits(base_url: str) -> None:
    """Try passwords by HAProxy under addresses one gives oneself: it counts as the one address it is."""
    statuses = []
    for turn in range(12):
        browser = Browser(base_url)
        browser.headers = {"X-Forwarded-For": f"203.0.113.{turn}"}
        statuses.append(browser.sign_in(f"x{turn}@hanoi.example", "wrong")[0])
    say(
        "passwords tried under made-up addresses",
        statuses,
        is_right=statuses == [*[422] * 10, 429, 429],
    )


def restarts(found: Hosts, base_url: str, admin: Path) -> None:
    """Restart each host while citizens report: drained before, and then not."""
    for is_drained in (True, False):
        with Storm(base_url, SEED) as storm:
            storm.go_on(20)
            for host in found.all:
                if is_drained:
                    _set(admin, host, "drain")
                had_worker = host.worker is not None
                host.stop()
                storm.go_on(10)
                host.start(has_worker=had_worker)
                if is_drained:
                    _set(admin, host, "ready")
                until(
                    lambda name=host.name: f",{name},UP" in _up(admin),
                    seconds=30,
                    what=f"{host.name} to be up",
                )
                storm.go_on(10)
        _nothing_lost(found, storm)
        say(
            f"both hosts restarted one after the other, {'drained' if is_drained else 'not drained'}",
            f"{storm.filed} reports, {dict(storm.answers)}, longest {_longest(storm):.1f} s",
            is_right={*storm.answers} <= ({"303"} if is_drained else {"303", "503"}),
        )


def kills(found: Hosts, base_url: str) -> None:
    """Kill one host after the other, with all its processes, while citizens report."""
    chance = random.Random(SEED)
    begun = time.monotonic()
    with Storm(base_url, SEED) as storm:
        for turn in range(KILLS):
            storm.go_on(_BETWEEN_KILLS)
            victim = found.all[turn % 2] if turn < 2 else chance.choice(found.all)
            had_worker = victim.worker is not None
            victim.kill()
            storm.go_on(_BETWEEN_KILLS)
            victim.start(has_worker=had_worker)
    seconds = time.monotonic() - begun
    _nothing_lost(found, storm)
    say(
        f"{KILLS} hosts killed -9",
        f"{storm.filed} reports in {seconds:.0f} s, {dict(storm.answers)}, longest {_longest(storm):.1f} s",
        is_right={*storm.answers} <= {"303", "503"},
    )


def away(found: Hosts, base_url: str) -> None:
    """Kill both: people are asked to come again, in words."""
    workers = [host.worker is not None for host in found.all]
    for host in found.all:
        host.kill()
    answer = until(lambda: answered(base_url, 503), seconds=30, what="HAProxy to see it")
    for host, has_worker in zip(found.all, workers, strict=True):
        host.start(has_worker=has_worker)
    begun = time.monotonic()
    until(lambda: answered(base_url, 200), seconds=30, what="HAProxy to see them again")
    say(
        "both hosts dead",
        f"503, Retry-After {answer[1]['Retry-After']}; back {time.monotonic() - begun:.1f} s after they are",
        is_right=answer[1]["Retry-After"] == "10" and "<h1" in answer[2],
    )


def profile(found: Hosts) -> None:
    """Load another profile on one host: the other has it within seconds."""
    here, there = found.all
    place = here.var / "profile"
    shutil.copytree("deploy/cities/hanoi", place)
    city = place / "city.toml"
    city.write_text(re.sub(r'(?m)^(en = )"Hanoi"', r'\1"Hanoi of two hosts"', city.read_text(), count=1))
    home = Browser(there.base_url)
    home.get("/?language=en")
    here.cps("city", "load", str(place))
    begun = time.monotonic()
    until(lambda: "of two hosts" in home.get("/?language=en")[2], seconds=10, what="the new name")
    say("a profile loaded on one host is in force on the other after", f"{time.monotonic() - begun:.1f} s")


def bucket(found: Hosts, base_url: str) -> None:
    """Kill the bucket while citizens report, and let it come back: words go on, photos wait, none is lost."""
    with Storm(base_url, SEED + 100) as storm:
        storm.go_on(20)
        found.server.kill()
        before = sum(not photo for photo in storm.ledger.values())
        plain = Browser(base_url)
        boundary, body = encode_multipart(MultiDict(a_report_form()))
        status = plain.send("/complaints", body, f'multipart/form-data; boundary="{boundary}"')[0]
        said = json.loads(_doctor(found.all[0]))
        found.server.start()
        storm.go_on(20)
    _nothing_lost(found, storm)
    say(
        "the bucket killed -9 and back",
        f"{storm.filed} reports ({before} without a photo before), {dict(storm.answers)}, "
        f"without a photo meanwhile {status}, doctor {said}",
        is_right={*storm.answers} <= {"303", "503"} and status == 303 and said == "fault",
    )
    checked = until(lambda: _checked(found.all[1]), seconds=60, what="every photo to be whole")
    say("every photo that a row names", checked)


def _nothing_lost(found: Hosts, storm: Storm) -> None:
    with psycopg.connect(found.database_url) as connection:
        rows = connection.execute(
            "SELECT submission_key::text, count(*),"
            " count(*) FILTER (WHERE EXISTS (SELECT FROM photo WHERE complaint_id = c.id))"
            " FROM complaint c WHERE submission_key::text = ANY(%s) GROUP BY 1",
            (list(storm.ledger),),
        ).fetchall()
    stored = {key: (count, bool(photos)) for key, count, photos in rows}
    wrong = [key for key, photo in storm.ledger.items() if stored.get(key) != (1, photo)]
    say("acknowledged reports that are lost, doubled, or without their photo", len(wrong), is_right=not wrong)


def _longest(storm: Storm) -> float:
    return max(one.longest for one in storm.citizens)


def _doctor(host: Host) -> str:
    """Return the state of the part `photos`, as JSON."""
    ended = subprocess.run(
        [sys.executable, "-m", "cps", "doctor", "--json"],
        env={**os.environ, **host.environment},
        capture_output=True,
        text=True,
        check=False,
    )
    parts = json.loads(ended.stdout)["parts"]
    return json.dumps(next(part["state"] for part in parts if part["name"] == "photos"))


def _checked(host: Host) -> str | None:
    try:
        return host.cps("media", "check").strip().splitlines()[-1]
    except subprocess.CalledProcessError:
        return None


def _tell(admin: Path, words: str) -> str:
    with socket.socket(socket.AF_UNIX) as line:
        line.connect(str(admin))
        line.sendall(f"{words}\n".encode())
        told = b""
        while data := line.recv(65536):
            told += data
    return told.decode()


def _set(admin: Path, host: Host, state: str) -> None:
    for backend in ("hanoi", "hanoi-static"):
        _tell(admin, f"set server {backend}/{host.name} state {state}")


def _up(admin: Path) -> str:
    rows = [line.split(",") for line in _tell(admin, "show stat").splitlines() if line.startswith("hanoi,")]
    return "".join(f",{row[1]},{row[17]}" for row in rows)


if __name__ == "__main__":
    main()
