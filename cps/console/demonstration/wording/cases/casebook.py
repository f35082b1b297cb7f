"""What people write in the cases that every official of a demo finds, in one language.

A kind of problem without words of its own has no cases.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from cps.complaints.templates import Texts, Use


@dataclass(frozen=True)
class Kind:
    """What citizens write about one kind of problem; each text is a report.

    `pair` and `crowd`: of one problem, by different people; `again`: three times by the same person; `sore`: of a
    problem that comes back. `danger` has a word of danger, and so has `harmless`, which means none. `rude` insults.
    """

    pair: tuple[str, str]
    crowd: tuple[str, str, str]
    merged: tuple[str, str, str]
    again: tuple[str, str, str]
    sore: tuple[str, str, str, str]
    danger: str
    harmless: str
    rude: str


@dataclass(frozen=True)
class Set:
    """A report that was set aside, and what an official saw in it."""

    words: str
    reason: str


@dataclass(frozen=True)
class Template:
    """A reply that is sent often; `texts` by field of its use."""

    use: Use
    title: str
    texts: Mapping[str, str]

    def in_language(self, language: str) -> Texts:
        """Return its texts as they are kept."""
        return {language: self.texts}


@dataclass(frozen=True)
class Casebook:
    """Sentences in one language; `kinds` by category code. `repeated` is long enough to be known when it comes again."""

    kinds: Mapping[str, Kind]
    spam: Set
    private: Set
    doubted: Set
    test: Set
    refusal: tuple[str, str]
    repeated: str
    flag: str
    milder: str
    unflag: str
    visit: str
    works: str
    decision: str
    reveals: tuple[str, str]
    cause: str
    measure: str
    templates: tuple[Template, ...]
    unassigned: str
    overdue: str
    missed: str
