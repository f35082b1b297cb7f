"""An officer who clears a queue by keyboard alone: `python -m tests.journeys.officer` prints what 200 mixed reports cost."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from statistics import median
from typing import Final

from playwright.sync_api import expect

from tests.journeys.alone import seen_by_a_browser
from tests.journeys.inbox import MERGED, TWO_HUNDRED, faults
from tests.journeys.seat import SEND, Cost, Officer, at_the_desk

MOST_KEYS: Final = 4
"""For a routine report."""


def _routine(officer: Officer, _reference: str) -> None:
    officer.reply("e", "#resolutions-result")


def _declined(officer: Officer, _reference: str) -> None:
    officer.reply("f", "#refusals-remedy")


def _asked(officer: Officer, _reference: str) -> None:
    officer.reply("r", "#questions-question")


def _asked_in_own_words(officer: Officer, _reference: str) -> None:
    officer.press("r", "r")
    officer.write("Which side of the road is it?")
    officer.go(SEND)


def _noted(officer: Officer, reference: str) -> None:
    officer.press("n")
    officer.write("The crew was there.")
    officer.go(SEND)
    _routine(officer, reference)


def _sent_on(officer: Officer, _reference: str) -> None:
    """Choose the department by its first letters, as many as it takes."""
    officer.press("d")
    chosen = officer.page.locator("#transfers-department")
    letters = iter(officer.elsewhere.lower())
    while chosen.evaluate("(list) => list.selectedOptions[0].text") != officer.elsewhere:
        officer.press(next(letters))
    officer.press("Tab", "Tab")
    officer.write("The drain is broken.")
    officer.go(SEND)


def _paused(officer: Officer, _reference: str) -> None:
    """Begin, and let the deadline stand for the first cause of the list."""
    officer.go("s")
    officer.press("h", "Tab")
    officer.write("We look at it on site.")
    officer.go(SEND)
    _go_on(officer)


def _not_urgent(officer: Officer, reference: str) -> None:
    officer.go("-")
    _routine(officer, reference)


def _merged(officer: Officer, reference: str) -> None:
    """Compare with what says the same, merge that into this one, and answer both."""
    twin = officer.inbox.twins[reference]
    officer.press("m")
    offered = officer.page.locator("#mergers .alike a").all_text_contents()
    place = next(place for place, words in enumerate(offered, start=1) if words.startswith(twin))
    officer.go(str(place))
    officer.go("m")
    expect(officer.page.locator("h1")).to_contain_text(reference)
    _routine(officer, reference)


def _go_on(officer: Officer) -> None:
    if not officer.is_last():
        officer.go("j")


_ACTS: Final[Mapping[str, Callable[[Officer, str], None]]] = {
    "routine": _routine,
    "declined": _declined,
    "asked": _asked,
    "asked in own words": _asked_in_own_words,
    "noted, then done": _noted,
    "sent on": _sent_on,
    "begun and paused": _paused,
    "not urgent, then done": _not_urgent,
    MERGED: _merged,
}
TO_THE_QUEUE: Final = "back to the queue"
PASSED_OVER: Final = "passed over"


def cleared(officer: Officer) -> list[Cost]:
    """Clear the queue of new reports; return what each cost, and each way back to the queue when a page of it is done."""
    costs = [officer.counted(TO_THE_QUEUE, open_new)]
    left = set(officer.inbox.kinds)
    while officer.left_in_the_queue():
        costs.append(officer.counted(TO_THE_QUEUE, open_first))
        costs += _page_cleared(officer, left)
        costs.append(officer.counted(TO_THE_QUEUE, lambda officer: officer.go("Escape")))
    return costs


def open_new(officer: Officer) -> None:
    """Go to the new reports."""
    officer.press("g")
    officer.go("3")
    expect(officer.page.locator('.views [aria-current="page"]')).to_contain_text("New")


def open_first(officer: Officer) -> None:
    """Open the first report of the queue."""
    officer.press("j")
    officer.go("Enter")


def _page_cleared(officer: Officer, left: set[str]) -> Iterator[Cost]:
    """Clear what one page of the queue showed, up to its last report; what is not of this inbox is passed over."""
    before = ""
    while (reference := officer.reference()) != before:
        before = reference
        if reference in officer.inbox.kinds:
            left.remove(reference)  # what is done does not come again
            left.discard(officer.inbox.twins.get(reference, ""))
            kind = officer.inbox.kinds[reference]
            yield officer.counted(kind, lambda officer, act=_ACTS[kind], own=reference: act(officer, own))
        else:
            yield officer.counted(PASSED_OVER, _go_on)


def table(costs: Sequence[Cost]) -> Iterator[str]:
    """Write what each kind of report cost, the middle one and the most."""
    yield f"{'':<24}{'times':>6}{'keys':>6}{'most':>6}{'letters':>9}{'wait ms':>9}{'most':>7}{'server ms':>11}{'most':>7}{'requests':>10}{'kB':>6}"
    for kind, group in groupby(sorted(costs, key=lambda one: one.kind), key=lambda one: one.kind):
        yield _line(kind, list(group))
    yield _line("all", costs)


def _line(name: str, costs: Sequence[Cost]) -> str:
    keys, waits, server = ([getattr(one, what) for one in costs] for what in ("keys", "wait_ms", "server_ms"))
    return (
        f"{name:<24}{len(costs):>6}{median(keys):>6.0f}{max(keys):>6}{median(one.letters for one in costs):>9.0f}"
        f"{median(waits):>9.0f}{max(waits):>7.0f}{median(server):>11.0f}{max(server):>7.0f}"
        f"{median(one.requests for one in costs):>10.0f}{median(one.sent_bytes for one in costs) / 1000:>6.0f}"
    )


def main() -> None:
    """Clear 200 mixed reports, and print what each kind cost."""
    with seen_by_a_browser(complaints=0) as (browser, places):
        place = places["hanoi"]
        with at_the_desk(browser, place, TWO_HUNDRED) as officer:
            costs = cleared(officer)
            keys, touches = officer.touched()
        for line in table(costs):
            print(line)
        print(f"{len(officer.inbox.kinds)} reports, {keys} keys and letters, {touches} touches of a mouse")
        with place.app.app_context():
            found = faults(officer.inbox)
        print("\n".join(found) or "Everything stands as it should, and no letter went astray.")
        uncounted = keys - sum(one.keys + one.letters for one in costs)
        most = max(one.keys for one in costs if one.kind == "routine")
        if found or touches or uncounted or most > MOST_KEYS:
            raise SystemExit(1)


if __name__ == "__main__":
    main()
