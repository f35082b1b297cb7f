"""A sample of `make oracle`: what we count is what a slow walk through the minutes counts."""

import pytest

from tests.sla.oracle import disagreements


@pytest.mark.parametrize("seed", range(9001, 9005))
def test_a_walk_through_the_minutes_comes_to_the_same_deadline(seed):
    assert disagreements(seed, cases=500) == []
