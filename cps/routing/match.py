"""Which department answers a report: the first rule that matches decides.

Rules are in order and a checked profile always has one that matches, so a report never lacks a department.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cps.city.profile import ANY, AREA_OFFICE, Rule
from cps.kernel.errors import Unusable


@dataclass(frozen=True, slots=True)
class Match:
    """The department's code, and which rule (from 0) chose it."""

    department: str
    rule_index: int


def department_for(
    rules: Sequence[Rule], offices: Mapping[str, str], category: str, area: str | None
) -> Match:
    """Return the department for a category in an area (None: unknown).

    `offices` gives the department of each area that has its own. Raises Unusable if no rule matches,
    which `cps city check` never lets happen.
    """
    for index, rule in enumerate(rules):
        department = _sent_by(rule, offices, category, area)
        if department is not None:
            return Match(department, index)
    raise Unusable(f"No rule in routing.csv says who answers {category!r}: add one with area * for it.")


def _sent_by(rule: Rule, offices: Mapping[str, str], category: str, area: str | None) -> str | None:
    if rule.category not in (ANY, category) or rule.area not in (ANY, area):
        return None
    if rule.department != AREA_OFFICE:
        return rule.department
    return offices.get(area) if area is not None else None
