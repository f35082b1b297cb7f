"""The lines of a queue: plain words for every cell, so that the page has only to print them."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from cps.city.queries import CityInForce
from cps.complaints.queries import Row
from cps.desk import due
from cps.kernel.text import Text, _, _n

Says = Callable[[Text], str]


@dataclass(frozen=True, slots=True)
class Line:
    """One complaint of a queue, in the language of the page; `nearness` colours what `deadline` says."""

    reference: str
    nearness: str
    deadline: str
    icon: str
    category: str
    place: str
    words: str
    age: str
    department: str
    handler: str | None


def lines(
    rows: Iterable[Row], city: CityInForce, *, language: str, says: Says, now: datetime
) -> Sequence[Line]:
    """Put the rows of a queue into words."""
    zone = city.profile.calendar.zone
    return [_line(row, city, language=language, says=says, now=now, zone=zone) for row in rows]


def place(area: str, landmark: str) -> str | Text:
    """Say where a complaint is: ward and landmark, as far as they are known."""
    return " · ".join(part for part in (area, landmark) if part) or _("point on the map")


def _line(row: Row, city: CityInForce, *, language: str, says: Says, now: datetime, zone: tzinfo) -> Line:
    near = due.of(row, now=now, zone=zone)
    area = city.named(city.area_names[row.area_id], language) if row.area_id is not None else ""
    where = place(area, row.landmark)
    return Line(
        reference=row.reference,
        nearness=near.nearness,
        deadline=says(due.words(near, row.status)),
        icon=city.category_icons[row.category_id],
        category=city.named(city.category_names[row.category_id], language),
        place=says(where) if isinstance(where, Text) else where,
        words=row.words,
        age=says(_age((now - row.received_at).days)),
        department=city.named(city.department_names[row.department_id], language),
        handler=row.handler,
    )


def _age(days: int) -> Text:
    return _n("%(num)s day", "%(num)s days", days) if days else _("today")
