"""The first that knows a date decides its hours: closure, extra day, half day, holiday, week."""

from datetime import date, time

from cps.city.calendar import Calendar, Closure, ExtraDay, HalfDay, WeekPattern, public_holidays

MORNING, AFTERNOON = (time(8), time(12)), (time(13), time(17))
DAY = (MORNING, AFTERNOON)
WEEK = WeekPattern(date(2020, 1, 1), None, (DAY,) * 4 + ((MORNING,), (), ()))
NEW_YEAR = date(2026, 1, 1)  # a Thursday


def hanoi(**parts):
    return Calendar("Asia/Ho_Chi_Minh", ("VN", None), **{"weeks": (WEEK,), **parts})


def test_a_plain_day_has_the_hours_of_its_weekday():
    assert hanoi().hours_of(date(2026, 3, 12)) == DAY
    assert hanoi().hours_of(date(2026, 3, 13)) == (MORNING,)
    assert hanoi().hours_of(date(2026, 3, 14)) == ()


def test_a_holiday_is_off():
    assert hanoi().hours_of(NEW_YEAR) == ()
    assert Calendar("Asia/Ho_Chi_Minh", None, (WEEK,)).hours_of(NEW_YEAR) == DAY


def test_a_half_day_comes_before_a_holiday():
    assert hanoi(half_days=(HalfDay(NEW_YEAR, (AFTERNOON,)),)).hours_of(NEW_YEAR) == (AFTERNOON,)


def test_an_extra_day_comes_before_a_half_day_and_has_the_hours_of_another_weekday():
    calendar = hanoi(half_days=(HalfDay(NEW_YEAR, (AFTERNOON,)),), extra_days=(ExtraDay(NEW_YEAR, 4),))

    assert calendar.hours_of(NEW_YEAR) == (MORNING,)


def test_a_closure_comes_before_everything():
    calendar = hanoi(extra_days=(ExtraDay(NEW_YEAR, 4),), closures=(Closure(NEW_YEAR, {"en": "Flood"}),))

    assert calendar.hours_of(NEW_YEAR) == ()


def test_the_last_pattern_in_effect_decides_its_first_and_last_day_included():
    winter = WeekPattern(date(2026, 11, 2), date(2026, 11, 6), ((MORNING,),) * 7)
    calendar = hanoi(weeks=(WEEK, winter))

    assert [calendar.hours_of(date(2026, 11, day)) for day in (1, 2, 5, 6, 9)] == [
        (),
        (MORNING,),
        (MORNING,),
        (MORNING,),
        DAY,
    ]


def test_before_the_first_pattern_there_are_no_hours():
    assert hanoi().hours_of(date(2019, 12, 31)) == ()


def test_lunar_new_year_comes_from_the_package():
    assert date(2026, 2, 17) in public_holidays("VN", None, 2026)


def test_calendars_that_say_the_same_are_the_same():
    one, other = hanoi(closures=(Closure(NEW_YEAR, {}),)), hanoi(closures=(Closure(NEW_YEAR, {}),))

    assert hash(one) == hash(other)
    assert one == other
