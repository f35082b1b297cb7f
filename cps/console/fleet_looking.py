"""How the cities of an inventory are: their doctors are asked by Ansible, with the ways in that the inventory names."""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from cps.health.finding import State, worst_of
from cps.kernel.errors import Unusable
from cps.kernel.files import ANSIBLE

# As Ansible prints it: the reason may be folded into several lines, each further in than the next key.
_UNREACHABLE: Final = re.compile(
    r"^fatal: \[(?P<host>[^\]]+)\]: UNREACHABLE!.*?^    msg: (?P<reason>.*?)(?=^ {0,4}\S|\Z)",
    re.MULTILINE | re.DOTALL,
)
_AFTER_INSTALL: Final = Path(".venv-install/bin")


@dataclass(frozen=True, slots=True)
class Seen:
    """How one city is: what its doctor found, or why it could not be asked."""

    city: str
    host: str
    release: str
    parts: Mapping[str, Mapping[str, Any]]
    silence: str = ""

    @property
    def state(self) -> State:
        """As its worst part; a city that cannot be asked is a fault."""
        if self.silence:
            return State.FAULT
        return worst_of(State(part["state"]) for part in self.parts.values())

    @property
    def faults(self) -> frozenset[str]:
        """The parts that are a fault."""
        return frozenset(name for name, part in self.parts.items() if part["state"] == State.FAULT)

    def figure(self, part: str, name: str) -> Any:
        """Return a figure of a part; None where there is none."""
        return self.parts.get(part, {}).get("figures", {}).get(name)

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "city": self.city,
            "host": self.host,
            "release": self.release,
            "status": self.state.value,
            "silence": self.silence,
            "parts": list(self.parts.values()),
        }


def cities_of(inventory: Path) -> dict[str, list[str]]:
    """Return the codes of the cities of each host, hosts by name; Unusable if it cannot be read."""
    if not inventory.exists():
        raise Unusable(f"There is no inventory {inventory}.")
    told = _ran("ansible-inventory", "--inventory", str(inventory), "--list")
    try:
        variables = json.loads(told.stdout)["_meta"]["hostvars"]
    except (ValueError, KeyError):
        raise Unusable(f"{inventory} cannot be read as an inventory: {_last(told.stderr)}") from None
    found = {
        host: [str(city["code"]) for city in named.get("cities", [])] for host, named in variables.items()
    }
    if not any(found.values()):
        raise Unusable(f"{inventory} names no cities: docs/install.md shows how it is written.")
    return found


def look(inventory: Path, *, host: str = "all") -> list[Seen]:
    """Ask the doctors of all cities, or of those of one host, all hosts at once."""
    expected = {name: codes for name, codes in cities_of(inventory).items() if host in ("all", name)}
    with tempfile.TemporaryDirectory() as folder:
        told = _ran(
            *("ansible-playbook", "--inventory", str(inventory), "--limit", host),
            *("--extra-vars", json.dumps({"into": folder}), str(ANSIBLE / "look.yml")),
        )
        reasons = {found["host"]: found["reason"] for found in _UNREACHABLE.finditer(told.stdout)}
        return [
            seen
            for name, codes in expected.items()
            for seen in _of_host(
                name, codes, Path(folder) / f"{name}.json", reasons.get(name) or _last(told.stderr)
            )
        ]


def _of_host(host: str, codes: list[str], written: Path, reason: str) -> Iterator[Seen]:
    if not written.exists():
        told = " ".join(reason.split()).strip("'\"").removeprefix("Task failed: ")
        yield from (Seen(code, host, "", {}, f"The server cannot be asked: {told}") for code in codes)
        return
    for code, (said, complaint, link) in json.loads(written.read_text(encoding="utf-8")).items():
        try:
            parts = {part["name"]: part for part in json.loads(said)["parts"]}
        except (ValueError, KeyError):
            yield Seen(
                code, host, Path(link).name, {}, f"Its doctor does not answer: {_last(complaint or said)}"
            )
        else:
            yield Seen(code, host, Path(link).name, parts)


def _ran(program: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "ANSIBLE_CONFIG": str(ANSIBLE / "ansible.cfg"), "ANSIBLE_NOCOLOR": "1"}
    return subprocess.run(
        (_found(program), *arguments), check=False, capture_output=True, text=True, env=environment
    )


def _found(program: str) -> str:
    for folder in (Path(sys.executable).parent, _AFTER_INSTALL.absolute()):
        if (folder / program).exists():
            return str(folder / program)
    if elsewhere := shutil.which(program):
        return elsewhere
    raise Unusable(
        "Ansible is needed to ask other servers: `deploy/bin/install` brings it, or `pip install ansible-core`."
    )


def _last(words: str) -> str:
    lines = [line.strip() for line in words.splitlines() if line.strip()]
    return lines[-1] if lines else "it says nothing."
