"""Words to be recognised in what people write, in the way they write them.

A word with accents is meant with them, unless the writer leaves all accents out: `cháy` is found in `chay nha` and
not in `chạy bộ`; words of fewer than four letters always need theirs. Scripts in which endings are joined to a word (Hangul, Devanagari) are compared by how it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from cps.kernel.text import cleaned, folded

_LAST_LATIN: Final = "\u1eff"  # of the blocks that Latin letters with accents stand in
FEWEST_BARE: Final = 4
_MARKS: Final = frozenset("\u200c\u200d")


@dataclass(frozen=True, slots=True)
class Phrases:
    """Words and phrases, by language."""

    by_language: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def are_in(self, text: str) -> bool:
        """Whether one of the phrases, of whatever language, stands in a text."""
        words = spaced(text)
        bare = folded(words)
        is_bare = bare == words
        return any(
            one in words or (is_bare and len(one.strip()) >= FEWEST_BARE and folded(one) in bare)
            for one in map(wanted, self.all)
        )

    def count_in(self, text: str) -> int:
        """Say how many different phrases stand in a text."""
        return sum(Phrases({"": (one,)}).are_in(text) for one in self.all)

    @property
    def all(self) -> tuple[str, ...]:
        """Return the phrases of all languages."""
        return tuple(phrase for phrases in self.by_language.values() for phrase in phrases)


def spaced(text: str) -> str:
    """Return the words of a text in small letters, one space before and after each."""
    kept = (c if _is_of_word(c) else " " for c in cleaned(text).casefold())
    return f" {' '.join(''.join(kept).split())} "


def wanted(phrase: str) -> str:
    """Return a phrase as it must stand in spaced words: whole in Latin letters, else from a word's beginning."""
    words = spaced(phrase)
    return words if all(c <= _LAST_LATIN and not "\u0900" <= c <= "\u1dff" for c in words) else words[:-1]


def _is_of_word(character: str) -> bool:
    # Vowel signs of Devanagari are neither letters nor digits to Python, but no gap between words.
    return character.isalnum() or character in _MARKS or "\u0900" <= character <= "\u0963"
