"""Doing one thing to many reports: each by the very verb that does it to one, and each by itself.

What stands against one of them leaves that one out and changes nothing about the others. A look ahead does all of it
and takes it back, so that what is foreseen is what would happen.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from cps.complaints import lifecycle, undoing, visibility
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.complaints.visibility import Visible
from cps.desk.acting import elsewhere
from cps.desk.many import Verb
from cps.desk.picking import Pick
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person

_UNKNOWN = _("We found no report with this number. Check the number.")


@dataclass(frozen=True, slots=True)
class Moved:
    """What a report was and is, as far as it can be seen in a list; `told` are the words, in `language`, of its event."""

    event_id: int
    statuses: tuple[Status, Status]
    due: tuple[datetime, datetime]
    language: str
    told: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What becomes of one report: it is `moved`, or there is a `refusal`, with `faults` if it is what was typed."""

    reference: str
    moved: Moved | None = None
    refusal: Text | None = None
    faults: Mapping[str, Text] = field(default_factory=dict)
    is_stale: bool = False


def done(picks: Sequence[Pick], verb: Verb, person: Person, *, among: Visible | None = None) -> list[Outcome]:
    """Do it to each of these reports, as far as it can be done; all are locked first.

    `among`: what this official may do it to; without it what may be changed.
    """
    ours = (among or visibility.for_action(person)).several([pick.reference for pick in picks], locked=True)
    missing = [pick.reference for pick in picks if pick.reference not in ours]
    theirs = visibility.for_official(person).several(missing) if missing else {}
    refusals = {one: elsewhere(theirs[one]) if one in theirs else _UNKNOWN for one in missing}
    return [
        _done(pick, ours[pick.reference], verb, person)
        if pick.reference in ours
        else Outcome(pick.reference, refusal=refusals[pick.reference])
        for pick in picks
    ]


def foreseen(picks: Sequence[Pick], verb: Verb, person: Person) -> list[Outcome]:
    """Return what would become of each: all is done, and nothing of it stays."""
    look = db.session.begin_nested()
    try:
        return done(picks, verb, person)
    finally:
        look.rollback()


def changed(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return those that are changed."""
    return [one for one in outcomes if one.moved]


def left_out(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Return those that are not."""
    return [one for one in outcomes if not one.moved]


def unknown(outcomes: Sequence[Outcome]) -> list[str]:
    """Return the numbers of those that this official does not see, be they there or not."""
    return [one.reference for one in outcomes if one.refusal is _UNKNOWN]


def faults(outcomes: Sequence[Outcome]) -> Mapping[str, Text]:
    """Return what is wrong with what was typed, if that alone keeps all from being changed."""
    judged = [one for one in outcomes if not one.is_stale]
    first = judged[0].faults if judged else {}
    return first if all(one.faults and one.faults.keys() == first.keys() for one in judged) else {}


def _done(pick: Pick, complaint: Complaint, verb: Verb, person: Person) -> Outcome:
    before = (complaint.status, complaint.due_at)
    try:
        with db.session.begin_nested():
            lifecycle.expect_version(complaint, pick.version)
            stood = undoing.before(complaint)
            event = verb(complaint, person)
            undoing.keep(complaint, stood, by=person, event=event)
    except Invalid as invalid:
        return Outcome(pick.reference, refusal=next(iter(invalid.faults.values())), faults=invalid.faults)
    except Refused as refused:
        is_stale = isinstance(refused, lifecycle.Stale)
        return Outcome(pick.reference, refusal=refused.for_officials, is_stale=is_stale)
    told = (event.note, event.details.get("remedy", ""))
    moved = Moved(
        event_id=event.id,
        statuses=(before[0], complaint.status),
        due=(before[1], complaint.due_at),
        language=complaint.language,
        told=tuple(words for words in told if words),
    )
    return Outcome(pick.reference, moved=moved)
