"""A city on two hosts: two web sides and two workers, each with a folder of its own, on one database and one bucket."""

import http.cookiejar
import os
import re
import signal
import subprocess
import sys
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment

from cps.kernel.postgres import running as cluster
from tests.living import free_port, until
from tests.weed import Weed, weed

ROOT = Path(__file__).resolve().parents[2]
_ROLE = ROOT / "deploy" / "ansible" / "roles" / "balancer" / "templates"
_KEY = "the one key of all hosts"
_START_SECONDS = 90


@dataclass
class Host:
    """A host: its name, its folder, where its web side answers, and what runs there."""

    name: str
    var: Path
    port: int
    environment: dict[str, str]
    web: subprocess.Popen[bytes] | None = None
    worker: subprocess.Popen[bytes] | None = None

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *, has_worker: bool = False) -> None:
        """Run its web side, and wait until that is ready."""
        self.web = self._run("serve", "--port", str(self.port))
        if has_worker:
            self.worker = self._run("work")
        until(self._is_ready, seconds=_START_SECONDS, what=f"{self.name} to be ready")

    def kill(self) -> None:
        """Let it lose its power: web side, with all its processes, and worker."""
        for process in (self.web, self.worker):
            if process is not None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait(30)
        self.web = self.worker = None

    def stop(self) -> None:
        """End it as systemd does, and wait."""
        for process in (self.web, self.worker):
            if process is not None:
                process.terminate()
        for process in (self.web, self.worker):
            if process is not None:
                process.wait(60)
        self.web = self.worker = None

    @contextmanager
    def working(self) -> Iterator[None]:
        """Run a worker until the block ends."""
        worker = self._run("work")
        try:
            yield
        finally:
            worker.terminate()
            worker.wait(60)

    def cps(self, *words: str) -> str:
        """Run a command on this host; return what it says."""
        return subprocess.run(
            [sys.executable, "-m", "cps", *words],
            env={**os.environ, **self.environment},
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=True,
        ).stdout

    def _run(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.var / "log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "cps", *words],
                env={**os.environ, **self.environment},
                cwd=ROOT,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def _is_ready(self) -> bool:
        assert self.web is not None
        assert self.web.poll() is None, (self.var / "log").read_text()
        try:
            with urllib.request.urlopen(f"{self.base_url}/health/ready", timeout=5):
                return True
        except OSError:
            return False


@dataclass
class Hosts:
    """What runs: the hosts, their database, their bucket."""

    all: list[Host]
    database_url: str
    server: Weed


@contextmanager
def hosts(
    folder: Path, *, base_url: str, database_url: str | None = None, has_worker: bool = True, **more: str
) -> Iterator[Hosts]:
    """Run the city of Hanoi on two hosts, of which both answer and the second has a worker.

    On a database where it is loaded, or on one of its own.
    """
    with ExitStack() as stack:
        url = database_url or stack.enter_context(
            cluster(_made(folder / "database"), say=lambda _words: None)
        )
        server = stack.enter_context(weed(_made(folder / "bucket")))
        found = []
        for name in ("cps1", "cps2"):
            host = Host(name, _made(folder / name), free_port(), {})
            host.environment = {
                **server.environment,
                "CPS_VAR": str(host.var),
                "CPS_DATABASE_URL": url,
                "CPS_SECRET_KEY": _KEY,
                "CPS_BASE_URL": base_url,
                "CPS_DEMO": "yes",
                "CPS_UNDO_SECONDS": "0",
                "CPS_WEB_WORKERS": "1",
                **more,
            }
            found.append(host)
        if database_url is None:
            found[0].cps("city", "load", "deploy/cities/hanoi")
        for host in found:
            stack.callback(host.stop)
            host.start(has_worker=has_worker and host.name == "cps2")
        yield Hosts(found, url, server)


@contextmanager
def balancer(folder: Path, found: Hosts, *, port: int, domain: str = "127.0.0.1") -> Iterator[Path]:
    """Run HAProxy before the hosts, with the settings that `deploy/ansible` writes; yield its socket."""
    template = Environment(autoescape=False, trim_blocks=True, keep_trailing_newline=True).from_string
    pages, socket = _made(folder / "away"), folder / "admin.sock"
    page = found.all[0].cps("assets", "away")
    away = template((_ROLE / "away.http").read_text()).render(page=page)
    (pages / "hanoi.http").write_text(away.replace("\n", "\r\n"), newline="")
    settings = template((_ROLE / "haproxy.cfg").read_text()).render(
        balancer_log="127.0.0.1:1",
        balancer_socket=str(socket),
        balancer_user="",
        balancer_binds=[f"127.0.0.1:{port}"],
        balancer_is_secure=False,
        balancer_pages=str(pages),
        cities=[
            {
                "code": "hanoi",
                "domain": domain,
                "to_hosts": "",
                "hosts": {host.name: f"127.0.0.1:{host.port}" for host in found.all},
            }
        ],
    )
    (folder / "haproxy.cfg").write_text(settings)
    with (folder / "haproxy.log").open("ab") as log:
        process = subprocess.Popen(
            ["haproxy", "-db", "-f", str(folder / "haproxy.cfg")], stdout=log, stderr=subprocess.STDOUT
        )
    try:
        until(
            lambda: process.poll() is not None or answered(f"http://127.0.0.1:{port}", 200),
            seconds=30,
            what="HAProxy",
        )
        assert process.poll() is None, (folder / "haproxy.log").read_text()
        yield socket
    finally:
        process.terminate()
        process.wait(30)


def answered(base_url: str, status: int) -> tuple[int, Any, str] | None:
    """Return what the city answers, if that is the answer."""
    try:
        answer = Browser(base_url).get("/")
    except OSError:
        return None
    return answer if answer[0] == status else None


class Browser:
    """A browser without scripts that keeps its cookies, whichever host it is led to."""

    def __init__(self, base_url: str) -> None:
        self.base_url = base_url
        self.cookies = http.cookiejar.CookieJar()
        self.headers: dict[str, str] = {}

    def at(self, base_url: str) -> "Browser":
        """Return the same browser, led to another host: all of them have one name."""
        other = Browser(base_url)
        other.cookies = self.cookies
        return other

    def get(self, path: str) -> tuple[int, Any, str]:
        """Return status, headers and text; redirects are not followed."""
        return self._asked(urllib.request.Request(self.base_url + path))

    def post(self, path: str, **fields: str) -> tuple[int, Any, str]:
        """Send a form."""
        data = urllib.parse.urlencode(fields).encode()
        return self.send(path, data, "application/x-www-form-urlencoded")

    def send(self, path: str, data: bytes, content_type: str) -> tuple[int, Any, str]:
        """Send a form that is written already."""
        headers = {"Content-Type": content_type, "Sec-Fetch-Site": "same-origin", **self.headers}
        return self._asked(urllib.request.Request(self.base_url + path, data, headers))

    def sign_in(self, email: str, password: str) -> tuple[int, Any, str]:
        """Sign in by the page of the desk."""
        page = self.get("/desk/sign-in")[2]
        return self.post("/desk/session", csrf_token=token_of(page), email=email, password=password)

    def _asked(self, request: urllib.request.Request) -> tuple[int, Any, str]:
        opener = urllib.request.build_opener(_Stay, urllib.request.HTTPCookieProcessor(self.cookies))
        try:
            with opener.open(request, timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode(errors="replace")
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.headers, refusal.read().decode(errors="replace")


class _Stay(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_arguments: Any) -> None:
        return None


def token_of(page: str) -> str:
    """Return the token of the forms of a page; nothing where they have none."""
    found = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', page)
    return found[1] if found else ""


def _made(folder: Path) -> Path:
    folder.mkdir()
    folder.chmod(0o755)
    return folder
