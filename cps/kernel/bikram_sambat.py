"""Dates of Bikram Sambat, the calendar of Nepal, whose months have no rule but a table.

The table is that of the package `nepali-datetime`; a day outside it has no date here.
"""

from collections.abc import Mapping
from datetime import date

import nepali_datetime

from cps.kernel.numbers import in_digits

# Spelled as Nepal's own calendar spells them; the package has Sanskrit and spoken forms side by side.
_MONTHS = {
    "ne": ("वैशाख", "जेठ", "असार", "साउन", "भदौ", "असोज", "कात्तिक", "मंसिर", "पुस", "माघ", "फागुन", "चैत"),
    "en": (
        "Baisakh",
        "Jestha",
        "Asar",
        "Shrawan",
        "Bhadra",
        "Asoj",
        "Kartik",
        "Mangsir",
        "Poush",
        "Magh",
        "Falgun",
        "Chaitra",
    ),
}
_ORDERS = {"ne": "{year} {month} {day}", "en": "{day} {month} {year}"}
_SHORT_ORDERS = {"ne": "{month} {day}", "en": "{day} {month}"}


def written(day: date, *, language: str) -> str | None:
    """Write the day in Bikram Sambat, २०८३ मंसिर ९ or 9 Mangsir 2083; None outside the table."""
    return _written(day, _ORDERS, language)


def written_short(day: date, *, language: str) -> str | None:
    """Write the day without its year, मंसिर ९ or 9 Mangsir; None outside the table."""
    return _written(day, _SHORT_ORDERS, language)


def _written(day: date, orders: Mapping[str, str], language: str) -> str | None:
    found = _found(day)
    if found is None:
        return None
    language = language if language in _MONTHS else "en"
    month = _MONTHS[language][found.month - 1]
    text = orders[language].format(year=found.year, month=month, day=found.day)
    return in_digits(text, language=language)


def _found(day: date) -> nepali_datetime.date | None:
    try:
        return nepali_datetime.date.from_datetime_date(day)
    except OverflowError:
        return None
