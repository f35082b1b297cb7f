"""A disk that is full or broken at the n-th thing that is done to it while a photo is kept: nothing half is left, and it goes on."""

import errno
import os
import random
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import select
from werkzeug.test import TestResponse

from cps.kernel.db import db
from cps.photos.models import Photo, State
from cps.photos.storage import NoRoom
from tests.citizen.acts import send
from tests.reliability.failing import counts, more, nothing_held, standing
from tests.reliability.leftovers import expect_nothing_left_over
from tests.reliability.steps import DISK, Eye, Recording, watched
from tests.reliability.uses import ADDING_PHOTO, DEVELOPING, FILING_PHOTO, PIECE, Doing, Use

IS_WHOLE = os.environ.get("CPS_INSIDE") == "all"
_SEED = 20150401
_SAMPLE = 3
_TOLD = {409, 422, 507}  # that there is no room: the report can go without the photo


class _Broken(Eye):
    """Lets the n-th call to the disk fail."""

    def __init__(self, at: int, code: int) -> None:
        self.at, self.code, self.done = at, code, 0

    def step(self, kind: str, name: str, call: Callable[[], Any], connection: Any = None) -> Any:
        """Do it, unless it is the one."""
        if kind != DISK:
            return call()
        self.done += 1
        if self.done == self.at:
            raise OSError(self.code, os.strerror(self.code))
        return call()


@pytest.mark.parametrize("use", [FILING_PHOTO, PIECE, ADDING_PHOTO, DEVELOPING], ids=lambda use: use.name)
def test_whatever_fails_on_the_disk_no_half_photo_is_left_and_a_second_try_succeeds(stage, storage, use):
    done, steps = _once(stage, storage, use)
    tried = _chosen(use, steps)

    for number, code in tried:
        doing, eye = use.scene(stage), _Broken(number, code)
        before = counts(standing())
        with nothing_held(stage.app), watched(eye, storage=storage.root):
            answer = _tried(use, doing)
        place = f"{use.name}, {number} of {steps}: {errno.errorcode[code]}"
        if answer is not None and more(counts(standing()), before) != done:
            _expect_put_off(answer, code, place)
        doing()
        assert more(counts(standing()), before) == done, place
    print(f"{use.name}: {steps} calls, failed {len(tried)} times")

    expect_nothing_left_over(storage)
    if use is DEVELOPING:
        assert set(db.session.scalars(select(Photo.state))) == {State.READY}


def test_where_forms_are_read_into_a_full_disk_it_is_said_when_to_try_again(stage, monkeypatch):
    def full(*_arguments: Any, **_more: Any) -> Any:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("werkzeug.wrappers.request.default_stream_factory", full)

    answer = send(stage.citizen(), photos=[])
    with_photo = FILING_PHOTO.scene(stage)()

    assert answer.status_code == 303
    assert (with_photo.status_code, with_photo.headers["Retry-After"]) == (503, "10")


def _tried(use: Use, doing: Doing) -> TestResponse | None:
    """Do it; a job that fails for want of a disk is tried again later."""
    try:
        return doing()
    except (OSError, NoRoom):
        if use.is_page:
            raise
        return None


def _expect_put_off(answer: TestResponse, code: int, place: str) -> None:
    """Be told when to try again; or, where there is merely no room, what can be done without."""
    if answer.status_code == 503:
        assert answer.headers["Retry-After"], place
    else:
        assert (code, answer.status_code in _TOLD) == (errno.ENOSPC, True), place


def _once(stage, storage, use) -> tuple[dict[str, int], int]:
    use.scene(stage)()
    doing = use.scene(stage)
    before, eye = counts(standing()), Recording()
    with watched(eye, storage=storage.root):
        doing()
    return more(counts(standing()), before), len(eye.of(DISK))


def _chosen(use, most: int) -> list[tuple[int, int]]:
    every = [(number, code) for number in range(1, most + 1) for code in (errno.ENOSPC, errno.EIO)]
    if IS_WHOLE:
        return every
    return random.Random(f"{_SEED} {use.name}").sample(every, _SAMPLE)
