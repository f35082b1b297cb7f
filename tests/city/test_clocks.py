"""clocks.toml and the seasons of a calendar: what they say, what is left as it is, what is refused where."""

from dataclasses import replace
from datetime import date, time

import pytest

from cps.city.clocks import Clocks, Objection
from cps.city.files import read
from cps.city.promise import Promise
from cps.city.stored import profile_of, settings_of
from tests.city.town import ICONS, a_town, spoil

CLOCKS = """\
acknowledge = "4 working hours"

[transfer]
inside = "2 working hours"
bounces = 3

[pause]
citizen = "5 working days"

[extension]
most = 2

[[priority]]
code = "urgent"
resolve = "4 hours"
acknowledge = "1 hour"
[priority.name]
vi = "Khẩn"
en = "Urgent"

[escalation]
auditor = "auditor@town.example"
[[escalation.step]]
at = "50 %"
to = "handler"
[[escalation.step]]
at = "2 working days late"
to = "auditor"

[progress]
every = "never"

[digest]
at = "06:45"

[objection]
within = "60 calendar days"
answer = "10 working days"
[objection.text]
vi = "Gửi đơn đến phòng đã trả lời."
en = "Write to the department that answered."
"""


@pytest.fixture
def town(tmp_path):
    folder = a_town(tmp_path / "town")
    (folder / "clocks.toml").write_text(CLOCKS, encoding="utf-8")
    return folder


def faults(folder):
    return [str(fault) for fault in read(folder, icons=ICONS)[1]]


def test_what_is_said_holds_and_the_rest_stays_as_it_is(town):
    profile, found = read(town, icons=ICONS)

    assert found == []
    clocks = profile.clocks
    assert (clocks.acknowledge, clocks.transfer_inside) == (
        Promise(4, "working_hours"),
        Promise(2, "working_hours"),
    )
    assert clocks.transfer_outside == Clocks().transfer_outside
    assert (clocks.bounces, clocks.extensions, clocks.progress, clocks.digest_at) == (3, 2, None, time(6, 45))
    assert clocks.pauses["citizen"] == Promise(5, "working_days")
    assert clocks.objection == Objection(
        Promise(60, "calendar_days"),
        Promise(10, "working_days"),
        {"vi": "Gửi đơn đến phòng đã trả lời.", "en": "Write to the department that answered."},
    )
    assert [rung.code for rung in clocks.ladder] == ["50 % handler", "2 working days late auditor"]


def test_a_priority_changes_both_clocks(town):
    profile, _found = read(town, icons=ICONS)
    pothole = profile.categories[0]

    assert profile.resolve_promise(pothole) == Promise(7, "working_days")
    assert profile.resolve_promise(pothole, "urgent") == Promise(4, "hours")
    assert profile.acknowledge_promise(pothole) == Promise(4, "working_hours")
    assert profile.acknowledge_promise(pothole, "urgent") == Promise(1, "hours")


def test_a_category_may_have_an_acknowledgement_of_its_own(town):
    spoil(town, "categories.csv", "icon,promise,", "icon,promise,acknowledge,")
    spoil(town, "categories.csv", "7 working days,", "7 working days,1 working day,")
    spoil(town, "categories.csv", "3 working days,", "3 working days,,")

    profile, found = read(town, icons=ICONS)

    assert found == []
    assert [profile.acknowledge_promise(c) for c in profile.categories] == [
        Promise(1, "working_days"),
        Promise(4, "working_hours"),
    ]


def test_clocks_come_back_from_the_database_as_they_were(town):
    spoil(town, "calendar.toml", "[[half_day]]", WINTER + "\n[[half_day]]")
    profile, _found = read(town, icons=ICONS)
    tables = {
        "departments": profile.departments,
        "areas": profile.areas,
        "categories": profile.categories,
        "rules": profile.rules,
    }

    back = profile_of(profile.code, settings_of(profile), **tables)

    assert back.clocks == profile.clocks
    assert back.calendar == profile.calendar


def test_a_city_loaded_before_there_were_objections_offers_none(town):
    profile, _found = read(town, icons=ICONS)
    settings = settings_of(profile)
    del settings["clocks"]["objection"]

    back = profile_of(profile.code, settings, departments=(), areas=(), categories=(), rules=())

    assert back.clocks == replace(profile.clocks, objection=None)


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ('"4 working hours"', '"soon"', "clocks.toml:1: 'soon' is no promise"),
        ('at = "50 %"', 'at = "half way"', "clocks.toml:24: 'half way' is no time of a step"),
        ('to = "handler"', 'to = "pope"', "clocks.toml:25: Nobody is called 'pope' here"),
        ('citizen = "5', 'weather = "5', "clocks.toml:8: Nothing is called 'weather' here"),
        ('"06:45"', '"6.45"', "clocks.toml:34: '6.45' is no time of day"),
        ('vi = "Khẩn"\n', "", "has no translation into 'vi'"),
        ("most = 2", "most = 3", "clocks.toml:11: 'most' is 3; it must lie between 0 and 2."),
        ('"auditor@town.example"', '"auditor"', "clocks.toml:22: 'auditor' is no e-mail address."),
        ('within = "60 calendar days"\n', "", "clocks.toml:36: 'within' is missing."),
        ('answer = "10 working days"', 'answer = "soon"', "clocks.toml:38: 'soon' is no promise"),
        ('vi = "Gửi đơn đến phòng đã trả lời."\n', "", "How to object has no translation into 'vi'"),
        ("[objection.text]", "[objection.texts]", "Nothing is called 'texts' here"),
    ],
)
def test_a_slip_of_the_pen_is_found_with_its_line(town, before, after, said):
    spoil(town, "clocks.toml", before, after)

    assert any(said in fault for fault in faults(town)), faults(town)


WINTER = """\
[[week]]
from = 2020-01-01
season = "11-02..01-29"
monday = ["09:00-12:00"]
tuesday = []
wednesday = []
thursday = []
friday = []
saturday = []
sunday = []
"""


def test_a_season_goes_over_the_new_year_with_both_ends(town):
    spoil(town, "calendar.toml", "[[half_day]]", WINTER + "\n[[half_day]]")

    calendar = read(town, icons=ICONS)[0].calendar

    mondays = (date(2026, 10, 26), date(2026, 11, 2), date(2027, 1, 25), date(2027, 2, 1))
    assert [calendar.hours_of(day) == ((time(9), time(12)),) for day in mondays] == [False, True, True, False]


@pytest.mark.parametrize("season", ["winter", "13-01..01-29", "02-30..03-01", "11-02-01-29"])
def test_a_season_that_is_none_is_refused(town, season):
    spoil(town, "calendar.toml", "[[half_day]]", WINTER.replace("11-02..01-29", season) + "\n[[half_day]]")

    assert any("is no season" in fault for fault in faults(town))


def test_two_patterns_for_the_same_dates_are_refused(town):
    week = (town / "calendar.toml").read_text().split("[[closure]]")[0].split("[[week]]")[1]
    spoil(town, "calendar.toml", "[[half_day]]", f"[[week]]{week}\n[[half_day]]")

    assert any("is for the same dates as the one on line 5" in fault for fault in faults(town))
