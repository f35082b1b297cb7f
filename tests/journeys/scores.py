"""What Lighthouse says of the pages for citizens: `python -m tests.journeys.scores` prints it for every language.

Lighthouse is a tool of development: it comes from npm into `build/`, in the version of `lighthouse/package.json`, and
nothing of it is part of the system. Its browser is the one of the tests and finds nothing but this machine. Each page
is looked at `TIMES` times (1), as on a phone, and has the medians of its scores. Pages behind a private link ask
search engines to stay away, which Lighthouse counts against them: *SEO but private* leaves that one question out.
"""

import json
import os
import re
import shlex
import shutil
import statistics
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from typing import Any, Final

from tests.everywhere import SPOKEN
from tests.journeys.conftest import SWITCHES, chromium_path
from tests.living import Living, a_folder, living

_HERE = Path(__file__).resolve()
_PINNED = _HERE.parent / "lighthouse"
_INSTALLED = _HERE.parents[2] / "build" / "lighthouse"
_PROGRAM = _INSTALLED / "node_modules" / "lighthouse" / "cli" / "index.js"
_BROWSER = ["--headless=new", *SWITCHES, "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]
_PATIENCE_SECONDS = 240
_TRIES = 4  # it loses the beginning of a page now and then, and says so
_CATEGORIES: Final = ("performance", "accessibility", "best-practices", "seo")
_PRIVATE: Final = "is-crawlable"
_GOAL, _GOAL_OF_SPEED = 100, 98  # a busy machine takes a point or two
_REPORT = re.compile(r'<a class="report[^"]*" href="([^"]+)"')


@dataclass(frozen=True)
class Judgement:
    """What was said of a page: scores of 100 by category, a private page's SEO, its figures, and what failed."""

    scores: dict[str, float]
    private_seo: float
    shift: float
    blocked_ms: float
    seen_ms: float
    failed: frozenset[str]

    @property
    def is_good(self) -> bool:
        """Whether a page that is meant for search engines, or hides from them on purpose, reaches the goals."""
        speed, *others = ({**self.scores, "seo": self.private_seo}[name] for name in _CATEGORIES)
        return speed >= _GOAL_OF_SPEED and all(score >= _GOAL for score in others)


def install() -> None:
    """Install Lighthouse, if the version pinned is not there yet, without running a script of any package."""
    lock = (_PINNED / "package-lock.json").read_bytes()
    kept = _INSTALLED / "package-lock.json"
    if _PROGRAM.is_file() and kept.is_file() and kept.read_bytes() == lock:
        return
    if not shutil.which("npm"):
        sys.exit("npm is missing: Lighthouse needs Node and npm, which nothing else here does.")
    _INSTALLED.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copyfile(_PINNED / name, _INSTALLED / name)
    quiet = ["--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    subprocess.run(["npm", "ci", *quiet], cwd=_INSTALLED, check=True)


def judged(address: str, language: str, *, is_private: bool) -> Judgement:
    """Let Lighthouse look at a page once, as a phone whose owner reads this language."""
    tries = (_told(address, language) for _try in range(_TRIES))
    told = next((told for told in tries if told and "runtimeError" not in told), None)
    if told is None:
        sys.exit(f"{address}: Lighthouse could not look at it in {_TRIES} tries.")
    return _judgement(told, is_private=is_private)


def _told(address: str, language: str) -> dict[str, Any] | None:
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "told.json"
        command = [
            *("node", str(_PROGRAM), address, "--quiet", "--no-enable-error-reporting"),
            *("--output=json", f"--output-path={out}", f"--chrome-flags={shlex.join(_BROWSER)}"),
            f"--extra-headers={json.dumps({'Accept-Language': language})}",
        ]
        environment = {**os.environ, "CHROME_PATH": chromium_path()}
        subprocess.run(
            command, env=environment, check=False, stderr=subprocess.DEVNULL, timeout=_PATIENCE_SECONDS
        )
        return json.loads(out.read_text(encoding="utf-8")) if out.is_file() else None


def _judgement(told: dict[str, Any], *, is_private: bool) -> Judgement:
    audits, categories = told["audits"], told["categories"]
    scores = {name: 100 * (categories[name]["score"] or 0) for name in _CATEGORIES}
    counted = {ref["id"] for name in _CATEGORIES for ref in categories[name]["auditRefs"] if ref["weight"]}
    failed = {name for name in counted if (score := audits[name]["score"]) is not None and score < 0.9}
    return Judgement(
        scores,
        _without(_PRIVATE, categories["seo"], audits) if is_private else scores["seo"],
        audits["cumulative-layout-shift"]["numericValue"],
        audits["total-blocking-time"]["numericValue"],
        audits["first-contentful-paint"]["numericValue"],
        frozenset(failed),
    )


def _without(name: str, category: dict[str, Any], audits: dict[str, Any]) -> float:
    """Return the score of a category but for one audit: the mean of the others by their weights."""
    asked = [
        (ref["weight"], audits[ref["id"]]["score"])
        for ref in category["auditRefs"]
        if ref["id"] != name and audits[ref["id"]]["score"] is not None
    ]
    return float(round(100 * sum(weight * score for weight, score in asked) / sum(w for w, _s in asked)))


def median(judgements: list[Judgement]) -> Judgement:
    """Return the medians of several looks at one page, with everything that failed in any."""
    return Judgement(
        {name: statistics.median(each.scores[name] for each in judgements) for name in _CATEGORIES},
        statistics.median(each.private_seo for each in judgements),
        statistics.median(each.shift for each in judgements),
        statistics.median(each.blocked_ms for each in judgements),
        statistics.median(each.seen_ms for each in judgements),
        frozenset().union(*(each.failed for each in judgements)),
    )


def _pages(place: Living) -> dict[str, str]:
    """Return the addresses of the pages that are looked at; the first report of the list stands for all."""
    with urllib.request.urlopen(f"{place.base_url}/reports", timeout=15) as answer:
        found = _REPORT.search(answer.read().decode())
    assert found, "no report in the list"
    return {
        "report": f"{place.base_url}/",
        "tracking": place.facts["citizen"]["tracking"],
        "list": f"{place.base_url}/reports",
        "complaint": f"{place.base_url}{found[1]}",
        "statistics": f"{place.base_url}/statistics",
    }


def _judgements(times: int, wanted: list[str]) -> Iterator[tuple[str, str, Judgement]]:
    """Yield page, language and what is said of it, city by city, each run as operators run it."""
    for city, spoken in groupby(SPOKEN, key=lambda each: each[0]):
        with a_folder() as var, living(var, complaints=60, city=city) as place:
            for _city, language in spoken:
                for name, address in _pages(place).items():
                    if name in wanted or not wanted:
                        looks = [
                            judged(address, language, is_private=name == "tracking") for _ in range(times)
                        ]
                        yield name, language, median(looks)


def _row(name: str, language: str, told: Judgement) -> list[object]:
    private = round(told.private_seo) if name == "tracking" else ""
    scores = [round(score) for score in told.scores.values()]
    figures = [f"{told.shift:.3f}", round(told.blocked_ms), round(told.seen_ms)]
    return [name, language, *scores, private, *figures]


def main(wanted: list[str]) -> None:
    """Print what Lighthouse says of each page in each language; exit with 1 if a goal is missed."""
    install()
    heads = [
        "page",
        "language",
        "speed",
        "access",
        "practice",
        "SEO",
        "but private",
        "CLS",
        "TBT ms",
        "FCP ms",
    ]
    print("".join(f"{cell:>12}" for cell in heads), " failed")
    missed = 0
    for name, language, told in _judgements(int(os.environ.get("TIMES", "1")), wanted):
        missed += not told.is_good
        line = "".join(f"{cell!s:>12}" for cell in _row(name, language, told))
        print(line, " " + ", ".join(sorted(told.failed)), flush=True)
    print(f"Pages behind a private link fail {_PRIVATE} on purpose; `but private` is their SEO without it.")
    print(f"{missed} miss the goal: {_GOAL} each, speed {_GOAL_OF_SPEED}. Load: {os.getloadavg()[0]:.1f}.")
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main(sys.argv[1:])
