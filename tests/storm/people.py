"""Who sends: honest people, whose phones try again with the same key until they are told a number, and those who only send."""

import asyncio
import json
import random
import time
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Final
from urllib.parse import urlsplit
from uuid import UUID

from tests.storm import forms
from tests.storm.day import Seen
from tests.storm.forms import Phone
from tests.storm.line import Answer, Cut, Line

_NOT_NOW: Final = {408, 425, 429, 500, 502, 503, 504}  # as static/js/sending/report.js
_LONGEST_GAP: Final = 1800.0
_MOST_TRIES: Final = 12
_SPREAD: Final = 0.5


@dataclass
class Told:
    """What was answered: milliseconds by what was asked, statuses by who asked, and the ledger of honest reports.

    `acknowledged`: the number and the private link that the phone was told for its key.
    """

    milliseconds: dict[str, list[float]] = field(
        default_factory=lambda: {"filing": [], "photo": [], "until filed": []}
    )
    statuses: dict[str, Counter[int | str]] = field(default_factory=dict)
    sent: set[UUID] = field(default_factory=set)
    acknowledged: dict[UUID, tuple[str, str]] = field(default_factory=dict)
    photos: Counter[UUID] = field(default_factory=Counter)
    refused: list[str] = field(default_factory=list)

    def note(self, who: str, status: int | str) -> None:
        """Count an answer, or that there was none."""
        self.statuses.setdefault(who, Counter())[status] += 1


@dataclass(frozen=True)
class Storm:
    """Where to send to, and what goes for all: the first gap of a phone in seconds, the mark of the text agreed to."""

    host: str
    port: int
    consent: str
    gap: float
    told: Told
    chance: random.Random

    def line(self) -> Line:
        """Open a line."""
        return Line(self.host, self.port)

    def phone(self) -> Phone:
        """Return somebody's phone, behind one of many addresses."""
        return Phone(
            f"{self.host}:{self.port}", f"10.{self.chance.randrange(200)}.{self.chance.randrange(250)}.9"
        )

    def key(self) -> UUID:
        """Return a key as a phone makes it, the same ones for the same seed."""
        return UUID(int=self.chance.getrandbits(128), version=4)


async def file(storm: Storm, seen: Seen, *, has_photo: bool, is_doubled: bool) -> None:
    """Send a report until it is acknowledged, its photo after it, and if `is_doubled` the same form once more."""
    phone, key, line = storm.phone(), storm.key(), storm.line()
    body, kind = forms.as_form_data(forms.report(seen, key, consent=storm.consent, chance=storm.chance))
    request = phone.post(body, kind)
    storm.told.sent.add(key)
    begun = time.perf_counter()
    try:
        answer = await _until_filed(storm, line, request)
        if answer is None:
            return
        storm.told.milliseconds["until filed"].append((time.perf_counter() - begun) * 1000)
        said = json.loads(answer.body)
        storm.told.acknowledged[key] = said["reference"], urlsplit(said["address"]).path
        if is_doubled:
            await _again(storm, line, request, said["reference"])
        if has_photo:
            await _send_photo(storm, phone, line, key, said)
    finally:
        line.close()


async def send(storm: Storm, who: str, request: bytes) -> None:
    """Send something once, and only count what was answered."""
    line = storm.line()
    try:
        answer = await line.ask(request)
        storm.told.note(who, answer.status)
    except Cut:
        storm.told.note(who, "cut")
    finally:
        line.close()


async def _until_filed(storm: Storm, line: Line, request: bytes) -> Answer | None:
    answer = await _patiently(storm, line, request, who="honest")
    if answer is None:
        storm.told.refused.append("given up")
    elif answer.status != 201:
        storm.told.refused.append(f"{answer.status} {answer.body[:200]!r}")
        return None
    return answer


def _gap(storm: Storm, turn: int, asked: float) -> float:
    """Return how long a phone waits (sender.js), apart from other phones as far as people do not begin at the same moment."""
    return min(_LONGEST_GAP, max(asked, storm.gap * 2**turn)) * (1 + storm.chance.random() * _SPREAD)


async def _again(storm: Storm, line: Line, request: bytes, reference: str) -> None:
    try:
        answer = await line.ask(request)
    except Cut:
        storm.told.note("doubles", "cut")
        return
    storm.told.note("doubles", answer.status)
    if answer.status == 201 and json.loads(answer.body)["reference"] != reference:
        storm.told.refused.append(f"a double got another number than {reference}")


async def _send_photo(storm: Storm, phone: Phone, line: Line, key: UUID, said: dict[str, str]) -> None:
    """Open the link, ask how far the photo has come, and send its pieces, as sender.js and chunks.js do."""
    data, begun = forms.photo(key, storm.chance), time.perf_counter()
    opening = phone.get(urlsplit(said["address"]).path)
    answer = await _patiently(storm, line, opening)
    cookie = f"Cookie: {answer.header(b'set-cookie').partition(';')[0]}" if answer else ""
    address = f"/my/{said['reference']}/photos/uploads/{key}"
    answer = await _patiently(storm, line, phone.get(address, cookie)) if cookie else None
    announced = f"size={len(data)}&name=IMG.jpg&sha256={sha256(data).hexdigest()}"
    while answer is not None and answer.status == 200:
        progress = json.loads(answer.body)
        if progress["complete"]:
            storm.told.photos[key] += 1
            storm.told.milliseconds["photo"].append((time.perf_counter() - begun) * 1000)
            return
        at = progress["offset"]
        piece = data[at : at + forms.PIECE_BYTES]
        path = f"{address}?offset={at}&{announced}"
        head = phone.head("PATCH", path, "application/octet-stream", len(piece), cookie)
        answer = await _patiently(storm, line, head + piece)
    storm.told.note("photos", "not taken")


async def _patiently(storm: Storm, line: Line, request: bytes, *, who: str = "photos") -> Answer | None:
    """Ask until there is an answer that is none of "not now", as a phone does; None if there never is."""
    for turn in range(_MOST_TRIES):
        begun = time.perf_counter()
        try:
            answer = await line.ask(request)
        except Cut:
            storm.told.note(who, "cut")
            await asyncio.sleep(_gap(storm, turn, 0.0))
            continue
        storm.told.note(who, answer.status)
        if answer.status == 201 and who == "honest":
            storm.told.milliseconds["filing"].append((time.perf_counter() - begun) * 1000)
        if answer.status not in _NOT_NOW:
            return answer
        if not answer.header(b"retry-after"):
            storm.told.note(who, f"{answer.status} without Retry-After")
        await asyncio.sleep(_gap(storm, turn, float(answer.header(b"retry-after") or 0)))
    return None
