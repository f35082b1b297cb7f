"""Processes that die: at a step of their work, at once, without a word, as by kill -9 or a power cut."""

import os
import traceback
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any, NoReturn

from flask import Flask

from cps.kernel.db import db
from tests.reliability.steps import Eye, watched

_DIED, _FAILED = 77, 78


class _Dying(Eye):
    """Lets the process die when so many steps are done."""

    def __init__(self, after: int, last_words: Path) -> None:
        self.after, self.done, self.last_words = after, 0, last_words

    def step(self, kind: str, name: str, call: Callable[[], Any], connection: Any = None) -> Any:
        """Do it; and that was it, if its turn has come."""
        result = call()
        self.done += 1
        if self.done == self.after:
            self.last_words.write_text(f"{self.done}: after {kind} {name}", encoding="utf-8")
            os._exit(_DIED)
        return result


def points(
    scene: Callable[[], Callable[[], Any]], app: Flask, *, storage: Path, folder: Path, every: int = 1
) -> Iterator[str]:
    """Let one process after the other die, each so many steps later than the one before, and say where it died.

    `scene` sets the scene for each and returns what it does; it ends when one comes to its end alive.
    """
    for step in count(1, every):
        place = _died(scene(), app, _Dying(step, folder / "last words"), storage)
        if place is None:
            return
        yield place


def _died(work: Callable[[], Any], app: Flask, eye: _Dying, storage: Path) -> str | None:
    child = os.fork()
    if child == 0:
        _be(work, app, eye, storage)
    code = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    if code == 0:
        return None
    words = eye.last_words.read_text(encoding="utf-8")
    assert code == _DIED, words
    return words


def _be(work: Callable[[], Any], app: Flask, eye: _Dying, storage: Path) -> NoReturn:
    """Be the process that dies."""
    code = _FAILED
    try:
        with app.app_context():
            parents = db.engine.pool  # its connections: neither used nor closed here
            db.engine.dispose(close=False)
        with watched(eye, storage=storage):
            work()
        code = 0 if parents is not None else _FAILED
    except BaseException:  # noqa: BLE001 - whatever it was, the parent tells it
        eye.last_words.write_text(traceback.format_exc(), encoding="utf-8")
    finally:
        os._exit(code)
