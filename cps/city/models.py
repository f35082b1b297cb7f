"""What is kept of a city: the profile last loaded, as rows that complaints can point to.

What vanishes from the profile becomes inactive and is never deleted, because complaints point to it.
Departments and areas say from which day to which they were, so that the map of any day can be read.
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Computed, ForeignKey, Identity, Index, LargeBinary, text
from sqlalchemy.dialects.postgresql import DOUBLE_PRECISION, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from cps.kernel.db import Base


class City(Base):
    """The one city of this database; `version` grows with every load that changed something.

    `reference_key` is made at the first load and never changed: public references depend on it.
    `settings` is all of the profile that has no table of its own.
    """

    __tablename__ = "city"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str]
    version: Mapped[int]
    reference_key: Mapped[bytes] = mapped_column(LargeBinary)
    settings: Mapped[dict[str, Any]]
    loaded_at: Mapped[datetime]


_IS_ACTIVE = text("is_active")


class Department(Base):
    """A body that answers reports; one that ended keeps its code, which another may have after it."""

    __tablename__ = "department"
    __table_args__ = (Index("uq_department_code", "code", unique=True, postgresql_where=_IS_ACTIVE),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    phone: Mapped[str]
    email: Mapped[str]
    is_outside: Mapped[bool]
    is_active: Mapped[bool]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class Area(Base):
    """A part of the city; `polygon` is a GeoJSON geometry in WGS84. One that ended keeps its code."""

    __tablename__ = "area"
    __table_args__ = (Index("uq_area_code", "code", unique=True, postgresql_where=_IS_ACTIVE),)

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    # Large, and seldom wanted with the rest of the row: loaded when it is asked for.
    polygon: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    is_approximate: Mapped[bool]
    group: Mapped[str | None]
    is_active: Mapped[bool]
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]


class Category(Base):
    """A kind of problem; `promise` and `acknowledge` as in the profile, like `3 working days`."""

    __tablename__ = "category"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    hints: Mapped[dict[str, str]]
    keywords: Mapped[dict[str, list[str]]] = mapped_column(JSONB)
    icon: Mapped[str]
    promise: Mapped[str]
    acknowledge: Mapped[str | None]
    is_public: Mapped[bool]
    is_featured: Mapped[bool]
    is_rounded: Mapped[bool]
    is_active: Mapped[bool]


class Asset(Base):
    """Something on the map with an owner; `geometry` is GeoJSON in WGS84, `owner` a department's code."""

    __tablename__ = "asset"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    position: Mapped[int]
    owner: Mapped[str]
    names: Mapped[dict[str, str]]
    geometry: Mapped[dict[str, Any]]
    within_m: Mapped[float]


class PlaceName(Base):
    """A name by which a place is found; a place has a row for each of its names, with the same number `place`.

    `title`: what the place is called today; `name`: this name of it. `area`: code of the area it lies in, if
    that is said. `sought`, `bare`: the name as it is searched, whole and without the kind of place.
    """

    __tablename__ = "place_name"
    __table_args__ = (
        Index("ix_place_name_sought", "sought", postgresql_ops={"sought": "text_pattern_ops"}),
        Index("ix_place_name_bare", "bare", postgresql_ops={"bare": "text_pattern_ops"}),
        # How its trigrams are made is in the migration: the extension's schema differs.
        Index("ix_place_name_trigrams", "sought", postgresql_using="gin"),
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    place: Mapped[int]
    title: Mapped[str]
    name: Mapped[str]
    plain: Mapped[str]
    kind: Mapped[str]
    latitude: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    longitude: Mapped[float] = mapped_column(DOUBLE_PRECISION)
    area: Mapped[str | None]
    last_day: Mapped[date | None]
    sought: Mapped[str] = mapped_column(Computed("folded(name)", persisted=True))
    bare: Mapped[str] = mapped_column(Computed("folded(plain)", persisted=True))


class Rule(Base):
    """Who answers what where, in which versions of the city: codes as in the profile.

    A rule that is gone from the profile stays, with the last version that had it: what it once sent
    somewhere can be looked up. `conditions`: what else it names.
    """

    __tablename__ = "rule"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    position: Mapped[int]
    category: Mapped[str]
    area: Mapped[str]
    department: Mapped[str]
    conditions: Mapped[dict[str, str]]
    since_version: Mapped[int]
    until_version: Mapped[int | None]


class Reform(Base):
    """A reorganisation that was applied: what came after what, and how far open complaints are re-homed.

    `areas`: ids of the successors by the id of an area that ended, the largest first. `departments`: the
    successor's id by the id of one that ended. Complaints up to number `last` are looked at once, in order; `seen` is the last that was.
    """

    __tablename__ = "reform"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    plan: Mapped[str] = mapped_column(unique=True)
    day: Mapped[date]
    areas: Mapped[dict[str, Any]]
    departments: Mapped[dict[str, Any]]
    is_guessing_outside: Mapped[bool]
    seen: Mapped[int]
    last: Mapped[int]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PlannedReform(Base):
    """A reorganisation that the worker carries out when its day has come; the row goes when that is done.

    `plan`: the digest of its plan, read from the file `source`. `content`: the plan and the whole new profile,
    as they were checked. `fault`: why it was not carried out when it was tried last, empty if it was not.
    """

    __tablename__ = "planned_reform"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    plan: Mapped[str] = mapped_column(unique=True)
    day: Mapped[date]
    source: Mapped[str]
    # As large as a city's outlines, and not wanted to see what is planned.
    content: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    planned_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    fault: Mapped[str]
