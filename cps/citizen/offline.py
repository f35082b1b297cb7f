"""Reporting without a network: the service worker, the form it keeps, what makes the city a program of the phone.

The worker keeps one page, which holds nothing of anybody, and files whose addresses tell their state. Its own
address never changes and is asked for at every visit, so that a bad one is gone with the next: `docs/offline.md`.
"""

import json
from functools import lru_cache
from hashlib import sha256

from flask import Blueprint, Response, make_response, url_for

from cps.citizen import kept_words, lasting, reports
from cps.settings import Settings
from cps.web import assets, language
from cps.web.filters import says

_PAGE_COLOUR, _BAR_COLOUR = "#f3f5f8", "#ffffff"  # --ground and --card of tokens.css
_ELSEWHERE = ("js/map/", "js/workers/")  # needs a network anyway


def add_routes(citizen: Blueprint, settings: Settings) -> None:
    """Put these answers on the citizens' blueprint, and their addresses into every page."""
    citizen.get("/sw.js", endpoint="worker")(worker if settings.has_service_worker else withdrawn)
    citizen.get("/offline", endpoint="offline")(page)
    citizen.get("/kept.json", endpoint="kept_words")(words)
    citizen.get("/manifest.webmanifest", endpoint="manifest")(manifest)
    citizen.app_context_processor(
        lambda: {"lasting": _address, "has_service_worker": settings.has_service_worker}
    )


def _address(endpoint: str) -> str:
    return url_for(endpoint, v=lasting.version())


def worker() -> Response:
    """Answer the service worker, which changes with the program, the city and the reader's language."""
    version = f"{_page_state(lasting.version())}-{lasting.version()}"
    shown = url_for("citizen.offline", v=version)
    modules = [name for name in assets.modules() if not name.startswith(_ELSEWHERE)]
    kept = [
        shown,
        _address("citizen.kept_words"),
        _address("citizen.words"),
        *_questions(),
        _address("citizen.sentences"),
        *map(assets.url, ("citizen.css", "asked.css", "shown.css", "kept.css", "icons.svg", *modules)),
    ]
    known = json.dumps(
        {"version": version, "page": shown, "kept": kept},
        ensure_ascii=False,
        separators=(",", ":"),
    )
    return _script(f"const CPS={known};\n{assets.text('js/workers/offline.js')}")


def withdrawn() -> Response:
    """Answer what takes the service worker away from every phone that has it."""
    return _script(assets.text("js/workers/withdrawn.js"))


def page() -> Response:
    """Show the form as the worker keeps it: without a key, which the phone makes anew for each report."""
    lasting.speak_as_asked()
    response = lasting.answer(reports.empty_page(), mimetype="text/html")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def words() -> Response:
    """Answer the sentences that only scripts say, about reports that wait on a phone."""
    lasting.speak_as_asked()
    told = {**kept_words.said(), "style": assets.url("kept.css")}
    return lasting.answer(_json(told), mimetype="application/json")


def manifest() -> Response:
    """Answer what a phone needs to know to keep the city among its programs."""
    lasting.speak_as_asked()
    city, spoken = language.city(), language.current()
    told = {
        "name": city.name(spoken),
        "short_name": city.name(spoken),
        "description": says(kept_words.PURPOSE),
        "lang": spoken,
        "id": "/",
        "start_url": url_for("citizen.report"),
        "scope": "/",
        "display": "standalone",
        "background_color": _PAGE_COLOUR,
        "theme_color": _BAR_COLOUR,
        "icons": [
            _icon(name, size, "maskable" if masked else "any")
            for name, (size, masked) in assets.HOME_ICONS.items()
        ],
    }
    return lasting.answer(_json(told), mimetype="application/manifest+json")


@lru_cache(maxsize=64)
def _page_state(_version: str) -> str:
    # What the page says may change with the program while its styles and scripts stay.
    return sha256(reports.empty_page().encode()).hexdigest()[:8]


def _questions() -> list[str]:
    city = language.city()
    codes = [
        category.code for category in city.profile.categories if city.profile.asks.of(category.code).has_more
    ]
    return [url_for("citizen.questions", code=code, v=lasting.version()) for code in codes]


def _icon(name: str, size: int, purpose: str) -> dict[str, str]:
    return {
        "src": assets.url(f"{name}.png"),
        "sizes": f"{size}x{size}",
        "type": "image/png",
        "purpose": purpose,
    }


def _script(text: str) -> Response:
    response = make_response(text)
    response.mimetype = "text/javascript"
    response.headers["Cache-Control"] = "no-cache"
    return response


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
