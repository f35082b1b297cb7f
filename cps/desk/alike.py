"""Reports that may be the same problem as one, in words for its screen."""

from dataclasses import dataclass

from cps.complaints import duplicates, visibility
from cps.complaints.likeness import Likeness
from cps.complaints.models import Complaint
from cps.kernel.text import Text, _, _n
from cps.people.models import Person
from cps.web import language

_HOURS_A_DAY = 24


@dataclass(frozen=True, slots=True)
class Alike:
    """A report that may be the same problem: its number, its category, how many report it, and how alike they are."""

    reference: str
    category: str
    people: int
    shown_by: list[Text]


def of(complaint: Complaint, person: Person) -> list[Alike]:
    """List the open reports that may be the same problem as an open one, as far as this official may read both."""
    if not complaint.status.is_open:
        return []
    found = duplicates.of(complaint)
    numbers = [complaint.reference, *(one.reference for one in found)]
    seen = visibility.for_official(person).numbers(numbers) if found else {}
    if complaint.reference not in seen:
        return []
    city, spoken = language.city(), language.current()
    return [
        Alike(
            one.reference,
            city.named(city.category_names[one.category_id], spoken),
            one.people,
            shown_by(one.likeness),
        )
        for one in found
        if one.reference in seen
    ]


def shown_by(likeness: Likeness) -> list[Text]:
    """Say how far apart two reports are, and what else they have in common."""
    found = [_("%(metres)s m away", metres=round(likeness.metres)), _apart(likeness.hours)]
    if likeness.has_same_picture:
        found.append(_("same picture"))
    return found


def _apart(hours: float) -> Text:
    if hours < 1:
        return _("less than an hour apart")
    if hours < _HOURS_A_DAY:
        return _n("%(num)s hour apart", "%(num)s hours apart", round(hours))
    return _n("%(num)s day apart", "%(num)s days apart", round(hours / _HOURS_A_DAY))
