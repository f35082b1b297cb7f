"""Loading a profile: what the files say becomes what is in force.

Loading the same profile again changes nothing. What is gone from the profile becomes inactive and is not
deleted, because complaints may point to it; rules keep the versions in which they counted. Departments and
areas then get a last day; what is new opens with the day of the load, unless the profile says another day
or the city itself is new.
"""

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import date
from typing import Any

from shapely.geometry import mapping
from sqlalchemy import delete, select

from cps.city import models
from cps.city.changes import Change, changed_fields
from cps.city.coded import Opening, load_dated, load_rows, rows_by_code
from cps.city.load_places import load_places
from cps.city.periods import day_before
from cps.city.profile import Asset, Profile
from cps.city.queries import forget
from cps.city.rule_record import load_rules
from cps.city.stored import settings_of
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable

_REFERENCE_KEY_BYTES = 16


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
    changes += _load_departments(profile, Opening(first_day, last_day, new_departments))
    changes += _load_areas(profile, Opening(first_day, last_day, new_areas))
    changes += _load_categories(profile)
    changes += _load_assets(profile.assets)
    changes += load_places(profile, is_new=city is None)
    changes += load_rules(profile.rules, version=city.version + 1 if city is not None else 1)
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
    differences = changed_fields(city.settings, settings)
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


def _load_departments(profile: Profile, opening: Opening) -> list[Change]:
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
    changes = load_dated(models.Department, "department", wanted, opening)
    db.session.flush()
    return changes + _load_parents(profile)


def _load_parents(profile: Profile) -> list[Change]:
    """Set who stands above whom, once every department has a row."""
    rows = rows_by_code(models.Department)
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


def _load_areas(profile: Profile, opening: Opening) -> list[Change]:
    ids = {code: row.id for code, row in rows_by_code(models.Department).items()}
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
    return load_dated(models.Area, "area", wanted, opening)


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
    return load_rows(models.Category, "category", wanted)


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


def _as_json(value: Any) -> Any:
    """Turn tuples into lists, as the database gives them back."""
    return json.loads(json.dumps(value))
