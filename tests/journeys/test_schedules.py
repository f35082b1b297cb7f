"""Seeded bad luck: each report is stored exactly once, or is visible on the phone with its reason.

A schedule is one report and what happens to it: cuts before and after the city took it, killed pages, double taps,
refusals of every kind, a wrong clock, a full phone, a service worker that is renewed. The phone is the real one:
Chromium with our modules, its IndexedDB and its locks, on an empty page of the city's, so that hundreds fit into a
minute; the city is the real one too. `make offline SCHEDULES=10000` runs more; a seed fails again by CPS_SCHEDULE.
"""

import os
import random
import re
from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import psycopg
import pytest
from playwright.sync_api import BrowserContext, Error, Route

from tests.journeys.conftest import PHONE
from tests.living import Living
from tests.makers import a_photo

SCHEDULES = int(os.environ.get("CPS_SCHEDULES", "200"))
SEEDS = [int(os.environ["CPS_SCHEDULE"])] if "CPS_SCHEDULE" in os.environ else range(SCHEDULES)
EMPTY_PAGE = "/robots.txt"
DAY_MS = 24 * 3600 * 1000
VISIBLE = {"kept", "refused", "expired"}
ANSWERS = {
    "429": {"status": 429, "headers": {"Retry-After": "7"}},
    "500": {"status": 500, "body": "a calm page"},
    "503": {"status": 503, "headers": {"Retry-After": "10"}},
    "413": {"status": 413},
    "a hotel's page": {"status": 200, "content_type": "text/html", "body": "sign in"},
}
LINES = ["good", "good", "cut before", "cut after", *ANSWERS]
STEPS = ["send", "send", "twice", "kill", "clock", "full", "worker", "edit"]

# What a page of ours does, by our own modules: `phone.file` is behaviours/sending.js without its form.
_PHONE = """async ([modules, skew]) => {
  const real = Date.now;
  let isFull = false;
  Date.now = () => real() + skew;
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...values) {
    const request = put.apply(this, values);
    if (isFull) this.transaction.abort();
    return request;
  };
  const [queue, sender, drafts, shelf] = await Promise.all(
    ["queue", "sender", "drafts", "shelf"].map((name) => import(modules + "sending/" + name + ".js")));
  const quietly = (work) => work.catch(() => {});
  window.phone = {
    full: (is) => { isFull = is; },
    file: async (fields, photo) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      if (photo) {
        const blob = new Blob([Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))], { type: "image/jpeg" });
        await shelf.keep({ id: shelf.newId(), form: fields.key, name: "a.jpg", blob, isSmall: true, saveData: false, order: 1 });
      }
      await queue.keep(fields.key, "/complaints", form);
    },
    send: (key) => quietly(sender.send(key)),
    open: () => quietly(sender.sendAll({ isBack: true })),
    now: (key) => quietly(sender.sendNow(key)),
    edit: async (key) => {
      const record = await queue.one(key);
      if (record?.state !== "refused") return false;
      await drafts.reopen(record);
      const draft = await drafts.latest();
      if (draft.key !== key) throw new Error("another draft");
      const form = new FormData();
      for (const [name, value] of draft.fields) form.append(name, value);
      await queue.keep(key, "/complaints", form);
      return true;
    },
    state: async (key) => {
      const { state, reason, number, hasPhotos } = await queue.one(key) || {};
      return { state, reason, number, hasPhotos, photos: (await shelf.of(key)).length };
    },
    forget: (key) => queue.forget(key),
  };
}"""


@dataclass
class Schedule:
    """One report's bad luck, and what it has been seen as."""

    seed: int
    chance: random.Random = field(init=False)
    key: str = field(init=False)
    seen: set[str] = field(default_factory=set)
    final: dict[str, Any] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    line: str = "good"
    skew: int = 0
    has_photo: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.key = f"{self.chance.getrandbits(32):08x}-0000-4000-8000-{self.seed:012x}"
        self.has_photo = self.chance.random() < 1 / 10

    def __str__(self) -> str:
        return f"CPS_SCHEDULE={self.seed}: {' | '.join(self.steps)}: {self.final}"


class Phone:
    """The phone that all schedules happen to, one after the other."""

    def __init__(self, context: BrowserContext, modules: str) -> None:
        self._context, self._modules = context, modules
        self.schedule = Schedule(0)
        context.route("**/complaints", self._on_the_line)
        self.page = context.new_page()

    def visit(self) -> None:
        """Open a page afresh; what ran in the one before is killed."""
        if self.schedule.chance.random() < 1 / 10:
            self.page.close()
            self.page = self._context.new_page()
        self.page.goto(EMPTY_PAGE)
        self.page.evaluate(_PHONE, [self._modules, self.schedule.skew])

    def do(self, what: str, *values: Any) -> Any:
        """Let the page do something to the end."""
        return self.page.evaluate(f"(values) => phone.{what}(...values)", values)

    def begin(self, what: str, *values: Any) -> None:
        """Let the page begin something."""
        self.page.evaluate(f"(values) => {{ phone.{what}(...values); }}", values)

    def _on_the_line(self, route: Route) -> None:
        line = self.schedule.line
        try:
            if line in ANSWERS:
                route.fulfill(**ANSWERS[line])
            elif line == "cut before":
                route.abort()
            elif line == "cut after":
                route.fetch()
                route.abort()
            else:
                route.continue_()
        except Error:
            assert line != "good"  # the page was killed meanwhile


@pytest.fixture
def lucky_phone(browser, running_city: Living) -> Iterator[Phone]:
    context = browser.new_context(base_url=running_city.base_url, locale="en-GB", viewport=PHONE)
    worker = context.request.get("/sw.js").text()
    yield Phone(context, re.search(r'"(/static/[^"]*)behaviours\.js"', worker)[1])
    context.close()


def _live(phone: Phone, schedule: Schedule, photo: str) -> None:
    """Let a report live through its schedule, then through better days."""
    phone.schedule = schedule
    phone.visit()
    phone.do("file", _fields(schedule), photo if schedule.has_photo else "")
    for _number in range(schedule.chance.randint(1, 4)):
        _STEPS[schedule.chance.choice(STEPS)](phone, schedule)
        schedule.seen.add(str(phone.do("state", schedule.key)["state"]))
    schedule.line, schedule.skew = "good", 0
    phone.visit()
    phone.do("open")
    for _again in range(3):
        schedule.final = phone.do("state", schedule.key)
        if schedule.final["state"] != "kept" and schedule.final["photos"] == 0:
            break
        phone.do("now", schedule.key)
    phone.do("forget", schedule.key)


def _fields(schedule: Schedule) -> dict[str, str]:
    category = "" if schedule.chance.random() < 1 / 10 else "street-light"  # the city will ask for one
    words = f"schedule {schedule.seed}"
    return {"key": schedule.key, "category": category, "coordinates": "21.0287, 105.8523", "words": words}


def _send(phone: Phone, schedule: Schedule) -> None:
    schedule.line = schedule.chance.choice(LINES)
    schedule.steps.append(f"sent, {schedule.line}")
    phone.do(schedule.chance.choice(["send", "now"]), schedule.key)


def _twice(phone: Phone, schedule: Schedule) -> None:
    schedule.line = schedule.chance.choice(LINES)
    schedule.steps.append(f"tapped twice, {schedule.line}")
    phone.begin("send", schedule.key)
    phone.do("send", schedule.key)


def _kill(phone: Phone, schedule: Schedule) -> None:
    schedule.line = schedule.chance.choice(["cut after", "cut before", "good"])
    schedule.steps.append(f"killed while sending, {schedule.line}")
    phone.begin("send", schedule.key)
    phone.visit()
    phone.do("open")


def _clock(phone: Phone, schedule: Schedule) -> None:
    schedule.skew = schedule.chance.choice([-9, -1, 0, 1, 6, 8, 20]) * DAY_MS
    schedule.steps.append(f"clock {schedule.skew // DAY_MS} days")
    schedule.line = schedule.chance.choice(LINES)
    phone.visit()
    phone.do("open")


def _full(phone: Phone, schedule: Schedule) -> None:
    schedule.line = schedule.chance.choice(LINES)
    schedule.steps.append(f"full, {schedule.line}")
    phone.do("full", True)
    phone.do("send", schedule.key)
    phone.do("full", False)


def _worker(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append("worker renewed")
    phone.page.evaluate(
        "async () => { for (const name of await caches.keys()) await caches.delete(name);"
        " await (await navigator.serviceWorker.getRegistration())?.update().catch(() => {}); }"
    )
    phone.visit()


def _edit(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append("edited" if phone.do("edit", schedule.key) else "not to be edited")


_STEPS = {
    "send": _send,
    "twice": _twice,
    "kill": _kill,
    "clock": _clock,
    "full": _full,
    "worker": _worker,
    "edit": _edit,
}


def _stored(city: Living) -> dict[str, tuple[str, int, int]]:
    """Number, count of receipts and of photos of each report, by its key."""
    query = """SELECT submission_key::text, reference,
        (SELECT count(*) FROM event WHERE complaint_id = c.id AND kind = 'received'),
        (SELECT count(*) FROM photo WHERE complaint_id = c.id) FROM complaint c"""
    with psycopg.connect(city.database_url()) as connection:
        return {
            key: (number, receipts, photos) for key, number, receipts, photos in connection.execute(query)
        }


def _fault(schedule: Schedule, stored: dict[str, tuple[str, int, int]]) -> str:
    """What is wrong with how a schedule ended; empty if nothing is."""
    final, state = schedule.final, schedule.final["state"]
    if schedule.key not in stored:
        is_told = state in VISIBLE and final["reason"]
        was_told = state is None and "expired" in schedule.seen
        return "" if is_told or was_told else "lost"
    number, receipts, photos = stored[schedule.key]
    if receipts != 1:
        return f"received {receipts} times"
    if state == "received" and final["number"] != number:
        return f"another number, {number}"
    if state == "received" and (photos, final["photos"]) != (int(schedule.has_photo), 0):
        return f"{photos} photos in the city"
    return "" if state == "received" or final["reason"] or "expired" in schedule.seen else "not told"


def test_each_report_is_stored_exactly_once_or_visible_with_its_reason(
    lucky_phone: Phone, running_city: Living
):
    photo = b64encode(a_photo((64, 48)).getvalue()).decode()
    schedules = [Schedule(seed) for seed in SEEDS]

    for schedule in schedules:
        _live(lucky_phone, schedule, photo)

    stored = _stored(running_city)
    faults = [f"{fault}: {schedule}" for schedule in schedules if (fault := _fault(schedule, stored))]
    assert not faults, "\n".join(faults)
