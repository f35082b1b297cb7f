"""Who hears when time runs out: each step of the city's ladder happens once, is logged, and tells someone.

A step is an internal event that names whom it tells; `notify` writes to them. Of several steps that come
due together, as after an outage, each happens in its order, and each person hears of the highest alone.
For whoever is away somebody else hears: who stands in, and if nobody does, whoever is next.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from cps.city.models import Department
from cps.city.promise import Promise
from cps.city.queries import in_force
from cps.complaints import history
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _
from cps.people import leaves
from cps.people import queries as people
from cps.people.models import Person
from cps.sla.explanation import said
from cps.sla.ladder import Step

# A city that turns its ladder on, or restores an old database, is not drowned in mail about the past: what is
# older is logged, and stands in the morning's digest.
_WORTH_A_MAIL = timedelta(days=7)
_MINUTE = timedelta(minutes=1)
_WHOLE = 100

LISTENER_NAMES: dict[str, Text] = {
    "handler": _("Handler"),
    "head": _("Head of department"),
    "auditor": _("Auditor"),
    "mayor": _("Mayor's office"),
}


@dataclass(frozen=True, slots=True)
class Listeners:
    """Whom to tell: officials by id, and addresses of those without an account."""

    people: tuple[int, ...] = ()
    addresses: tuple[str, ...] = ()

    def without(self, others: Sequence["Listeners"]) -> "Listeners":
        """Return those who are in none of the others."""
        return Listeners(
            tuple(person for person in self.people if not any(person in other.people for other in others)),
            tuple(mail for mail in self.addresses if not any(mail in other.addresses for other in others)),
        )

    def as_details(self) -> dict[str, Any]:
        """Return them as an event keeps them."""
        return {"people": list(self.people), "addresses": list(self.addresses)}


def climb(complaint: Complaint, steps: Sequence[Step]) -> list[Event]:
    """Let these steps happen, in their order; each listener is told of the last that concerns them."""
    told = [listeners(complaint, step.rung.to) for step in steps]
    return [
        _happen(complaint, step, told[place].without(told[place + 1 :])) for place, step in enumerate(steps)
    ]


def listeners(complaint: Complaint, to: str) -> Listeners:
    """Return who listens as handler, head, auditor or mayor; whoever there is, else the coordinators."""
    if to == "handler":
        return of_officials([complaint.assignee], complaint.department)
    if to == "head":
        return heads_of(complaint.department)
    address = in_force().profile.clocks.emails.get(to)
    if address:
        return Listeners(addresses=(address,))
    auditors = people.auditors() if to == "auditor" else ()
    return _named(auditors) if auditors else coordinators()


def of_officials(officials: Iterable[Person | None], department: Department) -> Listeners:
    """Return who listens as one of these officials or in place of them, else who does for the department."""
    hearing = leaves.hearing(one for one in officials if one is not None and one.is_active)
    return _named(hearing) if hearing else heads_of(department)


def heads_of(department: Department) -> Listeners:
    """Return who listens for a department: its heads, else its own address, else the coordinators."""
    hearing = leaves.hearing(people.heads_of(department.id))
    if hearing:
        return _named(hearing)
    return Listeners(addresses=(department.email,)) if department.email else coordinators()


def coordinators() -> Listeners:
    """Return who listens for the city; where all of them are away they listen nevertheless, for nobody is next."""
    found = people.coordinators()
    return _named(leaves.hearing(found) or found)


def is_late(complaint: Complaint) -> bool:
    """Whether the city has missed the deadline of a complaint that is open and whose clock does not stand."""
    return complaint.status.is_open and complaint.standing_since is None and complaint.due_at < clock.now()


def demand(complaint: Complaint) -> Event:
    """Take the citizen's question why it is late to the head and the auditor; once for each deadline.

    Source: Korea's Civil Petitions Treatment Act, Enforcement Decree, Article 18.
    """
    if not is_late(complaint):
        raise Refused(_("This report is not late."))
    if has_demanded(complaint, history.turns(complaint)):
        raise Refused(_("You have asked already. The head of the department was told."))
    auditor, head = listeners(complaint, "auditor"), listeners(complaint, "head")
    told = Listeners(
        (*head.people, *auditor.without([head]).people), (*head.addresses, *auditor.without([head]).addresses)
    )
    details = {"due": complaint.due_at.isoformat(), **told.as_details()}
    return history.record(complaint, EventKind.DEMANDED, by=None, at=clock.now(), details=details)


def has_demanded(complaint: Complaint, turns: Iterable[Turn]) -> bool:
    """Whether the citizen has asked already why the present deadline was missed."""
    return any(
        turn.kind is EventKind.DEMANDED and datetime.fromisoformat(turn.details["due"]) == complaint.due_at
        for turn in turns
    )


def occasion(details: Mapping[str, Any]) -> Text:
    """Say why a step happened, from the details of its event."""
    if details["late"]:
        return _("Overdue by %(length)s or more.", length=said(Promise.parse(details["late"])))
    if details["percent"] == _WHOLE:
        return _("The deadline is over.")
    return _("%(percent)s %% of the time is used.", percent=details["percent"])


def _named(officials: Iterable[Person]) -> Listeners:
    return Listeners(tuple(one.id for one in officials))


def _happen(complaint: Complaint, step: Step, told: Listeners) -> Event:
    now, rung = clock.now(), step.rung
    details = {
        "rung": rung.code,
        "to": rung.to,
        "percent": rung.percent,
        "late": str(rung.late) if rung.late else None,
        "due": complaint.due_at.isoformat(),
        "step_at": step.at.isoformat(),
        "minutes_after_step": (now - step.at) // _MINUTE,
        **(told if _is_news(step, now) else Listeners()).as_details(),
    }
    return history.record(complaint, EventKind.ESCALATED, by=None, at=now, is_internal=True, details=details)


def _is_news(step: Step, now: datetime) -> bool:
    return now - step.at <= _WORTH_A_MAIL
