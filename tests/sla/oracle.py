"""A slow second opinion on every deadline: it walks minute by minute and day by day and shares no code with `cps.sla`.

`make oracle` compares a million random cases, the gate two thousand. It knows the definitions of
docs/counting.md and nothing else: office hours are minutes marked on a strip, dates are walked one by one.
"""

import os
import random
import sys
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from multiprocessing import Pool
from zoneinfo import ZoneInfo

from cps.city.calendar import Calendar, Closure, ExtraDay, HalfDay, WeekPattern, public_holidays
from cps.city.promise import Promise
from cps.sla.promise import Extension, Pause, due

MINUTE, QUARTER, DAY = timedelta(minutes=1), timedelta(minutes=15), timedelta(days=1)
ZONES = ("Asia/Seoul", "Asia/Ho_Chi_Minh", "Asia/Manila", "Asia/Kathmandu", "Europe/Berlin", "America/Santiago",
         "Australia/Lord_Howe", "Africa/Cairo")  # fmt: skip
COUNTRIES = ("KR", "VN", "PH", "NP", None)
CASES_A_CALENDAR = 4000


@dataclass
class Strip:
    """A calendar unrolled: for each minute from `first` on whether the office is open, and its local date."""

    calendar: Calendar
    first: datetime
    zone: ZoneInfo
    open_minutes: bytearray = field(default_factory=bytearray)
    dates: list[date] = field(default_factory=list)
    last_minute: dict[date, int] = field(default_factory=dict)
    last_open_minute: dict[date, int] = field(default_factory=dict)

    def unroll(self, days: int) -> None:
        marked: dict[date, bytes] = {}
        moment = self.first
        for number in range(days * 24 * 60):
            local = moment.astimezone(self.zone)
            day = local.date()
            if day not in marked:
                hours = hours_by_the_book(self.calendar, day)
                marked[day] = bytes(any(a <= minute < b for a, b in hours) for minute in range(24 * 60))
            is_open = marked[day][local.hour * 60 + local.minute]
            self.open_minutes.append(is_open)
            self.dates.append(day)
            self.last_minute[day] = number
            if is_open:
                self.last_open_minute[day] = number
            moment += MINUTE

    def index(self, moment: datetime) -> int:
        return (moment - self.first) // MINUTE

    def moment(self, index: int) -> datetime:
        return self.first + index * MINUTE


def hours_by_the_book(calendar: Calendar, day: date) -> list[tuple[int, int]]:
    """Definition 1, spelled out anew."""
    if day in [closure.day for closure in calendar.closures]:
        return []
    for extra in calendar.extra_days:
        if extra.day == day:
            return week_hours(calendar, day, extra.like)
    for half in calendar.half_days:
        if half.day == day:
            return minutes(half.hours)
    if calendar.holidays_of is not None and day in public_holidays(*calendar.holidays_of, day.year):
        return []
    return week_hours(calendar, day, day.weekday())


def week_hours(calendar: Calendar, day: date, weekday: int) -> list[tuple[int, int]]:
    chosen: list[tuple[int, int]] = []
    for week in calendar.weeks:
        if day < week.first or (week.last is not None and day > week.last):
            continue
        if week.season is not None:
            (month, first), (to_month, last) = week.season
            begins, ends = month * 100 + first, to_month * 100 + last
            today = day.month * 100 + day.day
            within = begins <= today <= ends if begins <= ends else not ends < today < begins
            if not within:
                continue
        chosen = minutes(week.days[weekday])
    return chosen


def minutes(hours: tuple[tuple[time, time], ...]) -> list[tuple[int, int]]:
    return [(a.hour * 60 + a.minute, b.hour * 60 + b.minute) for a, b in hours]


def slow_due(
    strip: Strip, promise: Promise, received: datetime, pauses: list[Pause], extensions: list[Extension]
) -> datetime:
    """Count by walking; pauses are taken one by one, each against what is due without it."""
    count = promise.count + sum(extension.count for extension in extensions)
    taken: list[tuple[datetime, datetime]] = []
    for pause in sorted(pauses, key=lambda pause: pause.begun_at):
        ends = [pause.ended_at] if pause.ended_at else []
        if pause.cap:
            ends.append(slow_due(strip, pause.cap, pause.begun_at, [], []))
        begun, end = max(pause.begun_at, received), min(ends)
        if end <= received or end <= begun:
            continue
        if begun >= walked(strip, promise, count, received, taken):
            break
        taken.append((begun, end))
    return walked(strip, promise, count, received, taken)


def walked(
    strip: Strip, promise: Promise, count: int, received: datetime, taken: list[tuple[datetime, datetime]]
) -> datetime:
    if promise.unit in ("hours", "working_hours"):
        return walked_minutes(strip, promise, count, received, taken)
    left_out = set()
    for begun, ended in taken:
        moment = begun
        while moment < ended:
            left_out.add(strip.dates[strip.index(moment)])
            moment += QUARTER  # no zone has a midnight between
        left_out.add(strip.dates[strip.index(ended - MINUTE)])
    start = strip.dates[strip.index(received)]
    if not promise.first_day_counted:
        start += DAY
    return walked_days(strip, promise, count, start, left_out)


def walked_minutes(
    strip: Strip, promise: Promise, count: int, received: datetime, taken: list[tuple[datetime, datetime]]
) -> datetime:
    left = count * (promise.day_minutes or 60)
    paused = [(strip.index(begun), strip.index(ended)) for begun, ended in taken]
    index = strip.index(received)
    while left:
        counts = promise.unit == "hours" or strip.open_minutes[index]
        if counts and not (paused and any(begun <= index < ended for begun, ended in paused)):
            left -= 1
        index += 1
    return strip.moment(index)


def walked_days(strip: Strip, promise: Promise, count: int, start: date, left_out: set[date]) -> datetime:
    day, is_open = start, strip.last_open_minute
    if promise.unit in ("weeks", "months", "years"):
        count = (period_end(start, promise.unit, count) - start).days + 1
    while True:
        if day not in left_out and (promise.unit != "working_days" or day in is_open):
            count -= 1
        if count == 0:
            break
        day += DAY
    if (
        promise.unit != "working_days"
        and (promise.rolled_forward or promise.unit != "calendar_days")
        and day not in is_open
    ):
        while day not in is_open or day in left_out:
            day += DAY
    if promise.unit == "working_days":
        return strip.moment(strip.last_open_minute[day] + 1)
    return strip.moment(strip.last_minute[day])


def period_end(start: date, unit: str, count: int) -> date:
    if unit == "weeks":
        return start + 7 * count * DAY - DAY
    year, month = start.year, start.month
    for _ in range(count * (12 if unit == "years" else 1)):
        month += 1
        if month == 13:
            year, month = year + 1, 1
    try:
        return date(year, month, start.day) - DAY
    except ValueError:
        return (date(year, month, 28) + 4 * DAY).replace(day=1) - DAY


def random_calendar(chance: random.Random) -> Calendar:
    begin = date(chance.randint(2023, 2029), 1, 1)

    def hours() -> tuple[tuple[time, time], ...]:
        opens, closes = chance.randint(0, 10), chance.randint(14, 23)
        if chance.random() < 0.2:
            return ()
        if chance.random() < 0.5:
            return ((time(opens), time(12)), (time(13), time(closes)))
        return ((time(opens, chance.choice((0, 30))), time(closes, chance.choice((0, 15, 45)))),)

    def week() -> tuple[tuple[tuple[time, time], ...], ...]:
        days = tuple(hours() for _ in range(7))
        return days if any(days) else (((time(9), time(17)),), *days[1:])

    def some_day() -> date:
        return begin + chance.randint(0, 500) * DAY

    weeks = [WeekPattern(date(2000, 1, 1), None, week())]
    if chance.random() < 0.4:
        season = (
            (chance.randint(1, 12), chance.randint(1, 28)),
            (chance.randint(1, 12), chance.randint(1, 28)),
        )
        weeks.append(WeekPattern(date(2000, 1, 1), None, week(), season))
    if chance.random() < 0.4:
        first = some_day()
        weeks.append(WeekPattern(first, first + chance.randint(5, 200) * DAY, week()))
    days = [some_day() for _ in range(12)]
    days = list(dict.fromkeys(days))
    country = chance.choice(COUNTRIES)
    return Calendar(
        chance.choice(ZONES),
        (country, None) if country else None,
        tuple(weeks),
        closures=tuple(Closure(day, {}) for day in days[:4]),
        extra_days=tuple(ExtraDay(day, chance.randint(0, 6)) for day in days[4:7]),
        half_days=tuple(HalfDay(day, ((time(8), time(12)),)) for day in days[7:10]),
    )


def random_promise(chance: random.Random) -> Promise:
    unit = chance.choices(
        ("hours", "working_hours", "working_days", "calendar_days", "weeks", "months", "years"),
        (2, 5, 6, 3, 1, 1, 0.2),
    )[0]
    most = {
        "hours": 100,
        "working_hours": 60,
        "working_days": 25,
        "calendar_days": 40,
        "weeks": 5,
        "months": 3,
        "years": 1,
    }
    is_of_days = unit == "working_hours" and chance.random() < 0.4
    return Promise(
        chance.randint(1, 7 if is_of_days else most[unit]),
        unit,
        first_day_counted=unit not in ("hours", "working_hours") and chance.random() < 0.5,
        rolled_forward=unit == "calendar_days" and chance.random() < 0.5,
        day_minutes=chance.choice((480, 450, 420)) if is_of_days else 0,
    )


def random_case(
    chance: random.Random, strip: Strip
) -> tuple[Promise, datetime, list[Pause], list[Extension]]:
    promise = random_promise(chance)
    received = strip.moment(chance.randint(5 * 24 * 60, 300 * 24 * 60))
    pauses = []
    for _ in range(chance.choice((0, 0, 1, 1, 2, 3))):
        begun = received + chance.randint(-2 * 24 * 60, 20 * 24 * 60) * MINUTE
        cap = Promise(
            chance.randint(1, 5), chance.choice(("working_days", "calendar_days", "working_hours", "hours"))
        )
        has_cap, is_open = chance.random() < 0.4, chance.random() < 0.2
        ended = None if is_open else begun + chance.randint(0, 8 * 24 * 60) * MINUTE
        pauses.append(Pause(begun, ended, cap=cap if has_cap or is_open else None))
    extensions = [Extension(chance.randint(1, promise.count))] if chance.random() < 0.3 else []
    if extensions and chance.random() < 0.3:
        extensions.append(Extension(chance.randint(1, promise.count), has_consent=True))
    return promise, received, pauses, extensions


def disagreements(seed: int, cases: int = CASES_A_CALENDAR) -> list[str]:
    """Compare `cases` random cases on one random calendar; describe each on which we disagree."""
    chance = random.Random(seed)
    calendar = random_calendar(chance)
    first = datetime(chance.randint(2023, 2029), 1, 1, tzinfo=UTC)
    strip = Strip(calendar, first, ZoneInfo(calendar.time_zone))
    strip.unroll(1500)
    found = []
    for _ in range(cases):
        promise, received, pauses, extensions = random_case(chance, strip)
        slow = slow_due(strip, promise, received, pauses, extensions)
        quick = due(promise, received, calendar, pauses=pauses, extensions=extensions)
        if slow != quick:
            found.append(
                f"seed {seed}: {promise} from {received} with {pauses} {extensions} in {calendar}: {slow} or {quick}?"
            )
    return found


def main() -> None:
    """Compare as many cases as asked for (a million) on all processors."""
    wanted = int(os.environ.get("ORACLE_CASES", "1000000"))
    seeds = range(1, 1 + -(-wanted // CASES_A_CALENDAR))
    wrong = 0
    with Pool() as pool:
        for number, found in enumerate(pool.imap_unordered(disagreements, seeds), start=1):
            wrong += len(found)
            for line in found:
                print(line, flush=True)
            if number % 100 == 0:
                print(f"{number * CASES_A_CALENDAR:,} cases, {wrong} disagreements", flush=True)
    print(f"{len(seeds) * CASES_A_CALENDAR:,} cases, {wrong} disagreements")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
