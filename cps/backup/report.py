"""What is asked of a drill, and what it found."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final

from cps.photos.storage import Storage

RPO_GOAL: Final = timedelta(seconds=60)
"""How much of the database a disaster may cost."""


@dataclass(frozen=True)
class Asked:
    """What is to be restored and where: `url` of the living database, `at` an earlier moment if not the newest.

    `photos`: where the living city keeps them.
    """

    url: str
    var: Path
    photos: Storage
    into: Path
    needed_migration: str
    at: datetime | None = None
    keep: bool = False
    bindir: Path | None = None


@dataclass
class Report:
    """What a drill found; `faults` is empty where all is proved. Seconds and bytes, as their names say."""

    began_at: datetime
    is_living: bool = False
    compared: str = "nothing"
    restored_to: datetime | None = None
    newest_change: datetime | None = None
    rpo_seconds: float | None = None
    media_rpo_seconds: float | None = None
    rto_seconds: float | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    version: str = ""
    migration: str | None = None
    tables: int = 0
    rows: int = 0
    reports: int = 0
    database_bytes: int = 0
    photos: int = 0
    removed_meanwhile: int = 0
    media_bytes: int = 0
    faults: list[str] = field(default_factory=list)
    not_compared: list[str] = field(default_factory=list)
    kept_in: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        told = {
            name: value.isoformat() if isinstance(value, datetime) else value
            for name, value in vars(self).items()
        }
        return {"ok": not self.faults, **told}
