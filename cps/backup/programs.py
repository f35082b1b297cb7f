"""Other programs, run as the right user and tied to us: however we end, they end too.

A kill leaves no time to tidy up. So a watcher beside each program reads from a pipe that we hold; when we are gone the
pipe ends, and the watcher interrupts the program.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import Account

# A line read means that the program has ended by itself. $$ stays the program's number through `exec`.
_TIED: Final = 'exec 3<&0; ( (read -r _ <&3 || kill -INT "$$") >/dev/null 2>&1 & ); exec "$@" </dev/null 3<&-'
_PATIENCE_SECONDS: Final = 60


@dataclass(frozen=True)
class Ended:
    """How a program ended: its exit code, what it wrote, and what it complained of."""

    code: int
    wrote: str
    complained: str


def run(
    command: Sequence[str | Path],
    *,
    account: Account,
    environment: Mapping[str, str],
    folder: Path = Path("/"),
    keeps: int | None = None,
) -> Ended:
    """Run a program in `folder` to its end; raise Unusable if it is not on this machine.

    It holds the open file `keeps` (a lock) for as long as it lives.
    """
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        more: dict[str, Any] = {"folder": folder, "keeps": keeps, "out": out, "err": err}
        with tied(command, account=account, environment=environment, **more) as child:
            code = child.wait()
        return Ended(code, _read(out), _read(err))


@contextmanager
def tied(
    command: Sequence[str | Path],
    *,
    account: Account,
    environment: Mapping[str, str],
    folder: Path,
    keeps: int | None,
    out: IO[bytes],
    err: IO[bytes],
) -> Iterator[subprocess.Popen[bytes]]:
    """Have a program running within the block, as `account`; interrupt it at the end, if it still runs."""
    program = str(command[0])
    if shutil.which(program) is None:
        raise Unusable(f"There is no {program} on this machine: apt install {program}.")
    process = account.process()
    child = subprocess.Popen(
        ["/bin/sh", "-c", _TIED, "sh", *command],
        **{**process, "env": {**process["env"], **environment}, "cwd": folder, "stdin": subprocess.PIPE},
        stdout=out,
        stderr=err,
        pass_fds=() if keeps is None else (keeps,),
    )
    try:
        yield child
    finally:
        _let_go(child)


def _let_go(child: subprocess.Popen[bytes]) -> None:
    assert child.stdin is not None
    with suppress(BrokenPipeError):
        if child.poll() is not None:
            child.stdin.write(b"ended\n")
        child.stdin.close()
    try:
        child.wait(_PATIENCE_SECONDS)
    except subprocess.TimeoutExpired:
        child.kill()
        child.wait()


def _read(file: IO[bytes]) -> str:
    file.seek(0)
    return file.read().decode(errors="replace")
