"""Lines that break at every byte of a report on its way, and of the answer (R14)."""

import json
import random
from http.client import HTTPException
from uuid import UUID

from tests.reliability.citizens import Habits, a_report, post
from tests.reliability.cutting import Cutter, cutting
from tests.reliability.results import Result
from tests.reliability.rounds import Round

_HEAD_BYTES = 260  # of the request, before its body
_ANSWER_BYTES = 900


def cuts(books: Round, *, every: int) -> Result:
    """Cut at each n-th byte of the request, and of the answer; then send the same form again, by a line that holds."""
    chance = random.Random(books.seed)
    breaches: list[str] = []
    count = known = 0
    with cutting(books.city.base_url) as cutter:
        size = _HEAD_BYTES + len(a_report(str(UUID(int=0)), random.Random(0), _HABITS)[1])
        for request, answer in (
            *((at, None) for at in range(0, size, every)),
            *((None, at) for at in range(0, _ANSWER_BYTES, every)),
        ):
            cutter.request, cutter.answer = request, answer
            was_known, breach = _cut_once(books, cutter, chance)
            breaches += breach
            count, known = count + 1, known + was_known
    books.settle()
    figure = f"{count} cuts, {known} of them after the report was kept, each sent again"
    return Result("R14 lines cut at each byte", figure, "the same number", breaches + books.breaches())


_HABITS = Habits(letters=0)


def _cut_once(books: Round, cutter: Cutter, chance: random.Random) -> tuple[bool, list[str]]:
    """File over a line that breaks and again over one that holds; say whether the city had it the first time."""
    key = str(UUID(int=chance.getrandbits(128), version=4))
    report, body, headers = a_report(key, chance, _HABITS)
    headers["Accept"] = "application/json"
    books.book.sent(report)
    try:
        post(cutter.base_url, body, headers)
    except (OSError, HTTPException) as error:
        books.book.unanswered(key, type(error).__name__)
    stored = books.city.rows("SELECT reference FROM complaint WHERE submission_key = %s", key)
    status, told, _location = post(books.city.base_url, body, headers)
    if status != 201:
        return bool(stored), [f"{status} when it was sent again"]
    again = str(json.loads(told)["reference"])
    books.book.acknowledged_as(key, again)
    wrong = stored and stored[0][0] != again
    return bool(stored), [f"{key} was {stored[0][0]} and is {again}"] if wrong else []
