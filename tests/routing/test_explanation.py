"""A sentence that says what the rule named, in the reader's language, without codes of rules."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from cps.city.files import read
from cps.city.profile import AreaGroup, Profile
from cps.city.rule import Rule
from cps.routing.explanation import why
from tests.city import town

LANGUAGES = ("en", "vi", "ko", "fil", "ne")


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Profile:
    profile, faults = read(town.a_town(Path(tmp_path_factory.mktemp("town"))), icons=town.ICONS)
    assert profile is not None, faults
    return replace(profile, groups=(AreaGroup("river", {"vi": "Ven sông", "en": "the river zone"}, None),))


def said(profile, rule, *, language="en", area="west"):
    return why(rule, profile, category="pothole", area=area, language=language)


@pytest.mark.parametrize(
    ("rule", "sentence"),
    [
        (Rule("pothole", "*", "roads"), "reports about “Pothole” go to this department"),
        (
            Rule("pothole", "river", "roads"),
            "reports about “Pothole” in the river zone go to this department",
        ),
        (Rule("*", "west", "roads"), "what is reported in West Ward goes to this department"),
        (
            Rule("pothole", "*", "@office"),
            "reports about “Pothole” go to the own office of the area they are in: West Ward",
        ),
        (Rule("*", "*", "@office"), "what is reported in an area goes to the area's own office: West Ward"),
        (
            Rule("*", "*", "town-hall"),
            "no other rule fits this report, so it goes to the desk that takes all others",
        ),
        (
            Rule("*", "*", "roads", owner="roads"),
            "this department answers here; the place belongs to Roads",
        ),
        (
            Rule("pothole", "*", "roads", hours="closed"),
            "reports about “Pothole” go to this department; it came in outside office hours",
        ),
        (
            Rule("pothole", "*", "roads", hours="22:00-06:00", season="11-02..01-29"),
            (
                "reports about “Pothole” go to this department; it came in between 22:00 and 06:00; "
                "from 2 November to 29 January of every year"
            ),
        ),
        (
            Rule("pothole", "*", "roads", first_day=date(2026, 7, 1), last_day=date(2026, 12, 31)),
            "reports about “Pothole” go to this department; since 1 July 2026; until 31 December 2026",
        ),
    ],
)
def test_each_thing_a_rule_names_is_said(profile, rule, sentence):
    assert said(profile, rule) == sentence


@pytest.mark.parametrize("language", LANGUAGES[1:])
@pytest.mark.parametrize(
    "rule",
    [
        Rule("pothole", "*", "roads", hours="office", season="11-02..01-29", first_day=date(2026, 7, 1)),
        Rule("pothole", "west", "roads", owner="roads", hours="closed", last_day=date(2026, 7, 1)),
        Rule("pothole", "*", "@office", hours="22:00-06:00"),
        Rule("*", "*", "@office"),
        Rule("*", "*", "town-hall"),
    ],
)
def test_no_clause_is_left_in_english(profile, rule, language):
    english, translated = said(profile, rule).split("; "), said(profile, rule, language=language).split("; ")

    assert len(translated) == len(english)
    assert not set(english) & set(translated)


def test_what_is_no_longer_in_the_profile_is_shown_by_its_code(profile):
    assert "“smell”" in why(Rule("smell", "*", "roads"), profile, category="smell", area=None, language="en")
