"""Insults masked: the city's own words of insult become ••• where people read, and stay as they were where they are kept.

Found as its other words are (`phrases`): whole words whatever their case, without accents only where a writer uses none,
and in scripts that join endings to a word by how it begins.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from unicodedata import normalize

from cps.city.phrases import FEWEST_BARE, Phrases, spaced, wanted
from cps.kernel.text import cleaned, folded

MASK: Final = "•••"

_WORD: Final = re.compile(r"(?:[^\W_]|[\u200c\u200d\u0900-\u0963])+")


@dataclass(frozen=True, slots=True)
class _Insult:
    """A phrase word by word, as it is and without accents; `is_stem`: the last one may go on."""

    words: tuple[str, ...]
    bare: tuple[str, ...]
    is_stem: bool

    def may_be_in(self, text: str) -> bool:
        """Whether a text in small letters holds the letters of its first word at all."""
        return self.words[0] in text or (bool(self.bare) and self.bare[0] in text)

    def stands_in(self, words: Sequence[str], *, is_bare: bool) -> bool:
        """Whether these words, as many as its own, are it."""
        return self._is(self.words, words) or (is_bare and bool(self.bare) and self._is(self.bare, words))

    def _is(self, own: tuple[str, ...], words: Sequence[str]) -> bool:
        *first, last = words
        is_last = last.startswith(own[-1]) if self.is_stem else last == own[-1]
        return is_last and tuple(first) == own[:-1]


def masked(text: str, insults: Phrases) -> str:
    """Return a text with its insults masked; one without any is returned as it is."""
    known, small = _compiled(insults.all), normalize("NFC", text).casefold()
    if not any(one.may_be_in(small) for one in known):  # hardly ever
        return text
    plain = cleaned(text)
    spans = list(_spans(plain, known))
    if not spans:
        return text
    pieces, place = [], 0
    for begins, ends in spans:
        pieces += [plain[place:begins], MASK]
        place = ends
    return "".join([*pieces, plain[place:]])


def _spans(text: str, known: Sequence[_Insult]) -> Iterator[tuple[int, int]]:
    found = list(_WORD.finditer(text))
    words = [one[0].casefold() for one in found]
    is_bare = all(folded(word) == word for word in words)
    place = 0
    while place < len(words):
        length = max((_length(one, words, place, is_bare=is_bare) for one in known), default=0)
        if length:
            yield found[place].start(), found[place + length - 1].end()
        place += length or 1


def _length(insult: _Insult, words: Sequence[str], place: int, *, is_bare: bool) -> int:
    """Return how many words from here on are this insult; none if they are not."""
    count = len(insult.words)
    part = words[place : place + count]
    return count if len(part) == count and insult.stands_in(part, is_bare=is_bare) else 0


@lru_cache(maxsize=8)
def _compiled(phrases: tuple[str, ...]) -> tuple[_Insult, ...]:
    return tuple(_insult(phrase) for phrase in phrases if spaced(phrase).strip())


def _insult(phrase: str) -> _Insult:
    words = tuple(spaced(phrase).split())
    bare = tuple(folded(" ".join(words)).split())
    needs_accents = len(" ".join(words)) < FEWEST_BARE or len(bare) != len(words)
    return _Insult(words, () if needs_accents else bare, not wanted(phrase).endswith(" "))
