"""Loading puts a profile in force, says what it changed, and changes nothing the second time."""

from dataclasses import replace
from datetime import date

import pytest
from shapely.geometry import LineString, box
from sqlalchemy import select

from cps.city import models
from cps.city.changes import Change
from cps.city.load import load
from cps.city.profile import AreaGroup, Asset, Category, Department
from cps.city.promise import Promise
from cps.city.queries import forget, in_force
from cps.city.rule import Rule
from cps.geo.point import Point
from cps.kernel.dates import OtherCalendar
from cps.kernel.db import db
from cps.kernel.errors import Unusable

pytestmark = pytest.mark.usefixtures("no_city")


def the_city():
    return db.session.scalars(select(models.City)).one()


def without(things, code):
    return tuple(thing for thing in things if thing.code != code)


def changed(things, code, **values):
    return tuple(replace(thing, **values) if thing.code == code else thing for thing in things)


def test_what_was_loaded_is_what_is_in_force(profile):
    changes = load(profile)

    assert in_force().profile == profile
    assert the_city().version == 1
    assert len(the_city().reference_key) == 16
    assert Change("added", "city", "town") in changes
    assert Change("added", "area", "west") in changes
    assert Change("added", "rule", "pothole,*,roads") in changes


def test_loading_the_same_again_changes_nothing(profile):
    load(profile)
    before = (the_city().version, the_city().loaded_at, the_city().reference_key)

    assert load(profile) == []
    assert (the_city().version, the_city().loaded_at, the_city().reference_key) == before


def test_a_change_is_told_field_by_field_and_raises_the_version(profile):
    load(profile)
    key = the_city().reference_key
    categories = changed(profile.categories, "pothole", promise=Promise(5, "working_days"))

    changes = load(replace(profile, categories=categories))

    assert changes == [
        Change("changed", "category", "pothole", ("promise: 7 working days → 5 working days",))
    ]
    assert the_city().version == 2
    assert the_city().reference_key == key
    assert in_force().profile.categories == categories


def test_settings_that_changed_are_told(profile):
    load(profile)

    assert load(replace(profile, tolerance_m=600.0)) == [
        Change("changed", "city", "town", ("tolerance_m: 500.0 → 600.0",))
    ]
    assert in_force().profile.tolerance_m == 600


def test_the_calendars_in_which_dates_are_read_are_in_force_and_told(profile):
    load(profile)

    changes = load(replace(profile, dates=(OtherCalendar.BIKRAM_SAMBAT,)))

    assert changes == [Change("changed", "city", "town", ('dates: [] → ["bikram-sambat"]',))]
    assert in_force().profile.dates == (OtherCalendar.BIKRAM_SAMBAT,)


def test_settings_from_before_dates_and_kinds_of_areas_have_the_usual_ones(profile):
    load(replace(profile, dates=(OtherCalendar.BIKRAM_SAMBAT,), area_kind={"en": "District"}))
    old = {key: value for key, value in the_city().settings.items() if key not in ("dates", "area_kind")}
    the_city().settings = old
    db.session.flush()
    forget()

    assert (in_force().profile.dates, in_force().profile.area_kind) == ((), {})


def test_what_the_areas_are_called_is_in_force(profile):
    load(replace(profile, area_kind={"vi": "Quận", "en": "District"}))

    assert in_force().profile.area_kind == {"vi": "Quận", "en": "District"}


def test_what_is_gone_becomes_inactive_and_may_come_back_under_its_old_number(profile):
    load(profile)
    number = in_force().category_ids["noise"]
    smaller = replace(
        profile, categories=without(profile.categories, "noise"), rules=(Rule("*", "*", "town-hall"),)
    )

    removed = load(smaller)
    assert Change("removed", "category", "noise") in removed
    assert in_force().category("noise") is None
    assert "noise" not in in_force().category_ids
    assert in_force().category_codes[number] == "noise"
    assert load(smaller) == []

    revived = load(profile)
    assert Change("revived", "category", "noise") in revived
    assert in_force().category_ids["noise"] == number


def test_a_newcomer_in_the_middle_is_the_only_news(profile):
    load(profile)
    first, *others = profile.departments
    parks = Department("parks", {"vi": "Công viên", "en": "Parks"}, "town-hall", "1022", "")
    departments = (first, parks, *others)

    assert load(replace(profile, departments=departments)) == [
        Change("added", "department", "parks"),
        Change("changed", "department", "parks", ("parent: none → town-hall",)),
    ]
    assert in_force().profile.departments == departments


def test_another_order_alone_is_news(profile):
    load(profile)
    turned = profile.categories[::-1]

    assert load(replace(profile, categories=turned)) == [Change("changed", "category", "order")]
    assert in_force().profile.categories == turned


def test_another_order_of_the_rules_is_no_news_and_a_rule_less_is(profile):
    load(profile)
    pothole, noise, *rest = profile.rules

    assert load(replace(profile, rules=(noise, pothole, *rest))) == []
    assert load(replace(profile, rules=(noise, *rest))) == [Change("removed", "rule", "pothole,*,roads")]


def test_a_rule_that_is_gone_stays_on_record_with_the_versions_in_which_it_counted(profile):
    load(profile)
    pothole, *rest = profile.rules
    at_night = replace(pothole, hours="22:00-06:00", department="town-hall", last_day=date(2031, 1, 1))

    load(replace(profile, rules=(at_night, *rest)))
    load(profile)

    spans = select(models.Rule.since_version, models.Rule.until_version).where(
        models.Rule.category == "pothole"
    )
    assert sorted(db.session.execute(spans).all(), key=str) == [(1, 1), (2, 2), (3, None)]
    assert in_force().profile.rules == profile.rules


def test_what_a_rule_names_comes_back_as_it_was(profile):
    pothole, *rest = profile.rules
    rules = (
        replace(pothole, owner="roads", hours="closed", season="11-02..01-29", first_day=date(2026, 7, 1)),
        *rest,
    )

    load(replace(profile, rules=rules))

    assert in_force().profile.rules == rules


def test_groups_and_assets_come_back_and_are_news_when_they_change(profile):
    areas = changed(profile.areas, "east", group="riverside")
    river = AreaGroup("riverside", {"vi": "Ven sông", "en": "Riverside"}, None)
    road = Asset(
        "roads", {"vi": "Quốc lộ", "en": "Highway"}, LineString([(105.0, 21.05), (105.2, 21.05)]), 20.0
    )
    richer = replace(profile, areas=areas, groups=(river,), assets=(road,))
    load(profile)

    changes = load(richer)

    assert [(change.kind, change.what, change.code) for change in changes] == [
        ("changed", "city", "town"),
        ("changed", "area", "east"),
        ("changed", "assets", "1 in force"),
    ]
    assert load(richer) == []
    assert in_force().profile == richer
    assert in_force().owner_map.owner_of(Point(21.05, 105.1)) == "roads"


def test_a_new_outline_and_a_new_office_are_news_of_the_area(profile):
    load(profile)
    areas = changed(profile.areas, "east", polygon=box(105.1, 21, 105.3, 21.1), office="roads")

    (change,) = load(replace(profile, areas=areas))

    assert (change.kind, change.what, change.code) == ("changed", "area", "east")
    assert in_force().profile.areas == areas


def test_another_city_is_refused(profile):
    load(profile)

    with pytest.raises(Unusable, match="holds the city 'town'"):
        load(replace(profile, code="village"))


def test_a_category_may_have_no_hints_and_no_keywords(profile):
    bare = Category("bare", {"vi": "Trần", "en": "Bare"}, {}, {}, "noise", Promise(1, "hours"), True, False)

    load(replace(profile, categories=(*profile.categories, bare)))

    assert in_force().category("bare") == bare
