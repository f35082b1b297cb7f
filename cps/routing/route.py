"""A city's rules and its map of owners put together: who answers for a report as it comes in."""

from datetime import datetime
from functools import lru_cache, partial

from cps.city.profile import Profile
from cps.city.queries import CityInForce
from cps.geo.ownership import OwnerMap
from cps.geo.point import Point
from cps.routing.match import Match, Routes, nobody


class Router:
    """Sends reports on their way."""

    def __init__(self, profile: Profile, owners: OwnerMap) -> None:
        self._routes = Routes(profile)
        self._owners = owners

    def send(self, category: str, *, area: str | None, point: Point | None, at: datetime) -> Match:
        """Return who answers for a category in an area and at a point, as far as they are known, at a moment."""
        whose = partial(self._owners.owner_of, point) if point is not None else nobody
        return self._routes.department_for(category, area, whose=whose, at=at)


def router_for(profile: Profile) -> Router:
    """Put a router together for a profile that is not in force."""
    return Router(profile, OwnerMap((a.owner, a.geometry, a.within_m) for a in profile.assets))


@lru_cache(maxsize=2)  # the city in force, and the one before it while requests end
def router_of(city: CityInForce) -> Router:
    """Return the router of a city in force; there is one for each picture of it."""
    return Router(city.profile, city.owner_map)
