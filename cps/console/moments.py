"""Moments as they are typed into commands."""

from datetime import datetime

from cps.city.calendar import Calendar
from cps.kernel.errors import Unusable


def moment_in(text: str, calendar: Calendar) -> datetime:
    """Read a moment like 2026-03-09T14:00; without a zone it is the calendar's own."""
    try:
        moment = datetime.fromisoformat(text.strip())
    except ValueError:
        raise Unusable(f"{text!r} is no moment like 2026-03-09T14:00.") from None
    return moment if moment.tzinfo else moment.replace(tzinfo=calendar.zone)
