"""Prints the Debian packages that the roles install, one a line, as they stand in their tasks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

_ROLES = Path(__file__).parent / "roles"


def main() -> None:
    """Print them, sorted."""
    found = {
        package
        for path in _ROLES.glob("*/tasks/*.yml")
        for package in _packages(yaml.safe_load(path.read_text(encoding="utf-8")))
    }
    print("\n".join(sorted(found)))


def _packages(tasks: list[dict[str, Any]]) -> Iterator[str]:
    for task in tasks:
        yield from _packages(task.get("block", []))
        named = task.get("ansible.builtin.apt", {}).get("name", [])
        yield from [named] if isinstance(named, str) else named


if __name__ == "__main__":
    main()
