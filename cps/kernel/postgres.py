"""The embedded database: a private PostgreSQL cluster under var/, up for as long as anybody uses it.

Every user holds a shared lock for its lifetime, which the system drops however it dies. The last to
leave stops the cluster; whoever comes next joins it, or starts and recovers it. So nothing that is
killed strands anything.
"""

import errno
import fcntl
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from cps.kernel.errors import Unusable
from cps.kernel.postgres_cluster import Cluster, is_there, socket_folder
from cps.kernel.postgres_cluster import url as url_by
from cps.kernel.postgres_programs import Account, Programs, account_of, found, major, own_account, reachable

# Where root puts what the unprivileged user must reach but cannot.
ELSEWHERE = Path("/var/lib/cps")

_FULL = (errno.ENOSPC, errno.EDQUOT)
_FORBIDDEN = (errno.EACCES, errno.EPERM, errno.EROFS)


@contextmanager
def running(
    var: Path,
    *,
    say: Callable[[str], None],
    durable: bool = True,
    bindir: Path | None = None,
    elsewhere: Path | None = None,
) -> Iterator[str]:
    """Have the cluster of the folder `var` running within the block; yield its URL (postgresql://…).

    It is made, started or joined as need be. One that is not `durable` is quick, may lose data when
    the machine stops, and is thrown away by its last user. `bindir` names PostgreSQL's programs. Raises
    Unusable, in one sentence, whatever is in the way.
    """
    us = os.getpid()
    locks = var.absolute() / "postgres"
    with _in_one_sentence(locks):
        cluster, users = _entered(locks, say, durable=durable, bindir=bindir, elsewhere=elsewhere)
    try:
        yield cluster.url
    finally:
        if os.getpid() == us:  # a forked child that ends here has not entered
            with _in_one_sentence(locks):
                _leave(cluster, locks, users)


def keep_up(var: Path, *, say: Callable[[str], None], bindir: Path | None = None) -> None:
    """Start the cluster of `var` again if it was killed; for one that has it running and looks now and then.

    Raises Unusable, in one sentence, if it does not start.
    """
    locks = var.absolute() / "postgres"
    with _in_one_sentence(locks):
        away = _away(locks, None, durable=True)
        place = _place(locks, away)
        if is_there(socket_folder(place.home, place.account.uid)):
            return
        say("The database ended; it is started again.")
        cluster = Cluster(place.home, _programs(found(bindir), place.account, away, say), durable=True)
        with _locked(locks / "start.lock"):
            cluster.start()


def address(var: Path, *, elsewhere: Path | None = None) -> str:
    """Return the URL that the cluster of `var` has while it runs; starts nothing, makes nothing."""
    locks = var.absolute() / "postgres"
    with _in_one_sentence(locks):
        place = _place(locks, _away(locks, elsewhere, durable=True))
        return url_by(socket_folder(place.home, place.account.uid))


@dataclass(frozen=True)
class _Place:
    home: Path
    account: Account


def _place(locks: Path, away: Path) -> _Place:
    """Decide where the cluster lies and as whom it runs: where and whose it was before, first of all."""
    account = own_account()
    for home in (locks, away) if os.geteuid() == 0 else (locks,):
        owner = _owner(home / "data")
        if owner is not None:
            _refuse_unless_usable(home, owner, account)
            return _Place(home, owner)
    if account.is_ourselves or account.may_enter(locks):
        return _Place(locks, account)
    return _Place(away, account)


def _owner(data: Path) -> Account | None:
    try:
        there = data.stat()
    except FileNotFoundError:
        return None
    return account_of(there.st_uid, there.st_gid)


def _refuse_unless_usable(home: Path, owner: Account, account: Account) -> None:
    if os.geteuid() != 0 and owner.uid != account.uid:
        raise Unusable(
            f"The database in {home} belongs to the user {owner.name}: start as that user, or as root if root made it."
        )
    if not owner.is_ourselves and not owner.may_enter(home):
        raise Unusable(
            f"The database lies in {home}, which its user {owner.name} can no longer reach: let that user pass "
            "through the folders above, or move them back."
        )


def _away(locks: Path, elsewhere: Path | None, *, durable: bool) -> Path:
    mark = hashlib.sha256(os.fsencode(locks)).hexdigest()[:12]
    if elsewhere is None and not durable:
        return Path(tempfile.gettempdir()) / f"cps-{mark}"
    return (elsewhere or ELSEWHERE) / mark


def _entered(
    locks: Path, say: Callable[[str], None], *, durable: bool, bindir: Path | None, elsewhere: Path | None
) -> tuple[Cluster, int]:
    folder = found(bindir)
    away = _away(locks, elsewhere, durable=durable)
    place = _place(locks, away)
    _make_way(locks)
    if place.home == away:
        _make_way(away)
        _refuse_strangers(away)
        say(f"The user {place.account.name} cannot reach {locks}: the database is kept in {place.home}.")
    programs = _programs(folder, place.account, away, say)
    cluster = Cluster(place.home, programs, durable)
    return cluster, _enter(cluster, locks, say)


def _programs(folder: Path, account: Account, away: Path, say: Callable[[str], None]) -> Programs:
    if not account.is_ourselves and major(folder, account) is None:
        _make_way(away)
        say(f"The user {account.name} cannot reach {folder}: PostgreSQL's programs are copied to {away}.")
    version = major(folder)
    assert version is not None, "found() takes none that do not run"
    return Programs(reachable(folder, account, elsewhere=away), account, version)


def _make_way(folder: Path) -> None:
    """Make the folder and those above it that are missing; root leaves them open to pass through.

    Folders that were there are somebody's decision, and stay as they are.
    """
    for path in (*reversed(folder.parents), folder):
        if path.exists():
            continue
        path.mkdir(exist_ok=True)
        if os.geteuid() == 0:
            path.chmod(0o711)


def _refuse_strangers(away: Path) -> None:
    if away.is_symlink() or away.stat().st_uid != os.geteuid():
        raise Unusable(f"The database needs the folder {away}, but that is somebody else's.")


def _enter(cluster: Cluster, locks: Path, say: Callable[[str], None]) -> int:
    """Take part in the cluster, and return the open file that says so."""
    with _locked(locks / "start.lock") as start:
        users = _opened(locks / "users.lock")
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            if not cluster.is_made():
                say(f"Making a database in {cluster.home} …")
                cluster.make(start)
            cluster.start()
        except BaseException:
            _go(cluster, locks, users)
            raise
    return users


def _leave(cluster: Cluster, locks: Path, users: int) -> None:
    with _locked(locks / "start.lock"):
        _go(cluster, locks, users)


def _go(cluster: Cluster, locks: Path, users: int) -> None:
    """Stop taking part, and stop the cluster if nobody else does; the lock on starting is held."""
    os.close(users)
    users = _opened(locks / "users.lock")
    try:
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    else:
        cluster.stop()
        if not cluster.durable:
            cluster.discard()
            if cluster.home != locks:
                shutil.rmtree(cluster.home, ignore_errors=True)
    finally:
        os.close(users)


@contextmanager
def _locked(path: Path) -> Iterator[int]:
    descriptor = _opened(path)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield descriptor
    finally:
        os.close(descriptor)


def _opened(path: Path) -> int:
    # For reading: a lock needs no more, and root and an ordinary user can share the file.
    return os.open(path, os.O_RDONLY | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o644)


@contextmanager
def _in_one_sentence(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL or "No space left" in str(error):
            raise Unusable(f"The disk is full: the database in {folder} cannot be started.") from error
        if error.errno in _FORBIDDEN:
            raise Unusable(
                f"The database keeps its data in {folder}, but this user may not write there ({error.strerror})."
            ) from error
        raise Unusable(f"The database in {folder} cannot be used: {error}.") from error
