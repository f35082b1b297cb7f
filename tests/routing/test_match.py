"""The most specific rule that fits decides, whatever the order of the rules, and somebody always does."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.files import read
from cps.city.profile import AreaGroup, Profile
from cps.city.rule import Rule
from cps.kernel.errors import Unusable
from cps.routing.match import Match, Routes, nobody
from tests.city import town

NOON = datetime(2030, 1, 7, 5, 0, tzinfo=UTC)  # Monday noon, the office has closed for lunch
NIGHT = datetime(2030, 1, 7, 16, 0, tzinfo=UTC)
NET = Rule("*", "*", "town-hall")


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    """West has an office of its own and lies in the river zone, which lies in the delta; east stands alone."""
    profile, faults = read(town.a_town(Path(tmp_path_factory.mktemp("town"))), icons=town.ICONS)
    assert profile is not None, faults
    west, east = profile.areas
    groups = (AreaGroup("river", {}, "delta"), AreaGroup("delta", {}, None))
    return replace(profile, areas=(replace(west, group="river"), east), groups=groups)


def sent(profile, *rules, category="noise", area="west", owner=None, at=NOON):
    routes = Routes(replace(profile, rules=(*rules, NET)))
    return routes.department_for(category, area, whose=lambda: owner, at=at).department


def test_a_rule_for_the_category_comes_before_one_for_the_area(bare):
    assert sent(bare, Rule("*", "west", "west-office"), Rule("noise", "*", "roads")) == "roads"


def test_the_nearer_area_comes_first(bare):
    delta, river, west = (Rule("noise", code, code) for code in ("delta", "river", "west"))

    assert sent(bare, delta, river, west) == "west"
    assert sent(bare, delta, river) == "river"
    assert sent(bare, river, delta) == "river"
    assert sent(bare, delta) == "delta"
    assert sent(bare, delta, river, west, area="east") == "town-hall"
    assert sent(bare, delta, river, west, area=None) == "town-hall"


def test_the_areas_own_office_answers_where_there_is_one(bare):
    rules = (Rule("noise", "*", "roads"), Rule("noise", "*", "@office"))

    assert sent(bare, *rules) == "west-office"
    assert sent(bare, *rules, area="east") == "roads"
    assert sent(bare, *rules, area=None) == "roads"


def test_the_owner_of_the_place_comes_before_the_area(bare):
    rules = (Rule("noise", "west", "west-office"), Rule("noise", "*", "highways", owner="highways"))

    assert sent(bare, *rules, owner="highways") == "highways"
    assert sent(bare, *rules, owner="railways") == "west-office"
    assert sent(bare, *rules) == "west-office"


def test_hours_come_before_none_and_only_at_their_time(bare):
    rules = (Rule("noise", "*", "roads"), Rule("noise", "*", "night-watch", hours="22:00-06:00"))

    assert sent(bare, *rules, at=NIGHT) == "night-watch"
    assert sent(bare, *rules, at=NOON) == "roads"


def test_a_rule_that_is_over_leaves_the_field(bare):
    rules = (
        Rule("noise", "*", "old", last_day=date(2030, 1, 6)),
        Rule("noise", "*", "new", first_day=date(2030, 1, 7)),
    )

    assert sent(bare, *rules) == "new"
    assert sent(bare, *rules, at=datetime(2030, 1, 6, 16, 59, tzinfo=UTC)) == "old"
    assert sent(bare, rules[0]) == "town-hall"


def test_the_rule_that_decided_is_told(bare):
    rule = Rule("noise", "*", "@office")
    routes = Routes(replace(bare, rules=(NET, rule)))

    assert routes.department_for("noise", "west", whose=nobody, at=NOON) == Match("west-office", rule)
    assert routes.department_for("noise", "east", whose=nobody, at=NOON) == Match("town-hall", NET)


def test_without_a_rule_the_operator_is_told_which_category_lacks_one(bare):
    routes = Routes(replace(bare, rules=(Rule("tree", "*", "roads"),)))

    with pytest.raises(Unusable, match="'noise'"):
        routes.department_for("noise", None, whose=nobody, at=NOON)


rules = st.lists(
    st.builds(
        Rule,
        category=st.sampled_from(["noise", "*"]),
        area=st.sampled_from(["west", "east", "river", "delta", "*"]),
        department=st.sampled_from(["one", "two", "@office"]),
        owner=st.sampled_from(["*", "highways"]),
        hours=st.sampled_from(["*", "office", "closed", "22:00-06:00"]),
        season=st.sampled_from(["*", "11-02..01-29", "05-01..06-30"]),
        last_day=st.sampled_from([None, date(2030, 6, 1)]),
    ),
    max_size=12,
)


@given(
    rules,
    st.sampled_from(["west", "east", None]),
    st.sampled_from(["highways", None]),
    st.integers(0, 365 * 24 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes)),
    st.randoms(),
)
def test_whatever_the_order_the_same_department_answers_if_no_two_rules_quarrel(
    bare, found, area, owner, at, random: Random
):
    peaceful: list[Rule] = []
    for rule in found:
        if not any(rule.quarrels_with(other) for other in [*peaceful, NET]):
            peaceful.append(rule)
    shuffled = random.sample(peaceful, len(peaceful))

    first = sent(bare, *peaceful, area=area, owner=owner, at=at)

    assert first == sent(bare, *shuffled, area=area, owner=owner, at=at)
    assert first in ("one", "two", "west-office", "town-hall")
