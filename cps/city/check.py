"""Whether the tables of a profile agree with each other: who stands above whom, what belongs to what."""

from collections.abc import Mapping, Sequence

from cps.city.periods import Period, covers
from cps.city.profile import Area, AreaGroup, Asset, Department
from cps.city.reading import assets as asset_file
from cps.city.reading.entries import AREAS, DEPARTMENTS, GROUPS
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


def check_groups(
    groups: Sequence[Found[AreaGroup]], areas: Sequence[Found[Area]], findings: Findings
) -> None:
    """Note groups that stand above themselves, that do not exist, or that share a code with an area."""
    parents = {found.value.code: found.value.parent for found in groups}
    codes = {found.value.code for found in areas}
    for found in groups:
        code, parent = found.value.code, found.value.parent
        if code in codes:
            findings.add(GROUPS, found.line, f"The code {code!r} is an area's already, in {AREAS}.")
        if parent is not None and parent not in parents:
            findings.add(GROUPS, found.line, f"The parent {parent!r} of group {code!r} is no group.")
        elif _is_above_itself(code, parents):
            findings.add(GROUPS, found.line, f"Group {code!r} stands above itself: parents go round.")
    for area in areas:
        group = area.value.group
        if group is not None and group not in parents:
            sentence = f"The group {group!r} of area {area.value.code!r} is no group in {GROUPS}."
            findings.add(AREAS, area.line, sentence)


def check_owners(
    assets: Sequence[Found[Asset]], departments: Sequence[Found[Department]], findings: Findings
) -> None:
    """Note owners that are no department."""
    known = {found.value.code for found in departments}
    for found in assets:
        if found.value.owner not in known:
            sentence = f"The owner {found.value.owner!r} is no department in {DEPARTMENTS}."
            findings.add(asset_file.FILE, found.line, sentence)
