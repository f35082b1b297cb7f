"""A city as it is installed: its own PostgreSQL with an archive, pgBackRest and restic, each with a passphrase.

The database belongs to a role that is no superuser and has the rights that docs/backup.md grants, and no others.
"""

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
from click.testing import CliRunner, Result

from cps.console.command import main
from cps.kernel.postgres_cluster import Cluster
from cps.kernel.postgres_programs import Programs, major, own_account

STANZA = "hanoi"
RIGHTS = "GRANT EXECUTE ON FUNCTION pg_create_restore_point(text), pg_switch_wal(), pg_ls_archive_statusdir() TO city"
_SYSTEM = Path("/usr/lib/postgresql")

_PGBACKREST = """\
[global]
repo1-path={folder}/repository
repo1-cipher-type=aes-256-cbc
repo1-cipher-pass={passphrase}
repo1-retention-full=4
repo1-bundle=y
compress-type=lz4
process-max=2
start-fast=y
log-path={folder}/log
lock-path={folder}/lock
spool-path={folder}/spool

[{stanza}]
pg1-path={data}
pg1-socket-path={socket}
pg1-user=cps
"""
_POSTGRESQL = """
archive_mode = on
archive_command = 'pgbackrest --config={folder}/pgbackrest.conf --stanza={stanza} archive-push %p'
archive_timeout = 60
fsync = off
"""


@dataclass(frozen=True)
class Installation:
    """An installed city: its folder, its server, and its settings as variables."""

    folder: Path
    cluster: Cluster
    url: str
    superuser_url: str
    environment: dict[str, str]

    @property
    def var(self) -> Path:
        return self.folder / "var"

    @property
    def config(self) -> Path:
        return self.folder / "pgbackrest.conf"

    def cps(self, *arguments: str, **changes: str) -> Result:
        """Run `cps` with these settings, in this process."""
        return CliRunner().invoke(main, arguments, env={**self.environment, **changes})


def bindir() -> Path:
    """Return the programs of the distribution's PostgreSQL, which its pgBackRest was made for."""
    found = sorted(_SYSTEM.glob("*/bin"), key=lambda path: int(path.parent.name))
    assert found, "apt install postgresql"
    return found[-1]


@contextmanager
def an_installation(folder: Path) -> Iterator[Installation]:
    """Have such a city without a row in `folder`, which everybody may enter, until the block ends."""
    account, home, passphrase = own_account(), folder / "pg", secrets.token_urlsafe(32)
    programs = Programs(bindir(), account, major(bindir()) or 0)
    cluster = Cluster(home, programs, durable=True)
    for place in ("pg", "var", "repository", "log", "lock", "spool"):
        (folder / place).mkdir()
        shutil.chown(folder / place, account.uid, account.gid)
    config, password = folder / "pgbackrest.conf", folder / "password"
    values = {"folder": folder, "stanza": STANZA, "passphrase": passphrase}
    config.write_text(_PGBACKREST.format(**values, data=cluster.data, socket=cluster.socket))
    config.chmod(0o640)
    shutil.chown(config, account.uid, account.gid)
    password.write_text(passphrase)
    password.chmod(0o600)
    lock = os.open(folder / "start.lock", os.O_CREAT | os.O_RDWR)
    try:
        cluster.make(lock)
        with (cluster.data / "postgresql.conf").open("a") as file:
            file.write(_POSTGRESQL.format(**values))
        cluster.start()
        yield Installation(
            folder,
            cluster,
            _with_a_database(cluster.url),
            cluster.url.replace("/cps?", "/hanoi?"),
            {
                "CPS_DATABASE_URL": cluster.url.replace("cps@/cps", "city@/hanoi"),
                "CPS_VAR": str(folder / "var"),
                "CPS_BASE_URL": "http://localhost",
                "CPS_BACKUP_STANZA": STANZA,
                "CPS_BACKUP_CONFIG": str(config),
                "CPS_BACKUP_USER": account.name,
                "CPS_BACKUP_MEDIA": str(folder / "files"),
                "CPS_BACKUP_PASSWORD_FILE": str(password),
            },
        )
    finally:
        cluster.stop()
        os.close(lock)


def _with_a_database(url: str) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute("CREATE ROLE city LOGIN")
        connection.execute("CREATE DATABASE hanoi OWNER city")
    with psycopg.connect(url.replace("/cps?", "/hanoi?"), autocommit=True) as connection:
        connection.execute(RIGHTS)
    return url.replace("cps@/cps", "city@/hanoi")
