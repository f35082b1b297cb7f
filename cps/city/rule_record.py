"""The record of rules: each with the versions of the city in which it counted, so that every decision can be explained."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select, update

from cps.city import models
from cps.city.changes import Change
from cps.city.rule import Rule
from cps.kernel.db import db

_RULE_COLUMNS = ("category", "area", "department")


def load_rules(rules: Sequence[Rule], *, version: int) -> list[Change]:
    """Close the record of rules that are gone, and open one for each that is new, from `version` on."""
    in_force = {
        Rule.from_json(_said_by(row)): row
        for row in db.session.scalars(select(models.Rule).where(models.Rule.until_version.is_(None)))
    }
    gone = [row for rule, row in in_force.items() if rule not in set(rules)]
    db.session.execute(
        update(models.Rule)
        .where(models.Rule.id.in_([row.id for row in gone]))
        .values(until_version=version - 1)
    )
    for n, rule in enumerate(rules):
        if rule in in_force:
            in_force[rule].position = n  # the order says nothing, but people find rules by it
        else:
            db.session.add(_rule_row(rule, n, version))
    added = [Change("added", "rule", _as_line(rule)) for rule in rules if rule not in in_force]
    return added + [Change("removed", "rule", _as_line(Rule.from_json(_said_by(row)))) for row in gone]


def _rule_row(rule: Rule, position: int, version: int) -> models.Rule:
    conditions = {name: value for name, value in rule.as_json().items() if name not in _RULE_COLUMNS}
    return models.Rule(
        position=position,
        category=rule.category,
        area=rule.area,
        department=rule.department,
        conditions=conditions,
        since_version=version,
        until_version=None,
    )


def _said_by(row: models.Rule) -> dict[str, Any]:
    return {"category": row.category, "area": row.area, "department": row.department, **row.conditions}


def _as_line(rule: Rule) -> str:
    conditions = [f"{name} {value}" for name, value in rule.as_json().items() if name not in _RULE_COLUMNS]
    return ",".join((rule.category, rule.area, rule.department, *conditions))
