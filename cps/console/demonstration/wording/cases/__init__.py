"""What people write in the cases that every official of a demo finds, in the languages somebody wrote it in."""

from collections.abc import Mapping

from cps.console.demonstration.wording.cases.casebook import Casebook
from cps.console.demonstration.wording.cases.english import ENGLISH
from cps.console.demonstration.wording.cases.filipino import FILIPINO
from cps.console.demonstration.wording.cases.korean import KOREAN
from cps.console.demonstration.wording.cases.nepali import NEPALI
from cps.console.demonstration.wording.cases.vietnamese import VIETNAMESE

_BOOKS: Mapping[str, Casebook] = {
    "en": ENGLISH,
    "fil": FILIPINO,
    "ko": KOREAN,
    "ne": NEPALI,
    "vi": VIETNAMESE,
}


def in_language(language: str) -> Casebook | None:
    """Return the casebook of `language`, if somebody wrote one."""
    return _BOOKS.get(language)
