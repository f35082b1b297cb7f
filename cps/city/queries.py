"""The city in force: one unchanging picture of it per process, renewed when another was loaded.

The version is looked up at most once a second, so a load is seen by every process within a second.
A picture shows what is in force today; where something comes or goes by its date, it holds till that midnight.
"""

import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, tzinfo
from functools import lru_cache
from typing import Any, TypeVar
from weakref import WeakKeyDictionary
from zoneinfo import ZoneInfo

from shapely.geometry.base import BaseGeometry
from sqlalchemy import Engine, Row, func, select

from cps.city import models
from cps.city.by_id import ById
from cps.city.periods import holds_on, turning_days
from cps.city.profile import Area, Category, Department, Names, Profile, named
from cps.city.rows import profile_of_rows, rows
from cps.geo.area import AreaMap
from cps.geo.ownership import OwnerMap
from cps.kernel import clock, replica
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.kernel.text import sortable

_SECONDS_TRUSTED = 1.0
_Value = TypeVar("_Value")
_EVER, _NEVER = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, eq=False)  # one picture is equal to itself alone, and can be a key
class CityInForce:
    """The profile in force with what the database knows of it: what is no longer in force is only in mappings by id.

    `*_ids`: id by code of everything in force. `*_codes`, `*_names`, `*_icons`: code, names and picture
    by id of everything that ever was, even of what another process loaded since. `private_categories`,
    `rounded_categories`: ids of those whose reports nobody else sees, and whose places others are told roughly.
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


_EDITION = select(models.City.version, models.City.loaded_at, func.clock_timestamp().label("now"))
_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def in_force() -> CityInForce:
    """Return the city as it was last loaded and is today; raise Unusable if none was."""
    kept = _KEPT.get(db.engine)
    if kept is not None and time.monotonic() - kept.looked_at < _SECONDS_TRUSTED and kept.holds():
        return kept.city
    return _looked_up()


def today() -> date:
    """Return which day it is in the city."""
    return clock.now().astimezone(in_force().profile.calendar.zone).date()


def _looked_up() -> CityInForce:
    """Return the city in force, having asked the database whether it is still the one that is kept."""
    engine, now = db.engine, time.monotonic()
    kept = _KEPT.get(engine)
    # Who asks may be in the middle of a verb, and what is half done fits no table.
    with db.session.no_autoflush:
        edition = _edition()
        if kept is not None and kept.holds() and (kept.edition == edition or _is_older(edition, kept)):
            _KEPT[engine] = replace(kept, looked_at=now)
            return kept.city
        kept = _KEPT[engine] = _read(edition, now)
        return kept.city


def _is_older(edition: _Edition, kept: _Kept) -> bool:
    """Whether the replica has not heard yet of the load that we know."""
    return replica.is_read() and edition.loaded_at < kept.edition.loaded_at


def forget() -> None:
    """Read the city anew the next time it is asked for."""
    _KEPT.clear()


def _edition() -> _Edition:
    # Looked up before the rows are read: if a load ends in between, the next look-up sees it.
    row = db.session.execute(_EDITION).one_or_none()
    if row is None:
        raise Unusable("No city has been loaded. Load a profile with: cps city load PATH")
    if not replica.is_read():  # its machine has a clock of its own
        clock.tell(row.now)
    return _Edition(row.version, row.loaded_at)


def as_loaded() -> CityInForce:
    """Return the city with everything its profile says, whether in force today or not; always read anew."""
    _edition()
    return _picture(_row(), rows(models.Department), rows(models.Area), None)


def _read(edition: _Edition, looked_at: float) -> _Kept:
    city, departments, areas = _row(), rows(models.Department), rows(models.Area)
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
    categories = rows(models.Category)
    departments, areas = _holding(all_departments, today), _holding(all_areas, today)
    profile = profile_of_rows(city, departments, areas, [row for row in categories if row.is_active])
    return CityInForce(
        profile=profile,
        version=city.version,
        reference_key=city.reference_key,
        area_map=_area_map(tuple((area.code, area.polygon) for area in profile.areas), profile.tolerance_m),
        owner_map=OwnerMap((asset.owner, asset.geometry, asset.within_m) for asset in profile.assets),
        department_ids=_ids(departments),
        area_ids=_ids(areas),
        category_ids=_ids(row for row in categories if row.is_active),
        department_codes=_by_id(all_departments, "code", lambda city: city.department_codes),
        area_codes=_by_id(all_areas, "code", lambda city: city.area_codes),
        category_codes=_by_id(categories, "code", lambda city: city.category_codes),
        department_names=_by_id(all_departments, "names", lambda city: city.department_names),
        area_names=_by_id(all_areas, "names", lambda city: city.area_names),
        category_names=_by_id(categories, "names", lambda city: city.category_names),
        category_icons=_by_id(categories, "icon", lambda city: city.category_icons),
        private_categories=frozenset(row.id for row in categories if not row.is_public),
        rounded_categories=frozenset(row.id for row in categories if row.is_rounded),
        _departments={department.code: department for department in profile.departments},
        _areas={area.code: area for area in profile.areas},
        _categories={category.code: category for category in profile.categories},
    )


@lru_cache(maxsize=1)  # most loads leave the areas as they are, and a map of them takes long to make
def _area_map(areas: tuple[tuple[str, BaseGeometry], ...], tolerance_m: float) -> AreaMap:
    return AreaMap(areas, tolerance_m=tolerance_m)


def _ids(found: Iterable[Row[Any]]) -> dict[str, int]:
    return {row.code: row.id for row in found}


def _by_id(
    found: list[Row[Any]], column: str, same: Callable[[CityInForce], Mapping[int, _Value]]
) -> ById[_Value]:
    """Keep a column by id, and look for `same` of a newer city where an id is unknown."""
    return ById({row.id: getattr(row, column) for row in found}, lambda: same(_looked_up()))


def _holding(found: list[Row[Any]], today: date | None) -> list[Row[Any]]:
    return [row for row in found if row.is_active and (today is None or holds_on(row, today))]
