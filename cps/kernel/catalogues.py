"""Catalogues of translations for what is said outside a page: letters, explanations, the console.

English is the source and needs none; a language without a catalogue speaks English.
"""

from functools import lru_cache
from typing import Final

from babel.support import Translations

from cps.kernel.files import TRANSLATIONS
from cps.kernel.text import Speaker

LANGUAGES: Final = ("en", "ko", "vi", "fil", "ne")
"""The languages of the system; a city's profile chooses among them, or brings others for its own names."""


@lru_cache(maxsize=16)
def speaker(language: str) -> Speaker:
    """Return who says sentences in this language."""
    return Translations.load(TRANSLATIONS, [language])
