"""What is looked at when a report comes in, before it is filed: whether it goes to the queue or is set aside by itself.

One question to the database, and none for a report without a contact. What sounds dangerous goes straight through, and
so does what an official wrote down.
"""

from datetime import datetime, timedelta

from cps.city.abuse import Abuse
from cps.city.queries import in_force
from cps.complaints import flags, reporters, suspicion
from cps.complaints.reporters import Contact, Lately
from cps.complaints.suspicion import Suspicion
from cps.kernel.errors import Invalid
from cps.kernel.text import _n


def suspected(
    words: str, landmark: str, *, contact: Contact | None, abuse: Abuse, at: datetime, language: str
) -> Suspicion | None:
    """Return why a report is to be set aside, or None; raise Invalid (field `contact`) for one too many of a contact that is limited."""
    before = _before(contact, abuse, at)
    _expect_room(before, abuse, at, language)
    found = suspicion.of(words, landmark, before=before, abuse=abuse, at=at)
    return found if found.is_too_much(abuse) else None


def _before(contact: Contact | None, abuse: Abuse, at: datetime) -> list[Lately]:
    if contact is None or not contact.is_reachable or not abuse.looks_back:
        return []
    return reporters.lately(contact, since=at - max(flags.WITHIN, timedelta(hours=abuse.hours)))


def _expect_room(before: list[Lately], abuse: Abuse, at: datetime, language: str) -> None:
    until = flags.limited_until(before, abuse=abuse, at=at)
    if until is None or not flags.is_over_limit(before, abuse=abuse, at=at):
        return
    fault = _n(
        "Reports from this contact were marked as abusive towards staff. Until %(date)s, it can send %(num)s report within 24 hours. "
        "If you disagree, open the page of such a report and write why; somebody else decides.",
        "Reports from this contact were marked as abusive towards staff. Until %(date)s, it can send %(num)s reports within 24 hours. "
        "If you disagree, open the page of such a report and write why; somebody else decides.",
        abuse.a_day,
        date=in_force().profile.day(until, language=language),
    )
    raise Invalid({"contact": fault})
