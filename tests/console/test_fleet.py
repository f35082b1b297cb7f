"""Many cities on many servers: asked through Ansible as they are, and upgraded one after another."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from cps.console import fleet
from cps.console.command import main
from cps.health.finding import State
from tests.living import free_port

_CITY = """#!/bin/sh
[ "$1" = @hanoi ] || { echo "There is no city ${1#@} on this machine; there are: hanoi" >&2; exit 1; }
shift
exec %s -m cps "$@"
"""


@pytest.fixture
def server(tmp_path, monkeypatch, settings, database_url):
    """This machine as a server of one city: its command `cps @hanoi`, as the installer writes it, in short."""
    command = tmp_path / "bin" / "cps"
    command.parent.mkdir()
    command.write_text(_CITY % sys.executable)
    command.chmod(0o755)
    monkeypatch.setenv("PATH", f"{command.parent}:{os.environ['PATH']}")
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2]))
    monkeypatch.setenv("CPS_DATABASE_URL", database_url)
    monkeypatch.setenv("CPS_VAR", str(settings.var))
    return {"ansible_connection": "local", "ansible_python_interpreter": sys.executable}


def an_inventory(tmp_path: Path, **hosts: dict[str, object]) -> Path:
    path = tmp_path / "hosts.json"
    path.write_text(json.dumps({"all": {"hosts": hosts}}))
    return path


def run(*arguments: str | Path):
    return CliRunner().invoke(main, ["fleet", *map(str, arguments)])


def test_every_city_is_asked_and_whoever_cannot_answer_is_named(city, server, tmp_path):
    inventory = an_inventory(
        tmp_path,
        near={**server, "cities": [{"code": "hanoi"}, {"code": "gone"}]},
        far={
            "ansible_host": "127.0.0.1",
            "ansible_port": free_port(),
            "ansible_user": "root",
            "cities": [{"code": "lalitpur"}],
        },
    )

    told = run("status", "--inventory", inventory)

    lines = told.output.splitlines()
    assert lines[0].split() == [
        *("city", "server", "release", "is", "queue", "backup", "certificate", "holidays", "disk", "free")
    ]
    assert [line.split()[:2] for line in lines[1:4]] == [
        ["lalitpur", "far"],
        ["hanoi", "near"],
        ["gone", "near"],
    ]
    assert "FAULT    hanoi on near, worker: No worker has been at work" in told.output
    assert (
        "FAULT    gone on near: Its doctor does not answer: There is no city gone on this machine"
        in told.output
    )
    assert re.search(
        r"FAULT    lalitpur on far: The server cannot be asked: .*Connection refused", told.output
    )
    assert "warning  hanoi on near, mail: No mail server is set" in told.output
    assert told.exit_code == 2


def test_a_city_that_cannot_be_asked_is_a_fault_and_a_warning_is_none():
    silent = fleet.Seen("one", "a", "", {}, "It does not answer.")
    warned = fleet.Seen("two", "a", "new", {"mail": {"state": "warning"}, "disk": {"state": "ok"}})

    assert (silent.state, silent.faults) == (State.FAULT, frozenset())
    assert (warned.state, warned.faults) == (State.WARNING, frozenset())


def test_programs_read_the_same(city, server, tmp_path):
    inventory = an_inventory(tmp_path, near={**server, "cities": [{"code": "hanoi"}]})

    (hanoi,) = json.loads(run("status", "--inventory", inventory, "--json").output)

    assert (hanoi["city"], hanoi["host"], hanoi["status"], hanoi["silence"]) == ("hanoi", "near", "fault", "")
    assert {"database", "worker", "queue"} <= {part["name"] for part in hanoi["parts"]}


@pytest.mark.parametrize(
    ("written", "sentence"),
    [
        (None, "There is no inventory"),
        ("{}", "names no cities"),
        ('{"all": {"hosts": {"cps1": {"cities": []}}}}', "names no cities"),
    ],
)
def test_an_inventory_that_names_nobody_is_refused(tmp_path, written, sentence):
    inventory = tmp_path / "hosts.json"
    if written is not None:
        inventory.write_text(written)

    told = run("status", "--inventory", inventory)

    assert told.exit_code == 1
    assert sentence in told.output


def test_cities_are_upgraded_in_turn_and_the_first_that_is_worse_stops_it(tmp_path, monkeypatch):
    inventory = an_inventory(
        tmp_path, a={"cities": [{"code": "one"}, {"code": "two"}]}, b={"cities": [{"code": "three"}]}
    )
    faults = {"one": [set(), set()], "two": [{"mail"}, {"mail", "database"}]}
    installed = []
    monkeypatch.setattr(fleet, "_INSTALL", _installer(tmp_path, installed, monkeypatch))
    monkeypatch.setattr(fleet, "_one", lambda _inventory, host, code: _seen(code, host, faults[code].pop(0)))

    told = run("upgrade", "--inventory", inventory)

    assert installed == [["--limit", "a", "--only", "one"], ["--limit", "a", "--only", "two"]]
    assert told.exit_code == 1
    assert "one on a runs new: ok." in told.output
    assert "two on a is worse than before: database." in told.output
    assert "Stopped; not touched: three on b." in told.output


def test_a_city_that_is_silent_after_its_upgrade_stops_it(tmp_path, monkeypatch):
    inventory = an_inventory(tmp_path, a={"cities": [{"code": "one"}, {"code": "two"}]})
    seen = [_seen("one", "a", set()), fleet.Seen("one", "a", "new", {}, "It does not answer.")]
    installed = []
    monkeypatch.setattr(fleet, "_INSTALL", _installer(tmp_path, installed, monkeypatch))
    monkeypatch.setattr(fleet, "_one", lambda _inventory, _host, _code: seen.pop(0))

    told = run("upgrade", "--inventory", inventory)

    assert told.exit_code == 1
    assert installed == [["--limit", "a", "--only", "one"]]
    assert "one on a is worse than before: It does not answer." in told.output
    assert "Stopped; not touched: two on a." in told.output


def test_a_city_that_cannot_be_upgraded_stops_it(tmp_path, monkeypatch):
    inventory = an_inventory(tmp_path, a={"cities": [{"code": "one"}, {"code": "two"}]})
    installed = []
    monkeypatch.setattr(fleet, "_INSTALL", _installer(tmp_path, installed, monkeypatch, returns=1))
    monkeypatch.setattr(fleet, "_one", lambda _inventory, host, code: _seen(code, host, set()))

    told = run("upgrade", "--inventory", inventory)

    assert told.exit_code == 1
    assert installed == [["--limit", "a", "--only", "one"]]
    assert "one on a could not be upgraded; see above." in told.output
    assert "Stopped; not touched: two on a." in told.output


def test_only_what_is_named_is_upgraded_and_a_name_that_is_none_is_said(tmp_path, monkeypatch):
    inventory = an_inventory(tmp_path, a={"cities": [{"code": "one"}, {"code": "two"}]})
    installed = []
    monkeypatch.setattr(fleet, "_INSTALL", _installer(tmp_path, installed, monkeypatch))
    monkeypatch.setattr(fleet, "_one", lambda _inventory, host, code: _seen(code, host, set()))

    assert run("upgrade", "--inventory", inventory, "--city", "two").exit_code == 0
    assert installed == [["--limit", "a", "--only", "two"]]
    told = run("upgrade", "--inventory", inventory, "--city", "six")
    assert (told.exit_code, told.output.strip()) == (1, f"{inventory} names no city six.")


def _seen(code: str, host: str, faults: set[str]) -> fleet.Seen:
    parts = {name: {"state": "fault", "told": "Bad.", "todo": "Mend it."} for name in faults}
    return fleet.Seen(code, host, "new", parts)


def _installer(tmp_path: Path, installed: list[list[str]], monkeypatch, *, returns: int = 0) -> Path:
    """Stand in for the installer, which needs a server to itself: `make bare` runs that one."""

    def note(command: tuple[str, ...], **_how: object) -> subprocess.CompletedProcess[str]:
        installed.append(list(command[3:]))
        return subprocess.CompletedProcess(command, returns)

    path = tmp_path / "install"
    path.touch()
    monkeypatch.setattr(fleet.subprocess, "run", _unless_ansible(note))
    return path


def _unless_ansible(note):
    real = subprocess.run
    return lambda command, **how: (
        real(command, **how) if "ansible" in str(command[0]) else note(command, **how)
    )
