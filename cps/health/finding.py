"""What a look at one part of the installation found: how it is, in a sentence, and what to do about it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final


class State(StrEnum):
    """How a part is, from well to bad; `off` is not set up, by the operator's decision."""

    OK = "ok"
    OFF = "off"
    WARNING = "warning"
    FAULT = "fault"


_WORST_LAST: Final = (State.OFF, State.OK, State.WARNING, State.FAULT)


@dataclass(frozen=True, slots=True)
class Finding:
    """How one part is: `told` in a sentence, `todo` what an operator does about it, `figures` for programs (units in their names)."""

    name: str
    state: State
    told: str
    todo: str = ""
    figures: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Return it for programs."""
        return {
            "name": self.name,
            "state": self.state.value,
            "told": self.told,
            "todo": self.todo,
            "figures": dict(self.figures),
        }


def worst(findings: Iterable[Finding]) -> State:
    """Return how all of it is: as its worst part; what is off does no harm."""
    return worst_of(finding.state for finding in findings)


def worst_of(states: Iterable[State]) -> State:
    """Return the worst of these; `ok` where nothing is wrong."""
    return max((State.OK, *states), key=_WORST_LAST.index)


def graded(value: float, *, warning: float, fault: float) -> State:
    """Grade a figure of which more is worse: a warning and a fault from these on."""
    if value >= fault:
        return State.FAULT
    return State.WARNING if value >= warning else State.OK


def summed(name: str, wrong: Sequence[tuple[State, str, str]], figures: Mapping[str, Any]) -> Finding:
    """Make one finding of all that is wrong with a part: how bad, in a sentence, and what to do, for each."""
    return Finding(
        name,
        worst_of(grade for grade, _told, _todo in wrong),
        " ".join(told for _grade, told, _todo in wrong),
        " ".join(todo for _grade, _told, todo in wrong),
        figures,
    )
