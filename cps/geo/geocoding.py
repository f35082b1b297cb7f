"""A geocoder of the operator's own, asked beside the gazetteer: Nominatim or Photon; nobody where none is set.

Its failure is nobody's fault who reports: it is logged, without the words that were typed, and for a while it is not
asked again, so that a dead server holds up no more than one of many.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlsplit

from geopy.adapters import URLLibAdapter
from geopy.exc import GeopyError
from geopy.geocoders import Nominatim, Photon
from geopy.location import Location

from cps.geo.point import Point

_TIMEOUT_SECONDS: Final = 3
_SECONDS_LEFT_ALONE: Final = 60
_log = logging.getLogger(__name__)

Corners = tuple[Point, Point]
"""The south-western and the north-eastern corner of a box around the city."""

_Ask = Callable[[str, Corners, str, int], list[Location] | None]


@dataclass
class _Service:
    """Who is asked, and until when (monotonic seconds) nobody is."""

    ask: _Ask | None = None
    silent_until: float = field(default=0.0)


_service = _Service()


def use(setting: str, *, user_agent: str) -> None:
    """Ask the server of a setting like `photon:https://photon.example.org` from now on; nobody if it is empty."""
    kind, _colon, url = setting.partition(":")
    _service.ask = _asker(kind, url, user_agent) if setting else None
    _service.silent_until = 0.0


def is_set() -> bool:
    """Whether there is anybody to ask."""
    return _service.ask is not None


def found(query: str, *, within: Corners, language: str, limit: int) -> list[Location]:
    """Return what the server knows by this name in the box; nothing where it fails."""
    if _service.ask is None or time.monotonic() < _service.silent_until:
        return []
    try:
        return _service.ask(query, within, language, limit) or []
    except (
        GeopyError,
        ValueError,
        KeyError,
        TypeError,
        AttributeError,
    ) as error:  # the last: not what it should say
        _service.silent_until = time.monotonic() + _SECONDS_LEFT_ALONE
        _log.warning(
            "The geocoder of CPS_GEOCODER failed (%s); left alone for a while.", type(error).__name__
        )
        return []


def _asker(kind: str, url: str, user_agent: str) -> _Ask:
    parts = urlsplit(url)
    reached: dict[str, Any] = {
        "scheme": parts.scheme,
        "domain": f"{parts.netloc}{parts.path}".rstrip("/"),
        "user_agent": user_agent,
        "timeout": _TIMEOUT_SECONDS,
        "adapter_factory": URLLibAdapter,
    }
    if kind == "photon":
        photon = Photon(**reached)
        return lambda query, within, _language, limit: photon.geocode(
            query, exactly_one=False, limit=limit, bbox=_pairs(within)
        )
    nominatim = Nominatim(**reached)
    return lambda query, within, language, limit: nominatim.geocode(
        query, exactly_one=False, limit=limit, viewbox=_pairs(within), bounded=True, language=language
    )


def _pairs(corners: Corners) -> list[tuple[float, float]]:
    return [(corner.latitude, corner.longitude) for corner in corners]
