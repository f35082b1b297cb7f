"""Default words: there are some for every kind of letter, in every language CPS speaks, and all are sound."""

import re
from dataclasses import replace

import pytest

from cps.city.letters.words import (
    DEFAULT_LANGUAGES,
    FOLDER,
    default_words,
    left_to_default,
    letter_text,
)
from cps.city.profile import CODE, LETTER_KINDS, LetterText
from cps.city.reading.findings import Findings
from cps.city.reading.letters import letter_in
from cps.city.reading.sections import read_sections
from cps.kernel.catalogues import LANGUAGES


def test_every_language_of_the_program_has_default_words():
    assert set(DEFAULT_LANGUAGES) == set(LANGUAGES)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_letter_has_default_words_and_no_other_has(language):
    assert set(default_words(language)) == set(LETTER_KINDS)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_default_letter_says_what_it_must_by_placeholders_that_are_known(language):
    findings = Findings()
    section = read_sections(FOLDER / f"{language}.toml", findings)

    for kind in LETTER_KINDS:
        letter_in(section.table(kind), kind)

    assert findings.faults == []


@pytest.mark.parametrize("kind", LETTER_KINDS)
def test_a_default_letter_says_the_same_in_every_language_and_how_to_follow_the_report(kind):
    words = [default_words(language)[kind] for language in LANGUAGES]

    said = {frozenset(re.findall(r"\{[a-z]+\}", text.subject + text.body)) for text in words}

    assert len(said) == 1
    assert (said.pop() >= {"{link}"}) is (kind != CODE)


def test_an_objection_is_a_paragraph_of_its_own_in_every_refusal():
    for language in LANGUAGES:
        assert "{objection}" in default_words(language)["declined"].body.split("\n\n"), language


def test_what_the_city_says_itself_goes_before_the_default_words(profile):
    own = LetterText("Own {no}", "Own.")
    spoken = replace(profile, letters={"paused": {"en": own}})

    assert letter_text(spoken, "paused", "en") == own
    assert letter_text(spoken, "paused", "vi") == default_words("vi")["paused"]
    assert letter_text(spoken, "returned", "en") == default_words("en")["returned"]


def test_a_language_without_words_is_answered_in_the_first_of_the_city_then_in_english(profile):
    own = LetterText("Own {no}", "Own.")
    spoken = replace(profile, languages=("vi", "en"), letters={"paused": {"vi": own}})

    assert letter_text(spoken, "paused", "th") == own
    assert letter_text(spoken, "returned", "th") == default_words("vi")["returned"]
    assert (
        letter_text(replace(spoken, languages=("th",)), "returned", "th") == default_words("en")["returned"]
    )


def test_a_profile_tells_what_it_leaves_to_the_default_words(profile):
    letters = {kind: dict(texts) for kind, texts in profile.letters.items()}
    del letters["paused"]
    del letters["asked"]["en"]

    assert left_to_default(profile) == {}
    assert left_to_default(replace(profile, letters=letters)) == {"asked": ["en"], "paused": ["vi", "en"]}
