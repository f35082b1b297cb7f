"""What the same reporter said before, in words for the screen of a report."""

from collections.abc import Sequence
from dataclasses import dataclass

from cps.complaints import repeats, visibility
from cps.complaints.models import Complaint, Event
from cps.complaints.repeats import ANSWERS, Earlier
from cps.desk import due
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.web import language

FIELD = "repeat-"
"""How the boxes that choose answered reports begin; a number follows."""


@dataclass(frozen=True, slots=True)
class Told:
    """An earlier report in words; `field`: what the box is called that chooses it, if it was answered."""

    reference: str
    category: str
    words: str
    standing: Text
    earlier: Earlier
    where: Text | None
    field: str | None


@dataclass(frozen=True, slots=True)
class Panel:
    """The earlier reports, how many answers there are in all, and how many it takes to close as a repeat."""

    earlier: Sequence[Told]
    answers: int
    needed: int = ANSWERS

    @property
    def is_unlocked(self) -> bool:
        """Whether there are answers enough."""
        return self.answers >= self.needed


def of(complaint: Complaint, person: Person, turns: Sequence[Event]) -> Panel | None:
    """Return what the same reporter said before; None where it is nothing. `turns`: the history, as it counts."""
    found = repeats.of(complaint, seen=visibility.for_official(person))
    if not found:
        return None
    answers = sum(one.is_answered for one in found) + repeats.own_answers(turns)
    return Panel([_told(one) for one in found], answers)


def _told(one: Earlier) -> Told:
    city, spoken = language.city(), language.current()
    return Told(
        reference=one.reference,
        category=city.named(city.category_names[one.category_id], spoken),
        words=one.words,
        standing=due.standing(one.status),
        earlier=one,
        where=None if one.metres is None else _("%(metres)s m away", metres=round(one.metres)),
        field=f"{FIELD}{one.reference}" if one.is_answered else None,
    )
