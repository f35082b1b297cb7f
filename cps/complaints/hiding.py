"""Hidden: what exposes somebody is taken off the public pages, and the work on it goes on.

Its reporter and its department see it as ever, and who joined it hears how it goes. What is to be kept from work as
well, until it is judged, is set aside (`quarantine`).
"""

from collections.abc import Iterable

from cps.city import queries as city
from cps.complaints import history, quarantine
from cps.complaints.deadlines import Turn
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.kernel import clock
from cps.kernel.errors import Forbidden, Invalid, Refused
from cps.kernel.text import _
from cps.people.models import Person


def hide(complaint: Complaint, *, by: Person, reason: str) -> Event:
    """Take a report off the public pages; the `reason` is for colleagues."""
    if not complaint.is_public:
        raise Refused(_("This report is not public."))
    if not reason.strip():
        raise Invalid({"reason": _("Write the reason, for colleagues.")})
    complaint.is_public = False
    return history.record(complaint, EventKind.HIDDEN, by=by, at=clock.now(), note=reason, is_internal=True)


def show(complaint: Complaint, *, by: Person) -> Event:
    """Put a report that an official took off the public pages there again; heads and coordinators do."""
    if not is_hidden(complaint, history.turns(complaint)):
        raise Refused(_("Nobody has hidden this report."))
    if not quarantine.leads(by, complaint):
        raise Forbidden(_("A head of the department or a coordinator decides that."))
    complaint.is_public = True
    return history.record(complaint, EventKind.SHOWN, by=by, at=clock.now(), is_internal=True)


def may_be_shown(complaint: Complaint, turns: Iterable[Turn], *, by: Person) -> bool:
    """Whether this official may put it on the public pages again."""
    return quarantine.leads(by, complaint) and is_hidden(complaint, turns)


def is_hidden(complaint: Complaint, turns: Iterable[Turn]) -> bool:
    """Whether an official hid it and nothing else keeps it from everybody; `turns` is what counts of the history."""
    if complaint.is_public or complaint.set_aside is not None:
        return False
    kinds = [turn.kind for turn in turns if turn.kind in (EventKind.HIDDEN, EventKind.SHOWN)]
    place = city.in_force()
    category = place.category(place.category_codes[complaint.category_id])
    return bool(kinds) and kinds[-1] is EventKind.HIDDEN and category is not None and category.is_public
