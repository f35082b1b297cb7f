"""Copies of a database at one instant, as a power cut would leave it, to be started apart and looked at.

`frozen` stops every process of the cluster in the middle of what it does, so that the files are of one moment: what a
machine has on its disk that dies then. A `PowerDisk` is stricter: what nobody synced is not in its copy either.
"""

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from cps.kernel.postgres_cluster import Cluster
from tests.reliability.city import postmaster
from tests.reliability.processes import children, kill

_TRIES = 20


@contextmanager
def frozen(cluster: Cluster) -> Iterator[float]:
    """Stop a cluster in mid-air until the block ends; yield the moment before which all was still going on."""
    moment = time.monotonic()
    first = postmaster(cluster)
    assert first is not None
    stopped = [first]
    kill(first, signal.SIGSTOP)  # it makes no children meanwhile
    for pid in children(first):
        kill(pid, signal.SIGSTOP)
        stopped.append(pid)
    try:
        yield moment
    finally:
        for pid in stopped:
            kill(pid, signal.SIGCONT)


def copied(cluster: Cluster, home: Path) -> Cluster:
    """Copy the data of a cluster that is frozen or stopped; the copy does not know that it is one."""
    home.mkdir(mode=0o755)
    subprocess.run(["cp", "--archive", "--reflink=auto", cluster.data, home / "data"], check=True)
    (home / "data" / "postmaster.pid").unlink(missing_ok=True)
    return replace(cluster, home=home)


@contextmanager
def started(copy: Cluster) -> Iterator[Cluster]:
    """Start a copy, which recovers, until the block ends; then it is gone."""
    try:
        copy.start()
        yield copy
    finally:
        copy.stop()
        shutil.rmtree(copy.home)


@dataclass(frozen=True)
class PowerDisk:
    """An ext4 on a file: what the file holds is what the disk has, and what only memory has is not in it."""

    image: Path
    folder: Path
    device: str

    def cut(self, image: Path) -> None:
        """Copy what the disk holds at this moment; nothing may have been written to it meanwhile."""
        for _try in range(_TRIES):
            before = self._written()
            subprocess.run(["cp", "--sparse=always", self.image, image], check=True)
            if self._written() == before:
                return
        raise AssertionError("the disk never stood still for as long as a copy takes")

    def _written(self) -> str:
        return Path(f"/sys/block/{Path(self.device).name}/stat").read_text(encoding="ascii").split()[6]


@contextmanager
def a_power_disk(image: Path, folder: Path, *, mebibytes: int = 0) -> Iterator[PowerDisk]:
    """Mount the image of a disk, which is made if a size is given."""
    if mebibytes:
        with image.open("wb") as file:
            file.truncate(mebibytes << 20)
        subprocess.run(["mkfs.ext4", "-q", "-F", image], check=True)
    folder.mkdir(exist_ok=True)
    found = subprocess.run(["losetup", "--find", "--show", image], check=True, capture_output=True, text=True)
    device = found.stdout.strip()
    try:
        subprocess.run(["mount", "-t", "ext4", device, folder], check=True)
        try:
            folder.chmod(0o755)
            yield PowerDisk(image, folder, device)
        finally:
            subprocess.run(["umount", folder], check=True)
    finally:
        subprocess.run(["losetup", "--detach", device], check=True)


def flip_a_bit(path: Path, at: int) -> None:
    """Change one bit of a file, as an ageing disk does."""
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes((byte ^ 0x10,)))
        os.fsync(file.fileno())
