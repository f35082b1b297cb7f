"""The city's working time as one line of seconds, quick to walk along; pure.

Moments are whole seconds since 1970 (UTC) here and wherever the demo makes up lives: a million
lives need tens of millions of them.
"""

from bisect import bisect_right
from datetime import UTC, date, datetime, time, timedelta

from cps.city.calendar import Calendar

DAY = 86_400


class OfficeClock:
    """Turns moments into office time passed and back, between two dates of the calendar's zone."""

    def __init__(self, calendar: Calendar, first: date, last: date) -> None:
        self.days: list[date] = [first + timedelta(days=n) for n in range((last - first).days + 1)]
        self._midnights = [_second(day, time(0), calendar) for day in self.days]
        self._opens: list[int] = []
        self._worked: list[int] = []
        self._closings: list[int] = []
        worked = 0
        for day in self.days:
            hours = calendar.hours_of(day)
            if hours:
                self._closings.append(_second(day, hours[-1][1], calendar))
            for opens, closes in hours:
                self._opens.append(_second(day, opens, calendar))
                self._worked.append(worked)
                worked += _second(day, closes, calendar) - self._opens[-1]
        self._worked.append(worked)

    def worked(self, at: int) -> int:
        """Return the seconds of office time passed until `at`."""
        index = bisect_right(self._opens, at) - 1
        if index < 0:
            return 0
        return min(self._worked[index] + at - self._opens[index], self._worked[index + 1])

    def moment(self, worked: int) -> int:
        """Return when that much office time has passed; the end of the last day if it never has."""
        index = min(bisect_right(self._worked, worked), len(self._opens)) - 1
        return self._opens[index] + min(worked, self._worked[-1]) - self._worked[index]

    def last_closing(self, at: int) -> int:
        """Return when the office last closed for the day, up to `at`; the first closing of all for what is before."""
        return self._closings[max(bisect_right(self._closings, at) - 1, 0)]

    def day_number(self, at: int) -> int:
        """Return which of `days` the moment lies in."""
        return bisect_right(self._midnights, at) - 1

    def midnight(self, day_number: int) -> int:
        """Return when that day begins."""
        return self._midnights[day_number]

    def second_of_day(self, at: int) -> int:
        """Return the seconds since midnight."""
        return at - self._midnights[self.day_number(at)]


def moment_of(second: int) -> datetime:
    """Return the moment of that second, in UTC."""
    return datetime.fromtimestamp(second, UTC)


def _second(day: date, clock_time: time, calendar: Calendar) -> int:
    return int(datetime.combine(day, clock_time, tzinfo=calendar.zone).timestamp())
