"""The SQL of every migration as it is really executed, and what squawk says of it."""

import json
import re
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, event

SQUAWK = Path(sys.executable).with_name("squawk")
# In a transaction "IF NOT EXISTS" hides what should be told: that something else of this name is there.
LEFT_OUT = ("prefer-robust-stmts",)
# Ours: what stands before an index that is built concurrently is kept, even if the index fails.
MIXED = "concurrently-with-other-statements"
_APPLIED = re.compile(r"(?:INSERT INTO|UPDATE) alembic_version .*?'(\d{4})'")
_OF_ALEMBIC = re.compile(r"alembic_version|^\s*SELECT\b", re.IGNORECASE)


@contextmanager
def overheard(engine: Engine) -> Iterator[dict[str, str]]:
    """Yield the SQL of each migration that is made meanwhile, by its number, as one file each."""
    scripts: dict[str, str] = {}
    session: list[str] = []
    heard: list[tuple[bool, str]] = []

    def listen(connection: Connection, _cursor: Any, statement: str, *_more: Any) -> None:
        applied = _APPLIED.match(statement)
        if applied:
            scripts[applied[1]] = _as_a_file(session, heard)
            heard.clear()
        elif statement.startswith("SET ") and not heard and len(session) < 2:
            session.append(statement)
        elif not _OF_ALEMBIC.search(statement):
            alone = connection.get_execution_options().get("isolation_level") == "AUTOCOMMIT"
            heard.append((alone, statement))

    event.listen(engine, "before_cursor_execute", listen)
    try:
        yield scripts
    finally:
        event.remove(engine, "before_cursor_execute", listen)


def _as_a_file(session: list[str], heard: list[tuple[bool, str]]) -> str:
    lines, is_alone = [*session, "BEGIN"], False
    for alone, statement in heard:
        if alone != is_alone:
            lines.append("COMMIT" if alone else "BEGIN")
            is_alone = alone
        lines.append(statement.strip().rstrip(";"))
    return "".join(f"{line};\n" for line in [*lines, *([] if is_alone else ["COMMIT"])])


def findings(scripts: dict[str, str], folder: Path) -> dict[str, set[str]]:
    """Return the rules that each migration breaks; the SQL is left in the folder for people to read."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, script in scripts.items():
        (folder / f"{number}.sql").write_text(script)
    command = [SQUAWK, "--reporter=json", "--pg-version=15", f"--exclude={','.join(LEFT_OUT)}"]
    files = sorted(folder.glob("*.sql"))
    ran = subprocess.run([*command, *files], capture_output=True, text=True, check=False)
    assert ran.returncode in (0, 1), ran.stderr
    broken: dict[str, set[str]] = defaultdict(set)
    for finding in json.loads(ran.stdout or "[]"):
        broken[Path(finding["file"]).stem].add(finding["rule_name"])
    for number, script in scripts.items():
        if "CONCURRENTLY" in script and "BEGIN;\nCOMMIT;" not in script:
            broken[number].add(MIXED)
    return dict(broken)
