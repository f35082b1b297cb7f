"""Where a complaint belongs after a reorganisation, or when its area or department ended: no writing.

A point decides the area, else the main successor of the area it had, which is a guess. It goes to the
department of the rules in force if it was where rules had sent it, or if its department ended;
where an official sent it on purpose, it stays.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from shapely.geometry import shape
from shapely.geometry.base import BaseGeometry
from sqlalchemy import select

from cps.city.models import Area, Reform
from cps.city.queries import CityInForce
from cps.city.reforms import Heirs, heirs
from cps.city.succession import shares
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.routing.route import router_of


class Homeless(Exception):
    """Nothing says where the complaint belongs; says why in one sentence."""


class Housed(Protocol):
    """What must be known of a complaint to find its home."""

    @property
    def category_id(self) -> int:
        """The category's number."""

    @property
    def department_id(self) -> int:
        """The department's number."""

    @property
    def area_id(self) -> int | None:
        """The area's number, if one is known."""

    @property
    def latitude(self) -> float | None:
        """Degrees WGS84."""

    @property
    def longitude(self) -> float | None:
        """Degrees WGS84."""

    @property
    def sent_id(self) -> int:
        """The department it was last sent to by rules, not by a person."""


@dataclass(frozen=True, slots=True)
class Home:
    """Area and department by number; `is_guessed`: no point decided the area."""

    area_id: int | None
    department_id: int
    is_guessed: bool = False


@dataclass(frozen=True)
class Past:
    """What a reorganisation ended."""

    reform: Reform

    def concerns(self, complaint: Housed) -> bool:
        """Whether the complaint's area or department ended with it."""
        return (
            str(complaint.area_id) in self.reform.areas
            or str(complaint.department_id) in self.reform.departments
        )


@dataclass(frozen=True)
class Homes:
    """The city in force with all that came before: answers where complaints belong now."""

    city: CityInForce
    reforms: Sequence[Reform]

    def of(self, complaint: Housed, *, since: Past | None = None) -> Home:
        """Return where the complaint belongs; raise Homeless with the reason if nobody can tell.

        `since`: the reorganisation to follow; without it the one in which its area or department ended, or
        none if it ended by its own date. A complaint whose area and department go on is at home where it is.
        """
        past = since or next((past for past in self._pasts if past.concerns(complaint)), None)
        if past is None and not self._endings(complaint):
            return Home(complaint.area_id, complaint.department_id)
        category = self.city.category_codes[complaint.category_id]
        if category not in self.city.category_ids:
            raise Homeless(f"its category {category!r} is not in the profile")
        area_id, is_guessed = self._area(complaint, past)
        routed = self._routed(complaint, category, area_id)
        was_routed = complaint.department_id == complaint.sent_id
        stays = complaint.department_id in self._departments and not was_routed
        return Home(area_id, complaint.department_id if stays else routed, is_guessed)

    def reasons(self, complaint: Housed) -> list[str]:
        """Say what of a complaint ended by its own date: its area, its department; nothing if a reorganisation did it."""
        is_reformed = any(past.concerns(complaint) for past in self._pasts)
        return [] if is_reformed else self._endings(complaint)

    def _endings(self, complaint: Housed) -> list[str]:
        has_lost_area = complaint.area_id is not None and complaint.area_id not in self._areas
        has_lost_department = complaint.department_id not in self._departments
        return [*["area"] * has_lost_area, *["department"] * has_lost_department]

    def _area(self, complaint: Housed, past: Past | None) -> tuple[int | None, bool]:
        if complaint.area_id in self._areas:
            return complaint.area_id, False
        point = _point(complaint)
        if point is not None:
            code = self.city.area_map.containing(point)
            if code is not None:
                return self.city.area_ids[code], False
            if past is not None and not past.reform.is_guessing_outside:
                raise Homeless("its point is outside the new map")
        if complaint.area_id is None:
            return None, False
        heir = self._heirs.among(self._areas, complaint.area_id)
        if heir is None and past is not None:
            raise Homeless(
                f"nothing says what came after its area {self.city.area_codes[complaint.area_id]!r}"
            )
        if heir is None:
            heir = self._holder(complaint.area_id)
        # Where nothing lies there now, the old name still says where it is.
        return (heir, True) if heir is not None else (complaint.area_id, False)

    def _holder(self, area_id: int) -> int | None:
        """Return which area in force holds most of one that ended, if any does."""
        if area_id not in self._holders:
            old = shape(db.session.scalars(select(Area.polygon).where(Area.id == area_id)).one())
            (found,) = shares({"": old}, self._outlines).values()
            self._holders[area_id] = self.city.area_ids[found[0].code] if found else None
        return self._holders[area_id]

    def _routed(self, complaint: Housed, category: str, area_id: int | None) -> int:
        area = self.city.area_codes[area_id] if area_id in self._areas and area_id is not None else None
        point = _point(complaint)
        match = router_of(self.city).send(category, area=area, point=point, at=clock.now())
        return self.city.department_ids[match.department]

    @cached_property
    def _pasts(self) -> list[Past]:
        return [Past(reform) for reform in self.reforms]

    @cached_property
    def _heirs(self) -> Heirs:
        return heirs(self.reforms)

    @cached_property
    def _areas(self) -> frozenset[int]:
        return frozenset(self.city.area_ids.values())

    @cached_property
    def _outlines(self) -> dict[str, BaseGeometry]:
        return {area.code: area.polygon for area in self.city.profile.areas}

    @cached_property
    def _holders(self) -> dict[int, int | None]:
        return {}

    @cached_property
    def _departments(self) -> frozenset[int]:
        return frozenset(self.city.department_ids.values())


def _point(complaint: Housed) -> Point | None:
    if complaint.latitude is None or complaint.longitude is None:
        return None
    return Point(complaint.latitude, complaint.longitude)
