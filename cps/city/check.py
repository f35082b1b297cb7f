"""Whether the tables of a profile agree with each other: who stands above whom, who answers what."""

from collections.abc import Mapping, Sequence

from cps.city.profile import ANY, AREA_OFFICE, Area, Category, Department, Rule
from cps.city.reading.entries import AREAS, CATEGORIES, DEPARTMENTS, ROUTING
from cps.city.reading.findings import Findings, Found


def check_departments(departments: Sequence[Found[Department]], findings: Findings) -> None:
    """Note parents that do not exist and departments that stand above themselves."""
    parents = {found.value.code: found.value.parent for found in departments}
    for found in departments:
        code, parent = found.value.code, found.value.parent
        if parent is not None and parent not in parents:
            sentence = f"The parent {parent!r} of department {code!r} is no department."
            findings.add(DEPARTMENTS, found.line, sentence)
        elif _is_above_itself(code, parents):
            findings.add(
                DEPARTMENTS, found.line, f"Department {code!r} stands above itself: parents go round."
            )


def _is_above_itself(code: str, parents: Mapping[str, str | None]) -> bool:
    above, seen = parents.get(code), set[str]()
    while above is not None and above != code and above not in seen:
        seen.add(above)
        above = parents.get(above)
    return above == code


def check_offices(
    areas: Sequence[Found[Area]], departments: Sequence[Found[Department]], findings: Findings
) -> None:
    """Note offices that are no department."""
    known = {found.value.code for found in departments}
    for found in areas:
        office = found.value.office
        if office is not None and office not in known:
            sentence = (
                f"The office {office!r} of area {found.value.code!r} is no department in {DEPARTMENTS}."
            )
            findings.add(AREAS, found.line, sentence)


def check_rules(
    rules: Sequence[Found[Rule]],
    *,
    categories: Sequence[Found[Category]],
    areas: Sequence[Found[Area]],
    departments: Sequence[Found[Department]],
    findings: Findings,
) -> None:
    """Note rules that name what does not exist or never decide, and categories nobody answers."""
    codes = [found.value.code for found in categories]
    offices = {found.value.code: found.value.office for found in areas}
    _check_codes(rules, codes, offices, {found.value.code for found in departments}, findings)
    _check_order(rules, codes, findings)
    always = {code for code in codes for found in rules if _always_decides(found.value, code)}
    for category in categories:
        if category.value.code not in always:
            findings.add(
                CATEGORIES,
                category.line,
                f"No rule always decides who answers {category.value.code!r}. "
                f"Add {category.value.code},{ANY},DEPARTMENT to {ROUTING}.",
            )


def _check_codes(
    rules: Sequence[Found[Rule]],
    categories: Sequence[str],
    offices: Mapping[str, str | None],
    departments: set[str],
    findings: Findings,
) -> None:
    for found in rules:
        rule = found.value
        if rule.category != ANY and rule.category not in categories:
            findings.add(ROUTING, found.line, f"There is no category {rule.category!r} in {CATEGORIES}.")
        if rule.area != ANY and rule.area not in offices:
            findings.add(ROUTING, found.line, f"There is no area {rule.area!r} in {AREAS}.")
        if rule.department != AREA_OFFICE and rule.department not in departments:
            findings.add(ROUTING, found.line, f"There is no department {rule.department!r} in {DEPARTMENTS}.")
        if rule.department == AREA_OFFICE and not _has_office(rule, offices):
            findings.add(
                ROUTING, found.line, f"This rule never decides: no area it names has an office in {AREAS}."
            )


def _has_office(rule: Rule, offices: Mapping[str, str | None]) -> bool:
    return any(offices.values()) if rule.area == ANY else bool(offices.get(rule.area, "unknown"))


def _check_order(rules: Sequence[Found[Rule]], categories: Sequence[str], findings: Findings) -> None:
    for index, found in enumerate(rules):
        if found.value.category == ANY and index == len(rules) - 1:
            continue  # a net below everything else does no harm
        covered = categories if found.value.category == ANY else [found.value.category]
        earlier = [_earlier_decider(rules[:index], found.value, category) for category in covered]
        if earlier and all(earlier):
            lines = sorted({line for line in earlier if line})
            said = ", ".join(map(str, lines))
            findings.add(ROUTING, found.line, f"This rule never decides: line {said} decides before it.")


def _earlier_decider(earlier: Sequence[Found[Rule]], rule: Rule, category: str) -> int | None:
    """Return the line of the first rule that takes everything this rule would take of a category."""
    for found in earlier:
        takes = found.value
        covers_area = takes.area in (ANY, rule.area) and takes.department != AREA_OFFICE
        is_double = (takes.area, takes.department) == (rule.area, rule.department)
        if takes.category in (ANY, category) and (covers_area or is_double):
            return found.line
    return None


def _always_decides(rule: Rule, category: str) -> bool:
    return rule.category in (ANY, category) and rule.area == ANY and rule.department != AREA_OFFICE
