"""Whether the tables of a profile agree with each other: who stands above whom, what belongs to what."""

from collections.abc import Mapping, Sequence

from cps.city.profile import Area, AreaGroup, Asset, Department
from cps.city.reading import assets as asset_file
from cps.city.reading.entries import AREAS, DEPARTMENTS, GROUPS
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
