"""The rows of a city read back as the values of its profile."""

from collections.abc import Iterable, Mapping
from typing import Any

from shapely.geometry import shape
from sqlalchemy import Row, select

from cps.city import models
from cps.city.profile import Area, Asset, Category, Department, Profile
from cps.city.promise import Promise
from cps.city.rule import ANY, AREA_OFFICE, Rule
from cps.city.stored import profile_of
from cps.kernel.db import db

_Positioned = models.Department | models.Area | models.Asset | models.Category | models.Rule


def rows(model: type[_Positioned]) -> list[Row[Any]]:
    """Return the rows of a table by position."""
    # Columns, not objects: what is kept must not hang on a session.
    return list(db.session.execute(select(*model.__table__.columns).order_by(model.position, model.id)))


def profile_of_rows(
    city: Row[Any], departments: list[Row[Any]], areas: list[Row[Any]], categories: list[Row[Any]]
) -> Profile:
    """Put the profile together from the rows that are in force."""
    codes = {row.id: row.code for row in departments}
    return profile_of(
        city.code,
        city.settings,
        departments=tuple(_department(row, codes) for row in departments),
        areas=tuple(_area(row, codes) for row in areas),
        categories=tuple(map(_category, categories)),
        rules=_rules(departments, areas, [group["code"] for group in city.settings.get("groups", ())]),
        assets=tuple(map(_asset, rows(models.Asset))),
    )


def _rules(
    departments: Iterable[Row[Any]], areas: Iterable[Row[Any]], groups: Iterable[str]
) -> tuple[Rule, ...]:
    """Return the rules that hold today: what is not in force decides nothing."""
    known = {AREA_OFFICE, *(row.code for row in departments)}
    places = {ANY, *groups, *(row.code for row in areas)}
    rules = (_rule(row) for row in rows(models.Rule) if row.until_version is None)
    return tuple(rule for rule in rules if rule.department in known and rule.area in places)


def _department(row: Row[Any], codes: Mapping[int, str]) -> Department:
    parent = codes.get(row.parent_id) if row.parent_id is not None else None
    return Department(
        code=row.code,
        names=row.names,
        parent=parent,
        phone=row.phone,
        email=row.email,
        is_outside=row.is_outside,
    )


def _area(row: Row[Any], codes: Mapping[int, str]) -> Area:
    return Area(
        code=row.code,
        names=row.names,
        office=codes.get(row.office_id) if row.office_id is not None else None,
        polygon=shape(row.polygon),
        approximate=row.is_approximate,
        group=row.group,
    )


def _asset(row: Row[Any]) -> Asset:
    return Asset(owner=row.owner, names=row.names, geometry=shape(row.geometry), within_m=row.within_m)


def _rule(row: Row[Any]) -> Rule:
    named = {"category": row.category, "area": row.area, "department": row.department}
    return Rule.from_json({**named, **row.conditions})


def _category(row: Row[Any]) -> Category:
    return Category(
        code=row.code,
        names=row.names,
        hints=row.hints,
        keywords={language: tuple(words) for language, words in row.keywords.items()},
        icon=row.icon,
        promise=Promise.parse(row.promise),
        acknowledge=Promise.parse(row.acknowledge) if row.acknowledge else None,
        is_public=row.is_public,
        featured=row.is_featured,
        is_rounded=row.is_rounded,
    )
