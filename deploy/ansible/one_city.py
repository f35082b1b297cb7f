"""Prints the inventory of one machine with one city, as `deploy/bin/install` was asked for it.

Arguments are `name=value`; an empty value counts as not given. Paths are made absolute, for roles look for files
beside themselves.
"""

import json
import sys
from pathlib import Path

_FILES = ("profile", "certificate", "key", "basemap")


def main(arguments: list[str]) -> None:
    """Print the inventory, as JSON."""
    given = {name: value for name, _, value in (argument.partition("=") for argument in arguments) if value}
    host = given.pop("host", "")
    settings = given.pop("settings", "")
    city: dict[str, object] = {
        name: str(Path(value).absolute()) if name in _FILES else value for name, value in given.items()
    }
    if settings:
        city["settings"] = settings_of(Path(settings))
    machine: dict[str, object] = {"cities": [city]}
    user, _, name = host.rpartition("@")
    if not host:
        machine |= {"ansible_connection": "local", "ansible_python_interpreter": "/usr/bin/python3"}
    elif user != "root":
        machine["ansible_become"] = True
    if user:
        machine["ansible_user"] = user
    json.dump({"all": {"hosts": {name or "localhost": machine}}}, sys.stdout, indent=2)


def settings_of(path: Path) -> dict[str, str]:
    """Read a file of settings, a line each; leaves with a sentence where a line is none."""
    settings = {}
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        name, equals, value = line.partition("=")
        if not equals or not name.strip().startswith("CPS_"):
            sys.exit(f"{path}, line {number}: a setting is written as CPS_NAME=value.")
        settings[name.strip()] = value.strip().strip("\"'")
    return settings


if __name__ == "__main__":
    main(sys.argv[1:])
