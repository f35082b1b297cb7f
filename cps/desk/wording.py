"""What an official writes, looked at before it goes out: not endless, and no number or address of a citizen by mistake."""

import re
from collections.abc import Mapping
from typing import Final

from cps.city.queries import in_force
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid
from cps.kernel.numbers import plain_digits
from cps.kernel.text import Text, _

MOST: Final = 20_000
"""Signs that a text of an official can have."""

# What citizens read of an action.
_TOLD: Final[Mapping[str, tuple[str, ...]]] = {
    Action.QUESTION: ("question",),
    Action.PAUSE: ("reason",),
    Action.PLAN: ("note",),
    Action.RESOLUTION: ("result",),
    Action.REFUSAL: ("reason", "remedy"),
    Action.REPEAT: ("reason", "remedy"),
    Action.TRANSFER: ("reason",),
    Action.RETURN: ("reason",),
    Action.EXTENSION: ("reason",),
    Action.PRIORITY: ("reason",),
}
# Nine digits or more are somebody's phone; hotlines are short, and dates have separators of their own.
_PHONE: Final = re.compile(r"(?<![\w/])\+?\d(?:[ .()-]{0,2}\d){8,14}(?![\w/])")
_LEFT_OUT: Final = "•••"
_EMAIL: Final = re.compile(r"[\w.+-]+@([\w-]+(?:\.[\w-]+)+)")


class Doubtful(Invalid):
    """It can be sent, but only by who says so once more."""


def expect_short(typed: Mapping[str, str]) -> None:
    """Raise Invalid for a text that is longer than anybody reads."""
    faults: dict[str, Text] = {
        name: _("Your text has %(length)s characters. Shorten it to %(most)s.", length=len(text), most=MOST)
        for name, text in typed.items()
        if len(text) > MOST
    }
    if faults:
        raise Invalid(faults)


def expect_no_contact(action: str, typed: Mapping[str, str]) -> None:
    """Raise Doubtful where citizens would read a phone number or an address that is not a department's."""
    faults: dict[str, Text] = {
        name: _(
            "There is a phone number or an e-mail address in this text, and everybody can read it. "
            "If it is a citizen's, take it out."
        )
        for name in _TOLD.get(action, ())
        if has_contact(typed.get(name, ""))
    }
    if faults:
        raise Doubtful(faults)


def has_contact(text: str) -> bool:
    """Whether a text has a phone number in it, or an e-mail address that is not a department's."""
    own = {one.email.rpartition("@")[2].casefold() for one in in_force().profile.departments}
    others = (found[1].casefold() not in own for found in _EMAIL.finditer(text))
    return bool(_PHONE.search(plain_digits(text))) or any(others)


def without_contacts(text: str) -> str:
    """Return a text with each phone number and e-mail address in it left out, for whoever need not know them."""
    found = [match.span() for match in (*_PHONE.finditer(plain_digits(text)), *_EMAIL.finditer(text))]
    for start, end in sorted(found, reverse=True):
        text = f"{text[:start]}{_LEFT_OUT}{text[end:]}"
    return text
