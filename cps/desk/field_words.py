"""What the list of who goes out says: outcomes, how far and in which direction a place is, and what only scripts say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from cps.complaints.onsite import Outcome
from cps.geo import walking
from cps.geo.point import Point, metres_between
from cps.geo.walking import Direction
from cps.kernel.text import Text, _
from cps.web.filters import says

_KILOMETRE = 1_000


@dataclass(frozen=True, slots=True)
class Said:
    """An outcome by its name, and what the internal note says of it: so far from the place, or without saying how far."""

    name: Text
    button: Text
    unplaced: Text


OUTCOMES: Final[Mapping[Outcome, Said]] = {
    Outcome.DONE: Said(_("Done"), _("Send: done"), _("Done on site; how far from the place is not known.")),
    Outcome.ABSENT: Said(
        _("Not found"), _("Send: not found"), _("Not found on site; how far from the place is not known.")
    ),
    Outcome.ELSEWHERE: Said(
        _("Another department"),
        _("Send: another department"),
        _("Another department's, as seen on site; how far from the place is not known."),
    ),
}

_DIRECTIONS: Final[Mapping[Direction, Text]] = {
    Direction.NORTH: _("to the north"),
    Direction.NORTH_EAST: _("to the north-east"),
    Direction.EAST: _("to the east"),
    Direction.SOUTH_EAST: _("to the south-east"),
    Direction.SOUTH: _("to the south"),
    Direction.SOUTH_WEST: _("to the south-west"),
    Direction.WEST: _("to the west"),
    Direction.NORTH_WEST: _("to the north-west"),
}


def noted(outcome: Outcome, metres: int | None) -> Text:
    """Say for the history what was found, and how far from the place."""
    if metres is None:
        return OUTCOMES[outcome].unplaced
    return {
        Outcome.DONE: _("Done %(metres)s m from the place.", metres=metres),
        Outcome.ABSENT: _("Not found; looked for %(metres)s m from the place.", metres=metres),
        Outcome.ELSEWHERE: _("Another department's, as seen %(metres)s m from the place.", metres=metres),
    }[outcome]


def way(here: Point, there: Point) -> Text:
    """Say how far a place is, and in which direction."""
    metres = round(metres_between(here, there))
    towards = says(_DIRECTIONS[walking.direction(here, there)])
    if metres < _KILOMETRE:
        return _("%(metres)s m %(direction)s", metres=metres, direction=towards)
    return _("%(kilometres)s km %(direction)s", kilometres=round(metres / _KILOMETRE), direction=towards)


def ways() -> dict[str, str]:
    """Say the same as `way` for a script, which fills in the figures."""
    return {
        "metres": says(_("%(metres)s m %(direction)s", metres="{figure}", direction="{direction}")),
        "kilometres": says(
            _("%(kilometres)s km %(direction)s", kilometres="{figure}", direction="{direction}")
        ),
        "directions": "|".join(says(name) for name in _DIRECTIONS.values()),
        "searching": says(_("Looking for where you are…")),
        "found": says(_("In walking order from where you are. How far you are from a place is sent along.")),
        "failed": says(_("We could not find where you are.")),
        "far": says(
            _(
                "You are %(metres)s m from the place of this report. Look whether it is the right one.",
                metres="{figure}",
            )
        ),
        "off": says(_("You are %(metres)s m from the place; this is sent along.", metres="{figure}")),
    }


def offline() -> dict[str, str]:
    """Say what scripts say of outcomes that wait on a phone."""
    return {}
