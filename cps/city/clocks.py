"""The clocks of a city beside the promise of each category: what else is owed by when, and who hears if not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from typing import Final

from cps.city.promise import Promise

Names = Mapping[str, str]

PAUSE_REASONS: Final = ("citizen", "inspection", "other_body", "system")
"""Why a clock may stand: the citizen is asked, the place is inspected, another body checks, our system failed."""
LISTENERS: Final = ("handler", "head", "auditor", "mayor")
"""Who hears of a deadline that is near or missed, from the bottom of the ladder to its top."""

_EIGHT_HOURS, _THREE_HOURS = Promise(8, "working_hours"), Promise(3, "working_hours")
_TWO_DAYS, _THIRTY_DAYS = Promise(2, "working_days"), Promise(30, "calendar_days")


@dataclass(frozen=True, slots=True)
class Priority:
    """A severity that changes the clocks: `4 hours` runs day and night, `4 working hours` does not."""

    code: str
    names: Names
    resolve: Promise
    acknowledge: Promise


@dataclass(frozen=True, slots=True)
class Rung:
    """A step of the ladder: at a share of the time used (percent), or `late` after the deadline, tell someone."""

    to: str
    percent: int | None = None
    late: Promise | None = None

    @property
    def code(self) -> str:
        """What tells this rung from the others: `80 % handler`, `1 working day late head`."""
        when = f"{self.percent} %" if self.percent is not None else f"{self.late} late"
        return f"{when} {self.to}"


@dataclass(frozen=True, slots=True)
class Objection:
    """By when a citizen may object to a refusal, counted from it, and by when the city decides on that.

    `texts`: how and where to object, by language.
    """

    within: Promise
    answer: Promise
    texts: Names


@dataclass(frozen=True, slots=True)
class Clocks:
    """What the city owes beside the result, and its ladder; see docs/city_profile.md for each.

    `objection`: None where the city offers none.
    """

    acknowledge: Promise = _EIGHT_HOURS
    transfer_inside: Promise = _THREE_HOURS
    transfer_outside: Promise = _EIGHT_HOURS
    bounces: int = 2
    extensions: int = 1
    pauses: Mapping[str, Promise] = field(
        default_factory=lambda: {
            "citizen": Promise(10, "working_days"),
            "inspection": Promise(14, "calendar_days"),
            "other_body": Promise(10, "working_days"),
            "system": Promise(5, "working_days"),
        }
    )
    priorities: tuple[Priority, ...] = ()
    ladder: tuple[Rung, ...] = (
        Rung("handler", percent=80),
        Rung("head", percent=100),
        Rung("auditor", late=_TWO_DAYS),
    )
    progress: Promise | None = _THIRTY_DAYS
    digest_at: time | None = time(7, 30)
    emails: Mapping[str, str] = field(default_factory=dict)
    objection: Objection | None = None

    def priority(self, code: str | None) -> Priority | None:
        """Return the priority with this code, if there is one."""
        return next((priority for priority in self.priorities if priority.code == code), None)
