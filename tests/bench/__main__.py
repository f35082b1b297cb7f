"""`make bench`: a city of 1,000 and one of 100,000 reports, pressed; each figure beside its floor."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from uuid import uuid4

import psycopg
from sqlalchemy import select

from cps.app import create_app
from cps.city.load import load
from cps.city.models import Department
from cps.complaints import tracking
from cps.complaints.models import Complaint
from cps.console import migrating
from cps.console.checking import checked
from cps.console.demonstration import accounts, generate
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.kernel.postgres import running
from cps.settings import from_environment
from tests.bench import floor, routing
from tests.bench.load import Figures, Request, press, repeat
from tests.living import a_folder

SIZES = tuple(int(size) for size in os.environ.get("BENCH_SIZES", "1000 100000").split())
WRITES, READS = 3000, 2000
# Open reports whose next step is not planned, steps that are due, and jobs that are waiting or on their way.
_UNSETTLED = """
    SELECT (SELECT count(*) FROM complaint c WHERE c.closed_at IS NULL AND NOT EXISTS
            (SELECT 1 FROM agenda a WHERE a.complaint_id = c.id AND a.version = c.version))
         + (SELECT count(*) FROM agenda WHERE next_at <= now())
         + (SELECT count(*) FROM procrastinate_jobs
            WHERE status IN ('todo', 'doing') AND (scheduled_at IS NULL OR scheduled_at <= now()))
"""


def main() -> None:
    """Measure every size and print the comparison."""
    routing.measure()
    results = {size: _measured(size) for size in SIZES}
    if len(results) > 1:
        _compare(results[SIZES[0]], results[SIZES[-1]])


def _measured(size: int) -> dict[str, Figures]:
    with (
        a_folder("cps-bench-") as folder,
        _city(folder, size) as city,
    ):
        print(f"\n── {size:,} reports stored " + "─" * 40, flush=True)
        results = {
            "tracking page, 1 client": _reading(city, city.tracking, clients=1),
            "tracking page, 8 clients": _reading(city, city.tracking, clients=8),
            "desk queue, 1 client": _reading(city, "/desk", clients=1),
            "desk queue, 8 clients": _reading(city, "/desk", clients=8),
            "complaint page, 1 client": _reading(city, city.complaint, clients=1),
            "complaint page, 8 clients": _reading(city, city.complaint, clients=8),
            "filing, 1 client": _filing(city, clients=1),
            "filing, 8 clients": _filing(city, clients=8),
        }
        floors = _floors(city)
        for name, figures in results.items():
            base = floors[name.split(",")[0]]
            ratio = figures.p50 / base.p50
            print(
                f"{name:<26} p50 {figures.p50:7.2f} ms  p95 {figures.p95:7.2f} ms  {figures.per_second:7.0f}/s"
                f"   floor p50 {base.p50:6.2f} ms  ratio {ratio:5.1f}"
            )
        empty = floors["empty Flask route"]
        print(
            f"{'empty Flask route, 8':<26} p50 {empty.p50:7.2f} ms  p95 {empty.p95:7.2f} ms  {empty.per_second:7.0f}/s"
        )
        _print_memory(city)
        return results


class City:
    """A running city and where to press it."""

    def __init__(self, base_url: str, url: str, pids: dict[str, int]) -> None:
        self.base_url, self.url, self.pids = base_url, url, pids
        self.cookies: dict[str, str] = {}
        self.tracking = self.complaint = ""
        self.department = 0
        self.hash = b""
        self.reference = ""


def _filing(city: City, *, clients: int) -> Figures:
    def make() -> Request:
        body = urlencode(
            {
                "key": str(uuid4()),
                "category": "street-light",
                "latitude": "21.0287",
                "longitude": "105.8523",
                "landmark": "cạnh tháp bút",
                "words": "Đèn đường không sáng ba đêm nay.",
                "contact": "bench@citizen.example",
            }
        )
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
        return "POST", "/complaints", body, headers

    press(city.base_url, make, clients=clients, requests=200, expect=303)
    return press(city.base_url, make, clients=clients, requests=WRITES, expect=303)


def _reading(city: City, path: str, *, clients: int) -> Figures:
    def make() -> Request:
        return "GET", path, None, {"Cookie": city.cookies.get(path.split("/")[1], "")}

    press(city.base_url, make, clients=clients, requests=100, expect=200)
    return press(city.base_url, make, clients=clients, requests=READS, expect=200)


def _floors(city: City) -> dict[str, Figures]:
    with psycopg.connect(city.url) as connection:
        filing = repeat(lambda: floor.file(connection), times=500)
        connection.autocommit = True
        return {
            "filing": filing,
            "tracking page": repeat(
                lambda: connection.execute(floor.TRACKING, (city.hash,)).fetchall(), times=500
            ),
            "desk queue": repeat(
                lambda: connection.execute(floor.QUEUE, (city.department,)).fetchall(), times=500
            ),
            "complaint page": repeat(
                lambda: connection.execute(floor.ONE, (city.reference,)).fetchall(), times=500
            ),
            "empty Flask route": _empty_route(),
        }


def _empty_route() -> Figures:
    port = _free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.bench.floor"], env={**os.environ, "FLOOR_PORT": str(port)}
    )
    try:
        base_url = f"http://127.0.0.1:{port}"
        _wait_for(base_url)
        return press(base_url, lambda: ("GET", "/", None, {}), clients=8, requests=READS, expect=200)
    finally:
        process.terminate()
        process.wait()


@contextmanager
def _city(folder: Path, size: int) -> Iterator[City]:
    port = _free_port()
    base_url = f"http://127.0.0.1:{port}"
    settings = from_environment({"CPS_VAR": str(folder), "CPS_DEMO": "yes", "CPS_BASE_URL": base_url})
    with running(folder, say=print) as url:
        environment = {
            **os.environ,
            "CPS_VAR": str(folder),
            "CPS_DEMO": "yes",
            "CPS_BASE_URL": base_url,
            "CPS_DATABASE_URL": url,
        }
        city = City(base_url, url, {})
        app = create_app(settings, database_url=url)
        with app.app_context():
            migrating.to_head()
            load(checked(CITIES / "hanoi"))
            begun = time.perf_counter()
            generate(size, seed=1, now=clock.now())
            db.session.commit()
            print(f"{size:,} reports made in {time.perf_counter() - begun:.1f} s", flush=True)
            people = accounts.make_accounts({})
            db.session.commit()
            officer = next(account for account in people if account.role == "officer")
            _note_places(city, officer.department)
            db.session.remove()
            db.engine.dispose()
        children = {
            "web": _child(environment, "serve", "--port", str(port)),
            "worker": _child(environment, "work"),
        }
        city.pids = {name: child.pid for name, child in children.items()}
        try:
            _wait_for(base_url + "/robots.txt")
            city.cookies["desk"] = _signed_in(base_url, officer.email, officer.password)
            _wait_until_settled(url)
            yield city
        finally:
            for child in children.values():
                child.send_signal(signal.SIGTERM)
            for child in children.values():
                child.wait(30)


def _note_places(city: City, department: str) -> None:
    city.department = db.session.scalars(select(Department.id).where(Department.code == department)).one()
    complaint = db.session.scalars(
        select(Complaint)
        .where(Complaint.department_id == city.department, Complaint.is_public)
        .order_by(Complaint.id.desc())
        .limit(1)
    ).one()
    city.reference, city.hash = complaint.reference, complaint.tracking_hash
    city.tracking = f"/my/{complaint.reference}"
    city.complaint = f"/desk/complaints/{complaint.reference}"
    city.cookies["my"] = f"track={tracking.secret_for(complaint.submission_key)}"


def _signed_in(base_url: str, email: str, password: str) -> str:
    jar = CookieJar()
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
    page = opener.open(f"{base_url}/desk/sign-in").read().decode()
    token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    assert token is not None
    body = urlencode({"csrf_token": token[1], "email": email, "password": password}).encode()
    opener.open(urllib.request.Request(f"{base_url}/desk/session", body, {"Sec-Fetch-Site": "same-origin"}))
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def _child(environment: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "cps", *arguments], env=environment)


def _wait_for(address: str) -> None:
    for _turn in range(300):
        try:
            urllib.request.urlopen(address, timeout=1).read()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise SystemExit(f"{address} did not answer")


def _wait_until_settled(url: str) -> None:
    """Let the worker catch up with the made-up past: what time brings to a new city is not its daily work."""
    with psycopg.connect(url, autocommit=True) as connection:
        for _turn in range(600):
            left = connection.execute(_UNSETTLED).fetchone()
            if left == (0,):
                return
            time.sleep(1)
    raise SystemExit("the worker did not come to rest within ten minutes")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _print_memory(city: City) -> None:
    rows = {name: _family(pid) for name, pid in city.pids.items()}
    with psycopg.connect(city.url) as connection:
        backend = connection.info.backend_pid
        rows["database"] = _family(_parent(backend))
    for name, processes in rows.items():
        largest = max(resident for _pid, resident, _share in processes)
        print(
            f"memory {name:<10} {len(processes):2} processes, largest {largest:4.0f} MB resident,"
            f" together {sum(share for *_rest, share in processes):4.0f} MB (proportional)"
        )
    total = sum(share for processes in rows.values() for *_rest, share in processes)
    print(f"memory in all {total:.0f} MB")


def _family(pid: int) -> list[tuple[int, float, float]]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    own = [(pid, _kilobytes(pid, "Rss") / 1024, _kilobytes(pid, "Pss") / 1024)]
    return own + [member for child in children for member in _family(int(child))]


def _kilobytes(pid: int, name: str) -> int:
    found = re.search(rf"^{name}:\s+(\d+)", Path(f"/proc/{pid}/smaps_rollup").read_text(), re.MULTILINE)
    return int(found[1]) if found else 0


def _parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[1])


def _compare(small: dict[str, Figures], large: dict[str, Figures]) -> None:
    print(f"\n── cost at {SIZES[-1]:,} over cost at {SIZES[0]:,} (p50) " + "─" * 20)
    for name, figures in large.items():
        print(f"{name:<26} × {figures.p50 / small[name].p50:.2f}")


main()
