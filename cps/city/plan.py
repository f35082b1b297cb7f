"""A plan of a reorganisation as plain values; `cps.city.reading.plan` reads it from its file."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Plan:
    """What a reorganisation does: from `day` on the city is as the profile in `folder` says.

    `digest` tells one plan from another. `areas`: successors of areas that end, the first is taken where no
    point decides; `departments`: the successor of one that ends; what neither names is computed.
    `is_guessing_outside`: points outside the new map go where those without a point go, and are no error.
    `boundaries`: an official file in place of the profile's outlines, with its layer, code and name field.
    """

    digest: str
    folder: Path
    day: date
    areas: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    departments: Mapping[str, str] = field(default_factory=dict)
    is_guessing_outside: bool = False
    boundaries: Path | None = None
    layer: str | None = None
    code_field: str | None = None
    name_field: str | None = None
