"""What comes after what in a reorganisation: by the plan, else by outlines, codes and offices; pure.

An area goes on if it keeps its code, its names and its place; a department if it keeps its code and its
names. Whatever else has an old code is something new: the old one ends under its old name.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import shapely
from shapely.geometry.base import BaseGeometry

from cps.city.periods import holds_on
from cps.city.plan import Plan
from cps.city.profile import Area, Department, Profile
from cps.city.queries import CityInForce
from cps.geo.measure import all_square_metres, square_metres

_SLIVER = 0.01  # a smaller share of an area is a border drawn elsewhere, and no succession
_SAME_PLACE = 0.99  # shared by both of all that either covers


@dataclass(frozen=True, slots=True)
class Share:
    """How much of an area, from 0 to 1, lies in the area with this code."""

    code: str
    part: float


@dataclass(frozen=True, slots=True)
class Fates:
    """Codes of what ends, of what is new (perhaps under a code that ends) and of what goes on."""

    ended: tuple[str, ...]
    new: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def anew(self) -> tuple[str, ...]:
        """The codes that something else bears from then on."""
        return tuple(code for code in self.ended if code in self.new)


def shares(old: Mapping[str, BaseGeometry], new: Mapping[str, BaseGeometry]) -> dict[str, tuple[Share, ...]]:
    """Return in which new areas each old one lies, the largest share first; slivers are left out."""
    olds, news = list(old.items()), list(new.items())
    if not olds or not news:
        return dict.fromkeys(old, ())
    drawn_old, drawn_new = [outline for _, outline in olds], [outline for _, outline in news]
    pairs = shapely.STRtree(drawn_new).query(drawn_old, predicate="intersects").T.tolist()
    common = shapely.intersection([drawn_old[one] for one, _ in pairs], [drawn_new[two] for _, two in pairs])
    sizes_m2 = all_square_metres(drawn_old)
    found: dict[str, list[Share]] = {code: [] for code in old}
    for (one, two), size_m2 in zip(pairs, all_square_metres(list(common)), strict=True):
        found[olds[one][0]].append(Share(news[two][0], size_m2 / sizes_m2[one]))
    return {code: _without_slivers(parts) for code, parts in found.items()}


def _without_slivers(parts: Sequence[Share]) -> tuple[Share, ...]:
    ordered = sorted(parts, key=lambda share: (-share.part, share.code))
    return tuple(
        share for n, share in enumerate(ordered) if share.part >= _SLIVER or (n == 0 and share.part > 0)
    )


@dataclass(frozen=True)
class Turnover:
    """What a plan makes of the city as it was loaded before; `faults` say what it leaves open."""

    before: CityInForce
    after: Profile
    plan: Plan

    @cached_property
    def areas(self) -> Fates:
        """What becomes of areas."""
        new = {area.code: area for area in self._new_areas}
        old = {area.code: area for area in self.before.profile.areas}
        return _fates(old, new, [code for code in old if code in new and _goes_on(old[code], new[code])])

    @cached_property
    def departments(self) -> Fates:
        """What becomes of departments."""
        new = {department.code: department for department in self._new_departments}
        old = {department.code: department for department in self.before.profile.departments}
        return _fates(old, new, [code for code in old if code in new and old[code].names == new[code].names])

    @cached_property
    def shares(self) -> Mapping[str, Sequence[Share]]:
        """In which new areas those that end lie."""
        ended = set(self.areas.ended)
        old = {area.code: area.polygon for area in self.before.profile.areas if area.code in ended}
        return shares(old, {area.code: area.polygon for area in self._new_areas})

    @cached_property
    def area_heirs(self) -> Mapping[str, tuple[str, ...]]:
        """The successors of each area that ends, by code, the main one first; none is a fault."""
        return {
            code: self.plan.areas.get(code) or tuple(share.code for share in self.shares[code])
            for code in self.areas.ended
        }

    @cached_property
    def department_heirs(self) -> Mapping[str, str | None]:
        """The successor of each department that ends, by code; None is a fault."""
        return {code: self.plan.departments.get(code) or self._heir(code) for code in self.departments.ended}

    def faults(self) -> list[str]:
        """Return what keeps the plan from being carried out, a sentence each."""
        new_areas = {area.code for area in self._new_areas}
        new_departments = {department.code for department in self._new_departments}
        return [
            *_strangers(self.plan.areas, self.areas, "area"),
            *_strangers(self.plan.departments, self.departments, "department"),
            *_unknown(self.plan.areas, new_areas, "area"),
            *_unknown(
                {code: (heir,) for code, heir in self.plan.departments.items()}, new_departments, "department"
            ),
            *(
                f"Nothing lies where area {code!r} was. Name its successor in [areas]."
                for code, heirs in self.area_heirs.items()
                if not heirs
            ),
            *(
                f"Department {code!r} ends, and nothing says who follows it. Name its successor in [departments]."
                for code, heir in self.department_heirs.items()
                if heir is None
            ),
        ]

    def _heir(self, code: str) -> str | None:
        if code in self.departments.new:
            return code  # it bears another name from now on
        return self._office_after(code) or self._above(code)

    def _office_after(self, code: str) -> str | None:
        """Return the office of what comes after the largest area whose office this was."""
        offices = {area.code: area.office for area in self._new_areas}
        own = [area for area in self.before.profile.areas if area.office == code]
        for area in sorted(own, key=lambda area: -square_metres(area.polygon)):
            for heir in self.area_heirs.get(area.code, (area.code,)):
                if offices.get(heir):
                    return offices[heir]
        return None

    def _above(self, code: str) -> str | None:
        """Return the nearest department above it that goes on."""
        parents = {department.code: department.parent for department in self.before.profile.departments}
        above = parents.get(code)
        while above is not None and above not in self.departments.kept:
            above = parents.get(above)
        return above

    @cached_property
    def _new_areas(self) -> list[Area]:
        return [area for area in self.after.areas if holds_on(area, self.plan.day)]

    @cached_property
    def _new_departments(self) -> list[Department]:
        return [one for one in self.after.departments if holds_on(one, self.plan.day)]


def _goes_on(old: Area, new: Area) -> bool:
    if old.names != new.names:
        return False
    common, either = all_square_metres(
        [old.polygon.intersection(new.polygon), old.polygon.union(new.polygon)]
    )
    return common >= _SAME_PLACE * either


def _fates(old: Collection[str], new: Collection[str], kept: Sequence[str]) -> Fates:
    return Fates(
        ended=tuple(code for code in old if code not in kept),
        new=tuple(code for code in new if code not in kept),
        kept=tuple(kept),
    )


def _strangers(said: Collection[str], fates: Fates, what: str) -> list[str]:
    return [
        f"[{what}s] names {code!r}, but {f'this {what} goes on' if code in fates.kept else f'there is no such {what}'}."
        for code in said
        if code not in fates.ended
    ]


def _unknown(said: Mapping[str, Sequence[str]], new: Collection[str], what: str) -> list[str]:
    return [
        f"[{what}s] names {heir!r} after {code!r}, but the new profile has no such {what} in force on the day."
        for code, heirs in said.items()
        for heir in heirs
        if heir not in new
    ]
