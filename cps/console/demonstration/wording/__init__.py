"""What people in the demo write, in the languages somebody wrote it in.

In any other language a report is the name of its category, and the rest is in English.
"""

from collections.abc import Mapping

from cps.console.demonstration.wording.english import ENGLISH
from cps.console.demonstration.wording.filipino import FILIPINO
from cps.console.demonstration.wording.korean import KOREAN
from cps.console.demonstration.wording.nepali import NEPALI
from cps.console.demonstration.wording.phrasebook import Phrasebook
from cps.console.demonstration.wording.vietnamese import VIETNAMESE

_BOOKS: Mapping[str, Phrasebook] = {
    "en": ENGLISH,
    "fil": FILIPINO,
    "ko": KOREAN,
    "ne": NEPALI,
    "vi": VIETNAMESE,
}


def in_language(language: str) -> Phrasebook:
    """Return the sentences for `language`, or the English ones without reports of their own."""
    return _BOOKS.get(language, _WITHOUT_REPORTS)


_WITHOUT_REPORTS = Phrasebook(
    reports={},
    results={},
    any_result=ENGLISH.any_result,
    additions=(),
    landmarks=ENGLISH.landmarks,
    to_office=ENGLISH.to_office,
    to_city=ENGLISH.to_city,
    returns=ENGLISH.returns,
    inspections=ENGLISH.inspections,
    other_offices=ENGLISH.other_offices,
    urgencies=ENGLISH.urgencies,
    questions=ENGLISH.questions,
    answers=ENGLISH.answers,
    declines=ENGLISH.declines,
    silences=ENGLISH.silences,
    extensions=ENGLISH.extensions,
    withdrawals=ENGLISH.withdrawals,
    reopenings=ENGLISH.reopenings,
    afterthoughts=ENGLISH.afterthoughts,
    praises=ENGLISH.praises,
    grumbles=ENGLISH.grumbles,
    notes=ENGLISH.notes,
    consultations=ENGLISH.consultations,
    contributions=ENGLISH.contributions,
    delays=ENGLISH.delays,
)
