"""The reports of a day: real records of Los Angeles moved onto the demo city's map, or made-up ones where there are none.

What is real is when, how close together and of which kind they came. The words are made up: those of the records are states
of the work.
"""

import csv
import gzip
import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

import shapely

from cps.console.checking import checked
from cps.geo.point import Point
from cps.kernel.files import CITIES

RECORDS: Final = Path(__file__).resolve().parents[3] / "shared/data/records/records.csv.gz"
_SOURCE: Final = "la311"
_KINDS: Final = {
    "Bulky Items": "garbage",
    "Graffiti Removal": "construction",
    "Illegal Dumping Pickup": "dumping",
    "Metal/Household Appliances": "garbage",
    "Electronic Waste": "garbage",
    "Homeless Encampment": "sidewalk",
    "Dead Animal Removal": "animals",
    "Single Streetlight Issue": "street-light",
    "Multiple Streetlight Issue": "street-light",
    "Report Water Waste": "water",
}
_MADE_UP: Final = 6000
_JITTER: Final = 0.0005  # degrees: a scaled day has more reports than records, and no two of one place


@dataclass(frozen=True, slots=True)
class Seen:
    """What somebody saw, when (as a share of the day, 0 to 1) and where."""

    at: float
    category: str
    point: Point


def seen(chance: random.Random, *, records: Path = RECORDS) -> tuple[list[Seen], str]:
    """Return the densest day in order, and a sentence on where it is from."""
    city = _City(chance)
    if not records.is_file():
        made = sorted(city.made_up(chance.random()) for _ in range(_MADE_UP))
        found = [Seen(at, category, point) for at, category, point in made]
        return found, f"There are no records of Los Angeles beside this folder: {_MADE_UP:,} made-up ones."
    day, rows = _densest(records)
    found = [city.moved(row, _frame(rows)) for row in rows]
    told = f"Los Angeles, {day}: {len(found):,} records, moved onto the map of Hanoi, with made-up words."
    return sorted(found, key=lambda one: one.at), told


def scaled(day: Sequence[Seen], count: int, chance: random.Random) -> list[Seen]:
    """Return so many of them, evenly spread over the time, with some metres between those of one place."""
    chosen = (chance.choice(day) for _ in range(count))
    moments = sorted(chance.random() for _ in range(count))
    return [
        Seen(at, one.category, _beside(one.point, chance)) for at, one in zip(moments, chosen, strict=True)
    ]


class _City:
    """The demo city's areas, and somewhere within for each place of another city."""

    def __init__(self, chance: random.Random) -> None:
        profile = checked(CITIES / "hanoi")
        self._chance = chance
        self._polygons = [area.polygon for area in profile.areas]
        self._tree = shapely.STRtree(self._polygons)
        self._box = shapely.union_all(self._polygons).bounds
        self._categories = sorted(set(_KINDS.values()))

    def moved(self, row: dict[str, str], frame: tuple[float, float, float, float]) -> Seen:
        west, south, east, north = frame
        across = (float(row["lon"]) - west) / (east - west)
        up = (float(row["lat"]) - south) / (north - south)
        moment = datetime.fromisoformat(row["created_at"])
        at = (moment.hour * 3600 + moment.minute * 60 + moment.second) / 86400
        return Seen(at, _KINDS.get(row["category"], "other"), self._within(across, up))

    def made_up(self, at: float) -> tuple[float, str, Point]:
        return (
            at,
            self._chance.choice(self._categories),
            self._within(self._chance.random(), self._chance.random()),
        )

    def _within(self, across: float, up: float) -> Point:
        """Return this place of the box around the city, or one within the nearest area if there is no city."""
        west, south, east, north = self._box
        place = shapely.Point(west + across * (east - west), south + up * (north - south))
        area = self._polygons[int(self._tree.nearest(place))]
        if not area.contains(place):
            place = area.representative_point()
        return Point(place.y, place.x)


def _densest(records: Path) -> tuple[str, list[dict[str, str]]]:
    with gzip.open(records, "rt", encoding="utf-8", newline="") as lines:
        rows = [
            row for row in csv.DictReader(lines) if row["source"] == _SOURCE and row["lat"] and row["lon"]
        ]
    ((day, _count),) = Counter(row["created_at"][:10] for row in rows).most_common(1)
    return day, [row for row in rows if row["created_at"].startswith(day)]


def _frame(rows: Sequence[dict[str, str]]) -> tuple[float, float, float, float]:
    across, up = sorted(float(row["lon"]) for row in rows), sorted(float(row["lat"]) for row in rows)
    return across[0], up[0], across[-1], up[-1]


def _beside(point: Point, chance: random.Random) -> Point:
    return Point(
        point.latitude + chance.uniform(-_JITTER, _JITTER),
        point.longitude + chance.uniform(-_JITTER, _JITTER),
    )
