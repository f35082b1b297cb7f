"""A folder to restore into, and the server that runs on what was restored: apart from everything that lives.

Nobody is connected to it but the drill. It archives nothing, listens on no network, loads no library, and no part of
CPS runs on it: no letter leaves, no job is done.
"""

import fcntl
import os
import shutil
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from cps.backup import programs
from cps.kernel.errors import Unusable
from cps.kernel.postgres_cluster import socket_folder
from cps.kernel.postgres_programs import Account, of_major

_UNFINISHED: Final = "unfinished-drill"
_OURS: Final = ("data", "run", "media", "tablespaces", _UNFINISHED)
_SPARE_BYTES: Final = 256 * 2**20
_PORT: Final = 5432
_RECOVERY_SECONDS: Final = 6 * 3600
_PATIENCE_SECONDS: Final = 30.0
_POLL_SECONDS: Final = 0.1
_MIB: Final = 2**20


@dataclass(frozen=True)
class Scratch:
    """The folder of one drill; `lock` is the open file that says it is in use, by whatever runs in it."""

    folder: Path
    account: Account
    lock: int = -1

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @property
    def media(self) -> Path:
        return self.folder / "media"

    @property
    def tablespaces(self) -> Path:
        return self.folder / "tablespaces"

    @property
    def run(self) -> Path:
        return self.folder / "run"

    @property
    def socket(self) -> Path:
        return socket_folder(self.folder, self.account.uid)

    def refuse_unless_room(self, needed: int) -> None:
        """Refuse to begin what the disk cannot hold."""
        free = shutil.disk_usage(self.folder).free
        if free < needed + _SPARE_BYTES:
            raise Unusable(
                f"There is not enough room in {self.folder}: {(needed + _SPARE_BYTES) / _MIB:,.0f} MiB are needed, "
                f"{free / _MIB:,.0f} MiB are free. Name a folder on another disk with --into."
            )

    def clear(self) -> None:
        """Remove what a drill put there, and nothing else."""
        for name in _OURS:
            path = self.folder / name
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path, ignore_errors=True)
            else:
                path.unlink(missing_ok=True)
        if self.socket.parent != self.folder:
            shutil.rmtree(self.socket, ignore_errors=True)


@contextmanager
def scratch(folder: Path, account: Account, *, keep: bool) -> Iterator[Scratch]:
    """Have an empty folder for a drill within the block, and remove what is in it afterwards unless it is to be kept.

    What a drill that was killed left there is cleared away first; anything else is refused.
    """
    was_there = folder.exists()
    place = Scratch(folder, account)
    with ExitStack() as stack:
        _make_way(folder)
        place = replace(place, lock=stack.enter_context(_alone_in(place)))
        try:
            _furnish(place)
            yield place
        except BaseException:
            keep = False
            raise
        finally:
            if keep:
                (folder / _UNFINISHED).unlink()
            else:
                place.clear()
                if not was_there:
                    shutil.rmtree(folder, ignore_errors=True)


def _make_way(folder: Path) -> None:
    try:
        for path in (*reversed(folder.parents), folder):
            if not path.exists():
                path.mkdir()
                path.chmod(0o711)
    except OSError as error:
        raise Unusable(f"The folder {folder} cannot be made: {error.strerror}.") from error


@contextmanager
def _alone_in(place: Scratch) -> Iterator[int]:
    mark = place.folder / _UNFINISHED
    try:
        if {path.name for path in place.folder.iterdir()} - set(_OURS) or (
            any(place.folder.iterdir()) and not mark.is_file()
        ):
            raise Unusable(f"{place.folder} is not empty: a drill restores into an empty folder only.")
        descriptor = os.open(mark, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        raise Unusable(f"A drill cannot restore into {place.folder}: {error.strerror}.") from error
    try:
        _lock(descriptor, place.folder)
        for name in _OURS[:-1]:
            shutil.rmtree(place.folder / name, ignore_errors=True)
        if place.socket.parent != place.folder:
            shutil.rmtree(place.socket, ignore_errors=True)
        yield descriptor
    finally:
        os.close(descriptor)


def _lock(descriptor: int, folder: Path) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS  # what belonged to a drill that was killed is ending by itself
    while True:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > end:
                raise Unusable(f"A drill is running in {folder} already.") from None
            time.sleep(_POLL_SECONDS)
        else:
            return


def _furnish(place: Scratch) -> None:
    if not place.account.may_enter(place.folder):
        raise Unusable(
            f"The user {place.account.name} cannot reach {place.folder}: name another folder with --into."
        )
    try:
        for own in {place.data, place.run, place.tablespaces, place.socket}:
            own.mkdir(mode=0o700)
            os.chown(own, place.account.uid, place.account.gid)
        place.media.mkdir(mode=0o700)
    except OSError as error:
        raise Unusable(f"A drill cannot restore into {place.folder}: {error.strerror}.") from error


@contextmanager
def served(
    place: Scratch, *, like: str, bindir: Path | None, environment: Mapping[str, str]
) -> Iterator[str]:
    """Have a server running on what was restored, recovered to where the restore said; yield its superuser's URL.

    `like` is the living database's URL, of which user and database are taken.
    """
    folder = of_major(int((place.data / "PG_VERSION").read_text(encoding="ascii").strip()), bindir)
    settings = _settings(place)
    _write_files(place, settings)
    # On the command line too, where they go before what ALTER SYSTEM left among the data.
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    config = f"config_file={place.run / 'postgresql.conf'}"
    command: list[str | Path] = [folder / "postgres", "-D", place.data, "-c", config, *options]
    _hand_over(place.run / "log", place.account, "")
    with (
        (place.run / "log").open("ab") as log,
        programs.tied(
            command,
            account=place.account,
            environment=environment,
            folder=place.folder,
            keeps=place.lock,
            out=log,
            err=log,
        ) as server,
    ):
        parts = conninfo_to_dict(like)
        database = str(parts.get("dbname") or parts.get("user") or "cps")
        users = ["postgres", str(parts.get("user") or "cps"), place.account.name]
        end = time.monotonic() + _RECOVERY_SECONDS
        while server.poll() is None and time.monotonic() < end:
            if (url := _superuser(place, users, database)) is not None:
                yield url
                return
            time.sleep(_POLL_SECONDS)
        raise Unusable(f"What was restored does not start: {_last_words(place.run / 'log')}")


def _settings(place: Scratch) -> dict[str, str]:
    return {
        "hba_file": f"{place.run}/pg_hba.conf",
        "ident_file": f"{place.run}/pg_ident.conf",
        "unix_socket_directories": str(place.socket),
        "port": str(_PORT),
        "listen_addresses": "",
        "archive_mode": "off",
        "archive_command": "",
        "primary_conninfo": "",
        "shared_preload_libraries": "",
        "logging_collector": "off",
        "log_destination": "stderr",
        "ssl": "off",
        "hot_standby": "off",  # nobody may ask before it has come to its end
        "autovacuum": "off",
        "shared_buffers": "128MB",
        "max_wal_size": "2GB",
        "max_connections": "20",
        "external_pid_file": "",
    }


def _write_files(place: Scratch, settings: Mapping[str, str]) -> None:
    """Write what the server reads: the distribution keeps these files apart from the data, so no backup has them."""
    lines = (f"{name} = '{value}'" for name, value in settings.items())
    for name, content in (
        ("postgresql.conf", "\n".join(lines)),
        ("pg_hba.conf", "local all all trust"),  # in a folder that is its user's alone
        ("pg_ident.conf", ""),
    ):
        _hand_over(place.run / name, place.account, f"{content}\n")


def _hand_over(path: Path, account: Account, content: str) -> None:
    path.write_text(content, encoding="utf-8")
    os.chown(path, account.uid, account.gid)


def _superuser(place: Scratch, users: list[str], database: str) -> str | None:
    """Return the URL of the database for its superuser, whose name only it knows; None while it does not answer."""
    for user in users:
        where = make_conninfo(host=str(place.socket), port=_PORT, user=user, dbname=database)
        try:
            with psycopg.connect(where, connect_timeout=5) as connection:
                row = connection.execute("SELECT rolname FROM pg_roles WHERE oid = 10").fetchone()
        except psycopg.OperationalError as error:
            if "does not exist" in str(error):
                if f'database "{database}"' in str(error):
                    raise Unusable(f"There is no database {database} in what was restored.") from None
                continue
            return None
        assert row is not None
        return make_conninfo(host=str(place.socket), port=_PORT, user=row[0], dbname=database)
    return None


def _last_words(log: Path) -> str:
    lines = [line.strip() for line in log.read_text(encoding="utf-8", errors="replace").splitlines()]
    for mark in ("PANIC:", "FATAL:", "ERROR:"):
        grave = [line.partition(mark)[2].strip() for line in lines if mark in line]
        if grave:
            return f"{grave[-1]}."
    return f"{lines[-1].removeprefix('but ')}." if lines else "it said nothing."
