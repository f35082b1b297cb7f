"""What is odd about rules, and does no harm, is told and stops nothing."""

from dataclasses import replace
from datetime import date

import pytest

from cps.city.asking import Asks, CategoryAsks
from cps.city.rule import Rule
from cps.city.warnings import warnings_of

TODAY = date(2030, 1, 7)


def test_a_sound_profile_has_no_warnings(profile):
    assert warnings_of(profile, TODAY) == []


def test_a_rule_that_is_over_is_told_from_the_day_after_its_last(profile):
    rules = (*profile.rules, Rule("pothole", "west", "roads", last_day=date(2030, 1, 6)))

    assert warnings_of(replace(profile, rules=rules), TODAY) == [
        "The rule pothole,west,roads is over since 2030-01-06 and never decides."
    ]
    assert warnings_of(replace(profile, rules=rules), date(2030, 1, 6)) == []


def test_a_category_whose_rules_leave_reports_to_the_fallback_desk_is_told(profile):
    rules = tuple(
        rule for rule in profile.rules if (rule.category, rule.department) != ("noise", "town-hall")
    )

    (warning,) = warnings_of(replace(profile, rules=rules), TODAY)

    assert "'noise'" in warning
    assert "Add noise,*,DEPARTMENT" in warning


def test_what_ends_by_its_own_date_is_told_until_it_is_over(profile):
    hall, roads, office = profile.departments
    west, east = profile.areas
    ending = replace(
        profile,
        departments=(hall, roads, replace(office, last_day=TODAY)),
        areas=(replace(west, last_day=date(2030, 3, 31)), east),
    )

    area, department = warnings_of(ending, TODAY)

    assert area == (
        "Area 'west' ends on 2030-03-31: reports that are still open go to the area that holds their place then."
    )
    assert department == (
        "Department 'west-office' ends on 2030-01-07: reports that are still open go where the rules send them "
        "then, else to the fallback desk."
    )
    assert len(warnings_of(ending, date(2030, 1, 8))) == 1


@pytest.mark.parametrize(
    ("asks", "about"),
    [
        (Asks(confirms_contact=True), "with every report"),
        (Asks(categories={"noise": CategoryAsks(confirms_contact=True)}), "with reports about 'noise'"),
    ],
    ids=["city", "category"],
)
def test_a_city_that_confirms_contacts_is_told_that_phone_numbers_cannot_be(profile, asks, about):
    (warning,) = warnings_of(replace(profile, asks=asks), TODAY)

    assert "'confirm_contact' in report.toml" in warning
    assert about in warning
    assert "No SMS gateway" in warning
