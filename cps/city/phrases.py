"""Words to be recognised in what people write, in the way they write them.

A word with accents is meant with them, unless the writer leaves all accents out: `cháy` is found in `chay nha` and
not in `chạy bộ`; words of fewer than four letters always need theirs. Scripts in which endings are joined to a word (Hangul, Devanagari) are compared by how it begins.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from cps.kernel.text import cleaned, folded

_LAST_LATIN: Final = "\u1eff"  # of the blocks that Latin letters with accents stand in
FEWEST_BARE: Final = 4
# Vowel signs of Devanagari are neither letters nor digits to Python, but no gap between words; nor are the joiners.
_GAP: Final = re.compile("(?:(?![\u0900-\u0963\u200c\u200d])[\\W_])+")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words and phrases, by language."""

    by_language: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def are_in(self, text: str) -> bool:
        """Whether one of the phrases, of whatever language, stands in a text."""
        return any(self._found(text))

    def count_in(self, text: str) -> int:
        """Say how many different phrases stand in a text."""
        return sum(self._found(text))

    def _found(self, text: str) -> Iterator[bool]:
        """Say of each phrase whether it stands in a text."""
        phrases = self.all
        if not phrases:
            return
        words = spaced(text)
        bare = folded(words)
        is_bare = bare == words
        for phrase in phrases:
            whole, without_accents = _sought(phrase)
            yield whole in words or (is_bare and bool(without_accents) and without_accents in bare)

    @property
    def all(self) -> tuple[str, ...]:
        """Return the phrases of all languages."""
        return tuple(phrase for phrases in self.by_language.values() for phrase in phrases)


def spaced(text: str) -> str:
    """Return the words of a text in small letters, one space before and after each."""
    return f" {' '.join(_GAP.sub(' ', cleaned(text).casefold()).split())} "


@lru_cache(maxsize=4096)  # a city's own words: every report is compared with each of them
def _sought(phrase: str) -> tuple[str, str]:
    """Return a phrase as it is looked for, and without its accents if it can be known by that."""
    whole = wanted(phrase)
    return whole, folded(whole) if len(whole.strip()) >= FEWEST_BARE else ""


def wanted(phrase: str) -> str:
    """Return a phrase as it must stand in spaced words: whole in Latin letters, else from a word's beginning."""
    words = spaced(phrase)
    return words if all(c <= _LAST_LATIN and not "\u0900" <= c <= "\u1dff" for c in words) else words[:-1]
