"""The one screen of a complaint: everything an official needs to decide, and the forms to do it.

It is the same screen after a refusal: then it also carries the attempt.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from flask import render_template

from cps.complaints import explanation, history, pausing, reporters, reviews, whose
from cps.complaints.models import Complaint, Event, Reporter
from cps.complaints.status import Handover
from cps.desk import clocks, contributions, due, listing, offers, permissions
from cps.desk.permissions import Action
from cps.kernel import clock
from cps.kernel.text import Text, _
from cps.people import queries as people
from cps.people.models import Person
from cps.photos import album
from cps.web import filters, language

_PICKED = {"handler", "department", "count", "consent", "days", "date", "cause", "priority", "proposes"}


@dataclass(frozen=True)
class Attempt:
    """An action that was not done: what was typed, and what stood against it."""

    action: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)
    refusal: Text | None = None
    changes: Sequence[Event] = ()
    had_photo: bool = False

    @property
    def words(self) -> list[str]:
        """What was written by hand, for reading; what was picked from a list is quickly picked again."""
        return [text for name, text in self.typed.items() if text and name not in _PICKED]

    def of(self, action: str) -> Mapping[str, str]:
        """Return what was typed into the form of this action."""
        return self.typed if self.action == action else {}

    def against(self, action: str) -> Mapping[str, Text]:
        """Return the faults of the form of this action, by field."""
        return self.faults if self.action == action else {}


_NO_ATTEMPT = Attempt()


def of(
    complaint: Complaint, person: Person, *, attempt: Attempt = _NO_ATTEMPT, revealed: Reporter | None = None
) -> str:
    """Render the screen of a complaint for this official; `revealed` shows the reporter's contact once."""
    city, events = language.city(), history.of(complaint)
    offered = permissions.offered(person, complaint, clocks=city.profile.clocks, turns=events)
    zone, is_ours = city.profile.calendar.zone, permissions.may_act(person, complaint)
    near = due.of(complaint, now=clock.now(), zone=zone)
    asked = contributions.of(complaint, person, is_ours=is_ours, now=clock.now(), zone=zone)
    return render_template(
        "desk/complaint.html",
        complaint=complaint,
        person=person,
        offered=[*offered, *(action for one in asked for action in one.actions)],
        is_ours=is_ours,
        contributions=asked,
        standing=due.standing(complaint.status),
        due=near,
        due_words=due.words(near, complaint.status),
        clocks=clocks.of(complaint, now=clock.now(), city=city, language=language.current()),
        came_from=_named(complaint.came_from_id),
        priority=offers.priority_name(complaint.priority, language.current()),
        priorities=_priorities() if Action.PRIORITY in offered else [],
        paused_until=pausing.runs_again_at(complaint, events) if complaint.paused_since else None,
        causes=_causes(complaint, person) if Action.PAUSE in offered else [],
        scopes=_scopes(complaint) if Action.TRANSFER in offered else [],
        is_disputed=complaint.handover is Handover.DISPUTED,
        is_under_review=reviews.is_last_dispute(events),
        explanation=explanation.of(complaint, events, language=language.current()),
        whose=whose.explained(complaint, events, language=language.current()),
        extendable=offers.extension(complaint) if Action.EXTENSION in offered else None,
        place=listing.place(filters.named(complaint.area) if complaint.area else "", complaint.landmark),
        events=events,
        photos=album.of(complaint.id),
        contact=reporters.kind_of_contact(complaint),
        revealed=revealed,
        handlers=_handlers(complaint, person) if Action.ASSIGNMENT in offered else [],
        departments=_departments(complaint)
        if Action.TRANSFER in offered or Action.SUBTASK in offered
        else [],
        reply_days=offers.reply_days(complaint) if Action.SUBTASK in offered else 0,
        attempt=attempt,
    )


def _handlers(complaint: Complaint, person: Person) -> list[tuple[int, str]]:
    """List who can handle it, the official who asks first: number and name."""
    found = people.colleagues_in(complaint.department_id)
    own_first = sorted(found, key=lambda colleague: colleague.id != person.id)
    return [(one.id, filters.says(_me(one)) if one.id == person.id else one.name) for one in own_first]


def _me(person: Person) -> Text:
    return _("%(name)s (me)", name=person.name)


def _causes(complaint: Complaint, person: Person) -> list[tuple[str, str]]:
    return [(cause.code, filters.says(cause.name)) for cause in offers.causes(complaint, person)]


def _priorities() -> list[tuple[str, str]]:
    found = offers.priorities(language.current())
    return [(priority.code, filters.says(priority.name)) for priority in found]


def _scopes(complaint: Complaint) -> list[tuple[str, str]]:
    found = offers.scopes(complaint, language.current())
    return [(scope.code, filters.says(scope.name)) for scope in found]


def _named(department_id: int | None) -> str:
    city = language.city()
    return city.named(city.department_names[department_id], language.current()) if department_id else ""


def _departments(complaint: Complaint) -> list[tuple[str, str]]:
    """List where it can be sent, code and name: those of the whole city first, each by name.

    Where departments disagree, it may also stay.
    """
    known = language.city().departments_by_name(language.current())
    stays = complaint.handover is Handover.DISPUTED
    return [(code, name) for code, name in known if stays or code != complaint.department.code]
