"""Past complaints sent once more by other rules: what would go elsewhere, and what would be right at once.

A complaint that officials handed on was not right at once: the department that has it now stands for the
right one. Nothing is written.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from cps.city.profile import Profile
from cps.city.queries import CityInForce
from cps.complaints.models import Complaint, Event
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.db import db
from cps.routing.route import Router, router_for

_BATCH = 5000


@dataclass(frozen=True, slots=True)
class Replayed:
    """A past complaint: codes of its category, of where it was sent, where it is, and where it would be sent.

    `would_go` is None where the other profile has no such category.
    """

    reference: str
    category: str
    sent: str
    ended: str
    would_go: str | None


@dataclass
class Comparison:
    """What would be different; `moves` counts (category, from, to), `examples` has a reference for each."""

    seen: int = 0
    moved: int = 0
    handed_on: int = 0
    put_right: int = 0
    put_wrong: int = 0
    unknown: int = 0
    moves: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    examples: dict[tuple[str, str, str], str] = field(default_factory=dict)


def replay(profile: Profile, city: CityInForce, *, since: datetime | None = None) -> Iterator[Replayed]:
    """Send every complaint received since a moment (None: ever) by the rules of `profile`."""
    router = router_for(profile)
    areas = AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=profile.tolerance_m)
    categories = {category.code for category in profile.categories}
    for row in _past(since):
        category = city.category_codes[row.category_id]
        yield Replayed(
            reference=row.reference,
            category=category,
            sent=city.department_codes[row.first],
            ended=city.department_codes[row.department_id],
            would_go=_sent_by(router, areas, row, category, city) if category in categories else None,
        )


def compared(replayed: Iterable[Replayed]) -> Comparison:
    """Count what would be different."""
    found = Comparison()
    for one in replayed:
        found.seen += 1
        was_handed_on = one.sent != one.ended
        found.handed_on += was_handed_on
        if one.would_go is None:
            found.unknown += 1
            continue
        if one.would_go == one.sent:
            continue
        move = (one.category, one.sent, one.would_go)
        found.moved += 1
        found.moves[move] += 1
        found.examples.setdefault(move, one.reference)
        found.put_right += was_handed_on and one.would_go == one.ended
        found.put_wrong += not was_handed_on
    return found


def _sent_by(router: Router, areas: AreaMap, row: Row[Any], category: str, city: CityInForce) -> str:
    point = Point(row.latitude, row.longitude) if row.latitude is not None else None
    chosen = city.area_codes[row.area_id] if row.area_id is not None else None
    area = areas.containing(point) if point is not None else chosen
    return router.send(category, area=area, point=point, at=row.received_at).department


def _past(since: datetime | None) -> Iterator[Row[Any]]:
    columns: tuple[Any, ...] = (
        Complaint.id,
        Complaint.reference,
        Complaint.category_id,
        Complaint.department_id,
        Complaint.area_id,
        Complaint.latitude,
        Complaint.longitude,
        Complaint.received_at,
        Event.department_id.label("first"),
    )
    query = select(*columns).join(Event, (Event.complaint_id == Complaint.id) & (Event.position == 1))
    if since is not None:
        query = query.where(Complaint.received_at >= since)
    last = 0
    while rows := db.session.execute(
        query.where(Complaint.id > last).order_by(Complaint.id).limit(_BATCH)
    ).all():
        yield from rows
        last = rows[-1].id
