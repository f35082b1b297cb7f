"""What a demo needs to be able to say in one language.

A category without words of its own is spoken of by its name; `{n}` in a sentence becomes a number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Sentences = Sequence[str]


@dataclass(frozen=True)
class Phrasebook:
    """Sentences of citizens and officials in one language; `reports` and `results` by category code.

    Departments ask each other in `consultations`, answer in `contributions`, and put it off with `delays`.
    """

    reports: Mapping[str, Sentences]
    results: Mapping[str, Sentences]
    any_result: Sentences
    additions: Sentences
    landmarks: Sentences
    to_office: Sentences
    to_city: Sentences
    returns: Sentences
    inspections: Sentences
    other_offices: Sentences
    urgencies: Sentences
    questions: Sentences
    answers: Sentences
    declines: Sequence[tuple[str, str]]
    silences: Sequence[tuple[str, str]]
    extensions: Sentences
    withdrawals: Sentences
    reopenings: Sentences
    afterthoughts: Sentences
    praises: Sentences
    grumbles: Sentences
    notes: Sentences
    consultations: Sentences
    contributions: Sentences
    delays: Sentences
