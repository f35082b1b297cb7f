"""The city in force: one unchanging picture of it per process, renewed when another was loaded.

The version is looked up at most once a second, so a load is seen by every process within a second.
A picture shows what is in force today; where something comes or goes by its date, it holds till that midnight.
"""

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from shapely.geometry import shape
from sqlalchemy import Engine, Row, select

from cps.city import models
from cps.city.periods import holds_on, turning_days
from cps.city.profile import Area, Asset, Category, Department, Names, Profile, named
from cps.city.promise import Promise
from cps.city.rule import ANY, AREA_OFFICE, Rule
from cps.city.stored import profile_of
from cps.geo.area import AreaMap
from cps.geo.ownership import OwnerMap
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.text import sortable

_SECONDS_TRUSTED = 1.0
_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)  # one picture is equal to itself alone, and can be a key
class CityInForce:
    """The profile in force with what the database knows of it: what is no longer in force is only in mappings by id.

    `*_ids`: id by code of everything in force. `*_codes`, `*_names`, `*_icons`: code, names and picture
    by id of everything that ever was. `private_categories`, `rounded_categories`: ids of those whose
    reports nobody else sees, and whose places others are told roughly.
    `version` grows with every load that changed something.
    """

    profile: Profile
    version: int
    reference_key: bytes
    area_map: AreaMap
    owner_map: OwnerMap
    department_ids: Mapping[str, int]
    area_ids: Mapping[str, int]
    category_ids: Mapping[str, int]
    department_codes: Mapping[int, str]
    area_codes: Mapping[int, str]
    category_codes: Mapping[int, str]
    department_names: Mapping[int, Names]
    area_names: Mapping[int, Names]
    category_names: Mapping[int, Names]
    category_icons: Mapping[int, str]
    private_categories: frozenset[int]
    rounded_categories: frozenset[int]
    _departments: Mapping[str, Department]
    _areas: Mapping[str, Area]
    _categories: Mapping[str, Category]

    def department(self, code: str) -> Department | None:
        """Return the department with this code, if one is in force."""
        return self._departments.get(code)

    def area(self, code: str) -> Area | None:
        """Return the area with this code, if one is in force."""
        return self._areas.get(code)

    def category(self, code: str) -> Category | None:
        """Return the category with this code, if one is in force."""
        return self._categories.get(code)

    def named(self, names: Names, language: str) -> str:
        """Choose the name in this language, else in the city's first."""
        return named(names, language, self.profile.languages[0])

    def name(self, language: str) -> str:
        """Return what the city is called."""
        return self.named(self.profile.names, language)

    def departments_by_name(self, language: str) -> tuple[tuple[str, str], ...]:
        """List code and name of the departments: those of the whole city first, each by name."""
        return _departments_by_name(self, language)

    def areas_by_name(self, language: str) -> tuple[tuple[str, str], ...]:
        """List code and name of the areas, sorted as if written without accents."""
        return _areas_by_name(self, language)

    def outside(self, language: str) -> str:
        """Return whom to contact for a place outside the city."""
        return self.named(self.profile.outside, language)


@lru_cache(maxsize=32)
def _departments_by_name(city: CityInForce, language: str) -> tuple[tuple[str, str], ...]:
    named = [(d.parent is not None, d.code, city.named(d.names, language)) for d in city.profile.departments]
    return tuple((code, name) for _local, code, name in sorted(named, key=lambda d: (d[0], sortable(d[2]))))


@lru_cache(maxsize=32)
def _areas_by_name(city: CityInForce, language: str) -> tuple[tuple[str, str], ...]:
    named = [(area.code, city.named(area.names, language)) for area in city.profile.areas]
    return tuple(sorted(named, key=lambda area: sortable(area[1])))


@dataclass(frozen=True)
class _Edition:
    version: int
    loaded_at: datetime


@dataclass(frozen=True)
class _Kept:
    edition: _Edition
    city: CityInForce
    begins: datetime  # at an earlier or a later moment than `ends` another picture holds
    ends: datetime
    looked_at: float  # monotonic seconds

    def holds(self) -> bool:
        is_undated = self.begins is _EVER and self.ends is _NEVER  # most cities: not even a look at the clock
        return is_undated or self.begins <= clock.now() < self.ends


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def in_force() -> CityInForce:
    """Return the city as it was last loaded and is today; raise Unusable if none was."""
    engine, now = db.engine, time.monotonic()
    kept = _KEPT.get(engine)
    if kept is not None and now - kept.looked_at < _SECONDS_TRUSTED and kept.holds():
        return kept.city
    edition = _edition()
    if kept is not None and kept.edition == edition and kept.holds():
        _KEPT[engine] = replace(kept, looked_at=now)
        return kept.city
    kept = _KEPT[engine] = _read(edition, now)
    return kept.city


def forget() -> None:
    """Read the city anew the next time it is asked for."""
    _KEPT.clear()


def _edition() -> _Edition:
    # Looked up before the rows are read: if a load ends in between, the next look-up sees it.
    row = db.session.execute(select(models.City.version, models.City.loaded_at)).one_or_none()
    if row is None:
        raise Unusable("No city has been loaded. Load a profile with: cps city load PATH")
    return _Edition(row.version, row.loaded_at)


def as_loaded() -> CityInForce:
    """Return the city with everything its profile says, whether in force today or not; always read anew."""
    _edition()
    return _picture(_row(), _rows(models.Department), _rows(models.Area), None)


def _read(edition: _Edition, looked_at: float) -> _Kept:
    city, departments, areas = _row(), _rows(models.Department), _rows(models.Area)
    zone = ZoneInfo(city.settings["time_zone"])
    today = clock.now().astimezone(zone).date()
    turns = turning_days(row for row in (*departments, *areas) if row.is_active)
    begins, ends = _span(turns, today, zone)
    return _Kept(edition, _picture(city, departments, areas, today), begins, ends, looked_at)


def _row() -> Row[Any]:
    columns = (models.City.code, models.City.settings, models.City.reference_key, models.City.version)
    return db.session.execute(select(*columns)).one()


def _span(turns: Iterable[date], today: date, zone: tzinfo) -> tuple[datetime, datetime]:
    """Return from when to when nothing comes or goes by its date."""
    moments = [(day, datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)) for day in turns]
    begins = [moment for day, moment in moments if day <= today]
    ends = [moment for day, moment in moments if day > today]
    return max(begins, default=_EVER), min(ends, default=_NEVER)


def _picture(
    city: Row[Any], all_departments: list[Row[Any]], all_areas: list[Row[Any]], today: date | None
) -> CityInForce:
    """Put together what is active and in force today, or all that is active without a day."""
    categories = _rows(models.Category)
    departments, areas = _holding(all_departments, today), _holding(all_areas, today)
    codes_in_force = {row.id: row.code for row in departments}
    profile = profile_of(
        city.code,
        city.settings,
        departments=tuple(_department(row, codes_in_force) for row in departments),
        areas=tuple(_area(row, codes_in_force) for row in areas),
        categories=tuple(_category(row) for row in categories if row.is_active),
        rules=_rules(departments, areas, [group["code"] for group in city.settings.get("groups", ())]),
        assets=tuple(_asset(row) for row in _rows(models.Asset)),
    )
    return CityInForce(
        profile=profile,
        version=city.version,
        reference_key=city.reference_key,
        area_map=AreaMap(
            ((area.code, area.polygon) for area in profile.areas), tolerance_m=profile.tolerance_m
        ),
        owner_map=OwnerMap((asset.owner, asset.geometry, asset.within_m) for asset in profile.assets),
        department_ids={row.code: row.id for row in departments},
        area_ids={row.code: row.id for row in areas},
        category_ids={row.code: row.id for row in categories if row.is_active},
        department_codes={row.id: row.code for row in all_departments},
        area_codes={row.id: row.code for row in all_areas},
        category_codes={row.id: row.code for row in categories},
        department_names={row.id: row.names for row in all_departments},
        area_names={row.id: row.names for row in all_areas},
        category_names={row.id: row.names for row in categories},
        category_icons={row.id: row.icon for row in categories},
        private_categories=frozenset(row.id for row in categories if not row.is_public),
        rounded_categories=frozenset(row.id for row in categories if row.is_rounded),
        _departments={department.code: department for department in profile.departments},
        _areas={area.code: area for area in profile.areas},
        _categories={category.code: category for category in profile.categories},
    )


def _holding(rows: list[Row[Any]], today: date | None) -> list[Row[Any]]:
    return [row for row in rows if row.is_active and (today is None or holds_on(row, today))]


def _rules(
    departments: Iterable[Row[Any]], areas: Iterable[Row[Any]], groups: Iterable[str]
) -> tuple[Rule, ...]:
    """Return the rules that hold today: what is not in force decides nothing."""
    known = {AREA_OFFICE, *(row.code for row in departments)}
    places = {ANY, *groups, *(row.code for row in areas)}
    rules = (_rule(row) for row in _rows(models.Rule) if row.until_version is None)
    return tuple(rule for rule in rules if rule.department in known and rule.area in places)


_Positioned = models.Department | models.Area | models.Asset | models.Category | models.Rule


def _rows(model: type[_Positioned]) -> list[Row[Any]]:
    # Columns, not objects: what is kept must not hang on a session.
    return list(db.session.execute(select(*model.__table__.columns).order_by(model.position, model.id)))


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
