"""Calendars for the tests of time: Hanoi and Seoul at 8 or 9 to 12 and 13 to 17 or 18, Kathmandu in its own week."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from cps.city.calendar import Calendar, Closure, ExtraDay, HalfDay, WeekPattern

ALWAYS = date(2000, 1, 1)


def span(opens: int, closes: int) -> tuple[time, time]:
    return time(opens), time(closes)


def five_days(*hours: tuple[time, time]) -> WeekPattern:
    return WeekPattern(ALWAYS, None, (hours,) * 5 + ((), ()))


HANOI = Calendar(
    "Asia/Ho_Chi_Minh",
    ("VN", None),
    (five_days(span(8, 12), span(13, 17)),),
    closures=(Closure(date(2026, 1, 2), {}),),
    extra_days=(ExtraDay(date(2026, 1, 10), 4),),
    half_days=(HalfDay(date(2026, 12, 31), (span(8, 12),)),),
)
SEOUL = Calendar("Asia/Seoul", ("KR", None), (five_days(span(9, 12), span(13, 18)),))
KATHMANDU = Calendar(
    "Asia/Kathmandu",
    None,
    (WeekPattern(ALWAYS, None, ((span(10, 17),),) * 4 + ((span(10, 15),), (), (span(10, 17),))),),
)
BERLIN = Calendar("Europe/Berlin", None, (five_days(span(8, 12), span(13, 17)),))


def moment(zone: Calendar, *parts: int) -> datetime:
    return datetime(*parts, tzinfo=ZoneInfo(zone.time_zone))  # type: ignore[misc,arg-type]
