"""Every sentence is translated, none is left over, and no translation loses a value."""

import gettext
import re
import unicodedata
from io import BytesIO

import pytest
from babel.messages.mofile import write_mo

from cps.web.language import CHIPS
from tests.house import messages

_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
LANGUAGES = sorted(set(CHIPS) - {"en"})

# Words that name another thing, or speak to people in another tone than the city's.
_WRONG_WORDS = {
    "ko": re.compile(r"보고서|티켓|당신|귀하|에스컬레이션|할당|거부|요망|되셨습니다"),
    "vi": re.compile(r"\b(báo cáo|khiếu nại|tố cáo|bạn|leo thang|thành công)\b", re.IGNORECASE),
    "fil": re.compile(r"\b(ulat|reklamo|tiket|iyong|ikaw|mo|mangyaring|matagumpay)\b", re.IGNORECASE),
    "ne": re.compile(r"प्रतिवेदन|शिकायत|उजुरी|टिकट|मुद्दा|टिप्पणी|तिमी|हजुर|बेनामी| ।"),
}


def _forms(text) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


def _sentences(language: str) -> list[str]:
    catalogue = messages.read(messages.catalogues()[language])
    return [form for message in catalogue if message.id for form in _forms(message.string)]


@pytest.fixture(scope="module")
def said() -> dict:
    return {_forms(message.id)[0]: message for message in messages.collected() if message.id}


def test_every_language_that_is_offered_has_a_catalogue():
    assert sorted(messages.catalogues()) == LANGUAGES


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_sentence_is_left_untranslated(said, language):
    catalogue = messages.read(messages.catalogues()[language])

    missing = [
        msgid
        for msgid in said
        if (known := catalogue.get(msgid)) is None or not all(_forms(known.string)) or known.fuzzy
    ]

    assert missing == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_of_a_sentence_nobody_says(said, language):
    catalogue = messages.read(messages.catalogues()[language])

    unused = [
        _forms(message.id)[0] for message in catalogue if message.id and _forms(message.id)[0] not in said
    ]

    assert unused == []
    assert not catalogue.obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_the_values(said, language):
    catalogue = messages.read(messages.catalogues()[language])

    wrong = [
        msgid
        for msgid, message in said.items()
        for form in _forms(catalogue.get(msgid).string)
        if set(_PLACEHOLDER.findall(form)) - {"%(num)s"}
        != set(_PLACEHOLDER.findall(_forms(message.id)[-1])) - {"%(num)s"}
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_plural_has_as_many_forms_as_the_language(said, language):
    catalogue = messages.read(messages.catalogues()[language])

    wrong = [
        msgid
        for msgid, message in said.items()
        if message.pluralizable and len(_forms(catalogue.get(msgid).string)) != catalogue.num_plurals
    ]

    assert wrong == []


@pytest.mark.parametrize(
    ("language", "number", "form"),
    [
        ("ko", 1, "1일 남음"),
        ("ko", 2, "2일 남음"),
        ("fil", 1, "1 araw na lang"),
        ("fil", 4, "4 na araw na lang"),
        ("fil", 5, "5 araw na lang"),
        ("fil", 16, "16 na araw na lang"),
        ("fil", 10, "10 araw na lang"),
        ("ne", 1, "1 दिन बाँकी"),
        ("ne", 0, "0 दिन बाँकी"),
    ],
)
def test_a_number_chooses_the_form_its_language_wants(language, number, form):
    compiled = BytesIO()
    write_mo(compiled, messages.read(messages.catalogues()[language]))
    compiled.seek(0)
    said = gettext.GNUTranslations(compiled).ngettext("%(num)s day left", "%(num)s days left", number)

    assert said % {"num": number} == form


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_calm_and_keep_to_the_words_of_the_glossary(language):
    wrong = [
        sentence
        for sentence in _sentences(language)
        if "!" in sentence or _WRONG_WORDS[language].search(sentence)
    ]

    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_composed_as_they_are_compared(language):
    assert [s for s in _sentences(language) if unicodedata.normalize("NFC", s) != s or s.strip() != s] == []


def test_sentences_are_calm_and_speak_of_reports(said):
    forbidden = re.compile(r"!|\bticket|\bescalat|successfull?y", re.IGNORECASE)

    assert [msgid for msgid in said if forbidden.search(msgid)] == []
