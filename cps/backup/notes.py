"""What was last seen of the backups, in small files under CPS_VAR: commands write them, `cps doctor` reads them.

They hold no names and no secrets, so that the web's user may read what root wrote.
"""

import json
import os
import tempfile
from pathlib import Path
from typing import Any, Final

from cps.kernel.errors import Unusable

FOLDER: Final = "backup"
BASE, FILES, DRILL = "base.json", "files.json", "drill.json"


def folder(var: Path) -> Path:
    """Return where they lie; make it if need be."""
    place = var / FOLDER
    try:
        place.mkdir(mode=0o755, parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"Notes on backups cannot be kept in {place}: {error.strerror}.") from error
    return place


def write(var: Path, name: str, told: dict[str, Any]) -> None:
    """Write a note whole, or leave the old one."""
    place = folder(var)
    try:
        descriptor, aside = tempfile.mkstemp(dir=place, prefix=f".{name}-")
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            json.dump(told, file, ensure_ascii=False, indent=2)
        Path(aside).chmod(0o644)
        Path(aside).replace(place / name)
    except OSError as error:
        raise Unusable(f"Notes on backups cannot be kept in {place}: {error.strerror}.") from error


def read(var: Path, name: str) -> dict[str, Any] | None:
    """Return a note; None if it was never written, or was damaged."""
    try:
        told = json.loads((var / FOLDER / name).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return told if isinstance(told, dict) else None
