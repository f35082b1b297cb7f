"""A demo speaks the languages of its city: about every category, and from both sides of the counter."""

import re
from collections.abc import Mapping
from dataclasses import fields
from random import Random
from string import Formatter

import pytest

from cps.city.files import read
from cps.console.demonstration import wording
from cps.console.demonstration.arrivals import with_number
from cps.console.demonstration.names import name_for
from cps.kernel.files import CITIES

CITIES_WITH_PEOPLE = ("hanoi", "lalitpur", "san-fernando", "seoul")
LANGUAGES = ("en", "fil", "ko", "ne", "vi")


@pytest.mark.parametrize("name", CITIES_WITH_PEOPLE)
def test_people_have_words_for_every_category_in_every_language_of_the_city(name):
    profile, _faults = read(CITIES / name)

    for language in profile.languages:
        reports = wording.in_language(language).reports
        assert [category.code for category in profile.categories if not reports.get(category.code)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_has_words_for_everything_that_happens(language):
    book = wording.in_language(language)

    assert [field.name for field in fields(book) if not getattr(book, field.name)] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_only_numbers_are_filled_into_sentences(language):
    for sentence in sentences_of(wording.in_language(language)):
        assert {name for _text, name, *_rest in Formatter().parse(sentence) if name is not None} <= {"n"}


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_sentence_was_left_in_english(language):
    english = set(sentences_of(wording.in_language("en"))) - {""}

    assert english & set(sentences_of(wording.in_language(language))) == set()


@pytest.mark.parametrize(
    ("country", "pattern"), [("KR", r"[가-힣]{3}"), ("NP", r"[ऀ-ॿ]+ [ऀ-ॿ]+"), ("PH", r"\w+ \w+")]
)
def test_officials_have_names_of_their_country(country, pattern):
    names = {name_for(f"seat {n}", country) for n in range(50)}

    assert len(names) > 20
    assert all(re.fullmatch(pattern, name) for name in names)


@pytest.mark.parametrize(("language", "digits"), [("ne", "[०-९]"), ("ko", "[0-9]")])
def test_a_number_is_filled_in_with_the_digits_of_the_language(language, digits):
    said = with_number("{n}", Random(7), language=language)

    assert re.fullmatch(digits, said)


def sentences_of(book):
    """List every sentence of a phrasebook."""
    return list(flat(getattr(book, field.name) for field in fields(book)))


def flat(things):
    """Unpack texts from tables and tuples."""
    for thing in things:
        if isinstance(thing, str):
            yield thing
        else:
            yield from flat(thing.values() if isinstance(thing, Mapping) else thing)
