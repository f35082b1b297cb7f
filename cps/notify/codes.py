"""A code that confirms an address: six digits, good for ten minutes and five tries; how many may be sent; pure.

Fifteen tries in a quarter of an hour, fifty a day, against a million codes: guessing one address for a year opens it
with a chance of two in a hundred.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from cps.kernel.numbers import plain_digits

DIGITS: Final = 6
GOOD_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 5
# Who taps "another code" twice means one: the second would make the first worthless on its way.
_SETTLES: Final = timedelta(seconds=30)
_FILLING = str.maketrans("", "", " -.\u00a0")


@dataclass(frozen=True, slots=True)
class Limit:
    """At most so many within a span of time."""

    most: int
    within: timedelta


# Mails that nobody asked for annoy, and SMS cost the city money: each is limited by where it goes, who asks, and in all.
# Behind one address of the internet may be a whole village; so it may ask for more than one person needs.
PER_ADDRESS: Final = (Limit(3, timedelta(minutes=15)), Limit(10, timedelta(days=1)))
PER_CLIENT: Final = (Limit(20, timedelta(hours=1)), Limit(60, timedelta(days=1)))
PER_CITY: Final = {
    "email": (Limit(600, timedelta(hours=1)), Limit(5000, timedelta(days=1))),
    "sms": (Limit(100, timedelta(hours=1)), Limit(500, timedelta(days=1))),
}
KEPT_FOR: Final = timedelta(days=2)
"""How long it is remembered that a code was sent: longer than any limit looks back."""


class Verdict(StrEnum):
    """What became of a code that was typed."""

    RIGHT = "right"
    WRONG = "wrong"
    EXPIRED = "expired"
    USED_UP = "used_up"
    UNSENT = "unsent"


def new() -> str:
    """Return a code nobody can foresee."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def read(text: str) -> str:
    """Return the code that was typed: digits of any script, with spaces or dashes or without; empty if it is none."""
    digits = plain_digits(text).translate(_FILLING)
    return digits if len(digits) == DIGITS and digits.isascii() and digits.isdigit() else ""


def judged(*, sent_at: datetime, tries: int, is_right: bool, at: datetime) -> Verdict:
    """Judge a code that was typed `at`, after so many wrong `tries` of the one that was sent."""
    if tries >= MOST_TRIES:
        return Verdict.USED_UP
    if at >= sent_at + GOOD_FOR:
        return Verdict.EXPIRED
    if is_right:
        return Verdict.RIGHT
    return Verdict.USED_UP if tries + 1 >= MOST_TRIES else Verdict.WRONG


def is_usable(*, sent_at: datetime, tries: int, at: datetime) -> bool:
    """Whether the code that was sent can still be typed."""
    return tries < MOST_TRIES and at < sent_at + GOOD_FOR


def is_on_its_way(*, sent_at: datetime, at: datetime) -> bool:
    """Whether the code was sent so recently that asking for another means this one."""
    return at < sent_at + _SETTLES


def masked(address: str) -> str:
    """Write an address or a number so that its owner knows it: `a•••@example.com`, `09•••••123`."""
    name, at, host = address.rpartition("@")
    if at:
        return f"{name[:1]}•••@{host}"
    return f"{address[:2]}{'•' * max(len(address) - 5, 1)}{address[-3:]}"
