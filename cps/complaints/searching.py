"""Searching what was written, without accents: what is sought is folded by the database, as what is kept was.

The database's function `folded` (migration 0017) writes small letters without accents, signs as spaces and a
space at both ends. A word with three letters in a row is found inside others; any other where a word begins,
and one of one or two Latin letters or digits as a whole word only: `o ga` is a pothole, not half the city.
"""

import re
from dataclasses import dataclass
from typing import Any, Final
from unicodedata import category

from sqlalchemy import ColumnElement, Select, and_, func, select

from cps.kernel.db import db
from cps.kernel.references import canonical
from cps.kernel.text import cleaned

_MOST_WORDS: Final = 6
_LONGEST: Final = 100
_KEPT = frozenset("LMN")  # letters, marks and numbers; all other signs part words
_JOINERS = "\u200c\u200d"  # these stand inside words
_THREE = re.compile(r"[^\W_]{3}")  # the trigrams of the index are of such letters
_SHORT_LATIN = re.compile(r"[a-z0-9]{1,2}")


@dataclass(frozen=True)
class Sought:
    """What somebody looks for: the words, folded, and the reference it is, if it can be one."""

    patterns: tuple[str, ...]
    reference: str | None

    @property
    def is_nothing(self) -> bool:
        """Whether it holds nothing that could be found: signs and pictures alone."""
        return not self.patterns and self.reference is None


def sought(typed: str) -> Sought | None:
    """Read what was typed into a search; None if nothing was."""
    text = cleaned(typed)[:_LONGEST]
    if not text:
        return None
    plain = "".join(sign if category(sign)[0] in _KEPT or sign in _JOINERS else " " for sign in text)
    words = str(db.session.scalar(_folding(plain)) or "").split() if plain.strip() else []
    return Sought(tuple(map(_pattern, dict.fromkeys(words[:_MOST_WORDS]))), canonical(text))


def holds(text: Any, patterns: tuple[str, ...]) -> ColumnElement[bool]:
    """Say that a folded text holds all of these words."""
    return and_(*(text.like(pattern, escape="\\") for pattern in patterns))


def _folding(plain: str) -> Select[tuple[str]]:
    return select(func.folded(plain))


def _pattern(word: str) -> str:
    # Nothing in a word means anything to LIKE: % _ and \ are signs, and part words.
    if _THREE.search(word):
        return f"%{word}%"
    return f"% {word} %" if _SHORT_LATIN.fullmatch(word) else f"% {word}%"
