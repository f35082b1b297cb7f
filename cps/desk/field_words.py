"""What the list of who goes out says: outcomes, how far and in which direction a place is, and what only scripts say."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from cps.complaints.onsite import Outcome
from cps.geo import walking
from cps.geo.point import Point, metres_between
from cps.geo.walking import Direction
from cps.kernel.text import Text, _
from cps.web.filters import day, says, time

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


_WAITING: Final[Mapping[str, Text]] = {
    "title": _("Kept on this phone – not sent yet"),
    "waiting": _("Waiting to send"),
    "refused": _("Could not send"),
    "sent": _("Sent: %(number)s", number="{number}"),
    "connection": _("No connection."),
    "signin": _("Sign in again to send what waits here."),
    "send": _("Send now"),
    "as-it-is": _("Send it as it is"),
    "edit": _("Edit"),
    "delete": _("Delete"),
    "sure-delete": _("Delete this from the phone? It has not been sent."),
    "lacks-result": _("Write what was done. The citizen will see this."),
    "lacks-department": _("Choose a department from the list."),
    "lacks-reason": _("Write why it goes to another department. The citizen will see this."),
    "lacks-photo": _("This kind of problem needs a photo of the place as it is now."),
    "lost": _("The photo is no longer on this phone. Take it again, or send it without."),
    "failed-keeping": _("This phone has no room. Send it without keeping it: press the outcome again."),
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


def kept(given_at: datetime | None) -> Text | None:
    """Say for the history when it was written on a phone that kept it until there was a network."""
    if given_at is None:
        return None
    return _(
        "Written on the phone on %(day)s at %(time)s, sent when there was a network.",
        day=day(given_at),
        time=time(given_at),
    )


def way(here: Point, there: Point) -> Text:
    """Say how far a place is, and in which direction."""
    metres = round(metres_between(here, there))
    towards = says(_DIRECTIONS[walking.direction(here, there)])
    if metres < _KILOMETRE:
        return _("%(metres)s m %(direction)s", metres=metres, direction=towards)
    return _("%(kilometres)s km %(direction)s", kilometres=round(metres / _KILOMETRE), direction=towards)


def ways() -> dict[str, str]:
    """Say for the scripts what they fill the figures into, and what they say of outcomes that wait; by their names there."""
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
        **{name: says(sentence) for name, sentence in _WAITING.items()},
    }
