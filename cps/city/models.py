"""What is kept of a city: the profile last loaded, as rows that complaints can point to.

What vanishes from the profile becomes inactive and is never deleted, because complaints point to it.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Identity, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
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


class Department(Base):
    """A body that answers reports."""

    __tablename__ = "department"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    phone: Mapped[str]
    email: Mapped[str]
    is_outside: Mapped[bool]
    is_active: Mapped[bool]


class Area(Base):
    """A part of the city; `polygon` is a GeoJSON geometry in WGS84."""

    __tablename__ = "area"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)
    position: Mapped[int]
    names: Mapped[dict[str, str]]
    office_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"))
    # Large, and seldom wanted with the rest of the row: loaded when it is asked for.
    polygon: Mapped[dict[str, Any]] = mapped_column(deferred=True)
    is_approximate: Mapped[bool]
    group: Mapped[str | None]
    is_active: Mapped[bool]


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
