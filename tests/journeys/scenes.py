"""Where a person stands who reports a problem: which city, on which phone, over which link."""

import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser

from cps.kernel.files import CITIES
from tests.everywhere import Place
from tests.journeys.conftest import PHONE
from tests.journeys.hands import Hands
from tests.journeys.links import Link, a_link
from tests.makers import a_photo
from tests.photographs import a_photograph, as_taken

PATIENCE_MS = 30_000
_LOCALES = {"vi": "vi-VN", "ne": "ne-NP", "fil": "fil-PH", "ko": "ko-KR", "en": "en-GB"}


@dataclass(frozen=True)
class Scene:
    """Where a person stands: the city, its link if that is a bad one, and photos as their phone takes them."""

    place: Place
    link: Link | None
    folder: Path

    def photo(self, *, heavy: bool = False) -> Path:
        """Return the path of a photo, of about 12 MB if it is `heavy`."""
        path = self.folder / ("IMG_12.jpg" if heavy else "IMG_1.jpg")
        if not path.exists():
            large = as_taken(a_photograph(2), at_least=11_000_000) if heavy else None
            path.write_bytes(large or a_photo((1600, 1200)).getvalue())
        return path


@dataclass(frozen=True)
class Persona:
    """Who it is, where and in which language; `options` of their browser; how long their hands may take."""

    who: str
    city: str
    language: str
    act: Callable[[Hands, Scene], None]
    seconds: int = 90
    types_nothing: bool = False
    has_gps: bool = True
    is_far: bool = False
    options: Mapping[str, Any] = field(default_factory=dict)


@contextmanager
def at_the_phone(
    persona: Persona, browser: Browser, places: Mapping[str, Place], folder: Path
) -> Iterator[tuple[Hands, Scene]]:
    """Put the phone of a person into their hands; fail at its end on any error of its scripts."""
    place = places[persona.city]
    errors: list[str] = []
    with _link(persona, place) as link:
        options: dict[str, Any] = {
            "base_url": link.base_url if link else place.base_url,
            "locale": _LOCALES[persona.language],
            "viewport": PHONE,
            "is_mobile": True,
            "has_touch": True,
            **persona.options,
        }
        if persona.has_gps:
            options |= {"geolocation": middle_of(persona.city), "permissions": ["geolocation"]}
        context = browser.new_context(**options)
        context.set_default_timeout(PATIENCE_MS)
        context.on("page", lambda page: page.on("pageerror", lambda error: errors.append(str(error))))
        try:
            yield Hands(context.new_page()), Scene(place, link, folder)
        finally:
            context.close()
        assert errors == []


def _link(persona: Persona, place: Place) -> AbstractContextManager[Link | None]:
    return a_link(urlsplit(place.base_url).port or 80) if persona.is_far else nullcontext()


def middle_of(city: str) -> dict[str, float]:
    """Return the middle of a city, as a phone there would tell it."""
    where = tomllib.loads((CITIES / city / "city.toml").read_text(encoding="utf-8"))["map"]
    return {"latitude": where["latitude"], "longitude": where["longitude"], "accuracy": 12}
