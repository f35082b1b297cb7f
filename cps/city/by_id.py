"""What the city knows by id, as a mapping that is never behind the rows that point to it.

A process trusts its picture of the city for a second; a complaint filed meanwhile elsewhere may belong to
a department that was loaded after the picture was made. Asked for such an id with `[]`, the mapping looks
once at the city as it is now.
"""

from collections.abc import Callable, Mapping
from typing import TypeVar

Value = TypeVar("Value")


class ById(dict[int, Value]):
    """Values by id; `newer` returns the same mapping of the city as it is now."""

    def __init__(self, known: Mapping[int, Value], newer: Callable[[], Mapping[int, Value]]) -> None:
        super().__init__(known)
        self._newer = newer

    def __missing__(self, number: int) -> Value:
        """Take over what is known by now; KeyError if there is no such id at all."""
        newer = self._newer()
        if number not in newer:
            raise KeyError(number)
        self[number] = newer[number]
        return self[number]
