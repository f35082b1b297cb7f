"""Which department answers a report: the most specific rule that fits it decides, and there always is one.

How rules are compared stands in `cps.city.rule`. A checked profile has a fallback desk and no two rules
that quarrel, so every report has exactly one department.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from cps.city.profile import Profile
from cps.city.rule import ANY, AREA_OFFICE, Rule
from cps.kernel.errors import Unusable

Owner = Callable[[], str | None]
"""Says whose a place is: a department's code, or None."""


@dataclass(frozen=True, slots=True)
class Match:
    """The department's code, and the rule that chose it."""

    department: str
    rule: Rule


def nobody() -> None:
    """Say that a place belongs to nobody, or that it is not known where it is."""


class Routes:
    """A city's rules, sorted once for each category and area that is asked for."""

    def __init__(self, profile: Profile) -> None:
        self._calendar = profile.calendar
        self._offices = {area.code: area.office for area in profile.areas if area.office is not None}
        self._nearness = _nearness(profile)
        self._rules: dict[str, list[Rule]] = {}
        for rule in profile.rules:
            self._rules.setdefault(rule.category, []).append(rule)
        self._ranked: dict[tuple[str, str | None], tuple[Match, ...]] = {}

    def department_for(self, category: str, area: str | None, *, whose: Owner, at: datetime) -> Match:
        """Return the department for a category in an area (None: unknown), at a moment.

        `whose` says the owner of the place; it is asked only where a rule wants to know. Raises Unusable
        if no rule fits, which `cps city check` never lets happen.
        """
        for match in self.candidates(category, area):
            rule = match.rule
            if rule.owner != ANY and rule.owner != whose():
                continue
            if rule.holds(at, self._calendar):
                return match
        raise Unusable(f"No rule in routing.csv says who answers {category!r}: add *,*,DEPARTMENT to it.")

    def candidates(self, category: str, area: str | None) -> tuple[Match, ...]:
        """Return all that can decide a category in an area, the most specific first."""
        ranked = self._ranked.get((category, area))
        if ranked is None:
            ranked = self._ranked[category, area] = tuple(self._fitting(category, area))
        return ranked

    def _fitting(self, category: str, area: str | None) -> Iterable[Match]:
        near = self._nearness.get(area, {}) if area is not None else {}
        rules = self._rules.get(category, []) + self._rules.get(ANY, [])
        fitting = [rule for rule in rules if rule.area == ANY or rule.area in near]
        ordered = sorted(fitting, key=lambda rule: rule.rank(near.get(rule.area, 0)), reverse=True)
        for rule in ordered:
            department = rule.department
            if department == AREA_OFFICE:
                department = self._offices.get(area or "", "")
            if department:
                yield Match(department, rule)
            if rule.owner == ANY and rule.is_timeless and department:
                return  # what comes after it never decides


def _nearness(profile: Profile) -> dict[str, dict[str, int]]:
    """Say for each area how near it and each group around it are: the widest is 1."""
    parents = {group.code: group.parent for group in profile.groups}
    return {area.code: _lineage(area.code, area.group, parents) for area in profile.areas}


def _lineage(area: str, group: str | None, parents: dict[str, str | None]) -> dict[str, int]:
    around = [area]
    while group is not None:
        around.append(group)
        group = parents[group]
    return {code: nearness for nearness, code in enumerate(reversed(around), start=1)}
