"""Charts drawn by the server: where the bars of each stretch of time stand, in the chart's own units."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

SIZE: Final = (640, 160)
"""Width and height of a chart; the page scales it."""
_GAP = 0.25


@dataclass(frozen=True, slots=True)
class Column:
    """The place of one stretch of time, and how high each of its bars is."""

    x: float
    width: float
    heights: tuple[float, ...]


def columns(values: Sequence[Sequence[int | None]]) -> list[Column]:
    """Place the bars of each stretch of time, the highest as high as the chart; None is not known and has no height."""
    width, height = SIZE
    most = max((value or 0 for bars in values for value in bars), default=0) or 1
    step = width / max(len(values), 1)
    return [
        Column(
            x=round(step * (place + _GAP / 2), 1),
            width=round(step * (1 - _GAP), 1),
            heights=tuple(round(height * (value or 0) / most, 1) for value in bars),
        )
        for place, bars in enumerate(values)
    ]
