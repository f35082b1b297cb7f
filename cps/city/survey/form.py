"""What a form is made of: sheets with columns, each with what it is for, an example, and what may stand in it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from cps.city.letters.words import DEFAULT_LANGUAGES

LANGUAGES: Final = tuple(sorted(DEFAULT_LANGUAGES, key=lambda code: (code == "en", code)))
"""The languages CPS speaks; English stands last, as the second of most cities."""
AREA_OFFICE: Final = "area office"
"""As a department: the office of the area where the problem is."""
ROLES: Final = ("officer", "head", "coordinator", "auditor")
WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
YES_NO: Final = ("yes", "no")


class Kind(StrEnum):
    """What may stand in a cell."""

    TEXT = "text"
    CODE = "code"
    PHONE = "phone"
    EMAIL = "email"
    DAY = "day"
    NUMBER = "number"
    HOURS = "hours"
    PROMISE = "promise"
    CHOICE = "choice"


@dataclass(frozen=True, slots=True)
class Column:
    """One thing to fill in; `refers_to`: the sheet whose codes may stand here."""

    key: str
    title: str
    told: str
    example: str = ""
    kind: Kind = Kind.TEXT
    is_needed: bool = False
    choices: tuple[str, ...] = ()
    refers_to: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """A table to fill in, a row for each thing; or questions with one answer each, if it `is_questions`."""

    key: str
    title: str
    told: str
    columns: tuple[Column, ...]
    is_questions: bool = False

    def column(self, key: str) -> Column:
        """Return the column with this key."""
        return next(column for column in self.columns if column.key == key)


_LANGUAGE_NAMES: Final = {
    "vi": "Vietnamese",
    "ko": "Korean",
    "fil": "Filipino",
    "ne": "Nepali",
    "en": "English",
}
EXAMPLE_ROADS: Final = {
    "vi": "Phòng Giao thông",
    "ko": "도로과",
    "fil": "Tanggapan ng Kalsada",
    "ne": "सडक शाखा",
    "en": "Roads Office",
}


def names(prefix: str, title: str, told: str, examples: dict[str, str] | None = None) -> tuple[Column, ...]:
    """Return a column for each language CPS speaks."""
    return tuple(
        Column(
            f"{prefix}_{language}",
            f"{title} ({_LANGUAGE_NAMES[language]})",
            f"{told} Only the languages of the city; the others stay empty.",
            (examples or {}).get(language, ""),
        )
        for language in LANGUAGES
    )


def yes_or_no(key: str, title: str, told: str, example: str) -> Column:
    """Return a column that is answered with yes or no."""
    return Column(key, title, told, example, Kind.CHOICE, choices=YES_NO)
