"""How much two reports look like the same problem: place, time, kind, words and picture; pure.

The weights were set by looking at real records (`make duplicates` prints how well they do); each part is between 0
and 1, and a part that nobody knows is left out rather than held against a report.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from unicodedata import combining, normalize

from rapidfuzz import fuzz, utils

from cps.geo.point import Point, metres_between
from cps.photos.fingerprint import likeness as picture_likeness

LIKELY: Final = 0.7
"""From here on a report is offered as probably the same."""

_METRES: Final = 80.0  # at which nearness has fallen to a third
_HOURS: Final = 120.0
_PLACE, _TIME, _KIND, _WORDS, _PICTURE = 0.35, 0.2, 0.25, 0.2, 1.2
_STROKES: Final = str.maketrans("đĐ", "dD")  # what no accent is taken off of
_ALIKE: Final = 0.6  # below it, pictures of any two streets are as alike


@dataclass(frozen=True, slots=True)
class Seen:
    """What of a report is compared; `pictures` are fingerprints."""

    category_id: int
    point: Point
    received_at: datetime
    words: str
    pictures: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two reports are between 0 and 1, and what shows it."""

    score: float
    metres: float
    hours: float
    words: float | None
    has_same_picture: bool


def between(one: Seen, other: Seen) -> Likeness:
    """Compare two reports."""
    metres = metres_between(one.point, other.point)
    hours = abs((one.received_at - other.received_at).total_seconds()) / 3600
    words, picture = _of_words(one.words, other.words), _of_pictures(one.pictures, other.pictures)
    parts = [
        (_PLACE, math.exp(-metres / _METRES)),
        (_TIME, math.exp(-hours / _HOURS)),
        (_KIND, float(one.category_id == other.category_id)),
    ]
    if words is not None:
        parts.append((_WORDS, words))
    if picture >= _ALIKE:
        parts.append((_PICTURE, picture))
    score = sum(weight * part for weight, part in parts) / sum(weight for weight, _part in parts)
    return Likeness(score, metres, hours, words, picture >= _ALIKE)


def _of_words(one: str, other: str) -> float | None:
    if not one.strip() or not other.strip():
        return None
    return fuzz.token_set_ratio(_plain(one), _plain(other), processor=utils.default_process) / 100


def _plain(text: str) -> str:
    letters = (sign for sign in normalize("NFD", text) if not combining(sign))
    return "".join(letters).translate(_STROKES)


def _of_pictures(ones: Sequence[int], others: Sequence[int]) -> float:
    return max((picture_likeness(one, other) for one in ones for other in others), default=0.0)
