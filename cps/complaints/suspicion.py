"""Suspicion: how much a report that comes in looks like spam or insults, in points that anybody can follow.

It decides nothing: what has too many points is set aside by itself until an official judges it, with each reason written
down. What sounds dangerous is never set aside so, nor what an official wrote down. Who reported is compared by the contact
alone, for a day, and no more is kept of it than before.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from cps.city.abuse import Abuse
from cps.city.phrases import spaced
from cps.complaints.reporters import Lately
from cps.kernel.text import Text, _, _n

LONG: Final = 80
"""Letters of a text that nobody writes twice by chance; a short one says the same of every dark lamp."""

_SHOUTED: Final = 20  # letters, of which nearly all are capitals
_SHOUTING: Final = 0.8
_AT_ONCE: Final = 5  # reports of one contact within an hour
_HOUR: Final = timedelta(hours=1)
_LINK: Final = re.compile(
    r"https?://|www\.\w|\b[a-z0-9-]{2,}\.(?:com|net|org|info|xyz|top|shop|vip|club|bet)\b", re.I
)
_MOST_OF_A_KIND: Final = 4


class Why(StrEnum):
    """What points are for."""

    INSULTS = "insults"
    SPAM = "spam"
    LINKS = "links"
    CAPITALS = "capitals"
    REPEATED = "repeated"
    MANY = "many"


@dataclass(frozen=True, slots=True)
class Suspicion:
    """How many of each there are, and how many points that makes in all."""

    counts: Mapping[Why, int]

    @property
    def points(self) -> int:
        """All points together: no kind alone makes more than four, capitals one, and a single link one."""
        return sum(_points(why, count) for why, count in self.counts.items())

    def is_too_much(self, abuse: Abuse) -> bool:
        """Whether the city wants such a report to be set aside."""
        is_repeated = bool(abuse.repeats) and self.counts.get(Why.REPEATED, 0) + 1 >= abuse.repeats
        return is_repeated or (bool(abuse.threshold) and self.points >= abuse.threshold)

    def as_details(self) -> dict[str, Any]:
        """Return it as an event keeps it."""
        return {"points": self.points, "counts": {why.value: count for why, count in self.counts.items()}}


def of(words: str, landmark: str, *, before: Sequence[Lately], abuse: Abuse, at: datetime) -> Suspicion:
    """Look at what somebody wrote, and at what came from the same contact `before`."""
    text = f"{words} {landmark}"
    own, since = spaced(words), at - timedelta(hours=abuse.hours)
    is_long = len(own) >= LONG
    found = {
        Why.INSULTS: abuse.insults.count_in(text),
        Why.SPAM: abuse.spam.count_in(text),
        Why.LINKS: len(_LINK.findall(text)),
        Why.CAPITALS: int(_is_shouted(words)),
        Why.REPEATED: sum(
            one.received_at >= since and is_long and spaced(one.words) == own for one in before
        ),
        Why.MANY: sum(one.received_at >= at - _HOUR for one in before),
    }
    if found[Why.MANY] < _AT_ONCE:
        del found[Why.MANY]
    return Suspicion({why: count for why, count in found.items() if count})


def reasons(details: Mapping[str, Any]) -> list[Text]:
    """Say why a report was set aside by itself, from what its first event keeps."""
    counts = details["counts"]
    return [_SAYINGS[why](counts[why]) for why in Why if why in counts]


def _points(why: Why, count: int) -> int:
    if why is Why.CAPITALS or (why is Why.LINKS and count == 1):
        return 1
    if why is Why.MANY:
        return 2
    return min(2 * count, _MOST_OF_A_KIND)


def _is_shouted(words: str) -> bool:
    """Whether nearly all letters are capitals, of those that have any."""
    cased = [letter for letter in words if letter.lower() != letter.upper()]
    return len(cased) >= _SHOUTED and sum(letter.isupper() for letter in cased) >= _SHOUTING * len(cased)


_SAYINGS: Final[Mapping[Why, Callable[[int], Text]]] = {
    Why.INSULTS: lambda count: _n("%(num)s insulting word", "%(num)s insulting words", count),
    Why.SPAM: lambda count: _n("%(num)s word of advertising", "%(num)s words of advertising", count),
    Why.LINKS: lambda count: _n("%(num)s link", "%(num)s links", count),
    Why.CAPITALS: lambda _count: _("Written in capitals"),
    Why.REPEATED: lambda count: _n(
        "The same text came from this contact %(num)s time before",
        "The same text came from this contact %(num)s times before",
        count,
    ),
    Why.MANY: lambda count: _n(
        "%(num)s other report from this contact within an hour",
        "%(num)s other reports from this contact within an hour",
        count,
    ),
}
