"""Finding one report, or one person's: by its number, or by the reporter's phone, which is looking at it and is logged."""

from collections.abc import Sequence
from typing import Final

from cps.complaints import queries, reporters, visibility
from cps.complaints.queries import Row
from cps.complaints.views import Sieve
from cps.kernel.errors import NotFound
from cps.kernel.text import _
from cps.people.models import Person

WHY: Final = _("Searched for the reporter's phone number.")


def by_number(sieve: Sieve, person: Person) -> str | None:
    """Return the reference that was typed, if it is one of a report this official may read."""
    wanted = sieve.sought.reference if sieve.sought else None
    if wanted is None:
        return None
    try:
        return visibility.for_official(person).one(wanted).reference
    except NotFound:
        return None


def by_phone(typed: str, person: Person) -> Sequence[Row] | None:
    """Return the latest reports of whom has this number, as far as they are this official's work; None for no number."""
    phone = reporters.phone_from(typed)
    if phone is None:
        return None
    found = reporters.of_phone(phone, among=visibility.for_action(person).condition, most=queries.PAGE_LENGTH)
    for complaint_id in found:
        reporters.note_reveal(complaint_id, by=person, reason=WHY.msgid)
    return queries.of(found)
