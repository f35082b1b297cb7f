"""Citizens who do not give up: each sends one report after the other, and the same one again until it is acknowledged.

They write into a ledger first (`Ledger`). Some photograph, some want letters, some ask as the page's script does, and
now and then one sends again what was acknowledged long ago: the number must be the same.
"""

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from urllib.parse import urlencode, urlsplit
from uuid import UUID, uuid4

from PIL import Image

from tests.living import until
from tests.reliability.ledger import Ledger, Sent, content_of

SEND_SECONDS = 180
_PATIENCE_SECONDS = 30
_AGAIN_EVERY = 25
_HEADERS = {"Sec-Fetch-Site": "same-origin", "Connection": "close"}
_TYPED = {"category": "street-light", "landmark": "cạnh tháp bút"}
_PAUSE_SECONDS = 0.05
_LONGEST_COMMENT = 60_000


@dataclass(frozen=True)
class Habits:
    """How a crowd reports: which share photographs, which wants letters, how long each pauses after a report.

    `weight`: how many bytes a photo has at least.
    """

    photos: float = 0.0
    letters: float = 1.0
    pause: float = 0.0
    weight: int = 0


class Citizen(threading.Thread):
    """Files one report after the other until told to stop; keeps in mind what was acknowledged."""

    def __init__(
        self,
        base_url: str,
        stop: threading.Event,
        *,
        book: Ledger | None = None,
        habits: Habits | None = None,
        seed: int = 0,
    ) -> None:
        super().__init__()
        self.base_url, self.stop = base_url, stop
        self.book, self.habits = book, habits or Habits()
        self.ledger: dict[str, str] = {}
        self.failures: list[str] = []
        self.refused = 0
        self.slowest = 0.0
        self._chance = random.Random(seed)
        self._kept: list[tuple[str, bytes, dict[str, str], str]] = []

    def run(self) -> None:
        while not self.stop.is_set():
            key = str(UUID(int=self._chance.getrandbits(128), version=4)) if self.book else str(uuid4())
            begun = time.monotonic()
            self._report(key)
            self.slowest = max(self.slowest, time.monotonic() - begun)
            if self._kept and len(self.ledger) % _AGAIN_EVERY == 0:
                self._say_again()
            self.stop.wait(self.habits.pause)

    def _report(self, key: str) -> None:
        report, body, headers = a_report(key, self._chance, self.habits)
        if self.book:
            self.book.sent(report)
        number = until(
            lambda: self._sent(key, body, headers) or self.stop.is_set(),
            seconds=SEND_SECONDS,
            what="an answer",
        )
        if number is not True:
            self.ledger[key] = number
            self._keep(key, body, headers, number)

    def _keep(self, key: str, body: bytes, headers: dict[str, str], number: str) -> None:
        if self.book:
            self.book.acknowledged_as(key, number)
        self._kept = [*self._kept[-3:], (key, body, headers, number)]

    def _say_again(self) -> None:
        key, body, headers, number = self._chance.choice(self._kept)
        again = self._sent(key, body, headers)
        if again and self.book:
            self.book.acknowledged_as(key, again, is_again=True)
        if again not in (None, number):
            self.failures.append(f"{key} was {number} and is {again}")

    def _sent(self, key: str, body: bytes, headers: dict[str, str]) -> str | None:
        """Send once; return the number, or None where there is no knowing."""
        try:
            status, told, location = post(self.base_url, body, headers)
        except (OSError, http.client.HTTPException) as error:
            self._unknown(key, type(error).__name__)
            return None
        if status == 303:
            return location.partition("?")[0].rpartition("/")[2]
        if status == 201:
            return str(json.loads(told)["reference"])
        if status in (503, 507):
            self._unknown(key, str(status))
        else:
            self.failures.append(f"{status}")
            if self.book:
                self.book.strange(key, f"{status} {told[:60]!r}")
        return None

    def _unknown(self, key: str, why: str) -> None:
        self.refused += 1
        if self.book:
            self.book.unanswered(key, why)
        self.stop.wait(_PAUSE_SECONDS)


def post(base_url: str, body: bytes, headers: dict[str, str]) -> tuple[int, bytes, str]:
    """Hand a form in over a connection of its own; return status, body and address of the answer."""
    address = urlsplit(base_url)
    connection = http.client.HTTPConnection(str(address.hostname), address.port, timeout=_PATIENCE_SECONDS)
    try:
        connection.request("POST", "/complaints", body, headers)
        answer = connection.getresponse()
        told = answer.read()
        if answer.status == 503 and not answer.headers.get("Retry-After"):
            return 500, b"a 503 that does not say when to come again", ""
        return answer.status, told, answer.headers.get("Location", "")
    finally:
        connection.close()


def a_report(key: str, chance: random.Random, habits: Habits) -> tuple[Sent, bytes, dict[str, str]]:
    """Make up a report: what its citizen will know of it, and the request that carries it."""
    contact = f"ana-{key[:8]}@citizen.example" if chance.random() < habits.letters else ""
    fields = {
        **_TYPED,
        "latitude": f"21.0{chance.randint(1000, 5999)}",
        "longitude": f"105.8{chance.randint(1000, 7999)}",
        "words": f"Đèn đường không sáng, trụ số {key[:13]}.",
        "contact": contact,
    }
    photo = a_photo(key, habits.weight) if chance.random() < habits.photos else None
    known = Sent(key, content_of(fields), sha256(photo).hexdigest() if photo else "-", contact or "-")
    kind, body = _form({"key": key, **fields}, photo)
    headers = {**_HEADERS, "Content-Type": kind}
    if chance.random() < 0.25:
        headers["Accept"] = "application/json"  # as the page's script asks
    return known, body, headers


def _form(fields: dict[str, str], photo: bytes | None) -> tuple[str, bytes]:
    if photo is None:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    mark = "cut-here-7d1"
    parts = [
        f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    parts.append(
        f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="lamp.jpg"\r\n'
        "Content-Type: image/jpeg\r\n\r\n".encode()
    )
    return f"multipart/form-data; boundary={mark}", b"".join((*parts, photo, f"\r\n--{mark}--\r\n".encode()))


def a_photo(key: str, weight: int = 0) -> bytes:
    """Return a small picture that no other report has: the key stands in comments of it, as often as makes it so heavy."""
    words = key.encode() * (1 + min(weight, _LONGEST_COMMENT) // len(key))
    comment = b"\xff\xfe" + (len(words) + 2).to_bytes(2, "big") + words
    return _PICTURE[:2] + comment * (1 + weight // len(comment)) + _PICTURE[2:]


def _picture() -> bytes:
    data = BytesIO()
    Image.effect_noise((160, 120), 60).convert("RGB").save(data, "JPEG", quality=85)
    return data.getvalue()


_PICTURE = _picture()


class Crowd:
    """Citizens at work on one ledger."""

    def __init__(self, citizens: list[Citizen], book: Ledger) -> None:
        self.citizens, self.book = citizens, book

    @property
    def acknowledged(self) -> int:
        """How many reports were acknowledged so far."""
        return self.book.acknowledged

    @property
    def failures(self) -> list[str]:
        """What no citizen should have been told."""
        return [failure for citizen in self.citizens for failure in citizen.failures]

    @property
    def refused(self) -> int:
        """How often one of them had to ask again."""
        return sum(citizen.refused for citizen in self.citizens)

    def go_on(self, reports: int, *, seconds: float = 60) -> float:
        """Wait until so many more are acknowledged; return the seconds until the first of them."""
        before, begun = self.acknowledged, time.monotonic()
        first = 0.0

        def is_so() -> bool:
            nonlocal first
            if not first and self.acknowledged > before:
                first = time.monotonic() - begun
            return self.acknowledged >= before + reports

        until(is_so, seconds=seconds, what=f"{reports} more reports to be acknowledged")
        return first


@contextmanager
def reporting(
    base_url: Callable[[], str] | str, book: Ledger, *, citizens: int, habits: Habits, seed: int
) -> Iterator[Crowd]:
    """Let so many citizens report until the block ends; then each still gets the answer it waits for."""
    stop = threading.Event()
    address = base_url if isinstance(base_url, str) else base_url()
    crowd = [
        Citizen(address, stop, book=book, habits=habits, seed=seed * 1000 + number)
        for number in range(citizens)
    ]
    for citizen in crowd:
        citizen.start()
    try:
        yield Crowd(crowd, book)
    finally:
        stop.set()
        for citizen in crowd:
            citizen.join()
