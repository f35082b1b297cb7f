"""What a form of the desk needs to know before it is filled in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from cps.city.promise import Promise
from cps.city.queries import in_force
from cps.complaints import deadlines, pausing
from cps.complaints.deadlines import Turn
from cps.complaints.handovers import Scope
from cps.complaints.models import Complaint
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.sla.explanation import said


@dataclass(frozen=True)
class Extension:
    """At most how many units a deadline can be extended by, in words too, and whether consent is needed."""

    most: int
    most_in_words: Text
    needs_consent: bool


@dataclass(frozen=True)
class Choice:
    """What can be chosen from a list: its code, and its name with what it means for the clock."""

    code: str
    name: Text


def priority_name(code: str | None, language: str) -> str:
    """Say the name of a priority; its code, if the city has it no more."""
    city = in_force()
    priority = city.profile.clocks.priority(code)
    return city.named(priority.names, language) if priority else code or ""


def priorities(language: str) -> list[Choice]:
    """List what a complaint can be given: no priority first, then those of the city."""
    city = in_force()
    return [
        Choice("", _("Normal")),
        *(
            Choice(
                priority.code,
                _(
                    "%(name)s (%(length)s from receipt)",
                    name=city.named(priority.names, language),
                    length=said(priority.resolve),
                ),
            )
            for priority in city.profile.clocks.priorities
        ),
    ]


def causes(complaint: Complaint, person: Person, turns: Sequence[Turn]) -> list[Choice]:
    """List for what this official can let the deadline stand still; `turns`: its history, oldest first."""
    caps = in_force().profile.clocks.pauses
    return [
        Choice(
            code,
            _("%(cause)s (at most %(length)s in all)", cause=pausing.CAUSES[code], length=said(caps[code])),
        )
        for code in pausing.causes_for(complaint, turns, by=person)
    ]


def extension(complaint: Complaint, turns: Iterable[Turn]) -> Extension:
    """Say how far the deadline can be extended; `turns`: its history, oldest first."""
    promise = Promise.parse(complaint.promise)
    given = deadlines.times_extended(turns)
    return Extension(promise.count, said(promise), bool(given))


def scopes(complaint: Complaint, language: str) -> list[Choice]:
    """List which reports can be proposed to go elsewhere from now on: this one alone first."""
    city = in_force()
    category = city.named(city.category_names[complaint.category_id], language)
    found = [Choice(Scope.THIS, _("only this report"))]
    if complaint.area_id is not None:
        area = city.named(city.area_names[complaint.area_id], language)
        found.append(
            Choice(Scope.AREA, _("all about “%(category)s” in %(area)s", category=category, area=area))
        )
    return [*found, Choice(Scope.ALL, _("all about “%(category)s”", category=category))]
