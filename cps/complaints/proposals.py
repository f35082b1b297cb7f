"""Rules that officials propose: handing a report on, they can say that all such reports belong there.

A proposal is nothing but the event of the transfer. What was proposed by several is one proposal; one that
the rules follow by now is taken up.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from cps.city.queries import CityInForce
from cps.city.rule import ANY
from cps.complaints.conditions import IS_COUNTED
from cps.complaints.handovers import Scope
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel.db import db
from cps.routing.route import router_of


@dataclass(frozen=True, slots=True)
class Proposal:
    """A rule, as codes; `sender` is the department that gave the reports away, `times` how many it gave."""

    category: str
    area: str
    department: str
    sender: str
    times: int
    people: int
    last: datetime
    is_taken_up: bool


def standing(city: CityInForce, *, at: datetime) -> Sequence[Proposal]:
    """Return what was proposed, most often proposed first; `at` is the moment for which rules are asked."""
    grouped: dict[tuple[str, str, str, str], list[Row[Any]]] = defaultdict(list)
    for row in _proposed():
        area = city.area_codes[row.area_id] if row.scope == Scope.AREA and row.area_id is not None else ANY
        key = (
            city.category_codes[row.category_id],
            area,
            city.department_codes[row.department_id],
            city.department_codes[row.sender],
        )
        grouped[key].append(row)
    found = [
        Proposal(
            *key,
            times=len(rows),
            people=len({row.by_id for row in rows}),
            last=max(row.at for row in rows),
            is_taken_up=_is_taken_up(key[0], key[1], key[2], city, at),
        )
        for key, rows in grouped.items()
    ]
    return sorted(found, key=lambda one: (-one.times, one.category, one.area))


def _is_taken_up(category: str, area: str, department: str, city: CityInForce, at: datetime) -> bool:
    if city.category(category) is None:
        return False
    sent = router_of(city).send(category, area=None if area == ANY else area, point=None, at=at)
    return sent.department == department


def _proposed() -> Sequence[Row[Any]]:
    return db.session.execute(
        select(
            Event.at,
            Event.by_id,
            Event.department_id,
            Event.details["from"].as_integer().label("sender"),
            Event.details["proposes"].as_string().label("scope"),
            Complaint.category_id,
            Complaint.area_id,
        )
        .join(Complaint, Event.complaint_id == Complaint.id)
        .where(
            Event.kind.in_((EventKind.TRANSFERRED, EventKind.DECIDED)),
            Event.details.has_key("proposes"),
            IS_COUNTED,
        )
        .order_by(Event.id)
    ).all()
