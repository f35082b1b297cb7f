"""A profile under which open reports would lose area, department or category is refused with all of them."""

from dataclasses import replace
from datetime import date

import pytest

from cps.city.load import load
from cps.city.rule import Rule
from cps.complaints import filing, lifecycle, orphans
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from tests.complaints.reformed import IN_NORTH
from tests.makers import a_report

pytestmark = pytest.mark.usefixtures("no_city")


@pytest.fixture
def town(profile):
    load(profile)
    return profile


def a_complaint(**changes):
    values = {"category": "noise", "point": IN_NORTH, "language": "en", **changes}
    complaint = filing.file(a_report(**values)).complaint
    db.session.flush()
    return complaint


def smaller(profile):
    return replace(
        profile,
        departments=profile.departments[:2],
        areas=profile.areas[1:],
        categories=profile.categories[:1],
        rules=(Rule("*", "*", "town-hall"),),
    )


def test_everything_that_would_vanish_under_open_reports_is_told(town):
    a_complaint()
    a_complaint()

    with pytest.raises(Unusable) as refusal:
        orphans.refuse(smaller(town))

    assert str(refusal.value).splitlines()[:3] == [
        "Area 'west' would vanish and has 2 open reports.",
        "Department 'west-office' would vanish and has 2 open reports.",
        "Category 'noise' would vanish and has 2 open reports.",
    ]
    assert "cps city reorganise --draft PATH > PLAN" in str(refusal.value)


def test_closed_reports_keep_nothing_alive(town):
    lifecycle.withdraw(a_complaint())

    assert orphans.left_by(smaller(town)) == []


def test_what_nobody_reported_about_may_vanish(town):
    a_complaint(category="pothole", point=None, area="east")

    assert orphans.left_by(smaller(town)) == []


def test_what_ended_by_its_date_has_vanished_too(town):
    a_complaint()
    areas = tuple(
        replace(area, last_day=date(2030, 1, 6)) if area.code == "west" else area for area in town.areas
    )

    assert orphans.left_by(replace(town, areas=areas)) == ["Area 'west' would vanish and has 1 open report."]
    assert orphans.left_by(town) == []


def test_what_has_lost_its_area_already_does_not_hinder_the_next_load(town):
    a_complaint()
    load(smaller(town))

    assert orphans.left_by(smaller(town)) == []
