"""What a city is, as plain values: said by its profile's files and by the database alike.

Nothing here is checked; `cps.city.files` reads and checks, `cps.city.queries` hands out what is in force.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final

from shapely.geometry.base import BaseGeometry

from cps.city.asking import Asks
from cps.city.calendar import Calendar
from cps.city.clocks import Clocks
from cps.city.place import Place
from cps.city.promise import Promise
from cps.city.rule import Rule
from cps.kernel import dates
from cps.kernel.dates import OtherCalendar

Names = Mapping[str, str]
"""What something is called, by language code."""

CODE: Final = "code"
"""The letter with a code that confirms an address: the one kind that is about no report."""

LETTER_KINDS: Final = (
    "received",
    "transferred",
    "transferred_outside",
    "returned",
    "categorised",
    "asked",
    "resolved",
    "declined",
    "reopened",
    "started",
    "withdrawn",
    "extended",
    "progress",
    "paused",
    "planned",
    "replanned",
    "unplanned",
    "resumed",
    "joined",
    "merged",
    "parted",
    CODE,
)


def named(names: Names, language: str, default_language: str) -> str:
    """Return the name in `language`, else in the default language, else in any; empty if there is none."""
    for code in (language, default_language):
        if names.get(code):
            return names[code]
    return next((name for name in names.values() if name), "")


@dataclass(frozen=True, slots=True)
class MapView:
    """Where the map opens: degrees WGS84 and a zoom level."""

    latitude: float
    longitude: float
    zoom: int


@dataclass(frozen=True, slots=True)
class Contact:
    """How to reach the city."""

    phone: str
    email: str
    texts: Names


@dataclass(frozen=True, slots=True)
class Limits:
    """What a report may hold, and the calendar days in which it may be reopened or answered.

    `photos_wait`: everybody sees a photo only after an official has looked at it, not at once.
    """

    photos: int
    words: int
    reopen_days: int
    answer_days: int
    photos_wait: bool = False


@dataclass(frozen=True, slots=True)
class Emergency:
    """A number to call when a report would be too slow."""

    number: str
    names: Names


@dataclass(frozen=True, slots=True)
class Department:
    """A body that answers reports; `parent` is the code of the one above it.

    `is_outside`: it is not the city's own (a utility, a national road office). `first_day`, `last_day`: as
    its file says them; whatever the city in force holds is in force today, and says no days.
    """

    code: str
    names: Names
    parent: str | None
    phone: str
    email: str
    is_outside: bool = False
    first_day: date | None = None
    last_day: date | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A part of the city with its outline in WGS84 (x longitude, y latitude) and its own office's code.

    `group`: the code of the group of areas it belongs to, if it belongs to one. `first_day`, `last_day`: as
    those of a department.
    """

    code: str
    names: Names
    office: str | None
    polygon: BaseGeometry
    approximate: bool
    first_day: date | None = None
    last_day: date | None = None
    group: str | None = None


@dataclass(frozen=True, slots=True)
class AreaGroup:
    """Areas that rules name together: a district, a service zone; `parent` is a wider group's code."""

    code: str
    names: Names
    parent: str | None


@dataclass(frozen=True, slots=True)
class Asset:
    """Something on the map with an owner: a national road, a canal, a park.

    `owner`: a department's code. `within_m`: how far from its geometry (WGS84) a place still belongs to it.
    """

    owner: str
    names: Names
    geometry: BaseGeometry
    within_m: float


@dataclass(frozen=True, slots=True)
class Category:
    """A kind of problem: what it is called, by when it is answered, who may see it.

    `acknowledge`: by when somebody takes it on; None: as the city's clocks say. `is_rounded`: its places are
    often homes, so that others are told them roughly.
    """

    code: str
    names: Names
    hints: Names
    keywords: Mapping[str, tuple[str, ...]]
    icon: str
    promise: Promise
    is_public: bool
    featured: bool
    acknowledge: Promise | None = None
    is_rounded: bool = False


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter with placeholders like {no}."""

    subject: str
    body: str


Letters = Mapping[str, Mapping[str, LetterText]]
"""Letters by kind and language."""


@dataclass(frozen=True, slots=True)
class Profile:
    """A whole city. The first of `languages` is the default; categories are in order.

    `dates`: the calendars its people read dates in, beside the Gregorian. `area_kind`: what one of its
    areas is called; empty where that is a ward. `places`: its gazetteer, for loading only: None says nothing of
    it, and so does every profile read back from the database, where places are looked up one by one.
    """

    code: str
    country: str
    time_zone: str
    languages: tuple[str, ...]
    names: Names
    map: MapView
    tolerance_m: float
    outside: Names
    contact: Contact
    limits: Limits
    emergencies: tuple[Emergency, ...]
    departments: tuple[Department, ...]
    areas: tuple[Area, ...]
    categories: tuple[Category, ...]
    rules: tuple[Rule, ...]
    calendar: Calendar
    letters: Letters
    clocks: Clocks = field(default_factory=Clocks)
    groups: tuple[AreaGroup, ...] = ()
    assets: tuple[Asset, ...] = ()
    dates: tuple[OtherCalendar, ...] = ()
    area_kind: Names = field(default_factory=dict)
    asks: Asks = field(default_factory=Asks)
    places: tuple[Place, ...] | None = None

    def day(self, moment: datetime, *, language: str) -> str:
        """Write the date of a moment where the city is, in the calendars its people read."""
        return dates.day(moment, language=language, zone=self.calendar.zone, calendars=self.dates)

    def acknowledge_promise(self, category: Category, priority: str | None = None) -> Promise:
        """Return by when a report of this category and priority is taken on by somebody."""
        severe = self.clocks.priority(priority)
        return severe.acknowledge if severe else category.acknowledge or self.clocks.acknowledge

    def resolve_promise(self, category: Category, priority: str | None = None) -> Promise:
        """Return by when a report of this category and priority is answered."""
        severe = self.clocks.priority(priority)
        return severe.resolve if severe else category.promise
