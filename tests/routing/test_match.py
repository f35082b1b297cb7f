"""The first rule that matches decides, and somebody always does."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cps.city.profile import Rule
from cps.kernel.errors import Unusable
from cps.routing.match import Match, department_for

RULES = (
    Rule("tree", "lakeside", "parks"),
    Rule("tree", "*", "roads"),
    Rule("noise", "*", "@office"),
    Rule("noise", "*", "police"),
    Rule("*", "*", "town-hall"),
)
OFFICES = {"lakeside": "lakeside-office"}


def test_a_rule_for_the_area_comes_before_one_for_all():
    assert department_for(RULES, OFFICES, "tree", "lakeside") == Match("parks", 0)
    assert department_for(RULES, OFFICES, "tree", "hillside") == Match("roads", 1)


def test_the_areas_own_office_answers_where_there_is_one():
    assert department_for(RULES, OFFICES, "noise", "lakeside") == Match("lakeside-office", 2)
    assert department_for(RULES, OFFICES, "noise", "hillside") == Match("police", 3)


def test_an_unknown_place_has_no_office_of_its_own():
    assert department_for(RULES, OFFICES, "noise", None) == Match("police", 3)
    assert department_for(RULES, OFFICES, "tree", None) == Match("roads", 1)


def test_the_first_of_two_rules_decides():
    rules = (Rule("tree", "*", "first"), Rule("tree", "*", "second"))

    assert department_for(rules, {}, "tree", None) == Match("first", 0)


def test_without_a_rule_the_operator_is_told_which_category_lacks_one():
    with pytest.raises(Unusable, match="'smell'"):
        department_for((Rule("tree", "*", "roads"),), {}, "smell", None)


codes = st.sampled_from(["a", "b", "c", "*"])
some_rules = st.lists(
    st.builds(Rule, codes, codes, st.sampled_from(["one", "two", "@office"])), max_size=8
).map(tuple)


@given(some_rules, st.sampled_from("abc"), st.sampled_from(["a", "b", "c", None]))
def test_with_a_last_rule_for_all_there_is_one_department_and_no_earlier_match(rules, category, area):
    offices = {"a": "office-of-a"}

    match = department_for((*rules, Rule("*", "*", "net")), offices, category, area)

    assert match.department in ("one", "two", "office-of-a", "net")
    with pytest.raises(Unusable):
        department_for(rules[: match.rule_index], offices, category, area)
