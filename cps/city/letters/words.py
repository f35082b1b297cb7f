"""Which words a letter has: the city's own, else the default ones in the reader's language.

A city that was loaded before a kind of letter existed has no words of its own for it, and its people
are told all the same. The default words stand beside this file, one file for each language.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from types import MappingProxyType

from cps.city.profile import LETTER_KINDS, LetterText, Profile

FOLDER = Path(__file__).parent
DEFAULT_LANGUAGES = tuple(sorted(path.stem for path in FOLDER.glob("*.toml")))
"""The languages that have default words."""


def letter_text(profile: Profile, kind: str, language: str) -> LetterText:
    """Return the words of a letter in `language`: the city's own, else by default.

    In a language that has neither, the letter speaks the city's first language, else English.
    """
    own = profile.letters.get(kind, {})
    for code in (language, profile.languages[0]):
        text = own.get(code) or default_words(code).get(kind)
        if text is not None:
            return text
    return default_words("en")[kind]


def left_to_default(profile: Profile) -> dict[str, list[str]]:
    """Return the kinds of letters that a profile leaves to the default words, and in which of its languages."""
    left = {
        kind: [code for code in profile.languages if code not in profile.letters.get(kind, {})]
        for kind in LETTER_KINDS
    }
    return {kind: codes for kind, codes in left.items() if codes}


@cache
def default_words(language: str) -> Mapping[str, LetterText]:
    """Return the default words in a language by kind; none in a language that has none."""
    if language not in DEFAULT_LANGUAGES:
        return {}
    kinds = tomllib.loads((FOLDER / f"{language}.toml").read_text(encoding="utf-8"))
    return MappingProxyType({kind: LetterText(**text) for kind, text in kinds.items()})
