"""Every sentence is translated, none is left over, and no translation loses a value."""

import re

import pytest

from tests.house import messages

_PLACEHOLDER = re.compile(r"%\(\w+\)s|%%")
LANGUAGES = ["vi"]


def _forms(text) -> list[str]:
    return list(text) if isinstance(text, tuple | list) else [text]


@pytest.fixture(scope="module")
def said() -> dict:
    return {_forms(message.id)[0]: message for message in messages.collected() if message.id}


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


def test_sentences_are_calm_and_speak_of_reports(said):
    forbidden = re.compile(r"!|\bticket|\bescalat|successfull?y", re.IGNORECASE)

    assert [msgid for msgid in said if forbidden.search(msgid)] == []
