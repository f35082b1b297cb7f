"""Places in a queue as words in a URL: the moment and the id of the last row seen."""

from datetime import UTC, datetime


def written(place: tuple[datetime, int] | None) -> str | None:
    """Write a place for a URL: `20300107T090000.000000-42`."""
    if place is None:
        return None
    return f"{place[0].astimezone(UTC):%Y%m%dT%H%M%S.%f}-{place[1]}"


def read(text: str | None) -> tuple[datetime, int] | None:
    """Read a place from a URL; anything else is the beginning."""
    moment, _, number = (text or "").partition("-")
    try:
        return datetime.strptime(moment, "%Y%m%dT%H%M%S.%f").replace(tzinfo=UTC), int(number)
    except ValueError:
        return None
