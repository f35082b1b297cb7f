"""`make bare`: a city is really brought up on a bare Debian, used, killed, cut off the power, and joined by another.

Each step says what it saw, and the run ends at the first that is not so. The root is left in `build/roots` if
KEEP=yes; the bare one it is made from always is, for the next run.
"""

import os
import re
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests.install import visitor
from tests.install.root import Machine, bare, proxy
from tests.living import until

_HERE = Path(__file__).resolve().parents[2]
_ROOTS = _HERE / "build" / "roots"
_HANOI, _LALITPUR = "report.hanoi.example", "report.lalitpur.example"
_INSTALL = ("deploy/bin/install", "--self-signed", "--city")
_FILERS, _RESTARTS = 4, 5
# What a shell, systemd and Ansible each read in a way of their own.
_NASTY = "© \"OSM\" 'x' $HOME `id` \\ # %n"


def main() -> None:
    """Go through all of it."""
    if os.geteuid() != 0 or not all(map(shutil.which, ("debootstrap", "tinyproxy", "nsenter"))):
        sys.exit("This needs root, and: apt-get install debootstrap tinyproxy")
    machine = Machine(bare(_fresh(_ROOTS / "one"), kept=_ROOTS / "bare"))
    subprocess.run(
        f"git -C {_HERE} archive --prefix=root/cps/ HEAD | tar -x -C {machine.folder}", shell=True, check=True
    )
    machine.boot()
    try:
        with proxy():
            _goes_through(machine)
    finally:
        machine.cut_the_power()
        if os.environ.get("KEEP") != "yes":
            shutil.rmtree(machine.folder)


def _goes_through(machine: Machine) -> None:
    _comes_up(machine)
    with _step("A citizen files through nginx, and follows the report"):
        link = _filed()
        assert _is_followed(link)
    _is_safe(machine)
    _stays_up(machine, link)
    with _step("A second city comes, and sees nothing of the first"):
        _install(machine, "lalitpur", _LALITPUR)
        assert visitor.ask(_LALITPUR, "/").status == 200
        _sees_nothing(machine, "lalitpur", "hanoi")
        _sees_nothing(machine, "hanoi", "lalitpur")
    with _step("After the power was cut, both are there without a hand"):
        machine.cut_the_power()
        machine.boot()
        until(lambda: _answers(_HANOI) and _answers(_LALITPUR), seconds=60, what="both cities to answer")
        assert _is_followed(link)
    with _step("What the doctor says"):
        print(machine.run("cps", "@hanoi", "doctor", check=False).stdout)
        print(machine.run("systemctl", "--failed", "--no-legend", check=False).stdout)
        print(_memory(machine))


def _comes_up(machine: Machine) -> None:
    with _step("A bare root becomes a city"):
        (machine.folder / "root/settings").write_text(f"CPS_TILE_ATTRIBUTION={_NASTY}\n")
        changed = _install(machine, "hanoi", _HANOI)
        assert changed > 30, changed
        assert f"CPS_TILE_ATTRIBUTION={_NASTY}" in machine.environment("bin/cps serve")
    with _step("A second run changes nothing"):
        assert _install(machine, "hanoi", _HANOI) == 0
    with _step("--check says what it would mend, and mends nothing"):
        machine.run("sed", "-i", "s/400/401/", "/etc/nginx/conf.d/cps-hanoi.conf")
        assert _install(machine, "hanoi", _HANOI, "--check") > 0
        assert "limit_conn cps_address 401;" in machine.run("cat", "/etc/nginx/conf.d/cps-hanoi.conf").stdout
        assert _install(machine, "hanoi", _HANOI) > 0


def _is_safe(machine: Machine) -> None:
    with _step("The backup is made, and proved row for row"):
        machine.run("cps", "@hanoi", "backup", "run")
        told = machine.run("cps", "@hanoi", "restore-drill").stdout
        print("   " + told.strip().replace("\n", "\n   "))
        assert "every row of every table with the living city's" in told
        assert "The backup is proved." in told
        assert "backup" in machine.run("systemctl", "list-timers", "--all", "--no-legend").stdout
    with _step("Nothing else can be reached, and no other name is answered"):
        assert [port for port in (22, 25, 80, 443, 5432, 8000) if visitor.may_connect(port)] == [80, 443]
        _refuses_the_handshake("other.example")


def _stays_up(machine: Machine, link: str) -> None:
    with _step("Killed, it comes back by itself"):
        _kills(machine)
        assert _is_followed(link)
    with (
        _step(f"{_RESTARTS} restarts while {_FILERS} citizens file: nobody is turned away"),
        _filing() as filed,
    ):
        for _ in range(_RESTARTS):
            machine.run("systemctl", "restart", "cps@hanoi")
            before = len(filed)
            until(lambda before=before: len(filed) > before + 20, seconds=60, what="filing to go on")
    with _step(f"An upgrade while {_FILERS} citizens file: nobody is turned away"), _filing():
        release = machine.run("readlink", "/etc/cps/hanoi/release").stdout
        machine.run("sh", "-c", "echo '# Another release.' >> /root/cps/cps/__init__.py")
        _install(machine, "hanoi", _HANOI)
        assert machine.run("readlink", "/etc/cps/hanoi/release").stdout != release
    with _step("While it is down, people are told so and phones wait"):
        _is_away(machine)


@contextmanager
def _step(sentence: str) -> Iterator[None]:
    begun = time.monotonic()
    print(f"{sentence} …", flush=True)
    yield
    print(f"   {time.monotonic() - begun:.1f} s", flush=True)


def _fresh(folder: Path) -> Path:
    shutil.rmtree(folder, ignore_errors=True)
    folder.parent.mkdir(parents=True, exist_ok=True)
    return folder


def _install(machine: Machine, city: str, domain: str, *more: str) -> int:
    """Install, and return how much was changed."""
    settings = ("--settings", "/root/settings") if city == "hanoi" else ()
    command = " ".join((*_INSTALL, f"deploy/cities/{city}", "--domain", domain, *settings, *more))
    told = machine.run("bash", "-c", f"cd /root/cps && {command}").stdout
    found = re.search(r"changed=(\d+) +unreachable=0 +failed=0", told)
    assert found, told[-3000:]
    return int(found[1])


def _filed() -> str:
    """File a report, and return its private link."""
    answer = visitor.file(_HANOI)
    assert answer.status == 303, answer.text[-500:]
    return answer.headers["Location"]


def _is_followed(link: str) -> bool:
    """Whether the private link leads to the report, as a browser goes."""
    opened = visitor.ask(_HANOI, link)
    page = visitor.ask(
        _HANOI, opened.headers["Location"], Cookie=opened.headers["Set-Cookie"].partition(";")[0]
    )
    return page.status == 200 and "Đèn đường không sáng" in page.text


def _refuses_the_handshake(domain: str) -> None:
    try:
        visitor.ask(domain, "/")
    except OSError:
        return
    raise AssertionError(f"{domain} was answered")


def _answers(domain: str) -> bool:
    try:
        return visitor.ask(domain, "/health/ready").status == 200
    except OSError:
        return False


def _kills(machine: Machine) -> None:
    for what, pattern in (
        ("the web side", "bin/cps serve"),
        ("the worker", "bin/cps work"),
        ("its connections to the database", "postgres: .*cps-hanoi"),
        ("all of PostgreSQL", "postgres"),
    ):
        begun = time.monotonic()
        killed = machine.kill(pattern)
        assert killed, what
        until(lambda: _answers(_HANOI), seconds=60, what=f"an answer after {what} was killed")
        print(f"   {what}: {killed} killed, answers after {time.monotonic() - begun:.1f} s")
    until(lambda: "cps work" in str(machine.processes()), seconds=30, what="the worker")


@contextmanager
def _filing() -> Iterator[list[int | str]]:
    """Let citizens file one report after the other for as long as the block lasts; each is taken, or the run ends."""
    stop = threading.Event()
    answers: list[int | str] = []

    def files() -> None:
        while not stop.is_set():
            try:
                answers.append(visitor.file(_HANOI).status)
            except OSError as error:
                answers.append(type(error).__name__)

    filers = [threading.Thread(target=files) for _ in range(_FILERS)]
    for filer in filers:
        filer.start()
    try:
        yield answers
    finally:
        stop.set()
        for filer in filers:
            filer.join()
    assert set(answers) == {303}, answers
    print(f"   {len(answers)} filed, and not one refused")


def _is_away(machine: Machine) -> None:
    machine.run("systemctl", "stop", "cps@hanoi.socket", "cps@hanoi.service")
    for answer in (visitor.ask(_HANOI, "/"), visitor.file(_HANOI)):
        assert (answer.status, answer.headers["Retry-After"]) == (503, "10")
        assert "Vui lòng thử lại" in answer.text
        assert 'href="/static' not in answer.text
    machine.run("systemctl", "start", "cps@hanoi.socket", "cps@hanoi.service")
    until(lambda: _answers(_HANOI), seconds=60, what="an answer")


def _sees_nothing(machine: Machine, city: str, other: str) -> None:
    """What the processes of one city may not: read the other's files, enter its database, ask it by its socket."""
    for command in (
        f"cat /etc/cps/{other}/settings.env",
        f"ls /var/lib/cps/{other}",
        f"ls /etc/cps/{other}/profile",
        f"cat /etc/cps/{other}/tls/own.key",
        f"psql -h /var/run/postgresql -d cps-{other} -c 'SELECT 1'",
        f"psql -h /var/run/postgresql -U cps-{other} -d cps-{other} -c 'SELECT 1'",
        "psql -h /var/run/postgresql -d postgres -c 'CREATE TABLE taken (id int)'",
        f"curl --silent --fail --unix-socket /run/cps/{other}.sock http://x/health/live",
    ):
        ended = machine.run("runuser", "-u", f"cps-{city}", "--", "sh", "-c", command, check=False)
        assert ended.returncode != 0, f"{city}: {command}\n{ended.stdout}"
        assert "not found" not in ended.stdout, ended.stdout
    own = f"psql -h /var/run/postgresql -d cps-{city} -Atc 'SELECT 1'"
    assert machine.run("runuser", "-u", f"cps-{city}", "--", "sh", "-c", own).stdout.strip() == "1"


def _memory(machine: Machine) -> str:
    sums = {"cps": 0, "postgres": 0, "nginx": 0}
    for pid, command in machine.processes().items():
        part = next((part for part in sums if part in command), None)
        rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
        if part and (share := re.search(r"^Pss: +(\d+) kB", rollup, re.MULTILINE)):
            sums[part] += int(share[1])
    return (
        ", ".join(f"{part} {size // 1024} MiB" for part, size in sums.items()) + " of memory (proportional)"
    )


if __name__ == "__main__":
    main()
