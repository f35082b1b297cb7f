"""Making up the past of a city: from its profile to rows, a chunk at a time in constant memory."""

from collections.abc import Iterator
from contextlib import nullcontext
from datetime import datetime
from random import Random

from sqlalchemy import text

from cps.city.queries import CityInForce, in_force
from cps.console.demonstration import officials, pictures
from cps.console.demonstration.arrivals import Weather, counts, reports
from cps.console.demonstration.bare import are_empty, bare
from cps.console.demonstration.copying import TABLES, copy, reserve
from cps.console.demonstration.grounds import wards_of
from cps.console.demonstration.life import live
from cps.console.demonstration.scene import Ids, Scene, scene_of
from cps.console.demonstration.state import Life
from cps.kernel.db import db, driver_connection
from cps.routing.route import router_of

_CHUNK = 4000
_LARGE = 100_000
_FEWEST_SPOTS, _MOST_SPOTS = 30, 400


def generate(count: int, *, seed: int, now: datetime) -> None:
    """Make up `count` complaints and their lives over the 90 days before `now` (with a zone).

    All in the running transaction, which the caller commits; nobody is told anything. The same
    complaints for the same seed, moment and city, but the secrets of tracking links and photos.
    """
    if count == 0:
        return
    city = in_force()
    random = Random(f"{seed}")  # noqa: S311 - made-up lives must be repeatable, not secret
    scene = scene_of_city(city, count, random, now)
    connection = driver_connection()
    first = reserve(connection, count)
    is_bare = count >= _LARGE and are_empty(connection, TABLES)
    with bare(connection, TABLES) if is_bare else nullcontext():
        copy(connection, _chunks(scene, count, seed), first=first, key=city.reference_key)
    pictures.hang(count, first=first, random=random)
    for table in (*TABLES, "photo", "person"):
        db.session.execute(text(f"ANALYZE {table}"))


def scene_of_city(city: CityInForce, count: int, random: Random, now: datetime) -> Scene:
    """Set the scene for so many complaints of a city; everybody who acts has a seat then."""
    profile = city.profile
    people = officials.take_seats(city)
    spots = max(_FEWEST_SPOTS, min(_MOST_SPOTS, 2 * count // max(1, len(profile.areas))))
    return scene_of(
        profile,
        Ids(city.category_ids, city.department_ids, city.area_ids),
        wards=wards_of(profile, city.area_ids, city.area_map, spots=spots, random=random),
        version=city.version,
        router=router_of(city),
        staff=officials.staff_of(list(people.values())),
        now=now,
    )


def _chunks(scene: Scene, count: int, seed: int) -> Iterator[list[Life]]:
    weather = Weather(Random(f"{seed} weather"))  # noqa: S311 - see generate
    chunk: list[Life] = []
    for day, how_many in enumerate(counts(scene, weather, count)):
        random = Random(f"{seed} {day}")  # noqa: S311 - see generate
        for report in reports(scene, weather, day, how_many, random):
            chunk.append(live(report, scene, random))
            if len(chunk) == _CHUNK:
                yield chunk
                chunk = []
    yield chunk
