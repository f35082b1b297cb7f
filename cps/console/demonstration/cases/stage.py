"""Where the cases of a demo happen and who is there: the busiest department, its neighbour, places apart, office time.

Everything is done by a verb of `cps.complaints`, with the clock standing at the moment at which it would have been done.
"""

import math
from collections.abc import Container, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from datetime import date
from itertools import cycle
from random import Random
from typing import NamedTuple
from uuid import UUID, uuid4

from cps.city.models import Department
from cps.city.profile import Category
from cps.city.queries import CityInForce
from cps.complaints import alarms, filing, lifecycle
from cps.complaints.filing import Report
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.console.demonstration import officials, wording
from cps.console.demonstration.arrivals import with_number
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.officials import Seat
from cps.console.demonstration.scene import Scene, share_of
from cps.console.demonstration.wording import cases
from cps.console.demonstration.wording.cases.casebook import Casebook, Kind
from cps.console.demonstration.wording.phrasebook import Phrasebook, Sentences
from cps.geo.point import Point, metres_between
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person, Role
from cps.sla import hours

_APART = 350.0  # metres, so that nobody takes one case for another
_HOUR = 3600
_UNEVEN = 0.3  # of an hour
_STEP = 0.00015  # of a degree: some sixteen metres


@dataclass(frozen=True)
class Desk:
    """A department with somebody who works there and somebody who leads."""

    department: Department
    officer: Person
    head: Person


class Place(NamedTuple):
    """Where a case is, and how its reporters describe that."""

    point: Point
    landmark: str


class Look(NamedTuple):
    """That an official looked at who reported, so many hours of office time ago."""

    since: float
    complaint: Complaint
    by: Person
    reason: str


@dataclass
class Stage:
    """A city about to be shown; `home` is the desk of the first sign-in, `other` one that works with it.

    `kind`: what most reports to `home` are about, with its `words`. `unseen` are those of which there is no picture.
    `looks` are written down in the end, in their order.
    `shift`: hours by which a case happened earlier, so that not everything is done on the hour.
    """

    city: CityInForce
    scene: Scene
    random: Random
    kind: Category
    home: Desk
    other: Desk
    coordinator: Person
    cases: Casebook
    filed: list[Complaint] = field(default_factory=list)
    unseen: set[int] = field(default_factory=set)
    looks: list[Look] = field(default_factory=list)
    shift: float = 0

    def __post_init__(self) -> None:
        self.language = self.city.profile.languages[0]
        self.book: Phrasebook = wording.in_language(self.language)
        self.words: Kind = self.cases.kinds[self.kind.code]
        self._places = _places_apart(self.city, self.scene)
        self._people = 0

    @property
    def today(self) -> date:
        """The day it is in the city."""
        return self.day_of(self.scene.now)

    def day_of(self, moment: int) -> date:
        """Return the day of the city in which that moment lies."""
        return hours.local_date(moment_of(moment), self.city.profile.calendar)

    def key(self) -> UUID:
        """Return the key of a form."""
        return uuid4()

    def lead_of(self, department_id: int) -> Person:
        """Return who leads a department, or whoever is there."""
        return db.session.get_one(Person, self.scene.staff[department_id][0].id)

    def usual(self, category: Category | None = None) -> str:
        """Return what citizens usually write about a kind of problem: nothing that sounds dangerous."""
        code, asks = (category or self.kind).code, self.city.profile.asks
        sentences = self.book.reports.get(
            code, (self.city.named((category or self.kind).names, self.language),)
        )
        return self.say([one for one in sentences if not asks.emergency.are_in(one)])

    def somewhere(self) -> Place:
        """Choose a place where no other case is."""
        return Place(next(self._places), self.say(self.book.landmarks))

    def beside(self, place: Place, steps: int) -> Place:
        """Return a place so many steps of sixteen metres away, within the same area."""
        point, area_map = place.point, self.city.area_map
        other = Point(round(point.latitude + steps * _STEP, 6), point.longitude)
        return (
            place._replace(point=other) if area_map.containing(other) == area_map.containing(point) else place
        )

    def somebody(self) -> Contact:
        """Return the address of a citizen whom nobody has met yet."""
        self._people += 1
        return Contact(email=f"demo.case.{self._people}@citizen.example")

    def ago(self, since: float) -> int:
        """Return the moment since which the offices were open for about so many hours: never more for fewer."""
        office = self.scene.clock
        hours_ago = since + self.shift + _UNEVEN * math.sin(since / _UNEVEN)
        return office.moment(office.worked(self.scene.now) - int(hours_ago * _HOUR))

    def at(self, moment: int) -> AbstractContextManager[None]:
        """Let the clock stand at that moment."""
        return clock.standing_at(moment_of(moment))

    def before(self, since: float) -> AbstractContextManager[None]:
        """Let the clock stand so many hours of office time ago."""
        return self.at(self.ago(since))

    def say(self, sentences: Sentences) -> str:
        """Choose a sentence and fill its number in."""
        return with_number(self.random.choice(sentences), self.random, language=self.language)

    def file(
        self,
        words: str,
        *,
        since: float = 0,
        at: int | None = None,
        place: Place | None = None,
        contact: Contact | None = None,
        category: Category | None = None,
    ) -> Complaint:
        """File a report as a citizen does, `since` so many hours of office time or `at` a moment, and look at it as its announcement does."""
        point, landmark = place or self.somewhere()
        with self.at(self.ago(since) if at is None else at):
            complaint = filing.file(
                Report(
                    submission_key=self.key(),
                    category=(category or self.kind).code,
                    point=point,
                    area=None,
                    landmark=landmark,
                    words=words,
                    contact=contact,
                    language=self.language,
                )
            ).complaint
            complaint.is_demo = True
            alarms.look(complaint)
            db.session.flush()
        self.filed.append(complaint)
        return complaint

    def take_on(self, complaint: Complaint, *, since: float, is_begun: bool = True) -> Complaint:
        """Let the head give it to the officer, who begins half an hour later."""
        with self.before(since):
            lifecycle.assign(complaint, to=self.home.officer, by=self.home.head)
        if is_begun:
            with self.before(since - 0.5):
                lifecycle.start(complaint, by=self.home.officer)
        return complaint

    def resolve(self, complaint: Complaint, *, since: float) -> Complaint:
        """Let the officer close it as put right."""
        results = self.book.results.get(self.kind.code, self.book.any_result)
        with self.before(since):
            lifecycle.resolve(complaint, by=self.home.officer, result=self.say(results), has_photo=True)
        return complaint

    def kind_of(self, department: Department) -> Category | None:
        """Return what this department gets most reports about, of what can be reported without more questions."""
        return kind_at(self.city, self.scene, department.code)


def set_up(city: CityInForce, scene: Scene, random: Random) -> Stage | None:
    """Set the stage; None where the busiest department has nothing that the casebook has words for."""
    book = cases.in_language(city.profile.languages[0])
    people = officials.take_seats(city)
    seats = officials.seats(city.profile)
    led = [seat.department for seat in seats if seat.role is Role.HEAD and seat.department]
    if book is None or len(led) < 2 or not any(ward.spots for ward in scene.wards):
        return None
    kind = kind_at(city, scene, led[0], among=book.kinds)
    if kind is None:
        return None
    home, other = (_desk(city, code, seats, people) for code in led[:2])
    coordinator = next(people[seat.email] for seat in seats if seat.role is Role.COORDINATOR)
    return Stage(city, scene, random, kind, home, other, coordinator, book)


def kind_at(
    city: CityInForce, scene: Scene, department: str, *, among: Container[str] | None = None
) -> Category | None:
    """Return what this department gets most reports about, of what everybody may read and nothing more is asked about."""
    area = next(ward.code for ward in scene.wards if ward.spots)
    found = [
        category
        for category in city.profile.categories
        if (among is None or category.code in among)
        and _is_plain(category, city)
        and scene.sent(category.code, area, None, scene.now).department == department
    ]
    return max(found, key=lambda category: share_of(category.code), default=None)


def _is_plain(category: Category, city: CityInForce) -> bool:
    asks = city.profile.asks
    of_it = asks.of(category.code)
    is_asked = of_it.evidence is not None or any(question.is_required for question in of_it.questions)
    needs_who = asks.needs_contact(category.code) or asks.needs_name(category.code)
    is_marked = asks.is_emergency(category.code, "") or asks.confirms(category.code, "")
    return category.is_public and not (is_asked or needs_who or is_marked)


def _desk(city: CityInForce, code: str, seats: Sequence[Seat], people: Mapping[str, Person]) -> Desk:
    there = {seat.role: people[seat.email] for seat in seats if seat.department == code}
    department = db.session.get_one(Department, city.department_ids[code])
    return Desk(department, there[Role.OFFICER], there[Role.HEAD])


def _places_apart(city: CityInForce, scene: Scene) -> Iterator[Point]:
    """Give places near the middle of the map, each far from those before; when there are no more, the same again."""
    middle = Point(city.profile.map.latitude, city.profile.map.longitude)
    spots = [Point(*spot) for ward in scene.wards for spot in ward.spots]
    chosen: list[Point] = []
    for spot in sorted(spots, key=lambda spot: metres_between(middle, spot)):
        if all(metres_between(spot, other) >= _APART for other in chosen):
            chosen.append(spot)
            yield spot
    yield from cycle(chosen)
