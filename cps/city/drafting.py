"""A plan written for people to look through: what ends, what comes after it as computed, and why."""

import json
from collections.abc import Iterator

from cps.city.plan import Plan
from cps.city.profile import Area, Department
from cps.city.succession import Turnover


def draft(turnover: Turnover) -> str:
    """Write the file of a plan; what could not be computed stands there as a comment to be filled in."""
    return "\n".join(
        [
            *_head(turnover.plan),
            "",
            "# What comes after each area that ends, the largest part first. A report goes where its point lies; one",
            "# without a point goes to the first of these.",
            "[areas]",
            *_areas(turnover),
            "",
            "# Which department comes after each that ends: its officials go there. Reports go by routing.csv.",
            "[departments]",
            *_departments(turnover),
            "",
        ]
    )


def _head(plan: Plan) -> Iterator[str]:
    yield "# A plan of a reorganisation: look it through, then try it with: cps city reorganise PLAN"
    yield f"profile = {_quoted(str(plan.folder))}"
    yield f"day = {plan.day.isoformat()}"
    yield 'outside = "refuse" # or "follow": a point outside the new map goes where its area went'
    if plan.boundaries is None:
        return
    yield "\n[boundaries]"
    for key, value in (
        ("file", str(plan.boundaries)),
        ("layer", plan.layer),
        ("code_field", plan.code_field),
        ("name_field", plan.name_field),
    ):
        if value:
            yield f"{key} = {_quoted(value)}"


def _areas(turnover: Turnover) -> Iterator[str]:
    old = {area.code: area for area in turnover.before.profile.areas}
    new = {area.code: area for area in turnover.after.areas}
    for code, heirs in turnover.area_heirs.items():
        parts = {share.code: f" {share.part:.0%}" for share in turnover.shares[code]}
        said = ", ".join(
            f"{_name(turnover, new[heir])}{parts.get(heir, '')}" for heir in heirs if heir in new
        )
        mark = "" if heirs else "# "
        yield f"{mark}{_quoted(code)} = {json.dumps(list(heirs))} # {_name(turnover, old[code])}: {said or 'nothing lies there'}"


def _departments(turnover: Turnover) -> Iterator[str]:
    old = {department.code: department for department in turnover.before.profile.departments}
    new = {department.code: department for department in turnover.after.departments}
    for code, heir in turnover.department_heirs.items():
        before = _name(turnover, old[code])
        if heir is None or heir not in new:
            yield f'# {_quoted(code)} = "" # {before}: nothing says who follows it'
        else:
            yield f"{_quoted(code)} = {_quoted(heir)} # {before}: {_name(turnover, new[heir])}"


def _name(turnover: Turnover, thing: Area | Department) -> str:
    return turnover.before.named(thing.names, turnover.before.profile.languages[0])


def _quoted(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)
