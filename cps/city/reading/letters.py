"""`letters.toml`: what the city writes in its own words, by kind of news and language.

What it leaves out is said in default words, in the languages that have them.
"""

import re
from collections.abc import Sequence
from typing import Final

from cps.city.letters.words import DEFAULT_LANGUAGES
from cps.city.profile import CODE, LETTER_KINDS, Letters, LetterText
from cps.city.reading.sections import Section

FILE: Final = "letters.toml"
PLACEHOLDERS: Final = frozenset(  # of letters about a report
    (
        "no",
        "dept",
        "date",
        "reason",
        "question",
        "action",
        "remedy",
        "link",
        "city",
        "category",
        "old",
        "planned",
        "status",
        "lead",
        "objection",
    )
)

# Every letter says which report it is about; a refusal gives its reason and what can be done about it.
_REQUIRED = {
    "asked": ("no", "question"),
    "resolved": ("no", "action"),
    "declined": ("no", "reason", "remedy"),
    "extended": ("no", "date", "old", "reason"),
    "progress": ("no", "date", "status"),
    "resumed": ("no", "date"),
    "categorised": ("no", "category", "date"),
    "planned": ("no", "planned"),
    "replanned": ("no", "planned", "old"),
    "unplanned": ("no", "old"),
    "joined": ("no", "lead"),
    CODE: ("code", "minutes"),
}
_OF_CODE = frozenset(("code", "minutes", "city"))
_PLACEHOLDER = re.compile(r"\{([^{}\n]*)\}")


def letters_from(section: Section, languages: Sequence[str]) -> Letters:
    """Read the letters, noting what is wrong."""
    section.only(LETTER_KINDS)
    letters = {kind: _letters_of(section, kind, languages) for kind in LETTER_KINDS}
    return {kind: texts for kind, texts in letters.items() if texts}


def may_be_left_out(languages: Sequence[str]) -> bool:
    """Whether the default words speak every language of the city."""
    return set(languages) <= set(DEFAULT_LANGUAGES)


def _letters_of(section: Section, kind: str, languages: Sequence[str]) -> dict[str, LetterText]:
    by_language = section.table(kind, optional=True)
    if languages:
        by_language.only(languages)
    letters = {}
    for language in languages:
        if language in by_language.values:
            letters[language] = letter_in(by_language.table(language), kind)
        elif language not in DEFAULT_LANGUAGES:
            by_language.fault(
                f"The letter [{kind}.{language}] is missing, and there are no default words in {language!r}."
            )
    return letters


def letter_in(section: Section, kind: str) -> LetterText:
    """Read one letter, noting placeholders that are unknown and required ones that are missing."""
    section.only(("subject", "body"))
    letter = LetterText(section.text("subject"), section.text("body"))
    for key, text in (("subject", letter.subject), ("body", letter.body)):
        _check_placeholders(section, key, text, placeholders_of(kind))
    used = set(_PLACEHOLDER.findall(letter.subject + letter.body))
    for name in _REQUIRED.get(kind, ("no",)):
        if name not in used:
            section.fault(f"The letter must contain {{{name}}}.")
    return letter


def placeholders_of(kind: str) -> frozenset[str]:
    """Return the placeholders a letter of this kind may have."""
    return _OF_CODE if kind == CODE else PLACEHOLDERS


def _check_placeholders(section: Section, key: str, text: str, allowed: frozenset[str]) -> None:
    for name in sorted(set(_PLACEHOLDER.findall(text)) - allowed):
        known = ", ".join(sorted(allowed))
        section.findings.add(
            section.file,
            section.line_of_words(f"{{{name}}}", key),
            f"There is no placeholder {{{name}}}; known are {known}.",
        )
