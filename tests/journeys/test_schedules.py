"""Seeded bad luck: each report is stored exactly once, or is visible on the phone with its reason.

A schedule is one report and what happens to it: cuts before and after the city took it, killed pages, double taps,
refusals of every kind, a wrong clock, a full phone, a service worker that is renewed. Some photos follow their report,
some go before it, as evidence does. The phone is the real one:
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
from playwright.sync_api import Browser, BrowserContext

from tests.journeys.conftest import PHONE
from tests.living import Living
from tests.makers import a_photo

SCHEDULES = int(os.environ.get("CPS_SCHEDULES", "200"))
SEEDS = [int(os.environ["CPS_SCHEDULE"])] if "CPS_SCHEDULE" in os.environ else range(SCHEDULES)
EMPTY_PAGE = "/robots.txt"
DAY_MS = 24 * 3600 * 1000
VISIBLE = {"kept", "refused", "expired"}
# Status, headers and body of answers that are not to be had from a healthy city.
ANSWERS = {
    "429": (429, {"Retry-After": "7"}, ""),
    "500": (500, {}, "a calm page"),
    "503": (503, {"Retry-After": "10"}, ""),
    "413": (413, {}, ""),
    "a hotel's page": (200, {"Content-Type": "text/html"}, "sign in"),
}
LINES = ["good", "good", "cut before", "cut after", "stuck after", *ANSWERS]
STEPS = ["send", "send", "twice", "kill", "clock", "full", "worker", "edit"]

# A page of ours without its looks. The line to the city ends in `fetch`: what it does to a report stands in `line`.
_PAGE = """async ([modules, answers, values]) => {
  const now = Date.now;
  const { put } = IDBObjectStore.prototype;
  const { fetch, setTimeout } = window;
  window.setTimeout = (work, wait) => setTimeout(work, wait < 500 ? wait : wait / 100); // gaps between tries
  const state = { line: "good", skew: 0, full: false, ...values };
  Date.now = () => now() + state.skew;
  IDBObjectStore.prototype.put = function (...given) {
    const request = put.apply(this, given);
    if (state.full) this.transaction.abort();
    return request;
  };
  window.fetch = async (address, options) => {
    const { line } = state;
    const isReport = options?.method === "POST" || (options?.method === "PATCH" && address.startsWith("/reports/"));
    if (!isReport || line === "good") return fetch(address, options);
    if (line in answers) {
      const [status, headers, body] = answers[line];
      return new Response(body, { status, headers });
    }
    if (line !== "cut before") await fetch(address, options);
    if (line === "stuck after") await new Promise((resolve) => setTimeout(resolve, 50));
    throw new TypeError("cut");
  };
  const [queue, sender, drafts, shelf] = await Promise.all(
    ["queue", "sender", "drafts", "shelf"].map((name) => import(modules + "sending/" + name + ".js")));
  const acts = {
    file: async (key, fields, photo, proves) => {
      const form = new FormData();
      for (const [name, value] of Object.entries(fields)) form.append(name, value);
      if (photo) {
        const blob = new Blob([Uint8Array.from(atob(photo), (c) => c.charCodeAt(0))], { type: "image/jpeg" });
        await shelf.keep({ id: shelf.newId(), form: key, name: "a.jpg", blob, isSmall: true, saveData: false, order: 1 });
      }
      await queue.keep(key, "/complaints", form, proves);
    },
    send: (key) => sender.send(key),
    twice: (key) => Promise.all([sender.send(key), sender.send(key), sender.sendAll({ isBack: true })]),
    open: () => sender.sendAll({ isBack: true }),
    now: (key) => sender.sendNow(key),
    edit: async (key) => {
      const record = await queue.one(key);
      if (record?.state !== "refused") return;
      const { proves } = record;
      await drafts.reopen(record);
      const draft = await drafts.latest();
      const form = new FormData();
      form.append("key", draft.key);
      for (const [name, value] of draft.fields) form.append(name, value);
      await queue.keep(draft.key, "/complaints", form, proves);
    },
    forget: (key) => queue.forget(key),
  };
  window.act = async (name, key, changed, ...given) => {
    Object.assign(state, changed);
    await acts[name](key, ...given).catch((error) => { if (!state.full) throw error; });
    const { state: its, reason, number } = await queue.one(key) || {};
    return { state: its, reason, number, photos: (await shelf.of(key)).length };
  };
}"""
_BEGIN = """([wait, wanted]) => {
  act(...wanted).catch(() => {});
  return new Promise((go) => setTimeout(go, wait));
}"""
_HAS_WORKER = """async () => {
  await navigator.serviceWorker.register("/sw.js");
  await navigator.serviceWorker.ready;
}"""
_RENEW_WORKER = """async () => {
  for (const name of await caches.keys()) await caches.delete(name);
  await (await navigator.serviceWorker.getRegistration()).update();
}"""


@dataclass
class Schedule:
    """One report's bad luck, and what it has been seen as."""

    seed: int
    chance: random.Random = field(init=False)
    key: str = field(init=False)
    seen: set[str | None] = field(default_factory=set)
    final: dict[str, Any] = field(default_factory=dict)
    steps: list[str] = field(default_factory=list)
    line: str = "good"
    skew: int = 0
    has_photo: bool = False
    proves: bool = False

    def __post_init__(self) -> None:
        self.chance = random.Random(self.seed)
        self.key = f"{self.chance.getrandbits(32):08x}-0000-4000-8000-{self.seed:012x}"
        kind = self.chance.random()
        self.has_photo, self.proves = kind < 2 / 10, kind < 1 / 10

    def __str__(self) -> str:
        return f"CPS_SCHEDULE={self.seed}: {' | '.join(self.steps)}: {self.final}"


class Phone:
    """The phone that all schedules happen to, one after the other."""

    def __init__(self, context: BrowserContext, modules: str) -> None:
        self._context, self._modules = context, modules
        self._page = context.new_page()

    def visit(self, schedule: Schedule) -> None:
        """Open a page afresh; what ran in the one before is killed."""
        if schedule.chance.random() < 1 / 10:
            self._page.close()
            self._page = self._context.new_page()
        self._page.goto(EMPTY_PAGE)
        values = {"line": schedule.line, "skew": schedule.skew}
        self._page.evaluate(_PAGE, [self._modules, ANSWERS, values])

    def act(self, schedule: Schedule, what: str, *given: Any, full: bool = False) -> None:
        """Let the page do something to the end, and note how the report stands then."""
        values = {"line": schedule.line, "skew": schedule.skew, "full": full}
        wanted = [what, schedule.key, values, *given]
        schedule.final = self._page.evaluate("(wanted) => act(...wanted)", wanted)
        schedule.seen.add(schedule.final["state"])

    def begin(self, schedule: Schedule, what: str) -> None:
        """Let the page begin something, and go on before it has ended."""
        wanted = [what, schedule.key, {"line": schedule.line}]
        self._page.evaluate(_BEGIN, [schedule.chance.choice([0, 2, 10, 30, 60]), wanted])

    def renew_worker(self) -> None:
        """Let the browser ask for the service worker anew, and lose what it kept."""
        self._page.evaluate(_RENEW_WORKER)


@pytest.fixture
def lucky_phone(browser: Browser, running_city: Living) -> Iterator[Phone]:
    """A phone with the service worker of the city."""
    context = browser.new_context(base_url=running_city.base_url, locale="en-GB", viewport=PHONE)
    page = context.new_page()
    page.goto(EMPTY_PAGE)
    page.evaluate(_HAS_WORKER)
    page.close()
    found = re.search(r'"(/static/[^"]*)behaviours\.js"', context.request.get("/sw.js").text())
    assert found
    yield Phone(context, found[1])
    context.close()


def _live(phone: Phone, schedule: Schedule, photo: str) -> None:
    """Let a report live through its schedule, then through better days."""
    phone.act(schedule, "file", _fields(schedule), photo if schedule.has_photo else "", schedule.proves)
    for _number in range(schedule.chance.randint(1, 4)):
        schedule.line = schedule.chance.choice(LINES)
        _STEPS[schedule.chance.choice(STEPS)](phone, schedule)
    schedule.line, schedule.skew = "good", 0
    if schedule.chance.random() < 1 / 3:  # most go on on the page they have
        phone.visit(schedule)
    phone.act(schedule, "open")
    for _again in range(3):
        if schedule.final["state"] in ("refused", "expired", None) or _has_arrived(schedule):
            break
        phone.act(schedule, "now")
    ended = schedule.final
    phone.act(schedule, "forget")
    schedule.final = ended


def _has_arrived(schedule: Schedule) -> bool:
    return bool(schedule.final["state"] == "received" and not schedule.final["photos"])


def _fields(schedule: Schedule) -> dict[str, str]:
    kind = "parking" if schedule.proves else "street-light"
    category = "" if schedule.chance.random() < 1 / 10 else kind  # the city will ask for one
    words = f"schedule {schedule.seed}"
    return {"key": schedule.key, "category": category, "coordinates": "21.0287, 105.8523", "words": words}


def _send(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append(f"sent, {schedule.line}")
    phone.act(schedule, schedule.chance.choice(["send", "now"]))


def _twice(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append(f"tapped twice, {schedule.line}")
    phone.act(schedule, "twice")


def _kill(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append(f"killed while sending, {schedule.line}")
    phone.begin(schedule, "send")
    phone.visit(schedule)
    phone.act(schedule, "open")


def _clock(phone: Phone, schedule: Schedule) -> None:
    schedule.skew = schedule.chance.choice([-9, -1, 0, 1, 6, 8, 20]) * DAY_MS
    schedule.steps.append(f"clock {schedule.skew // DAY_MS} days, {schedule.line}")
    phone.act(schedule, "open")


def _full(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append(f"full, {schedule.line}")
    phone.act(schedule, "send", full=True)


def _worker(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append("worker renewed")
    phone.renew_worker()
    phone.visit(schedule)


def _edit(phone: Phone, schedule: Schedule) -> None:
    schedule.steps.append("edited, if it was refused")
    phone.act(schedule, "edit")


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
    return "" if final["reason"] or {"received", "expired"} & schedule.seen else "not told"


def test_each_report_is_stored_exactly_once_or_visible_with_its_reason(
    lucky_phone: Phone, running_city: Living
):
    photo = b64encode(a_photo((64, 48)).getvalue()).decode()
    schedules = [Schedule(seed) for seed in SEEDS]
    lucky_phone.visit(schedules[0])

    for schedule in schedules:
        _live(lucky_phone, schedule, photo)

    stored = _stored(running_city)
    faults = [f"{fault}: {schedule}" for schedule in schedules if (fault := _fault(schedule, stored))]
    assert not faults, "\n".join(faults)
