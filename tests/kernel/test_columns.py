"""A closed set of words goes into the database as text and comes back as itself."""

from enum import StrEnum

import pytest
from sqlalchemy import Text
from sqlalchemy.dialects import postgresql

from cps.kernel.columns import words

DIALECT = postgresql.dialect()


class Colour(StrEnum):
    RED = "red"


def test_a_word_is_text_in_the_database():
    kind = words(Colour)

    assert kind.compile(DIALECT) == Text().compile(DIALECT)
    assert kind.dialect_impl(DIALECT).bind_processor(DIALECT)(Colour.RED) == "red"


def test_a_word_comes_back_as_a_member():
    read = words(Colour).dialect_impl(DIALECT).result_processor(DIALECT, None)

    assert read("red") is Colour.RED
    assert read(None) is None


def test_a_word_outside_the_set_is_not_stored():
    with pytest.raises(ValueError, match="green"):
        words(Colour).dialect_impl(DIALECT).bind_processor(DIALECT)("green")


def test_a_word_written_into_a_statement_is_in_quotes_once():
    written = words(Colour).dialect_impl(DIALECT).literal_processor(DIALECT)

    assert written(Colour.RED) == "'red'"
