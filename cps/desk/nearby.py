"""What else was reported around a report lately: a page of its own, which the report's screen unfolds where scripts run."""

from dataclasses import dataclass

from flask import render_template

from cps.complaints import surroundings, visibility
from cps.complaints.surroundings import Near
from cps.desk import due
from cps.desk.door import desk
from cps.kernel import clock
from cps.kernel.text import Text, _, _n
from cps.web import language
from cps.web.signin import current_person


@dataclass(frozen=True, slots=True)
class Told:
    """A report near by in words."""

    reference: str
    icon: str
    category: str
    standing: Text
    is_open: bool
    distance: Text
    age: Text
    words: str


@desk.get("/complaints/<reference>/nearby")
def nearby(reference: str) -> str:
    """Show what was reported around a report lately."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    found = surroundings.of(complaint, by=person)
    return render_template(
        "desk/nearby.html",
        person=person,
        complaint=complaint,
        found=[_told(one) for one in found.nearest],
        more=found.more,
        metres=surroundings.WITHIN,
        days=surroundings.LATELY.days,
    )


def _told(one: Near) -> Told:
    city, spoken = language.city(), language.current()
    days = (clock.now() - one.received_at).days
    return Told(
        reference=one.reference,
        icon=city.category_icons[one.category_id],
        category=city.named(city.category_names[one.category_id], spoken),
        standing=due.standing(one.status),
        is_open=one.status.is_open,
        distance=_("%(metres)s m away", metres=one.metres),
        age=_n("%(num)s day ago", "%(num)s days ago", days) if days else _("in the last 24 hours"),
        words=one.words,
    )
