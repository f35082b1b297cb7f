"""Whether the tables of a profile agree with each other: who stands above whom, who answers what."""

from collections.abc import Mapping, Sequence
from datetime import date

from cps.city.periods import Period, covers, days_apart, holds_on
from cps.city.profile import ANY, AREA_OFFICE, Area, Category, Department, Rule
from cps.city.reading.entries import AREAS, CATEGORIES, DEPARTMENTS, ROUTING
from cps.city.reading.findings import Findings, Found


def check_periods(
    areas: Sequence[Found[Area]], departments: Sequence[Found[Department]], findings: Findings
) -> None:
    """Note what ends before it begins, and who is in force without the one above it or its office."""
    known = {found.value.code: found.value for found in departments}
    for department in departments:
        parent = known.get(department.value.parent or "")
        _check_period(DEPARTMENTS, department, "parent", parent, findings)
    for area in areas:
        office = known.get(area.value.office or "")
        _check_period(AREAS, area, "office", office, findings)


def _check_period(
    file: str,
    found: Found[Department] | Found[Area],
    role: str,
    needed: Department | None,
    findings: Findings,
) -> None:
    thing = found.value
    if thing.first_day and thing.last_day and thing.last_day < thing.first_day:
        findings.add(file, found.line, f"{thing.code!r} ends on {thing.last_day}, before it begins.")
    elif needed is not None and not covers(needed, thing):
        sentence = (
            f"{thing.code!r} is in force {_period(thing)}, its {role} {needed.code!r} {_period(needed)}."
        )
        findings.add(file, found.line, sentence)


def _period(thing: Area | Department) -> Period:
    return Period(thing.first_day, thing.last_day)


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
    days = days_apart([*(found.value for found in departments), *(found.value for found in areas)])
    holding_on = {day: _holding_on(day, rules, areas, departments) for day in days}
    _check_orders(list(holding_on.values()), codes, findings)
    for day, holding in holding_on.items():
        always = {code for code in codes for found in holding if _always_decides(found.value, code)}
        for category in categories:
            if category.value.code not in always:
                _note_unanswered(category, day, findings)


def _holding_on(
    day: date,
    rules: Sequence[Found[Rule]],
    areas: Sequence[Found[Area]],
    departments: Sequence[Found[Department]],
) -> list[Found[Rule]]:
    """Return the rules that hold on a day: those that name nothing that is not in force."""
    absent = {found.value.code for found in departments if not holds_on(found.value, day)}
    elsewhere = {found.value.code for found in areas if not holds_on(found.value, day)}
    return [
        rule for rule in rules if rule.value.department not in absent and rule.value.area not in elsewhere
    ]


def _note_unanswered(category: Found[Category], day: date, findings: Findings) -> None:
    code = category.value.code
    when = f" from {day} on" if day > date.min else ""
    sentence = f"No rule always decides who answers {code!r}{when}. Add {code},{ANY},DEPARTMENT to {ROUTING}."
    findings.add(CATEGORIES, category.line, sentence)


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


def _check_orders(
    lists: Sequence[Sequence[Found[Rule]]], categories: Sequence[str], findings: Findings
) -> None:
    """Note every rule that never decides in any of the lists it stands in."""
    noted = Findings()
    for rules in lists:
        _check_order(rules, categories, noted)
    for fault in dict.fromkeys(noted.faults):
        days_idle = sum(found.line == fault.line for found in noted.faults)
        if days_idle == sum(found.line == fault.line for rules in lists for found in rules):
            findings.add(fault.file, fault.line, fault.sentence)


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
