"""The one screen of a complaint: everything an official needs to decide, and the forms to do it.

It is the same screen after a refusal: then it also carries the attempt.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from flask import render_template

from cps.complaints import (
    answers,
    escalation,
    evidence,
    explanation,
    history,
    joining,
    pausing,
    quarantine,
    recurring_reports,
    reply_dates,
    reporters,
    reviews,
    scheduling,
    undoing,
    unsent,
    whose,
)
from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Handover
from cps.desk import (
    alike,
    clocks,
    colleagues,
    contributions,
    due,
    listing,
    offers,
    permissions,
    planned,
    presence,
    ready,
    said_before,
    suggested,
    translation,
)
from cps.desk.difference import Difference
from cps.desk.permissions import Action
from cps.kernel import clock
from cps.kernel.text import Text
from cps.people.models import Person
from cps.photos import album
from cps.web import filters, language, options
from cps.web.options import Options

_PICKED = {
    "handler",
    "department",
    "count",
    "first",
    "last",
    "consent",
    "days",
    "date",
    "cause",
    "priority",
    "category",
    "onward",
    "proposes",
    "lead",
}


@dataclass(frozen=True)
class Attempt:
    """An action that was not done: what was typed, and what stood against it.

    `is_doubtful`: it would be done for who says so once more. `kept`: what was typed before for other actions and not sent, by action.
    """

    action: str | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)
    refusal: Text | None = None
    changes: Sequence[Event] = ()
    differences: Sequence[Difference] = ()
    is_doubtful: bool = False
    had_photo: bool = False
    kept: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def words(self) -> list[str]:
        """What was written by hand, for reading; what was picked from a list is quickly picked again."""
        return [text for name, text in self.typed.items() if text and name not in _PICKED]

    def of(self, action: str) -> Mapping[str, str]:
        """Return what was typed into the form of this action."""
        return self.typed if self.action == action else self.kept.get(action, {})

    def is_begun(self, action: str) -> bool:
        """Whether something was typed into the form of this action."""
        return self.action == action or action in self.kept

    def against(self, action: str) -> Mapping[str, Text]:
        """Return the faults of the form of this action, by field."""
        return self.faults if self.action == action else {}


_NO_ATTEMPT = Attempt()


def of(
    complaint: Complaint,
    person: Person,
    *,
    attempt: Attempt = _NO_ATTEMPT,
    revealed: Reporter | None = None,
    done: str = "",
) -> str:
    """Render the screen of a complaint for this official; `revealed` shows the reporter's contact once.

    `done`: the number of the one before, which was just acted on.
    """
    events, kept = history.of(complaint), unsent.of(complaint, person)
    attempt = replace(attempt, kept={one.action: one.fields for one in kept})
    counted = history.counting(events)
    offered = permissions.offered(person, complaint, clocks=language.city().profile.clocks, turns=counted)
    is_ours = permissions.may_act(person, complaint)
    replies = ready.of(complaint) if is_ours else []
    asked = contributions.of(complaint, person, is_ours=is_ours, now=clock.now(), zone=_zone())
    return render_template(
        "desk/complaint.html",
        complaint=complaint,
        person=person,
        offered=[*offered, *(action for one in asked for action in one.actions)],
        is_ours=is_ours,
        contributions=asked,
        is_under_review=reviews.is_last_dispute(counted),
        events=events,
        revealed=revealed,
        attempt=attempt,
        kept_at=kept[0].kept_at if kept else None,
        replies=replies,
        repeated=said_before.of(complaint, person, counted) if is_ours and complaint.status.is_open else None,
        done=done,
        **_said(complaint, events[0]),
        **_reporter(complaint),
        **_here(complaint, person, done),
        **_standing(complaint, counted),
        **_choices(complaint, person, counted, offered),
    )


def _said(complaint: Complaint, received: Event) -> dict[str, Any]:
    """Show what was reported, and with which reports it goes; `received`: the event it begins with."""
    return {
        "photos": album.of(complaint.id),
        "answers": answers.told(complaint, received, language.city(), language=language.current()),
        "lacking": evidence.told(received.details),
        "is_foreign": translation.is_offered(complaint),
        "sent_off_at": evidence.sent_off_at(complaint.received_at, received.details),
        "merged": joining.merged_into(complaint),
        "lead": joining.lead_of(complaint),
    }


def _here(complaint: Complaint, person: Person, done: str) -> dict[str, Any]:
    """Say who else has it open, how often there was one of its kind at this place, and what can be taken back."""
    words, is_typing = presence.here(complaint, person)
    again = recurring_reports.again(complaint, person)
    undoable = undoing.offers([complaint.reference, *([done] if done else [])], by=person)
    return {"others": words, "other_types": is_typing, "again": again, "undoable": undoable}


def _reporter(complaint: Complaint) -> dict[str, Any]:
    """Say what is known of who reported without saying who it is."""
    return {
        "contact": reporters.kind_of_contact(complaint),
        "is_confirmed": reporters.is_confirmed(complaint),
        "has_name": reporters.has_name(complaint),
    }


def _standing(complaint: Complaint, events: Sequence[Event]) -> dict[str, Any]:
    """Say where the complaint stands: by when it is owed, whose it is, and why."""
    city, code = language.city(), language.current()
    near = due.of(complaint, now=clock.now(), zone=_zone())
    return {
        "standing": due.standing(complaint.status),
        "is_late": escalation.is_late(complaint),
        "reply_room": reply_dates.room(complaint),
        "is_disputed": complaint.handover is Handover.DISPUTED,
        "due": near,
        "due_words": due.words(near, complaint.status),
        "clocks": clocks.of(complaint, now=clock.now(), city=city, language=code),
        "came_from": _named(complaint.came_from_id),
        "away": colleagues.away(complaint.assignee),
        "plan": planned.now(complaint),
        "priority": offers.priority_name(complaint.priority, code),
        "paused_until": pausing.runs_again_at(complaint, events) if complaint.paused_since else None,
        "explanation": explanation.of(complaint, events, language=code),
        "whose": whose.explained(complaint, events, language=code),
        "place": listing.place(filters.named(complaint.area) if complaint.area else "", complaint.landmark),
    }


def _choices(
    complaint: Complaint, person: Person, events: Sequence[Event], offered: Collection[Action]
) -> dict[str, Any]:
    """List what can be chosen in the forms of what is offered, as the page calls it; other lists stay out."""
    lists: dict[str, tuple[set[Action], Callable[[], object]]] = {
        "handlers": ({Action.ASSIGNMENT}, lambda: colleagues.of(complaint.department_id, person)),
        "departments": ({Action.TRANSFER, Action.SUBTASK}, lambda: _departments(complaint)),
        "scopes": ({Action.TRANSFER}, lambda: _scopes(complaint)),
        "aside_causes": ({Action.QUARANTINE}, _aside_causes),
        "causes": ({Action.PAUSE}, lambda: _causes(complaint, person, events)),
        "priorities": ({Action.PRIORITY}, _priorities),
        "categories": ({Action.CATEGORY}, lambda: _categories(complaint)),
        "suggested": ({Action.CATEGORY}, lambda: suggested.of(complaint, events)),
        "latest_day": ({Action.PLAN}, lambda: scheduling.latest_day(complaint)),
        "extendable": ({Action.EXTENSION}, lambda: offers.extension(complaint, events)),
        "alike": ({Action.MERGER}, lambda: alike.of(complaint, person)),
        "reply_days": ({Action.SUBTASK}, lambda: reply_dates.most_working_days(complaint, since=clock.now())),
    }
    return {name: listed() for name, (actions, listed) in lists.items() if actions & set(offered)}


def _zone() -> tzinfo:
    return language.city().profile.calendar.zone


def _causes(complaint: Complaint, person: Person, events: Sequence[Event]) -> list[tuple[str, str]]:
    return [(cause.code, filters.says(cause.name)) for cause in offers.causes(complaint, person, events)]


def _aside_causes() -> list[tuple[str, str]]:
    return [(cause, filters.says(quarantine.CAUSE_NAMES[cause])) for cause in quarantine.CHOSEN]


def _priorities() -> list[tuple[str, str]]:
    found = offers.priorities(language.current())
    return [(priority.code, filters.says(priority.name)) for priority in found]


def _scopes(complaint: Complaint) -> list[tuple[str, str]]:
    found = offers.scopes(complaint, language.current())
    return [(scope.code, filters.says(scope.name)) for scope in found]


def _named(department_id: int | None) -> str:
    city = language.city()
    return city.named(city.department_names[department_id], language.current()) if department_id else ""


def _categories(complaint: Complaint) -> Options:
    known = options.categories(language.city(), language.current())
    return known.without(complaint.category.code)


def _departments(complaint: Complaint) -> Options:
    """List where it can be sent: those of the whole city first; where departments disagree, it may also stay."""
    known = options.departments(language.city(), language.current())
    stays = complaint.handover is Handover.DISPUTED
    return known if stays else known.without(complaint.department.code)
