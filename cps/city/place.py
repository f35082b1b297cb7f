"""A place that people name: a street, a landmark, a neighbourhood, an area that is no more."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from cps.geo.point import Point


class PlaceKind(StrEnum):
    """What a place is, what says most exactly where first; an AREA is one of the city's own, and in no file."""

    STREET = "street"
    LANDMARK = "landmark"
    LOCALITY = "locality"
    AREA = "area"
    FORMER_AREA = "former-area"

    @property
    def is_wide(self) -> bool:
        """Whether it is too wide for its middle to say where something is."""
        return self in (PlaceKind.AREA, PlaceKind.FORMER_AREA)


@dataclass(frozen=True, slots=True)
class Place:
    """A place of the gazetteer and its names.

    `area`: code of the area it is said to lie in, or, of an area that is no more, that came after it; None: as
    its point says. `last_day`: the last day on which it bore this name officially.
    """

    name: str
    other_names: tuple[str, ...]
    kind: PlaceKind
    point: Point
    area: str | None = None
    last_day: date | None = None

    @property
    def names(self) -> tuple[str, ...]:
        """Every name it is found by, each once."""
        return tuple(dict.fromkeys((self.name, *self.other_names)))
