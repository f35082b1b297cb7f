"""The right category: what a citizen chose in a hurry, an official puts right, and both clocks are those of that category.

They are counted as if it had been so from the beginning (the receipt, or the reopening that began the present round). A
priority stays, pauses stay, and an extension lengthens the promise for which it was given. The citizen gets a letter.
"""

from typing import Any

from cps.city import queries as city
from cps.city.models import Department
from cps.city.profile import Category
from cps.city.queries import CityInForce
from cps.complaints import handovers, history, priorities
from cps.complaints.filing import sent_by
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import ImpossibleMove
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.catalogues import speaker
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.people.models import Person
from cps.routing.match import Match
from cps.routing.route import router_of


def categorise(complaint: Complaint, *, to: str, by: Person, reason: str = "") -> Event:
    """Put an open complaint into the category with the code `to`; it stays with its department.

    A category whose reports are not public hides it at once; none makes public what is not.
    """
    place = city.in_force()
    category = _judged(complaint, to, place)
    if not complaint.status.is_open:
        raise ImpossibleMove(complaint)
    details = {"from_category": complaint.category_id, "to_category": place.category_ids[to]}
    complaint.category_id = place.category_ids[to]
    db.session.expire(complaint, ["category"])
    details |= _promise_anew(complaint, category, place) | _why_here(complaint, to, place)
    if not category.is_public:
        complaint.is_public = False
    return history.record(
        complaint, EventKind.CATEGORISED, by=by, at=clock.now(), note=reason, details=details
    )


def keep(complaint: Complaint, *, suggested: str, by: Person) -> Event:
    """Say that its category is right, though its words mean the one with the code `suggested`: that is offered no more."""
    place = city.in_force()
    if place.category(suggested) is None:
        raise Invalid({"category": _("Choose what the problem is.")})
    if not complaint.status.is_open:
        raise ImpossibleMove(complaint)
    details = {"category": complaint.category_id, "suggested": place.category_ids[suggested]}
    return history.record(
        complaint, EventKind.CATEGORY_KEPT, by=by, at=clock.now(), is_internal=True, details=details
    )


def hand_over(complaint: Complaint, *, by: Person, reason: str = "") -> Event | None:
    """Transfer it to the department that the city's rules give its category to; None if that has it, or it cannot go.

    Without a reason the citizen reads that problems of this category are handled there.
    """
    place = city.in_force()
    match = _match(complaint, place.category_codes[complaint.category_id], place)
    to = db.session.get_one(Department, place.department_ids[match.department])
    if to.id == complaint.department_id or handovers.refusal_to_transfer(complaint, by=by) is not None:
        return None
    kind = place.named(place.category_names[complaint.category_id], complaint.language)
    said = _("“%(category)s” is handled there.", category=kind).rendered(speaker(complaint.language))
    return handovers.transfer(complaint, to=to, by=by, reason=reason.strip() or said)


def _judged(complaint: Complaint, code: str, place: CityInForce) -> Category:
    category = place.category(code)
    if category is None:
        raise Invalid({"category": _("Choose what the problem is.")})
    if place.category_ids[code] == complaint.category_id:
        raise Invalid({"category": _("It has this category already.")})
    if complaint.joined and complaint.is_public and not category.is_public:
        raise Invalid(
            {
                "category": _(
                    "Others have joined this report, and reports of this category are not public. Answer them first."
                )
            }
        )
    return category


def _promise_anew(complaint: Complaint, category: Category, place: CityInForce) -> dict[str, Any]:
    profile = place.profile
    plain, acknowledge = category.promise, profile.acknowledge_promise(category)
    change = priorities.under(
        complaint,
        profile.clocks.priority(complaint.priority),
        history.turns(complaint),
        # While the clock stands, its deadline is the one from when it stopped; the rest is counted at the end.
        now=complaint.standing_since or clock.now(),
        calendar=profile.calendar,
        plain=(plain, acknowledge),
    )
    priorities.owe(complaint, change)
    words = {name: change.details[name] for name in ("old", "new", "promise", "acknowledge")}
    words["promise"]["plain"], words["acknowledge"]["plain"] = str(plain), str(acknowledge)
    return words


def _why_here(complaint: Complaint, code: str, place: CityInForce) -> dict[str, Any]:
    """Return the rule that gives it to its department under this category, if one does."""
    match = _match(complaint, code, place)
    return sent_by(match, place) if place.department_ids[match.department] == complaint.department_id else {}


def _match(complaint: Complaint, code: str, place: CityInForce) -> Match:
    area = place.area_codes[complaint.area_id] if complaint.area_id is not None else None
    return router_of(place).send(code, area=area, point=complaint.point, at=clock.now())
