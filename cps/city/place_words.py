"""The words of a place as people type it, folded: which of them name it, and which say how to get there.

`near Patan Durbar` names Patan Durbar; `ngõ 12 Láng Hạ` names Láng Hạ, whether alley 12 is known or not.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from cps.kernel.text import folded

Words = tuple[str, ...]

_MOST_WORDS: Final = 10
_LONGEST_LOOSE: Final = 3  # Latin letters of a lone word that says too little inside other words

# What says that something else than the place itself is meant: before a name, or after it. Folded, like all here.
_BEFORE: Final = (
    "gan", "ben canh", "canh", "doi dien", "dang sau", "phia sau", "sau", "phia truoc", "truoc", "khu vuc", "tai", "o",
    "near to", "near", "next to", "close to", "beside", "opposite of", "opposite", "behind", "in front of",
    "across from", "outside of", "outside", "around", "at", "by", "the",
    "malapit sa", "tabi ng", "katabi ng", "tapat ng", "katapat ng", "harap ng", "likod ng", "loob ng", "labas ng",
    "sa",
)  # fmt: skip
_AFTER: Final = (
    "को नजिकै", "को नजिक", "नजिकै", "नजिक", "को छेउमा", "छेउमा", "छेउ", "अगाडि", "पछाडि", "सामुन्ने", "वरपर", "मा",
    "najik", "근처에", "근처", "부근", "주변", "옆에", "옆", "앞에", "앞", "뒤에", "뒤", "건너편", "맞은편",
)  # fmt: skip
# What stands before the number of a house, an alley or a part of a neighbourhood.
_NUMBERED: Final = frozenset(
    ("so", "nha", "ngo", "ngach", "hem", "kiet", "to", "no", "house", "alley", "lane", "blk", "block", "lot", "unit",
     "purok", "sitio", "ghar", "घर", "नं", "galli", "गल्ली")
)  # fmt: skip
_NUMBER = re.compile(r"\d+[a-z]?")
# What says of a name only what kind of place bears it; many leave it out, and some say another.
_KIND_FIRST: Final = (
    "thi tran", "thi xa", "thanh pho", "pho", "duong", "phuong", "xa", "quan", "huyen", "p", "q", "tp",
    "barangay", "brgy", "bgy", "kalye", "ward",
)  # fmt: skip
_KIND_LAST: Final = (
    "street", "st", "road", "rd", "avenue", "ave", "ward", "commune", "district",
    "tole", "tol", "टोल", "marg", "मार्ग",
)  # fmt: skip
_SIGNS: Final = ".,;()"


@dataclass(frozen=True)
class Asked:
    """What was typed, in words: all of them, and those that name the place."""

    whole: Words

    @cached_property
    def named(self) -> Words:
        """The words without what says near what, and without numbers of houses and alleys; never none."""
        return _without_numbers(_without_nearness(self.whole)) or self.whole

    @cached_property
    def bare(self) -> Words:
        """The words that name it, without what kind of place it is."""
        return bare(self.named)

    def phrases(self) -> set[Words]:
        """Return every run of words that may be a name by itself, all that was typed among them."""
        runs = {words for words in _runs(self.whole) if _says_enough(words)}
        return {self.whole, self.named, self.bare} | runs


def asked(typed: str) -> Asked | None:
    """Read what was typed, folded already; None if there is no word in it."""
    words = tuple(typed.split()[:_MOST_WORDS])
    return Asked(words) if words else None


def bare(words: Sequence[str]) -> Words:
    """Leave out what says at either end what kind of place bears a name; never all of it."""
    left = _without(tuple(words), _KIND_FIRST, ends=())
    return _without(left, (), ends=_KIND_LAST) if left == tuple(words) else left


def plain(name: str) -> str:
    """Return a name as it is written, without what kind of place bears it."""
    words = name.split()
    folded_words = [folded(word).strip(_SIGNS) for word in words]
    left = bare(folded_words)
    start = 0 if left == tuple(folded_words[: len(left)]) else len(words) - len(left)
    return " ".join(words[start : start + len(left)])


def _without_nearness(words: Words) -> Words:
    while (shorter := _shorter(words)) != words:
        words = shorter
    return words


def _shorter(words: Words) -> Words:
    return _without(words, _BEFORE, ends=_AFTER)


def _without(words: Words, starts: Sequence[str], *, ends: Sequence[str]) -> Words:
    """Leave out the first of these phrases that begins or ends the words, unless nothing else is left."""
    for phrase in (tuple(phrase.split()) for phrase in starts):
        if words[: len(phrase)] == phrase and len(words) > len(phrase):
            return words[len(phrase) :]
    for phrase in (tuple(phrase.split()) for phrase in ends):
        if words[-len(phrase) :] == phrase and len(words) > len(phrase):
            return words[: -len(phrase)]
    return words


def _without_numbers(words: Words) -> Words:
    """Leave out `so 5 ngo 12`, `12a`, `purok 3` before a name; `ngo huyen` is a name."""
    left = words
    while left:
        start = 0
        while start < len(left) and left[start] in _NUMBERED:
            start += 1
        end = start
        while end < len(left) and _NUMBER.fullmatch(left[end]):
            end += 1
        if end == start:
            return left
        left = left[end:]
    return left


def _runs(words: Words) -> Iterator[Words]:
    for length in range(len(words) - 1, 0, -1):
        for start in range(len(words) - length + 1):
            yield words[start : start + length]


def _says_enough(words: Words) -> bool:
    """Tell whether words among others are likely to be a name: two of them, or one that is not short or a number."""
    if len(words) > 1:
        return True
    (word,) = words
    if word in (*_KIND_FIRST, *_KIND_LAST, *_NUMBERED) or _NUMBER.fullmatch(word):
        return False
    return not word.isascii() or len(word) > _LONGEST_LOOSE
