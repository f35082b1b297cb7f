"""What officials decide for themselves."""

from typing import Any

from cps.people.models import Person


def want_digest(person: Person, *, wanted: bool) -> None:
    """Send this official the morning's mail from now on, or no more; mails about a report that is late still come."""
    person.wants_digest = wanted


def keep_keys(person: Person, keys: dict[str, Any]) -> None:
    """Keep the keys of the desk as this official wants them; empty is as everybody has them."""
    person.keys = keys
