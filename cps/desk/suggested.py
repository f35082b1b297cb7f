"""What a report is about, by its words: offered where an official may change its category and nobody has done so yet."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.suggesting import queries
from cps.web import language

_JUDGED: Final = frozenset({EventKind.CATEGORISED, EventKind.CATEGORY_KEPT})


@dataclass(frozen=True, slots=True)
class Suggested:
    """A category: code and name."""

    code: str
    name: str


def of(complaint: Complaint, turns: Sequence[Turn]) -> Suggested | None:
    """Return the category that the words of a report mean, if that is another one; `turns` is what counts of its history."""
    if complaint.accept_by is not None or any(turn.kind in _JUDGED for turn in turns):
        return None  # what was handed over is accepted first; what an official has judged is judged
    code, city = queries.suggested(complaint.words), language.city()
    if code is None or city.category_ids[code] == complaint.category_id:
        return None
    return Suggested(code, city.named(city.category_names[city.category_ids[code]], language.current()))
