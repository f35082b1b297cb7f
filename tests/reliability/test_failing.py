"""Fail the n-th question to the database, for every n of what people and the worker do.

The answer is then "try again in a moment", nothing is half done, nothing is held, and who tries again succeeds. In the
gate a sample, the same each time; `make inside` fails every n in every way.
"""

import os
import random

import pytest

from cps.kernel.lacking import is_lacking
from tests.reliability.failing import Counting, Failing, Failure, counts, more, nothing_held, standing
from tests.reliability.steps import watched
from tests.reliability.uses import FILING, JOBS, PAGES, Doing, Stage, Use

IS_WHOLE = os.environ.get("CPS_INSIDE") == "all"
SEED = int(os.environ.get("CPS_SEED", "20150401"))
_SAMPLE = 2


@pytest.mark.parametrize("use", [*PAGES, *JOBS], ids=lambda use: use.name)
def test_whatever_the_database_fails_at_nothing_is_half_done_and_a_second_try_succeeds(stage, use):
    eye, done, first = _once(stage, use)

    chosen = _chosen(use, len(eye.names))
    for number, failure in chosen:
        _expect_whole(stage, use, Failing(stage.app, number, failure), eye, done, first)
    print(f"{use.name}: {len(eye.names)} questions, failed {len(chosen)} times")


def _once(stage: Stage, use: Use) -> tuple[Counting, dict[str, int], int]:
    """Do it without a failure, and return what was asked, what it brings, and how it is answered."""
    use.scene(stage)()  # what is asked once only (the city, prepared statements) is not counted
    doing = use.scene(stage)
    before, eye = counts(standing()), Counting(stage.app)
    with watched(eye):
        answer = doing()
    stages = [more(at, before) for at in eye.stages]
    eye.stages[:] = stages
    return eye, more(counts(standing()), before), answer.status_code if answer else 0


def _expect_whole(
    stage: Stage, use: Use, eye: Failing, usual: Counting, done: dict[str, int], first: int
) -> None:
    doing = use.scene(stage)
    before = standing()
    with nothing_held(stage.app), watched(eye):
        status, after_seconds = _answered(use, doing)
    place, after = f"{use.name}, {eye.failed_at}", standing()

    assert eye.failed_at or eye.at >= len(usual.names) - 1, place  # the city is asked for once a second only
    if status != first:
        assert (status, after_seconds) == (503, "10" if use.is_page else ""), place
    gained = more(counts(after), counts(before))
    assert after == before or gained in [*usual.stages, done], place
    if status == first:
        assert gained == done, place

    again, _seconds = _answered(use, doing)
    assert more(counts(standing()), counts(before)) == done, place
    assert again == first or again in (404, 409), place  # it was done, and cannot be done twice


def _answered(use: Use, doing: Doing) -> tuple[int, str]:
    """Return the status and when to try again; a job that fails for what the machine lacks is tried again as well."""
    try:
        answer = doing()
    except Exception as error:
        if use.is_page or not is_lacking(error):
            raise
        return 503, ""
    return (answer.status_code, answer.headers.get("Retry-After", "")) if answer else (0, "")


def _chosen(use: Use, most: int) -> list[tuple[int, Failure]]:
    every = [(number, failure) for number in range(1, most + 1) for failure in Failure]
    if IS_WHOLE or use is FILING:
        return every
    return random.Random(f"{SEED} {use.name}").sample(every, min(_SAMPLE, len(every)))
