"""Where the made-up lives take place: what generation has to know of a city, in plain values.

Made once from the profile; nothing in it knows the database but the ids.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

from cps.city.profile import Profile
from cps.city.promise import Promise
from cps.complaints import deadlines
from cps.console.demonstration.grounds import Ward
from cps.console.demonstration.office import OfficeClock, moment_of
from cps.geo.point import Point
from cps.routing.match import Match
from cps.routing.route import Router

DAYS = 90
_EXPERTS = 5
_DAYS_AHEAD = 120

# How often people report what; any other category counts as rare.
_SHARES = {
    "garbage": 17,
    "pothole": 14,
    "street-light": 13,
    "drains": 10,
    "sidewalk": 8,
    "parking": 7,
    "noise": 6,
    "dumping": 5,
    "trees": 5,
    "wires": 4,
    "water": 4,
}
_RARE = 1.2
_IN_THE_RAIN = {"drains": 7.0, "sewage": 3.0, "trees": 4.0, "wires": 2.0, "pothole": 1.5}
_FIRST_LANGUAGE_SHARE = 0.9


@dataclass(frozen=True)
class Subject:
    """A category, as far as a complaint's life depends on it."""

    code: str
    id: int
    promise: Promise
    promise_words: str
    acknowledge: Promise
    acknowledge_words: str
    is_public: bool
    needs_contact: bool
    confirms_contact: bool
    names: Mapping[str, str]
    share: float
    share_in_rain: float


class Official(NamedTuple):
    """Somebody who acts; ids are of their rows."""

    id: int
    name: str


@dataclass(frozen=True)
class Ids:
    """The rows behind the profile's codes."""

    categories: Mapping[str, int]
    departments: Mapping[str, int]
    areas: Mapping[str, int]


@dataclass(frozen=True)
class Scene:
    """A city and its officials at `now`, whole seconds since 1970.

    `version`: of the city. `staff`: by department id, never empty where a route leads, whoever leads
    first. `outside`: departments that are not the city's. `languages` with `language_shares`.
    """

    profile: Profile
    now: int
    subjects: Sequence[Subject]
    wards: Sequence[Ward]
    version: int
    router: Router
    departments: Mapping[str, int]
    offices: Mapping[str, int]
    staff: Mapping[int, Sequence[Official]]
    clock: OfficeClock
    outside: frozenset[int]
    language_shares: Sequence[float]
    _dues: dict[tuple[str, int], int] = field(default_factory=dict)

    @cached_property
    def experts(self) -> Sequence[int]:
        """The departments that others ask: ids of the busiest of the whole city, where visitors can sign in."""
        offices = set(self.offices.values())
        return [department for department in self.staff if department not in offices][:_EXPERTS]

    def due(self, subject: Subject, received_at: int) -> int:
        """Return by when a report received then is answered."""
        return self._promised(subject.promise, subject.promise_words, received_at)

    def acknowledge_by(self, subject: Subject, received_at: int) -> int:
        """Return by when somebody takes on a report received then."""
        return self._promised(subject.acknowledge, subject.acknowledge_words, received_at)

    def handover(self, to: int, handed_at: int) -> tuple[str, int]:
        """Return how long this department has to accept what it gets, in words, and until when."""
        clocks = self.profile.clocks
        promise = clocks.transfer_outside if to in self.outside else clocks.transfer_inside
        words = str(promise)
        return words, self._promised(promise, words, handed_at)

    def _promised(self, promise: Promise, words: str, received_at: int) -> int:
        if promise.unit not in ("working_days", "calendar_days"):
            return self._counted(promise, received_at)
        key = (words, self.clock.day_number(received_at))
        if key not in self._dues:
            self._dues[key] = self._counted(promise, received_at)
        return self._dues[key]

    def sent(self, category: str, area: str | None, point: Point | None, at: int) -> Match:
        """Return who answers for a report that comes in then."""
        return self.router.send(category, area=area, point=point, at=moment_of(at))

    def _counted(self, promise: Promise, received_at: int) -> int:
        due = deadlines.promised(promise, received_at=moment_of(received_at), calendar=self.profile.calendar)
        return int(due.timestamp())


def share_of(category: str) -> float:
    """Return how often people report this kind of problem; only the ratio counts."""
    return _SHARES.get(category, _RARE)


def scene_of(
    profile: Profile,
    ids: Ids,
    *,
    wards: Sequence[Ward],
    version: int,
    router: Router,
    staff: Mapping[int, Sequence[Official]],
    now: datetime,
) -> Scene:
    """Set the scene for the `DAYS` days up to `now`."""
    today = now.astimezone(profile.calendar.zone).date()
    return Scene(
        profile=profile,
        now=int(now.timestamp()),
        subjects=[_subject(profile, ids, n) for n in range(len(profile.categories))],
        wards=wards,
        version=version,
        router=router,
        departments=ids.departments,
        offices={a.code: ids.departments[a.office] for a in profile.areas if a.office is not None},
        staff=staff,
        clock=OfficeClock(
            profile.calendar, today - timedelta(days=DAYS - 1), today + timedelta(days=_DAYS_AHEAD)
        ),
        outside=frozenset(ids.departments[d.code] for d in profile.departments if d.is_outside),
        language_shares=_language_shares(len(profile.languages)),
    )


def _subject(profile: Profile, ids: Ids, number: int) -> Subject:
    category = profile.categories[number]
    share = share_of(category.code)
    return Subject(
        code=category.code,
        id=ids.categories[category.code],
        promise=category.promise,
        promise_words=str(category.promise),
        acknowledge=profile.acknowledge_promise(category),
        acknowledge_words=str(profile.acknowledge_promise(category)),
        is_public=category.is_public,
        needs_contact=profile.asks.needs_contact(category.code),
        confirms_contact=profile.asks.confirms(category.code, ""),
        names=category.names,
        share=share,
        share_in_rain=share * _IN_THE_RAIN.get(category.code, 1.0),
    )


def _language_shares(languages: int) -> list[float]:
    others = languages - 1
    return [_FIRST_LANGUAGE_SHARE, *((1 - _FIRST_LANGUAGE_SHARE) / others for _n in range(others))]
