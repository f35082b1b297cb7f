"""Migrations that are not written yet, as their authors would write them."""

import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path

from cps.kernel import schema

ROOT = Path(__file__).resolve().parents[2]
NOW = schema.needed()
"""The last migration that is written."""
BEFORE, NEXT, LATER = (f"{int(NOW) + steps:04}" for steps in (-1, 1, 2))
_A_RELEASE = """
import sys
from pathlib import Path
from cps.kernel import files
files.MIGRATIONS = Path(sys.argv.pop(1))
from cps.console.command import main
main()
"""

_MIGRATION = '''"""A migration of tomorrow."""

import sqlalchemy as sa
from alembic import op

from cps.console import concurrently

revision = "{this}"
down_revision = "{last}"
branch_labels = None
depends_on = None
{works_with}

def upgrade():
    {up}


def downgrade():
    {down}
'''


def written(folder: Path, steps: Iterable[tuple[str, str, str | None]]) -> None:
    """Write migrations after the last one in the folder: an upgrade, a downgrade, and the oldest code that it works with."""
    for up, down, works_with in steps:
        last = max(file.name for file in (folder / "versions").glob("[0-9]*.py"))[:4]
        this = f"{int(last) + 1:04}"
        note = f'works_with = "{works_with}"\n' if works_with else ""
        text = _MIGRATION.format(this=this, last=last, works_with=note, up=up, down=down)
        (folder / "versions" / f"{this}_tomorrow.py").write_text(text)


def started(migrations: Path, database_url: str, *words: str, **settings: str) -> subprocess.Popen[str]:
    """Run `cps` as of a release with these migrations, on the database of these tests."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CPS_", "PG"))}
    return subprocess.Popen(
        [sys.executable, "-c", _A_RELEASE, migrations, *words],
        cwd=ROOT,
        env={**environment, "CPS_DATABASE_URL": database_url.replace("/cps?", "/moved?"), **settings},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
