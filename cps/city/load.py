"""Loading a profile: what the files say becomes what is in force.

Loading the same profile again changes nothing. What is gone from the profile becomes inactive and is not
deleted, because complaints may point to it; rules keep the versions in which they counted. Departments and
areas then get a last day; what is new opens with the day of the load, unless the profile says another day
or the city itself is new.
"""

import json
import secrets
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, TypeVar

from shapely.geometry import mapping
from sqlalchemy import delete, select, update

from cps.city import models
from cps.city.periods import day_before
from cps.city.profile import Asset, Profile
from cps.city.queries import forget
from cps.city.rule import Rule
from cps.city.stored import settings_of
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable

Kind = Literal["added", "changed", "removed", "revived"]
_Row = TypeVar("_Row", models.Department, models.Area, models.Category)
_DatedRow = TypeVar("_DatedRow", models.Department, models.Area)

_REFERENCE_KEY_BYTES = 16
_LONGEST_SHOWN = 60
_RULE_COLUMNS = ("category", "area", "department")
_PLACE = "position"  # one newcomer moves all behind it: no news about each of them


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a load changed; `details` says field by field what it was and is."""

    kind: Kind
    what: str
    code: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Opening:
    """When what is new opens (None: since ever), the last day of what vanishes, and codes that are borne anew."""

    first_day: date | None
    last_day: date
    anew: Collection[str] = ()


def load(
    profile: Profile,
    *,
    day: date | None = None,
    new_departments: Collection[str] = (),
    new_areas: Collection[str] = (),
) -> list[Change]:
    """Put a checked profile in force and return what that changed; does not commit.

    `day`: from when it holds, today without it. `new_departments`, `new_areas`: codes that something else
    bears from then on; what bore them so far ends, under its old name. Raises Unusable if the database
    holds another city.
    """
    city = db.session.scalar(select(models.City).with_for_update())
    begins = day or clock.now().astimezone(profile.calendar.zone).date()
    first_day, last_day = (None if city is None else begins), day_before(begins)
    changes = _load_city(city, profile)
    changes += _load_departments(profile, _Opening(first_day, last_day, new_departments))
    changes += _load_areas(profile, _Opening(first_day, last_day, new_areas))
    changes += _load_categories(profile)
    changes += _load_assets(profile.assets)
    changes += _load_rules(profile.rules, version=city.version + 1 if city is not None else 1)
    if city is not None and changes:
        city.version += 1
        city.loaded_at = clock.now()
    db.session.flush()
    forget()
    return changes


def _load_city(city: models.City | None, profile: Profile) -> list[Change]:
    settings = settings_of(profile)
    if city is None:
        db.session.add(_new_city(profile.code, settings))
        return [Change("added", "city", profile.code)]
    if city.code != profile.code:
        raise Unusable(
            f"This database holds the city {city.code!r}, the profile is of {profile.code!r}. Use another database."
        )
    differences = _differences(city.settings, settings)
    if not differences:
        return []
    city.settings = settings
    return [Change("changed", "city", profile.code, differences)]


def _new_city(code: str, settings: dict[str, Any]) -> models.City:
    return models.City(
        id=1,
        code=code,
        version=1,
        reference_key=secrets.token_bytes(_REFERENCE_KEY_BYTES),
        settings=settings,
        loaded_at=clock.now(),
    )


def _load_departments(profile: Profile, opening: _Opening) -> list[Change]:
    wanted = {
        d.code: {
            "position": n,
            "names": dict(d.names),
            "phone": d.phone,
            "email": d.email,
            "is_outside": d.is_outside,
            "first_day": d.first_day,
            "last_day": d.last_day,
        }
        for n, d in enumerate(profile.departments)
    }
    changes = _load_dated(models.Department, "department", wanted, opening)
    db.session.flush()
    return changes + _load_parents(profile)


def _load_parents(profile: Profile) -> list[Change]:
    """Set who stands above whom, once every department has a row."""
    rows = _rows_by_code(models.Department)
    codes = {row.id: row.code for row in db.session.scalars(select(models.Department))}
    changes = []
    for department in profile.departments:
        row = rows[department.code]
        before = codes[row.parent_id] if row.parent_id is not None else None
        if before != department.parent:
            row.parent_id = rows[department.parent].id if department.parent else None
            changes.append(_reparented(department.code, before, department.parent))
    return changes


def _reparented(code: str, before: str | None, after: str | None) -> Change:
    return Change("changed", "department", code, (f"parent: {before or 'none'} → {after or 'none'}",))


def _load_areas(profile: Profile, opening: _Opening) -> list[Change]:
    ids = {code: row.id for code, row in _rows_by_code(models.Department).items()}
    wanted = {
        area.code: {
            "position": n,
            "names": dict(area.names),
            "office_id": ids[area.office] if area.office else None,
            "polygon": _as_json(mapping(area.polygon)),
            "is_approximate": area.approximate,
            "group": area.group,
            "first_day": area.first_day,
            "last_day": area.last_day,
        }
        for n, area in enumerate(profile.areas)
    }
    return _load_dated(models.Area, "area", wanted, opening)


def _load_categories(profile: Profile) -> list[Change]:
    wanted = {
        category.code: {
            "position": n,
            "names": dict(category.names),
            "hints": dict(category.hints),
            "keywords": {language: list(words) for language, words in category.keywords.items()},
            "icon": category.icon,
            "promise": str(category.promise),
            "acknowledge": str(category.acknowledge) if category.acknowledge else None,
            "is_public": category.is_public,
            "is_featured": category.featured,
            "is_rounded": category.is_rounded,
        }
        for n, category in enumerate(profile.categories)
    }
    return _load_rows(models.Category, "category", wanted)


def _load_dated(
    model: type[_DatedRow], what: str, wanted: Mapping[str, dict[str, Any]], opening: _Opening
) -> list[Change]:
    ended = _ended(model, what, opening)
    rows = _rows_by_code(model, opening.anew)
    for code, values in wanted.items():
        if values["first_day"] is None:
            values["first_day"] = _opened(rows.get(code), opening)
    changes = _load_rows(model, what, wanted, anew=opening.anew)
    for code, row in rows.items():
        if code not in wanted and (row.last_day is None or row.last_day > opening.last_day):
            row.last_day = opening.last_day
    return ended + changes


def _ended(model: type[_DatedRow], what: str, opening: _Opening) -> list[Change]:
    """End what bears a code that something else bears from now on."""
    rows = [row for code, row in _rows_by_code(model).items() if row.is_active and code in opening.anew]
    for row in rows:
        row.last_day = opening.last_day
    ended = [_retired(row, what) for row in rows]
    db.session.flush()  # its code is free for the next to bear it
    return ended


def _opened(row: models.Department | models.Area | None, opening: _Opening) -> date | None:
    """Return since when something is in force whose file does not say it."""
    if row is None:
        return opening.first_day
    was_away = not row.is_active and row.last_day is not None and row.last_day < opening.last_day
    is_to_come = row.first_day is not None and row.first_day > (opening.first_day or date.max)
    return opening.first_day if was_away or is_to_come else row.first_day


def _rows_by_code(model: type[_Row], anew: Collection[str] = ()) -> dict[str, _Row]:
    """Return who bears each code, or did last, by position; of codes borne `anew` only who does."""
    latest = select(model).order_by(model.is_active, model.id)
    rows: dict[str, _Row] = {
        row.code: row for row in db.session.scalars(latest) if row.is_active or row.code not in anew
    }
    return dict(sorted(rows.items(), key=lambda item: item[1].position))


def _load_rows(
    model: type[_Row], what: str, wanted: Mapping[str, dict[str, Any]], *, anew: Collection[str] = ()
) -> list[Change]:
    rows = _rows_by_code(model, anew)
    order = [code for code, row in rows.items() if row.is_active and code in wanted]
    changes: list[Change] = []
    for code, values in wanted.items():
        row = rows.get(code)
        if row is None:
            db.session.add(model(code=code, is_active=True, **values))
            changes.append(Change("added", what, code))
        else:
            changes += _updated(row, what, values)
    if order != [code for code in wanted if code in order]:
        changes.append(Change("changed", what, "order"))
    return changes + [
        _retired(row, what) for code, row in rows.items() if row.is_active and code not in wanted
    ]


def _updated(row: _Row, what: str, values: Mapping[str, Any]) -> list[Change]:
    before = {name: getattr(row, name) for name in values if name != _PLACE}
    differences = _differences(before, {name: values[name] for name in before})
    kind: Kind = "changed" if row.is_active else "revived"
    is_news = differences or not row.is_active
    for name, value in values.items():
        setattr(row, name, value)
    row.is_active = True
    return [Change(kind, what, row.code, differences)] if is_news else []


def _retired(row: _Row, what: str) -> Change:
    row.is_active = False
    return Change("removed", what, row.code)


def _load_assets(assets: Sequence[Asset]) -> list[Change]:
    """Put all assets in place of those before, if any differs; nothing points to them."""
    wanted = [
        {
            "position": n,
            "owner": asset.owner,
            "names": dict(asset.names),
            "geometry": _as_json(mapping(asset.geometry)),
            "within_m": asset.within_m,
        }
        for n, asset in enumerate(assets)
    ]
    columns = [column for column in models.Asset.__table__.columns if column.name != "id"]
    stored = db.session.execute(select(*columns).order_by(models.Asset.position))
    if [dict(row) for row in stored.mappings()] == wanted:
        return []
    db.session.execute(delete(models.Asset))
    db.session.add_all(models.Asset(**values) for values in wanted)
    return [Change("changed", "assets", f"{len(wanted)} in force")]


def _load_rules(rules: Sequence[Rule], *, version: int) -> list[Change]:
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


def _differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(
        _difference(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )


def _difference(name: str, before: Any, after: Any) -> str:
    shown = f"{name}: {_shown(before)} → {_shown(after)}"
    return shown if len(shown) <= 2 * _LONGEST_SHOWN else name


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


def _as_json(value: Any) -> Any:
    """Turn tuples into lists, as the database gives them back."""
    return json.loads(json.dumps(value))
