"""Whether the routing rules of a profile can be followed: each names what there is, no two quarrel, none is left out."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from cps.city.periods import Dated, days_apart, holds_on
from cps.city.profile import Area, AreaGroup, Asset, Category, Department
from cps.city.reading.assets import FILE as ASSETS
from cps.city.reading.entries import AREAS, CATEGORIES, DEPARTMENTS, GROUPS
from cps.city.reading.findings import Findings, Found
from cps.city.reading.rules import ROUTING
from cps.city.rule import ANY, AREA_OFFICE, Rule


@dataclass(frozen=True)
class Ground:
    """What rules can name beside categories."""

    departments: tuple[Department, ...]
    areas: tuple[Area, ...]
    groups: tuple[AreaGroup, ...]
    assets: tuple[Asset, ...]

    def areas_in(self, code: str) -> list[Area]:
        """Return the areas that a rule names: one, those of a group and of the groups in it, or all."""
        if code == ANY:
            return list(self.areas)
        groups = {code}
        for _level in self.groups:  # as many rounds as there can be levels
            groups |= {group.code for group in self.groups if group.parent in groups}
        return [area for area in self.areas if area.code == code or area.group in groups]

    def periods_of(self, rule: Rule) -> list[Dated]:
        """Return what must be in force for a rule to decide: its department, its area."""
        return [
            *(department for department in self.departments if department.code == rule.department),
            *(area for area in self.areas if area.code == rule.area),
        ]


def check_rules(
    rules: Sequence[Found[Rule]], *, categories: Sequence[Found[Category]], ground: Ground, findings: Findings
) -> None:
    """Note rules that name what does not exist or never decide, that quarrel, and a city without fallback desk."""
    for found in rules:
        _check_names(found, {category.value.code for category in categories}, ground, findings)
    _check_quarrels(rules, ground, findings)
    _check_fallback(rules, ground, findings)
    for category in categories:
        if not any(found.value.category in (ANY, category.value.code) for found in rules):
            code = category.value.code
            sentence = f"No rule is for {code!r}. Add {code},{ANY},DEPARTMENT to {ROUTING}."
            findings.add(CATEGORIES, category.line, sentence)


def _check_names(found: Found[Rule], categories: set[str], ground: Ground, findings: Findings) -> None:
    rule = found.value
    areas = ground.areas_in(rule.area)
    known = {department.code for department in ground.departments}
    faults = (
        (
            rule.category != ANY and rule.category not in categories,
            f"There is no category {rule.category!r} in {CATEGORIES}.",
        ),
        (
            not areas and not _is_group(rule.area, ground),
            f"There is no area {rule.area!r} in {AREAS} and no such group in {GROUPS}.",
        ),
        (
            not areas and _is_group(rule.area, ground),
            f"This rule never decides: no area belongs to the group {rule.area!r}.",
        ),
        (
            rule.department not in {AREA_OFFICE, *known},
            f"There is no department {rule.department!r} in {DEPARTMENTS}.",
        ),
        (
            rule.department == AREA_OFFICE and bool(areas) and not any(area.office for area in areas),
            f"This rule never decides: no area it names has an office in {AREAS}.",
        ),
        (
            rule.owner not in {ANY, *(asset.owner for asset in ground.assets)},
            f"This rule never decides: nothing in {ASSETS} belongs to {rule.owner!r}.",
        ),
    )
    for is_fault, sentence in faults:
        if is_fault:
            findings.add(ROUTING, found.line, sentence)


def _is_group(code: str, ground: Ground) -> bool:
    return any(group.code == code for group in ground.groups)


def _check_fallback(rules: Sequence[Found[Rule]], ground: Ground, findings: Findings) -> None:
    """Note the first day on which no fallback desk is in force."""
    fallbacks = [found.value for found in rules if found.value.is_fallback]
    for day in days_apart(ground.departments):
        if not any(_holds(rule, day, ground) for rule in fallbacks):
            when = f" from {day} on" if day > date.min else ""
            findings.add(
                ROUTING,
                1,
                f"No rule says who takes what no other rule does{when}. "
                f"Add {ANY},{ANY},DEPARTMENT for the fallback desk.",
            )
            return


def _holds(rule: Rule, day: date, ground: Ground) -> bool:
    return all(holds_on(thing, day) for thing in ground.periods_of(rule))


def _are_ever_together(one: Rule, other: Rule, ground: Ground) -> bool:
    days = days_apart([*ground.periods_of(one), *ground.periods_of(other)])
    return any(_holds(one, day, ground) and _holds(other, day, ground) for day in days)


def _check_quarrels(rules: Sequence[Found[Rule]], ground: Ground, findings: Findings) -> None:
    """Note every rule that is as specific as an earlier one and can fit the same report."""
    earlier: dict[tuple[str, str, str], list[Found[Rule]]] = defaultdict(list)
    for found in rules:
        rule = found.value
        alike = earlier[rule.category, rule.area, rule.owner]
        lines = [
            str(other.line)
            for other in alike
            if rule.quarrels_with(other.value) and _are_ever_together(rule, other.value, ground)
        ]
        if lines:
            findings.add(
                ROUTING,
                found.line,
                f"This rule quarrels with line {', '.join(lines)}: both are as specific and fit the same reports. "
                "Let one of them name more, or take one out.",
            )
        alike.append(found)
