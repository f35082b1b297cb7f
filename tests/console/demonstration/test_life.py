"""Made-up lives: plausible, repeatable, and never one that the real rules would refuse."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

import pytest

from cps.city.files import read
from cps.city.profile import Profile
from cps.complaints.kinds import EventKind
from cps.complaints.status import Handover, Status
from cps.console.demonstration import officials
from cps.console.demonstration.arrivals import Weather, counts, reports
from cps.console.demonstration.grounds import wards_of
from cps.console.demonstration.life import live
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.scene import DAYS, Ids, Official, Scene, scene_of
from cps.console.demonstration.standing import Happening
from cps.console.demonstration.state import Life
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.files import CITIES
from cps.kernel.references import reference
from cps.routing.route import router_for

# Time alone does these: a closure entered later, the city's ladder, a reorganisation.
_BY_TIME = {
    EventKind.RECOUNTED,
    EventKind.REPLY_RECOUNTED,
    EventKind.REHOMED,
    EventKind.ESCALATED,
    EventKind.PROGRESS,
    EventKind.DEMANDED,
    EventKind.OVERLOOKED,
}
NOT_IN_A_DEMO = _BY_TIME | {
    EventKind.UNDONE,  # that is done within half a minute by who tries it
    EventKind.COVERED,  # nobody is to be seen in what was drawn
    EventKind.UNCOVERED,
    EventKind.CATEGORY_KEPT,
    EventKind.HIDDEN,  # nobody is exposed by what was made up
    EventKind.SHOWN,
    EventKind.UNPLANNED,  # a demo keeps its days
    EventKind.CATEGORISED,  # every report of a demo is what it says
}
# What is rare, and so would be missing by chance, is told as a case: see test_cases.
IN_CASES = {
    EventKind.ABSORBED,
    EventKind.ALARMED,
    EventKind.CALMED,
    EventKind.DECIDED,
    EventKind.FLAGGED,
    EventKind.LEFT,
    EventKind.LET_IN,
    EventKind.MERGED,
    EventKind.PARTED,
    EventKind.PLANNED,
    EventKind.PLAN_MISSED,
    EventKind.RELEASED,
    EventKind.REVIEW_ASKED,
    EventKind.SET_ASIDE,
    EventKind.UNFLAGGED,
}
NOT_IN_A_LIFE = NOT_IN_A_DEMO | IN_CASES
CONTRIBUTIONS = {kind for kind in EventKind if "contribut" in kind}
MOVE_NOTHING = CONTRIBUTIONS | {
    EventKind.ADDED,
    EventKind.JOINED,
    EventKind.RATED,
    EventKind.NOTED,
    EventKind.EXTENDED,
    EventKind.ACCEPTED,
    EventKind.PAUSED,
    EventKind.PRIORITISED,
    EventKind.RESUMED,
}
NOW = datetime(2030, 1, 7, 9, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
COUNT = 1_500
SEED = 7


@pytest.fixture(scope="module")
def profile() -> Profile:
    profile, faults = read(CITIES / "hanoi")
    assert profile is not None, faults
    return profile


@pytest.fixture(scope="module")
def area_map(profile: Profile) -> AreaMap:
    return AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=profile.tolerance_m)


@pytest.fixture(scope="module")
def scene(profile: Profile, area_map: AreaMap) -> Scene:
    return a_scene(profile, area_map)


@pytest.fixture(scope="module")
def lives(scene: Scene) -> list[Life]:
    return list(some_lives(scene))


def a_scene(profile: Profile, area_map: AreaMap) -> Scene:
    """Set the scene as `generate` does, with numbers for ids."""
    ids = Ids(
        *(
            {it.code: n for n, it in enumerate(things, 1)}
            for things in (profile.categories, profile.departments, profile.areas)
        )
    )
    staff: dict[int, list[Official]] = {}
    for number, seat in enumerate(officials.seats(profile), 1):
        if seat.department is not None:
            staff.setdefault(ids.departments[seat.department], []).append(Official(number, seat.name))
    return scene_of(
        profile,
        ids,
        wards=wards_of(profile, ids.areas, area_map, spots=20, random=Random(SEED)),
        version=1,
        router=router_for(profile),
        staff=staff,
        now=NOW,
    )


def some_lives(scene: Scene) -> Iterator[Life]:
    weather = Weather(Random(SEED))
    for day, count in enumerate(counts(scene, weather, COUNT)):
        random = Random(f"{SEED} {day}")
        for report in reports(scene, weather, day, count, random):
            yield live(report, scene, random)


def test_every_life_follows_the_map_of_moves(lives):
    for life in lives:
        status = Status.RECEIVED
        for happening in life.history[1:]:
            if happening.kind in MOVE_NOTHING:
                assert happening.status is status
            else:
                assert status.allows(happening.status), life.history
            status = happening.status
        assert life.status is status


def test_a_life_begins_with_its_receipt_and_never_runs_backwards_or_ahead_of_now(lives, scene):
    for life in lives:
        moments = [happening.at for happening in life.history]

        assert life.history[0].kind is EventKind.RECEIVED
        assert moments == sorted(moments)
        assert moments[-1] <= scene.now
        assert moments[0] >= scene.now - DAYS * 86_400


def test_officials_act_in_office_hours_only(lives, profile):
    acts = [happening for life in lives for happening in life.history if happening.by is not None]

    assert len(acts) > COUNT
    assert not [act for act in acts if not _is_open(act, profile)]


def test_answers_are_due_when_an_office_closes_but_for_what_is_urgent(lives, profile):
    urgent = [life for life in lives if life.priority]

    assert 5 < len(urgent) < COUNT * 0.05
    for life in lives:
        if life.priority:
            continue
        due = moment_of(life.due_at).astimezone(profile.calendar.zone)
        assert due.time() in {closes for _opens, closes in profile.calendar.hours_of(due.date())}
        assert life.due_at > life.report.at


def test_the_same_seed_tells_the_same_lives_and_another_one_others(scene, lives, profile, area_map):
    again = list(some_lives(a_scene(profile, area_map)))
    others = [live(life.report, scene, Random(n)) for n, life in enumerate(lives)]

    assert [life.history for life in again] == [life.history for life in lives]
    assert [life.report for life in again] == [life.report for life in lives]
    assert [life.history for life in others] != [life.history for life in lives]


def test_all_that_was_asked_for_is_made_up_and_in_the_order_it_came_in(lives):
    arrivals = [life.report.at for life in lives]

    assert len(lives) == COUNT
    assert arrivals == sorted(arrivals)


def test_points_lie_in_the_area_they_are_said_to_lie_in(lives, area_map):
    placed = [life.report for life in lives if life.report.latitude is not None]

    assert 0.75 < len(placed) / COUNT < 0.85
    for report in placed:
        assert area_map.containing(Point(report.latitude, report.longitude)) == report.ward.code


def test_every_report_has_a_place_and_words(lives):
    for life in lives:
        assert life.report.latitude is not None or life.report.landmark
        assert life.report.words
        assert "{" not in life.report.words + life.report.landmark


def test_nothing_is_written_with_a_gap_left_in_it(lives):
    notes = [happening.note for life in lives for happening in life.history]

    assert not [note for note in notes if "{" in note]


def test_most_is_answered_in_time_some_late_and_little_is_overdue(lives, scene):
    closed = [life for life in lives if life.closed_at is not None]
    late = [life for life in closed if life.closed_at > life.due_at]
    overdue = [life for life in lives if life.closed_at is None and life.due_at < scene.now]

    assert 0.85 < len(closed) / COUNT < 0.97
    assert 0.05 < len(late) / len(closed) < 0.25
    assert 1 <= len(overdue) < COUNT * 0.05


def test_everything_that_can_happen_happens(lives):
    kinds = Counter(happening.kind for life in lives for happening in life.history)

    assert set(kinds) == set(EventKind) - NOT_IN_A_LIFE


def test_work_that_is_handed_over_stays_begun(lives):
    assigned = [h for life in lives for h in life.history if h.kind is EventKind.ASSIGNED]

    assert {h.status for h in assigned} == {Status.ASSIGNED, Status.IN_PROGRESS}


def test_what_goes_from_one_department_to_another_does_so_with_a_reason(lives):
    for life in lives:
        hops = [h for h in life.history if h.kind in (EventKind.TRANSFERRED, EventKind.RETURNED)]
        assert len(hops) == life.hops
        for hop in hops:
            assert hop.note
            assert hop.details["from"] != hop.department


def test_some_are_returned_and_some_are_before_the_coordinator(lives):
    handovers = Counter(life.handover for life in lives)

    assert handovers[Handover.DISPUTED] >= 2
    assert max(life.bounces for life in lives) == 2
    assert max(life.hops for life in lives) == 4


def test_departments_ask_each_other_within_the_deadline_and_owe_nothing_in_the_end(lives):
    asked = [(life, one) for life in lives for one in life.asked]

    assert len(asked) > 20
    for life, one in asked:
        assert one.question
        assert one.asked_at < one.reply_by
        assert (one.replied_at is None) == (one.reply == "")
        assert one.replied_at is None or one.withdrawn_at is None
        assert life.closed_at is None or not one.is_open
    assert {one.is_open for _life, one in asked} == {True, False}


def test_a_refusal_has_a_reason_and_a_remedy(lives):
    declines = [h for life in lives for h in life.history if h.kind is EventKind.DECLINED]

    assert declines
    assert all(decline.note and decline.details["remedy"] for decline in declines)


def test_neighbours_join_what_is_public_and_open_and_are_counted(lives):
    joined = [life for life in lives if life.joined]

    assert COUNT * 0.05 < len(joined) < COUNT * 0.15
    assert max(len(life.joined) for life in joined) > 2
    for life in joined:
        people = [h.details["people"] for h in life.history if h.kind is EventKind.JOINED]
        assert life.report.subject.is_public
        assert people == list(range(2, len(life.joined) + 2))
    assert all(h.status.is_open for life in joined for h in life.history if h.kind is EventKind.JOINED)


def test_results_are_rated_by_some_and_what_was_put_right_is_liked_better(lives):
    ratings = [h for life in lives for h in life.history if h.kind is EventKind.RATED]
    by_status = {
        status: [h.details["score"] for h in ratings if h.status is status]
        for status in (Status.RESOLVED, Status.DECLINED)
    }

    assert COUNT * 0.15 < len(ratings) < COUNT * 0.35
    assert sum(map(len, by_status.values())) == len(ratings)
    assert {h.details["score"] for h in ratings} == {1, 3, 5}
    assert {bool(h.note) for h in ratings} == {True, False}
    resolved, declined = (sum(scores) / len(scores) for scores in by_status.values())
    assert (resolved > 3.5, declined < 2.5) == (True, True)


def test_words_are_added_while_a_report_is_open(lives):
    added = [h for life in lives for h in life.history if h.kind is EventKind.ADDED]

    assert COUNT * 0.03 < len(added) < COUNT * 0.12
    assert all(h.note and h.status.is_open for h in added)


def test_who_acts_works_in_the_department_that_has_it(lives, scene):
    departments = {o.id: department for department, people in scene.staff.items() for o in people}
    for life in lives:
        before = life.history[0].department
        for happening in life.history:
            if happening.kind in (EventKind.CONTRIBUTED, EventKind.CONTRIBUTION_EXTENDED):
                assert departments[happening.by] == happening.details["department"] != before
            elif happening.by is not None:
                assert departments[happening.by] == before
            before = happening.department


def test_people_report_more_on_working_days_and_when_it_rains(scene):
    weather = Weather(Random(SEED))
    by_day = counts(scene, weather, 100_000)
    days = scene.clock.days[:DAYS]
    mondays = [
        n
        for n, day in zip(by_day, days, strict=True)
        if day.weekday() == 0 and not weather.is_rainy(days.index(day))
    ]
    sundays = [
        n
        for n, day in zip(by_day, days, strict=True)
        if day.weekday() == 6 and not weather.is_rainy(days.index(day))
    ]

    assert sum(by_day) == 100_000
    assert sum(mondays[:-1]) / len(mondays[:-1]) > 1.3 * sum(sundays) / len(sundays)


def test_floods_are_reported_when_it_rains(scene):
    weather = Weather(Random(SEED))
    wet = next(day for day in range(DAYS) if weather.is_rainy(day))
    dry = next(day for day in range(DAYS) if not weather.is_rainy(day))

    floods = [
        sum(report.subject.code == "drains" for report in reports(scene, weather, day, 400, Random(SEED)))
        for day in (wet, dry)
    ]

    assert floods[0] > 2 * floods[1]


def test_no_two_complaints_have_the_same_reference():
    references = {reference(number, b"key of a city") for number in range(1, 20_001)}

    assert len(references) == 20_000


def test_a_city_of_other_categories_and_languages_gets_lives_too(profile, area_map):
    other = replace(
        profile,
        languages=("ne", "en"),
        categories=tuple(
            replace(category, code=f"kind-{n}", names={"ne": f"प्रकार {n}", "en": f"Kind {n}"})
            for n, category in enumerate(profile.categories)
        ),
    )

    lives = list(some_lives(a_scene(other, area_map)))

    assert len(lives) == COUNT
    assert {life.report.words for life in lives if life.report.language == "ne"} == {
        f"प्रकार {n}" for n in range(len(profile.categories))
    }


def test_a_day_of_office_time_is_eight_hours_long(scene):
    monday = int((NOW - timedelta(hours=9, minutes=30)).timestamp())

    assert scene.clock.worked(monday + 86_400) - scene.clock.worked(monday) == 8 * 3600


def _is_open(act: Happening, profile: Profile) -> bool:
    local = moment_of(act.at).astimezone(profile.calendar.zone)
    hours = profile.calendar.hours_of(local.date())
    return any(opens <= local.time() <= closes for opens, closes in hours)
