"""A mixed queue is cleared by keyboard alone: routine reports by four keys, and each report stands as it should."""

import pytest
from playwright.sync_api import expect

from tests.journeys.inbox import MERGED, TWO_HUNDRED, faults
from tests.journeys.officer import MOST_KEYS, cleared, open_first, open_new
from tests.journeys.seat import at_the_desk

SOME = {name: 3 if name == "routine" else 1 for name in TWO_HUNDRED}
MOST = {
    "routine": MOST_KEYS,
    "declined": MOST_KEYS,
    "asked": MOST_KEYS,
    "asked in own words": 4,
    "noted, then done": 7,
    "sent on": 10,
    "begun and paused": 6,
    "not urgent, then done": 5,
    MERGED: 7,  # and both are done
}


@pytest.fixture(scope="module")
def costs(browser, cities):
    """What a queue with reports of each kind cost, after it was seen that all of them are done."""
    place = cities["hanoi"]
    with at_the_desk(browser, place, SOME) as officer:
        costs = cleared(officer)
        pressed = sum(one.keys + one.letters for one in costs)
        assert officer.touched() == (pressed, 0)  # every key was counted, and no mouse was used
        assert officer.left_in_the_queue() == []
    with place.app.app_context():
        assert faults(officer.inbox) == []
    return costs


@pytest.mark.parametrize(("kind", "most"), MOST.items(), ids=MOST)
def test_no_report_takes_more_keys_than_it_must(costs, kind, most):
    keys = [one.keys for one in costs if one.kind == kind]

    assert len(keys) == SOME[kind]
    assert max(keys) <= most


def test_what_is_merged_into_an_older_one_gives_way_to_the_next(browser, cities):
    with at_the_desk(browser, cities["hanoi"], {MERGED: 2}) as officer:
        [(older, own), (_, following)] = officer.inbox.twins.items()
        open_new(officer)
        open_first(officer)
        while own not in officer.page.url:
            officer.go("j")

        officer.press("m")
        expect(officer.page.locator("#mergers .alike a:focus")).to_contain_text(older)
        officer.go("1")
        officer.go("m")

        expect(officer.page.locator("h1")).to_contain_text(following)
        expect(officer.page.get_by_role("status")).to_contain_text(f"{own} is done")
