"""Kinds of column the whole schema shares.

A closed set of words is kept as plain text, so that a new word needs no migration.
"""

from enum import StrEnum
from typing import Generic, TypeVar

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

Word = TypeVar("Word", bound=StrEnum)


def words(enum_type: type[Word]) -> TypeEngine[Word]:
    """Make the column type that keeps members of `enum_type` as text.

    Storing or reading a word outside the set raises ValueError.
    """
    return Words(enum_type)


class Words(TypeDecorator[Word], Generic[Word]):
    """Text in the database, a member of one StrEnum in Python."""

    impl = Text
    cache_ok = True

    def __init__(self, enum_type: type[Word]) -> None:
        super().__init__()
        self.enum_type = enum_type

    def process_bind_param(self, value: Word | None, dialect: Dialect) -> str | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.enum_type(value).value

    def process_result_value(self, value: str | None, dialect: Dialect) -> Word | None:  # noqa: ARG002 - SQLAlchemy's signature
        return None if value is None else self.enum_type(value)

    def process_literal_param(self, value: Word | None, dialect: Dialect) -> str:  # noqa: ARG002 - SQLAlchemy's signature
        return "" if value is None else self.enum_type(value).value  # the text's own type puts it in quotes
