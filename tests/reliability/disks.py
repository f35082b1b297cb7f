"""Small disks of our own, to be filled to the last byte and emptied again. Only root mounts them."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

IS_ROOT = os.geteuid() == 0
_CHUNK = b"\0" * (1 << 20)


@dataclass(frozen=True)
class SmallDisk:
    """A disk that can be filled."""

    folder: Path

    @property
    def _ballast(self) -> Path:
        return self.folder / "ballast"

    def fill(self) -> None:
        """Leave no byte free."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (1 << 20, 1 << 12, 1):
                with suppress(OSError):
                    while file.write(_CHUNK[:size]):
                        pass

    def free(self) -> None:
        """Have room again, as when somebody removes what is not needed."""
        self._ballast.unlink(missing_ok=True)


@contextmanager
def a_small_disk(folder: Path, *, mebibytes: int) -> Iterator[SmallDisk]:
    """Mount a disk of this size at a folder, which everybody may pass through."""
    folder.mkdir(exist_ok=True)
    options = f"size={mebibytes}m,mode=0755"
    subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", folder], check=True)
    try:
        yield SmallDisk(folder)
    finally:
        subprocess.run(["umount", "--lazy", folder], check=True)
