"""The file of a plan: TOML, read like a profile; paths in it are seen from its own folder."""

import hashlib
from pathlib import Path

from cps.city.plan import Plan
from cps.city.reading.findings import Fault, Findings
from cps.city.reading.sections import Section, read_sections

_REFUSE, _FOLLOW = "refuse", "follow"
_KEYS = ("profile", "day", "outside", "boundaries", "areas", "departments")
_BOUNDARIES = ("file", "layer", "code_field", "name_field")


def read_plan(path: Path) -> tuple[Plan | None, list[Fault]]:
    """Read a plan; None with its faults if it has any."""
    findings = Findings()
    section = read_sections(path, findings)
    plan = _plan(path, section) if section is not None else None
    return (None if findings.faults else plan), findings.faults


def _plan(path: Path, section: Section) -> Plan | None:
    section.only(_KEYS)
    folder, day = section.text("profile"), section.day("day")
    outside = section.text("outside", optional=True) or _REFUSE
    if outside not in (_REFUSE, _FOLLOW):
        section.fault(f"'outside' is {outside!r}; it must be {_REFUSE!r} or {_FOLLOW!r}.", "outside")
    boundaries = section.table("boundaries", optional=True)
    boundaries.only(_BOUNDARIES)
    file, layer, code_field, name_field = (boundaries.text(key, optional=True) for key in _BOUNDARIES)
    areas, departments = _areas(section), _departments(section)
    if day is None:
        return None
    return Plan(
        digest=hashlib.sha256(section.source.encode()).hexdigest(),
        folder=path.parent / folder,
        day=day,
        areas=areas,
        departments=departments,
        is_guessing_outside=outside == _FOLLOW,
        boundaries=path.parent / file if file else None,
        layer=layer or None,
        code_field=code_field or None,
        name_field=name_field or None,
    )


def _areas(section: Section) -> dict[str, tuple[str, ...]]:
    table = section.table("areas", optional=True)
    found: dict[str, tuple[str, ...]] = {}
    for code, heirs in table.values.items():
        if isinstance(heirs, list) and heirs and all(isinstance(heir, str) for heir in heirs):
            found[code] = tuple(heirs)
        else:
            table.fault(f'{code!r} must have a list of codes like ["north", "south"].', code)
    return found


def _departments(section: Section) -> dict[str, str]:
    table = section.table("departments", optional=True)
    return {code: table.text(code) for code in table.values}
