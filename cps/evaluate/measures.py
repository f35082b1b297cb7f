"""Measures of how a city answers: pure functions over counts, each with one definition.

Nothing flatters: what is still open counts as waiting, what is overdue counts as late, what was
withdrawn or joined to another report is left out, and a share without enough cases is not said.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

SMALLEST = 5
"""A group of fewer reports is not shown by itself, and no share is made of fewer cases (E4)."""


@dataclass(frozen=True, slots=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    def __add__(self, other: "Share") -> "Share":
        return Share(self.part + other.part, self.whole + other.whole)

    @property
    def percent(self) -> int | None:
        """The share in whole percent, never rounded up to all or down to none; None of too few cases."""
        if self.whole < SMALLEST:
            return None
        rounded = round(100 * self.part / self.whole)
        if 0 < self.part < self.whole:
            return min(max(rounded, 1), 99)
        return rounded


@dataclass(frozen=True, slots=True)
class Tally:
    """What was counted of a group of reports that were received in a period, as they are now.

    `received`: all of them. `answered`: those that were resolved or declined. `open` and `overdue`: now,
    whenever received. `in_time`: of those due in the period, answered by their date. `soon`: of those
    received at least 30 days ago, answered within 30. `reopened`: of those answered, reopened since.
    `days`: after how many whole days reports ended (True) or wait by now (False), and how many.
    """

    received: int = 0
    answered: int = 0
    open: int = 0
    overdue: int = 0
    in_time: Share = Share(0, 0)
    soon: Share = Share(0, 0)
    reopened: Share = Share(0, 0)
    days: Mapping[tuple[int, bool], int] | None = None

    def __add__(self, other: "Tally") -> "Tally":
        days = dict(self.days or {})
        for key, count in (other.days or {}).items():
            days[key] = days.get(key, 0) + count
        return Tally(
            self.received + other.received,
            self.answered + other.answered,
            self.open + other.open,
            self.overdue + other.overdue,
            self.in_time + other.in_time,
            self.soon + other.soon,
            self.reopened + other.reopened,
            days,
        )

    @property
    def is_small(self) -> bool:
        """Whether it says too much of single people."""
        return self.received < SMALLEST


def days_until_answered(days: Mapping[tuple[int, bool], int], *, share: float) -> int | None:
    """Return after how many days this share of reports was answered; None if that is not known yet.

    The estimate of Kaplan and Meier (1958): a report that still waits counts up to its age, so a city
    gains nothing by leaving the hard ones open. None too where fewer than `SMALLEST` were answered.
    """
    if sum(count for (_day, has_ended), count in days.items() if has_ended) < SMALLEST:
        return None
    at_risk, waiting = sum(days.values()), 1.0
    for day in sorted({day for day, _ended in days}):
        ended = days.get((day, True), 0)
        waiting *= 1 - ended / at_risk
        if waiting <= 1 - share + 1e-9:
            return day
        at_risk -= ended + days.get((day, False), 0)
    return None


@dataclass(frozen=True, slots=True)
class Group:
    """One row of a table: what it is about by its number, or several small ones put together (None)."""

    number: int | None
    tally: Tally
    of: int = 1


def shown(tallies: Mapping[int, Tally]) -> Sequence[Group]:
    """Return the groups that may be shown, the most received first, and the small ones together at the end.

    If that sum were still small, or a single group could be told from the total, the next larger go with them.
    """
    known = sorted(tallies.items(), key=lambda row: (-row[1].received, row[0]))
    large = [Group(number, tally) for number, tally in known if not tally.is_small]
    small = [tally for _number, tally in known if tally.is_small and _says_anything(tally)]
    while small and large and (len(small) == 1 or _together(small).is_small):
        small.append(large.pop().tally)
    if not small or _together(small).is_small:
        return large
    return [*large, Group(None, _together(small), of=len(small))]


def _says_anything(tally: Tally) -> bool:
    return bool(tally.received or tally.open or tally.in_time.whole)


def _together(tallies: Iterable[Tally]) -> Tally:
    return sum(tallies, Tally())
