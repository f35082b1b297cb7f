"""Finding a kind of problem by what people type: without accents, in Latin letters for Nepali, by first consonants
for Korean.

`static/js/behaviours/search.js` compares in the same way as `Keys.match` does, with the same keys.
"""

import re
from dataclasses import dataclass
from typing import Final

from cps.city.phrases import spaced
from cps.city.profile import Category
from cps.kernel.text import folded

_CONSONANTS: Final = "ㄱㄱㄴㄷㄷㄹㅁㅂㅂㅅㅅㅇㅈㅈㅊㅋㅌㅍㅎ"  # a doubled one counts as the single one
_DOUBLED: Final = str.maketrans("ㄲㄸㅃㅆㅉ", "ㄱㄷㅂㅅㅈ")
_SYLLABLES: Final = range(0xAC00, 0xD7A4)
_SYLLABLES_OF_A_CONSONANT: Final = 588
_ONLY_CONSONANTS = re.compile(r"[ㄱ-ㅎ]+")
_HANGUL = re.compile(r"[\u1100-\u11ff]")  # as `folded` takes syllables apart
_LATIN = re.compile(r"[a-z ]+")
_DOUBLE_LETTER = re.compile(r"(.)\1+")
_FEWEST_SOUNDS = 2

# Each letter of Devanagari, then how it is written in Latin letters.
_LETTERS: Final = {
    pair[0]: pair[1:]
    for pair in [
        "कk",
        "खkh",
        "गg",
        "घgh",
        "ङn",
        "चc",
        "छc",
        "जj",
        "झjh",
        "ञn",
        "टt",
        "ठth",
        "डd",
        "ढdh",
        "णn",
        "तt",
        "थth",
        "दd",
        "धdh",
        "नn",
        "पp",
        "फf",
        "बb",
        "भbh",
        "मm",
        "यy",
        "रr",
        "लl",
        "वb",
        "शs",
        "षs",
        "सs",
        "हh",
        "इi",
        "ईi",
        "उu",
        "ऊu",
        "ऋri",
        "एe",
        "ऐi",
        "ओo",
        "औu",
        "िi",
        "ीi",
        "ुu",
        "ूu",
        "ृri",
        "ेe",
        "ैi",
        "ोo",
        "ौu",
        "ंn",
    ]
}
# As people write the sounds of Nepali in Latin letters, each in ways of their own; `a` says nothing.
_SPELLINGS: Final = (
    ("chh", "c"), ("ch", "c"), ("sh", "s"), ("ph", "f"), ("v", "b"), ("w", "b"), ("z", "j"),
    ("ee", "i"), ("oo", "u"), ("ai", "i"), ("au", "u"), ("a", ""),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Keys:
    """What a category is found by: words without accents, first consonants, sounds in Latin letters."""

    words: str
    consonants: str
    sounds: str

    def match(self, typed: str) -> bool:
        """Whether what was typed means this category; nothing typed means every one."""
        words = folded(spaced(typed)).split()
        joined = "".join(words)
        consonants = "".join(typed.split()).translate(_DOUBLED)
        if _ONLY_CONSONANTS.fullmatch(consonants):
            return consonants in self.consonants
        if _HANGUL.search(joined):
            return joined in self.words.replace(" ", "")
        return all(f" {word}" in self.words for word in words) or self._sounds_like(" ".join(words))

    def _sounds_like(self, typed: str) -> bool:
        sounds = _sounds(typed) if _LATIN.fullmatch(typed) else ""
        return len(sounds) >= _FEWEST_SOUNDS and f" {sounds}" in self.sounds


def keys_of(category: Category) -> Keys:
    """Return what a category is found by: its names and keywords in all languages."""
    phrases = [spaced(name) for name in category.names.values()]
    phrases += [spaced(word) for words in category.keywords.values() for word in words]
    return Keys(
        words=folded("|".join(dict.fromkeys(phrases))),
        consonants="|".join(filter(None, map(_first_consonants, phrases))),
        sounds="|".join(f" {_sounds(_romanised(phrase))}" for phrase in phrases if _is_devanagari(phrase)),
    )


def _first_consonants(phrase: str) -> str:
    syllables = (ord(c) - _SYLLABLES.start for c in phrase if ord(c) in _SYLLABLES)
    return "".join(_CONSONANTS[n // _SYLLABLES_OF_A_CONSONANT] for n in syllables)


def _is_devanagari(phrase: str) -> bool:
    return any("\u0900" <= c <= "\u097f" for c in phrase)


def _romanised(phrase: str) -> str:
    return "".join(_LETTERS.get(c, c if c == " " else "") for c in folded(phrase))


def _sounds(written: str) -> str:
    for spelling, sound in _SPELLINGS:
        written = written.replace(spelling, sound)
    return " ".join(_DOUBLE_LETTER.sub(r"\1", written).split())
