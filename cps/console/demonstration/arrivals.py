"""What citizens report in the demo: when, what, where and in which words; pure.

Every day draws from a random source of its own, so a day is the same whatever happens on others.
"""

from collections.abc import Iterator, Sequence
from itertools import accumulate
from random import Random
from typing import NamedTuple

from cps.console.demonstration import wording
from cps.console.demonstration.grounds import Ward
from cps.console.demonstration.office import DAY
from cps.console.demonstration.scene import DAYS, Scene, Subject
from cps.geo.point import Point
from cps.kernel.numbers import number

_RAINY_SPELLS = 4
_BY_HOUR = (1, 1, 1, 1, 1, 3, 10, 22, 30, 32, 28, 22, 16, 18, 24, 28, 30, 32, 30, 28, 26, 20, 10, 4)
_DAY_OFF_SHARE = 0.55
_RAIN_SHARE = 1.4
_GROWTH = 1.0  # the last day brings twice the reports of the first: the service becomes known
_WITH_POINT = 0.8
_POINT_AND_LANDMARK = 0.35
_AREA_CHOSEN = 0.4
_WITH_ADDITION = 0.4
_WITH_CONTACT = 0.15
# So many are about a problem that comes back at its place; one such place for so many reports a day.
_COMES_BACK = 0.015
_DAILY_FOR_A_PLACE = 15
_SORE_SUBJECTS = 3
_HOURS = list(accumulate(_BY_HOUR))


class Report(NamedTuple):
    """What one citizen hands in; `at` in seconds since 1970."""

    at: int
    subject: Subject
    ward: Ward | None
    latitude: float | None
    longitude: float | None
    landmark: str
    words: str
    language: str
    has_contact: bool

    @property
    def point(self) -> Point | None:
        """Where it is, if the citizen said it exactly."""
        if self.latitude is None or self.longitude is None:
            return None
        return Point(self.latitude, self.longitude)


class SorePlace(NamedTuple):
    """Where one problem comes back."""

    subject: Subject
    ward: Ward
    spot: tuple[float, float]


class Weather:
    """On which of the days it rains."""

    def __init__(self, random: Random) -> None:
        starts = [random.randrange(3, DAYS - 2) for _n in range(_RAINY_SPELLS)]
        self._rainy = {start + n for start in starts for n in range(random.choice((1, 2)))}

    def is_rainy(self, day: int) -> bool:
        """Whether that day (0 is the first) is one of rain."""
        return day in self._rainy


def counts(scene: Scene, weather: Weather, count: int) -> list[int]:
    """Spread `count` reports over the days up to now: more on working days, in the rain, and lately."""
    shares = [_share(scene, weather, day) for day in range(DAYS)]
    sums = list(accumulate(shares))
    ends = [round(count * reached / sums[-1]) for reached in sums]
    return [end - start for start, end in zip([0, *ends], ends, strict=False)]


def reports(scene: Scene, weather: Weather, day: int, count: int, random: Random) -> Iterator[Report]:
    """Give the reports of one day in the order they come in."""
    moments = sorted(_moment(scene, day, random) for _n in range(count))
    rainy = weather.is_rainy(day)
    subjects = list(accumulate(s.share_in_rain if rainy else s.share for s in scene.subjects))
    wards = list(accumulate(ward.share for ward in scene.wards))
    for at in moments:
        if random.random() < _COMES_BACK and (sore := _sore_place(scene, count, random)) is not None:
            yield _report(at, sore.subject, sore.ward, scene, random, spot=sore.spot)
            continue
        subject = random.choices(scene.subjects, cum_weights=subjects)[0]
        ward = random.choices(scene.wards, cum_weights=wards)[0] if wards else None
        yield _report(at, subject, ward, scene, random)


def with_number(sentence: str, random: Random, *, language: str) -> str:
    """Fill in a number from two to nine, where the sentence wants one, in the digits of its language."""
    if "{n}" not in sentence:
        return sentence
    return sentence.replace("{n}", number(random.randint(2, 9), language=language))


def _share(scene: Scene, weather: Weather, day: int) -> float:
    clock = scene.clock
    works = clock.worked(clock.midnight(day + 1)) > clock.worked(clock.midnight(day))
    share = (1 if works else _DAY_OFF_SHARE) * (1 + _GROWTH * day / DAYS)
    passed = min(1.0, (scene.now - clock.midnight(day)) / DAY)
    return share * passed * (_RAIN_SHARE if weather.is_rainy(day) else 1)


def _moment(scene: Scene, day: int, random: Random) -> int:
    midnight = scene.clock.midnight(day)
    hour = random.choices(range(24), cum_weights=_HOURS)[0]
    at = midnight + hour * 3600 + random.randrange(3600)
    # The present day is not over: what would come later today comes some time before now.
    return at if at < scene.now else midnight + int((scene.now - midnight) * random.random())


def _report(
    at: int,
    subject: Subject,
    ward: Ward | None,
    scene: Scene,
    random: Random,
    *,
    spot: tuple[float, float] | None = None,
) -> Report:
    language = random.choices(scene.profile.languages, scene.language_shares)[0]
    latitude = longitude = None
    landmark = ""
    if spot is not None:
        latitude, longitude = spot
        landmark = _landmark(language, random)
    elif ward is not None and ward.spots and random.random() < _WITH_POINT:
        latitude, longitude = _place(ward, random)
        if random.random() < _POINT_AND_LANDMARK:
            landmark = _landmark(language, random)
    else:
        landmark = _landmark(language, random)
        if random.random() >= _AREA_CHOSEN:
            ward = None
    return Report(
        at=at,
        subject=subject,
        ward=ward,
        latitude=latitude,
        longitude=longitude,
        landmark=landmark,
        words=_words(subject, language, random),
        language=language,
        has_contact=random.random() < _WITH_CONTACT or subject.needs_contact,
    )


def _sore_place(scene: Scene, count: int, random: Random) -> SorePlace | None:
    """Choose one of the places where one problem comes back: more of them the more reports come in on a day."""
    wards = [ward for ward in scene.wards if ward.spots]
    if not wards:
        return None
    number = random.randrange(max(1, count // _DAILY_FOR_A_PLACE))
    ward, subjects = wards[number % len(wards)], scene.subjects[:_SORE_SUBJECTS]
    return SorePlace(
        subjects[number % len(subjects)], ward, ward.spots[number // len(wards) % len(ward.spots)]
    )


def _place(ward: Ward, random: Random) -> tuple[float, float]:
    latitude, longitude = random.choice(ward.spots)
    if ward.wobble == 0:
        return latitude, longitude
    north, east = (ward.wobble * (2 * random.random() - 1) for _n in range(2))
    return round(latitude + north, 6), round(longitude + east, 6)


def _landmark(language: str, random: Random) -> str:
    return _one_of(wording.in_language(language).landmarks, random, language)


def _words(subject: Subject, language: str, random: Random) -> str:
    book = wording.in_language(language)
    sentences = book.reports.get(subject.code)
    if sentences is None:
        return subject.names.get(language) or next(iter(subject.names.values()), subject.code)
    words = _one_of(sentences, random, language)
    if book.additions and random.random() < _WITH_ADDITION:
        words = f"{words} {_one_of(book.additions, random, language)}"
    return words


def _one_of(sentences: Sequence[str], random: Random, language: str) -> str:
    return with_number(random.choice(sentences), random, language=language)
