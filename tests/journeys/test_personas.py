"""Twelve people report a problem, and none of them is kept from it or kept long."""

import pytest

from tests.journeys.personas import MOST_TAPS, PERSONAS, at_the_phone


@pytest.mark.parametrize("persona", PERSONAS.values(), ids=PERSONAS)
def test_whoever_it_is_can_report(browser, cities, persona, tmp_path):
    with at_the_phone(persona, browser, cities, tmp_path) as (hands, scene):
        persona.act(hands, scene)

    assert hands.taps <= MOST_TAPS
    assert hands.seconds <= persona.seconds
    assert not (persona.types_nothing and hands.keys)
