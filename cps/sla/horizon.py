"""How far ahead a city's holidays are known, and whether its promises reach beyond.

A deadline beyond the last list of holidays is counted as if there were none; that is told before it happens.
"""

from dataclasses import dataclass
from datetime import date, datetime

from cps.city.calendar import Calendar, public_holidays
from cps.city.profile import Profile
from cps.sla import hours
from cps.sla.promise import due

_YEARS_AHEAD = 30


@dataclass(frozen=True)
class Beyond:
    """The last day whose holidays are known, and the latest day on which a report of today is due."""

    known_until: date
    due_on: date


def beyond(profile: Profile, *, at: datetime) -> Beyond | None:
    """Say whether a promise given at a moment, and extended as far as it may, ends where no holidays are known."""
    calendar = profile.calendar
    known = known_until(calendar, at.astimezone(calendar.zone).year)
    if known is None:
        return None
    promises = [category.promise for category in profile.categories]
    longest = [promise.longer_by(promise.count * profile.clocks.extensions) for promise in promises]
    latest = max(hours.local_date(due(promise, at, calendar), calendar) for promise in longest)
    return Beyond(known, latest) if latest > known else None


def known_until(calendar: Calendar, year: int) -> date | None:
    """Return the last day whose holidays are known, as of a year; None: the city has no public holidays.

    That is the day the city says it has compared the list up to, and never beyond the years for which the
    package `holidays` knows about as many as for this one: where a calendar of its own decides, like the
    Nepali or the Islamic, its tables end.
    """
    if calendar.holidays_of is None:
        return None
    usual = len(public_holidays(*calendar.holidays_of, year))
    last = year
    while last < year + _YEARS_AHEAD and 2 * len(public_holidays(*calendar.holidays_of, last + 1)) >= usual:
        last += 1
    listed = date(last, 12, 31)
    return min(listed, calendar.holidays_until) if calendar.holidays_until else listed
