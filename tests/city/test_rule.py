"""A rule says when it holds, how specific it is, and with which other it quarrels."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.calendar import Calendar, Closure, WeekPattern
from cps.city.rule import ANY, Rule, daily
from tests.sla.offices import HANOI

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
LAMPS = Rule("lamp", ANY, "lighting")
MONDAY = datetime(2030, 1, 7, 9, 0, tzinfo=ZONE)


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("hours", "moment", "holds"),
    [
        ("office", "2030-01-07T08:00", True),
        ("office", "2030-01-07T12:00", False),  # lunch
        ("office", "2030-01-06T10:00", False),  # Sunday
        ("office", "2030-01-07T17:00", False),  # exactly at closing
        ("closed", "2030-01-07T12:00", True),
        ("closed", "2030-01-07T08:00", False),
        ("22:00-06:00", "2030-01-07T22:00", True),
        ("22:00-06:00", "2030-01-08T05:59", True),
        ("22:00-06:00", "2030-01-08T06:00", False),
        ("06:00-22:00", "2030-01-08T06:00", True),
        ("06:00-22:00", "2030-01-08T22:00", False),
    ],
)
def test_hours_hold_by_the_citys_own_clock(hours, moment, holds):
    assert replace(LAMPS, hours=hours).holds(at(moment), HANOI) is holds


def test_the_moment_may_come_in_any_zone():
    at_night = replace(LAMPS, hours="22:00-06:00")

    assert at_night.holds(datetime(2030, 1, 7, 15, 30, tzinfo=ZoneInfo("UTC")), HANOI)
    assert not at_night.holds(datetime(2030, 1, 7, 14, 30, tzinfo=ZoneInfo("UTC")), HANOI)


def test_a_closure_makes_a_monday_closed():
    week = HANOI.weeks[-1]
    calendar = Calendar(
        "Asia/Ho_Chi_Minh",
        None,
        (WeekPattern(week.first, None, week.days),),
        (Closure(date(2030, 1, 7), {}),),
    )

    assert replace(LAMPS, hours="closed").holds(MONDAY, calendar)


@pytest.mark.parametrize(
    ("season", "day", "holds"),
    [
        ("11-02..01-29", "2030-01-29", True),
        ("11-02..01-29", "2030-01-30", False),
        ("11-02..01-29", "2030-11-02", True),
        ("11-02..01-29", "2030-11-01", False),
        ("05-01..10-31", "2030-10-31", True),
        ("05-01..10-31", "2030-11-01", False),
    ],
)
def test_a_season_holds_on_both_its_ends_and_over_the_new_year(season, day, holds):
    assert replace(LAMPS, season=season).holds(at(f"{day}T23:59"), HANOI) is holds


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2030-01-06", False), ("2030-01-07", True), ("2030-02-01", True), ("2030-02-02", False)],
)
def test_a_rule_is_in_effect_from_its_first_day_to_its_last(day, holds):
    rule = replace(LAMPS, first_day=date(2030, 1, 7), last_day=date(2030, 2, 1))

    assert rule.holds(at(f"{day}T00:00"), HANOI) is holds
    assert rule.holds(at(f"{day}T23:59"), HANOI) is holds


def test_what_a_rule_names_is_compared_from_the_category_on():
    category, owner, area, office, hours, season = (
        replace(LAMPS, **named).rank(nearness)
        for named, nearness in (
            ({}, 0),
            ({"category": ANY, "owner": "road"}, 0),
            ({"category": ANY, "area": "west"}, 2),
            ({"category": ANY, "department": "@office"}, 0),
            ({"category": ANY, "hours": "closed"}, 0),
            ({"category": ANY, "season": "01-01..02-01"}, 0),
        )
    )

    assert category > owner > area > office > hours > season > Rule(ANY, ANY, "desk").rank(0)


@pytest.mark.parametrize(
    ("changes", "quarrel"),
    [
        ({"department": "roads"}, True),
        ({"category": ANY}, False),
        ({"area": "west"}, False),
        ({"owner": "road"}, False),
        ({"department": "@office"}, False),
        ({"hours": "closed"}, False),
        ({"season": "01-01..02-01"}, False),
        ({"first_day": date(2031, 1, 1)}, True),
    ],
)
def test_a_rule_quarrels_with_one_that_names_the_same(changes, quarrel):
    other = replace(LAMPS, **changes)

    assert LAMPS.quarrels_with(other) is quarrel
    assert other.quarrels_with(LAMPS) is quarrel


@pytest.mark.parametrize(
    ("one", "other", "quarrel"),
    [
        ({"hours": "office"}, {"hours": "closed"}, False),
        ({"hours": "office"}, {"hours": "22:00-06:00"}, True),
        ({"hours": "22:00-06:00"}, {"hours": "06:00-22:00"}, False),
        ({"hours": "22:00-06:00"}, {"hours": "05:00-07:00"}, True),
        ({"hours": "08:00-20:00"}, {"hours": "10:00-11:00"}, True),
        ({"season": "11-02..01-29"}, {"season": "01-30..11-01"}, False),
        ({"season": "11-02..01-29"}, {"season": "01-29..03-01"}, True),
        ({"last_day": date(2030, 1, 1)}, {"first_day": date(2030, 1, 2)}, False),
        ({"last_day": date(2030, 1, 2)}, {"first_day": date(2030, 1, 2)}, True),
    ],
)
def test_two_rules_quarrel_where_their_times_meet(one, other, quarrel):
    ours, theirs = replace(LAMPS, **one), replace(LAMPS, **other)

    assert ours.quarrels_with(theirs) is quarrel
    assert theirs.quarrels_with(ours) is quarrel


hours = st.sampled_from([ANY, "office", "closed", "22:00-06:00", "06:00-22:00", "12:00-13:00"])
seasons = st.sampled_from([ANY, "11-02..01-29", "01-30..11-01", "05-01..10-31"])
dates = st.sampled_from([None, date(2030, 1, 1), date(2030, 6, 1)])
times = st.builds(
    Rule, st.just("lamp"), st.just(ANY), st.just("a"), st.just(ANY), hours, seasons, dates, dates
)
moments = st.integers(0, 3 * 365 * 24 * 60).map(lambda minutes: MONDAY - timedelta(minutes=minutes))


@given(times, times, moments)
def test_rules_that_do_not_quarrel_never_decide_at_once_with_the_same_right(ours, theirs, moment):
    if ours.rank(0) == theirs.rank(0) and not ours.quarrels_with(theirs):
        assert not (ours.holds(moment, HANOI) and theirs.holds(moment, HANOI))


@given(times)
def test_a_rule_comes_back_from_its_json(rule):
    assert Rule.from_json(rule.as_json()) == rule


@pytest.mark.parametrize("text", ["", "22-06", "25:00-06:00", "06:00-06:00", "6:00-7:00"])
def test_what_are_no_hours_are_refused(text):
    with pytest.raises(ValueError, match=text or "^$"):
        daily(text)
