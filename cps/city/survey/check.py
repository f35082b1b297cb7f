"""What is wrong with the answers of a survey: every cell by itself, then what refers to what."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from typing import Final
from zoneinfo import available_timezones

from cps.city.promise import Promise
from cps.city.survey.answers import Answers, Entry, Problem
from cps.city.survey.form import AREA_OFFICE, LANGUAGES, Column, Kind
from cps.city.survey.sheets import SHEETS, sheet
from cps.city.survey.sheets_of_answering import CITY

CLOSED: Final = "closed"
_ANY: Final = "*"
_CODE: Final = re.compile(r"[a-z0-9-]+")
_PHONE: Final = re.compile(r"\+?[\d ().-]{2,30}")
_EMAIL: Final = re.compile(r"[^@\s,;]+@[^@\s,;]+")
_TIMES: Final = re.compile(r"([01]\d|2[0-3]):[0-5]\d-([01]\d|2[0-3]):[0-5]\d")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_DEGREES: Final = {"latitude": 90.0, "longitude": 180.0}
_MOST_PHOTOS: Final = 10


Known = Mapping[str, tuple[str, ...]]
"""The codes there will be, by key of the sheet: those written down, else the ones that are assumed."""


def problems_of(answers: Answers, known: Known) -> list[Problem]:
    """Return everything that is wrong with the answers, sheet by sheet."""
    found: list[Problem] = []
    for one in SHEETS:
        rows = [answers.one(one.key)] if one is CITY else answers.rows(one.key)
        for row in rows:
            told = ((column, fault_of(column, row[column.key])) for column in one.columns)
            found.extend(Problem(row.where(column.key), sentence) for column, sentence in told if sentence)
        found.extend(_twice(rows))
        found.extend(_strangers(rows, known))
    found.extend(_about_the_city(answers.one("city")))
    found.extend(_about_rows(answers))
    return found


def languages_of(city: Entry) -> tuple[str, ...]:
    """Return the languages somebody wrote down."""
    return split_languages(city["languages"])


def split_languages(words: str) -> tuple[str, ...]:
    """Return the codes of languages in one text."""
    return tuple(dict.fromkeys(code for code in re.split(r"[,;\s]+", words) if code))


def promise_of(words: str) -> Promise:
    """Read by when something is answered; a number alone is so many working days."""
    if words.isdecimal():
        words = f"{words} working day{'' if words == '1' else 's'}"
    return Promise.parse(words)


def hours_of(words: str) -> list[str]:
    """Return the hours of a day, none if it is off."""
    return [] if words == CLOSED else [part.strip() for part in words.split(",") if part.strip()]


def fault_of(column: Column, text: str) -> str:
    """Say what is wrong with one answer by itself; empty if nothing is."""
    if not text:
        return "This is needed." if column.is_needed else ""
    if column.choices and text not in column.choices:
        return f"{text!r} is not one of {', '.join(column.choices)}."
    looked = _OF_ONE_KEY.get(column.key) or _LOOKS.get(column.kind)
    return looked(column, text) if looked else ""


def _code(column: Column, text: str) -> str:
    if column.refers_to and text in (AREA_OFFICE, _ANY):
        return ""
    return "" if _CODE.fullmatch(text) else f"{text!r} is no code. Write it with a-z, 0-9 and '-' only."


def _day(_column: Column, text: str) -> str:
    try:
        date.fromisoformat(text)
    except ValueError:
        return f"{text!r} is no date. Write it like 2027-01-09."
    return ""


def _number(column: Column, text: str) -> str:
    try:
        number = float(text)
    except ValueError:
        return f"{text!r} is no number. Write it with a point, like 16.4637."
    most = _DEGREES.get(column.key)
    if most is not None and not abs(number) <= most:
        return f"{text} is beyond {most:g} degrees."
    if column.key == "photos" and number not in range(_MOST_PHOTOS + 1):
        return f"{text} is not a whole number from 0 to {_MOST_PHOTOS}."
    return ""


def _promise(_column: Column, text: str) -> str:
    try:
        promise_of(text)
    except ValueError:
        return f"{text!r} is no time. Write a number of working days, or like '8 working hours', '15 calendar days'."
    return ""


def _hours(_column: Column, text: str) -> str:
    parts = hours_of(text)
    if text != CLOSED and (not parts or not all(_TIMES.fullmatch(part) for part in parts)):
        return f"{text!r} are no hours. Write them like 08:00-12:00, 13:00-17:00, or {CLOSED}."
    return ""


def _phone(_column: Column, text: str) -> str:
    return "" if _PHONE.fullmatch(text) else f"{text!r} is no number to call. Write digits and spaces only."


def _email(_column: Column, text: str) -> str:
    return (
        "" if _EMAIL.fullmatch(text) else f"{text!r} is no e-mail address. Write one, like desk@city.example."
    )


def _country(_column: Column, text: str) -> str:
    return "" if _COUNTRY.fullmatch(text) else f"{text!r} is no country. Write two capital letters, like VN."


def _time_zone(_column: Column, text: str) -> str:
    if text in available_timezones():
        return ""
    return f"There is no time zone {text!r}. Write one like Asia/Ho_Chi_Minh."


def _languages(_column: Column, text: str) -> str:
    strange = [code for code in split_languages(text) if code not in LANGUAGES]
    return (
        f"CPS does not speak {', '.join(strange)} yet. Write some of: {', '.join(LANGUAGES)}."
        if strange
        else ""
    )


_OF_ONE_KEY: Final[Mapping[str, Callable[[Column, str], str]]] = {
    "country": _country,
    "time_zone": _time_zone,
    "languages": _languages,
}
_LOOKS: Final[Mapping[Kind, Callable[[Column, str], str]]] = {
    Kind.CODE: _code,
    Kind.DAY: _day,
    Kind.NUMBER: _number,
    Kind.PROMISE: _promise,
    Kind.HOURS: _hours,
    Kind.PHONE: _phone,
    Kind.EMAIL: _email,
}


def _twice(rows: Sequence[Entry]) -> Iterator[Problem]:
    """Note every code, address or number that stands in an earlier row."""
    first: dict[tuple[str, str], str] = {}
    for row in rows:
        for key in _UNIQUE.get(row.sheet.key, ()):
            value = row[key].casefold()
            if value and (key, value) in first:
                yield Problem(
                    row.where(key), f"{row[key]!r} stands in {first[key, value]} already. Each needs its own."
                )
            elif value:
                first[key, value] = row.place.rpartition(", ")[2]


_UNIQUE: Final = {
    "department": ("code",),
    "category": ("code",),
    "area": ("code",),
    "official": ("email",),
    "emergency": ("number",),
    "holiday": ("date",),
}


def _strangers(rows: Sequence[Entry], known: Known) -> Iterator[Problem]:
    """Note every code that no row of the sheet it refers to has."""
    for row in rows:
        for column in row.sheet.columns:
            text = row[column.key]
            if not column.refers_to or not text or not _CODE.fullmatch(text):
                continue
            codes = known[column.refers_to]
            if text not in codes:
                title = sheet(column.refers_to).title
                yield Problem(
                    row.where(column.key),
                    f"{text!r} is no code in the sheet '{title}'. Add a row there, or write one of: {_some(codes)}.",
                )


def _some(codes: tuple[str, ...]) -> str:
    codes = tuple(dict.fromkeys(codes))
    more = f" and {len(codes) - 8} more" if len(codes) > 8 else ""
    return f"{', '.join(codes[:8])}{more}"


def _about_the_city(city: Entry) -> Iterator[Problem]:
    if not any(city[f"name_{language}"] for language in LANGUAGES):
        yield Problem(
            city.where("name_en"), "The city has no name. Write it in at least one of its languages."
        )
    if not city["boundaries"] and not (city["latitude"] and city["longitude"]):
        yield Problem(
            city.where("latitude"),
            "Where is the city? Write latitude and longitude, or name a boundary file.",
        )


def _about_rows(answers: Answers) -> Iterator[Problem]:
    for key in ("department", "category", "area"):
        for row in answers.rows(key):
            if not any(row[f"name_{language}"] for language in LANGUAGES):
                yield Problem(row.where("name_en"), "This has no name. Write it in at least one language.")
    for row in answers.rows("holiday"):
        if row["what"] == "worked" and not row["like"]:
            yield Problem(row.where("like"), "Which weekday's hours does this day have?")
    for row in answers.rows("official"):
        if row["role"] == "auditor" and row["department"]:
            yield Problem(row.where("department"), "An auditor belongs to no department. Leave this empty.")
        elif row["role"] and row["role"] != "auditor" and not row["department"]:
            yield Problem(row.where("department"), "Which department does this person belong to?")
    if not answers.one("city")["boundaries"]:
        yield from _half_placed(answers)


def _half_placed(answers: Answers) -> Iterator[Problem]:
    """Without a boundary file either every area says where it is, or none does."""
    rows = answers.rows("area")
    placed = [row for row in rows if row["latitude"] and row["longitude"]]
    for row in rows if placed else ():
        if row not in placed:
            yield Problem(
                row.where("latitude"),
                "Other areas say where they are, this one does not. Write latitude and longitude, or name a boundary file.",
            )
