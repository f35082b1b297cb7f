"""Sentences for people, marked where they are written and translated where they are read.

The domain knows no web: it makes a `Text`, and whoever shows it hands in the translation.
"""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from gettext import NullTranslations
from typing import Protocol

Count = Callable[[int], str]

# Bidirectional overrides and isolates, tag characters and other invisibles that only deceive.
# ZWJ and ZWNJ (U+200D, U+200C) are not among them: Nepali needs both.
_DECEIVING = {
    *map(chr, range(0x202A, 0x202F)),
    *map(chr, range(0x2066, 0x206A)),
    *map(chr, range(0xE0000, 0xE0080)),
    "\u200b",
    "\u200e",
    "\u200f",
    "\u061c",
    "\ufeff",
}
# Accents of Latin, Greek and Cyrillic letters; ZWNJ, ZWJ, nukta.
_LEFT_OUT = re.compile("[\u0300-\u036f\u200c\u200d\u093c]+")
# What most people type: letters with their accents on them, syllables of Hangul, digits and signs, none of which is left out.
_PLAIN = re.compile(
    "[\t\n -~\u00a1-\u00ac\u00ae-\u024f\u1e00-\u1eff\u2013\u2014\u2018-\u201e\u2026\uac00-\ud7a3]*"
)
_LONGEST_RUN_OF_MARKS = 8
_NUMBER = re.compile(r"\d{1,12}")
_LONGEST_NUMBER = 12


class Speaker(Protocol):
    """Who says sentences in one language: a catalogue of translations."""

    def gettext(self, message: str, /) -> str:
        """Say a sentence."""

    def ngettext(self, one: str, many: str, number: int, /) -> str:
        """Say a sentence about so many things."""


ENGLISH: Speaker = NullTranslations()


@dataclass(frozen=True)
class Text:
    """A translatable sentence with its values; `str()` gives the English source.

    `many`: the same sentence about several things; `values["num"]` says how many.
    """

    msgid: str
    values: Mapping[str, object] = field(default_factory=dict)
    many: str | None = None

    def rendered(self, speaker: Speaker, count: Count = str) -> str:
        """Say the sentence in the language of `speaker`, values that are Texts too; `count` writes whole numbers."""
        values = {name: _said(value, speaker, count) for name, value in self.values.items()}
        if self.many is None:
            sentence = speaker.gettext(self.msgid)
        else:
            number = self.values["num"]
            sentence = speaker.ngettext(self.msgid, self.many, number if isinstance(number, int) else 2)
        return sentence % values if values else sentence

    def __str__(self) -> str:
        return self.rendered(ENGLISH)


def _(msgid: str, **values: object) -> Text:
    """Mark a sentence for translation; `%(name)s` placeholders are filled from `values`."""
    return Text(msgid, values)


def _n(one: str, many: str, num: int, **values: object) -> Text:
    """Mark a sentence that has a plural; `%(num)s` is the number."""
    return Text(one, {"num": num, **values}, many)


def cleaned(text: str) -> str:
    """Make what a person typed safe to keep: NFC, no control or deceiving characters.

    Line breaks stay; ZWJ and ZWNJ stay; runs of combining marks end after eight.
    """
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return (composed if _PLAIN.fullmatch(composed) else _without_deceit(composed)).strip()


def _without_deceit(composed: str) -> str:
    kept: list[str] = []
    marks = 0
    for character in composed:
        category = unicodedata.category(character)
        if character in _DECEIVING or category in ("Cs", "Cn", "Co") or _is_control(character, category):
            continue
        marks = marks + 1 if category in ("Mn", "Me") else 0
        if marks <= _LONGEST_RUN_OF_MARKS:
            kept.append(character)
    return "".join(kept)


def folded(text: str) -> str:
    """Fold for searching and sorting: lower case, no accents, đ as d, ZWJ and ZWNJ dropped.

    Accents are those of Latin, Greek and Cyrillic letters. The vowel signs of Devanagari are no accents:
    only its nukta goes, with which few people write (सड़क is सडक).
    """
    if text.isascii():
        return text.casefold()
    return _LEFT_OUT.sub("", unicodedata.normalize("NFD", text.casefold().replace("đ", "d")))


def _said(value: object, speaker: Speaker, count: Count) -> object:
    if isinstance(value, Text):
        return value.rendered(speaker, count)
    return count(value) if type(value) is int else value


def sortable(text: str) -> str:
    """Fold for sorting, numbers by their size in the digits of any script: ward 2 comes before ward 10."""
    return _NUMBER.sub(lambda number: f"{int(number[0]):0{_LONGEST_NUMBER}}", folded(text))


def _is_control(character: str, category: str) -> bool:
    return category == "Cc" and character not in "\n\t"
