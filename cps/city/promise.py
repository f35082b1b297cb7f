"""How long a city may take, as people write it: `3 working days`, `1 month, first day counted`.

Nothing is counted here; `cps.sla` does, by the definitions in docs/counting.md.
"""

import re
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final, Self

UNITS: Final = (
    "hours",
    "working_hours",
    "working_days",
    "calendar_days",
    "weeks",
    "months",
    "years",
)
PERIODS: Final = ("weeks", "months", "years")
"""Units whose last day always moves on to the next working day (Korean Civil Code, Article 161)."""
HOUR_CLOCKS: Final = ("hours", "working_hours")

_WRITTEN = re.compile(
    r"(?P<count>[1-9]\d{0,3}) "
    r"(?:days? of (?P<hours>\d{1,2}(?:\.\d{1,2})?) working hours"
    r"|(?P<unit>working days?|calendar days?|working hours?|hours?|weeks?|months?|years?))"
    r"(?P<first>,? first day counted)?(?P<forward>,? rolled forward)?"
)
_LONGEST_DAY = 24 * 60
_MOST = {"years": 30, "months": 360, "weeks": 1500}


@dataclass(frozen=True, slots=True)
class Promise:
    """How long the city may take; `unit` is one of UNITS.

    `day_minutes`: for working hours, how long each of `count` days is (`3 days of 8 working hours`);
    0 where `count` are hours. `first_day_counted` is for units of days and more, `rolled_forward` for
    calendar days: a last day without office moves to the next working day.
    """

    count: int
    unit: str
    first_day_counted: bool = False
    rolled_forward: bool = False
    day_minutes: int = 0

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read `3 working days`, `7 working days, first day counted`; raise ValueError for anything else."""
        match = _WRITTEN.fullmatch(" ".join(text.split()))
        promise = cls._from(match) if match else None
        if promise is None:
            raise ValueError(f"{text!r} is not a promise like '3 working days'")
        return promise

    @classmethod
    def _from(cls, match: re.Match[str]) -> Self | None:
        minutes = round(float(match["hours"]) * 60) if match["hours"] else 0
        unit = "working_hours" if minutes else (match["unit"] or "").removesuffix("s").replace(" ", "_") + "s"
        promise = cls(int(match["count"]), unit, bool(match["first"]), bool(match["forward"]), minutes)
        return promise if promise._makes_sense(has_hours=match["hours"] is not None) else None

    def _makes_sense(self, *, has_hours: bool) -> bool:
        if self.count > _MOST.get(self.unit, self.count) or self.day_minutes > _LONGEST_DAY:
            return False
        if has_hours and not self.day_minutes:
            return False
        if self.unit in HOUR_CLOCKS and self.first_day_counted:
            return False
        return not self.rolled_forward or self.unit == "calendar_days"

    @property
    def length(self) -> timedelta:
        """How long an hour clock runs; days and more have no length of their own."""
        if self.unit not in HOUR_CLOCKS:
            raise ValueError(f"{self} has no length in hours")
        return timedelta(minutes=self.count * (self.day_minutes or 60))

    def longer_by(self, count: int) -> Self:
        """Return the promise with so many units more."""
        return replace(self, count=self.count + count)

    def __str__(self) -> str:
        return (
            f"{self.count} {self._unit_in_words()}"
            f"{', first day counted' if self.first_day_counted else ''}"
            f"{', rolled forward' if self.rolled_forward else ''}"
        )

    def _unit_in_words(self) -> str:
        if self.day_minutes:
            hours = f"{self.day_minutes / 60:.2f}".rstrip("0").rstrip(".")
            return f"{'day' if self.count == 1 else 'days'} of {hours} working hours"
        unit = self.unit.replace("_", " ")
        return unit.removesuffix("s") if self.count == 1 else unit
