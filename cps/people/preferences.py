"""What officials decide for themselves."""

from cps.people.models import Person


def want_digest(person: Person, *, wanted: bool) -> None:
    """Send this official the morning's mail from now on, or no more; mails about a report that is late still come."""
    person.wants_digest = wanted
