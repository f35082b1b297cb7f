"""`city.toml`: what the city is called, where it is, how it is reached, what a report may hold."""

import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from cps.city.profile import Contact, Emergency, Limits, MapView, Names
from cps.city.reading.sections import Section
from cps.kernel.dates import OtherCalendar

FILE: Final = "city.toml"

_KNOWN = (
    "code",
    "country",
    "time_zone",
    "languages",
    "dates",
    "name",
    "area_kind",
    "map",
    "place",
    "contact",
    "reports",
    "emergency",
)
_CODE = re.compile(r"[a-z0-9-]+")
_COUNTRY = re.compile(r"[A-Z]{2}")
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_NUMBER_TO_CALL = re.compile(r"\+?\d(?:[ -]?\d){1,14}")
_FARTHEST_TOLERANCE_M = 100_000
_PHOTOS_PUBLIC = ("at once", "after a look")


@dataclass(frozen=True)
class Settings:
    """What `city.toml` says."""

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
    dates: tuple[OtherCalendar, ...]
    area_kind: Names


def settings_from(city: Section) -> Settings:
    """Read the settings, noting what is wrong."""
    city.only(_KNOWN)
    languages = _languages(city)
    place = city.table("place")
    place.only(("tolerance_m", "outside"))
    return Settings(
        code=_matching(city, "code", _CODE, "a-z, 0-9 and '-'"),
        country=_matching(city, "country", _COUNTRY, "two capital letters, like VN"),
        time_zone=_time_zone(city),
        languages=languages,
        names=city.names("name", languages, of="The city's name"),
        map=_map(city.table("map")),
        tolerance_m=place.number("tolerance_m", least=0, most=_FARTHEST_TOLERANCE_M),
        outside=place.names("outside", languages, of="Whom to contact for places outside"),
        contact=_contact(city.table("contact"), languages),
        limits=_limits(city.table("reports")),
        emergencies=tuple(_emergency(section, languages) for section in city.tables("emergency")),
        dates=_dates(city),
        area_kind=_area_kind(city, languages),
    )


def _languages(city: Section) -> tuple[str, ...]:
    codes = city.values.get("languages")
    if not isinstance(codes, list) or not codes:
        city.fault(
            '\'languages\' is missing; write a list like ["vi", "en"], the default first.', "languages"
        )
        return ()
    good = [code for code in codes if isinstance(code, str) and _LANGUAGE.fullmatch(code)]
    if len(good) < len(codes) or len(set(good)) < len(good):
        city.fault("'languages' must be different codes of two or three small letters.", "languages")
    return tuple(dict.fromkeys(good))


def _dates(city: Section) -> tuple[OtherCalendar, ...]:
    names = city.values.get("dates", [])
    known = {calendar.value: calendar for calendar in OtherCalendar}
    if not isinstance(names, list) or not all(isinstance(name, str) and name in known for name in names):
        city.fault(f"'dates' must be a list of other calendars; known are {', '.join(known)}.", "dates")
        return ()
    return tuple(dict.fromkeys(known[name] for name in names))


def _area_kind(city: Section, languages: tuple[str, ...]) -> Names:
    if "area_kind" not in city.values:
        return {}
    return city.names("area_kind", languages, of="The kind of area")


def _matching(city: Section, key: str, pattern: re.Pattern[str], form: str) -> str:
    text = city.text(key)
    if text and not pattern.fullmatch(text):
        city.fault(f"{key!r} is {text!r}; it must consist of {form}.", key)
    return text


def _time_zone(city: Section) -> str:
    zone = city.text("time_zone")
    if zone and zone not in available_timezones():
        city.fault(f'There is no time zone {zone!r}; write one like "Asia/Ho_Chi_Minh".', "time_zone")
    return zone


def _map(section: Section) -> MapView:
    section.only(("latitude", "longitude", "zoom"))
    return MapView(
        latitude=section.number("latitude", least=-90, most=90),
        longitude=section.number("longitude", least=-180, most=180),
        zoom=section.whole("zoom", least=1, most=19),
    )


def _contact(section: Section, languages: tuple[str, ...]) -> Contact:
    section.only(("phone", "email", "text"))
    email = section.text("email", optional=True)
    if email and "@" not in email:
        section.fault(f"{email!r} is no e-mail address.", "email")
    texts = section.names("text", languages, of="How to reach the city")
    return Contact(phone=section.text("phone", optional=True), email=email, texts=texts)


def _limits(section: Section) -> Limits:
    section.only(("photos", "words", "reopen_days", "answer_days", "photos_public"))
    return Limits(
        photos=section.whole("photos", least=0, most=10),
        words=section.whole("words", least=100, most=20_000),
        reopen_days=section.whole("reopen_days", least=0, most=366),
        answer_days=section.whole("answer_days", least=1, most=366),
        photos_wait=_photos_wait(section),
    )


def _photos_wait(section: Section) -> bool:
    rule = section.text("photos_public", optional=True)
    if rule not in ("", *_PHOTOS_PUBLIC):
        known = " or ".join(f'"{name}"' for name in _PHOTOS_PUBLIC)
        section.fault(f"'photos_public' is {rule!r}; it must be {known}.", "photos_public")
    return rule == "after a look"


def _emergency(section: Section, languages: tuple[str, ...]) -> Emergency:
    section.only(("number", "name"))
    number = section.text("number")
    if number and not _NUMBER_TO_CALL.fullmatch(number):
        section.fault(f"{number!r} is no number to call; write 2 to 15 digits.", "number")
    return Emergency(number, section.names("name", languages, of=f"Emergency number {number}"))
