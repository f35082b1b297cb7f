"""Numbers as people of each language write them: 1,234; 1.234; १,२३४.

Counts are written so. What is copied, dialled or typed back stays as it is: receipt numbers, telephone
numbers, coordinates; but whoever types one on a keyboard of their own script is understood.
"""

import unicodedata
from functools import lru_cache

from babel.numbers import format_decimal

_DIGITS = {"ne": str.maketrans("0123456789", "०१२३४५६७८९")}


@lru_cache(maxsize=4096)  # a page writes the same few small numbers again and again
def number(value: int, *, language: str) -> str:
    """Write a whole number with the digits and the groups of the language."""
    return in_digits(format_decimal(value, locale=language), language=language)


def in_digits(text: str, *, language: str) -> str:
    """Write what has been written with 0 to 9 in the digits of the language."""
    return text.translate(_DIGITS[language]) if language in _DIGITS else text


def plain_digits(text: str) -> str:
    """Write the decimal digits of any script as 0 to 9; everything else stays."""
    return "".join(str(unicodedata.decimal(character, character)) for character in text)
