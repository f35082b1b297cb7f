"""What a map is drawn from: the outlines of the city's areas, and the tiles of the operator's archive.

Both answers depend on their address alone, never on who asks, so that any cache may keep them for a day.
"""

import gzip
import json
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from weakref import WeakKeyDictionary

import shapely
from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from cps.city.queries import CityInForce, in_force
from cps.geo import outlines, tiles
from cps.geo.area import AreaMap
from cps.geo.tiles import Archive
from cps.kernel.errors import NotFound
from cps.settings import Settings
from cps.web import language

_LOG = logging.getLogger(__name__)
_ONE_DAY = 86_400
_TILES_REMEMBERED = 400  # per process, about 10 kB each

_OUTLINES: WeakKeyDictionary[AreaMap, "_Outlines"] = WeakKeyDictionary()


@dataclass(frozen=True)
class BaseMap:
    """What the map's page must know: addresses, and what the archive of tiles covers."""

    areas: str
    tiles: str
    vector: str
    lowest_zoom: int
    highest_zoom: int
    bounds: Sequence[float]
    attribution: str


@dataclass(frozen=True)
class _Outlines:
    """The outlines of the areas in force, without names; `digest` tells one state of them from another."""

    digest: str
    features: Callable[[], list[dict[str, object]]]


def add_routes(blueprint: Blueprint, settings: Settings) -> None:
    """Answer for maps, and give every template `base_map()`; raise Unusable if the archive is damaged."""
    archive = tiles.opened(settings.tile_archive) if settings.tile_archive else None
    blueprint.add_url_rule("/map/areas.json", "map_areas", areas)
    if archive:
        blueprint.add_url_rule("/map/tiles/<int:zoom>/<int:x>/<int:y>.json", "map_tile", _tile_view(archive))
    blueprint.app_context_processor(lambda: {"base_map": lambda: _base_map(settings, archive)})


def areas() -> Response:
    """Answer the outlines with names in the language that the address ends in, as `?v=<digest>-<language>`."""
    spoken = request.args.get("v", "").rpartition("-")[2]
    city = in_force()
    return _cached(_named_outlines(city, spoken).encode())


def _tile_view(archive: Archive) -> Callable[[int, int, int], Response]:
    drawn = lru_cache(_TILES_REMEMBERED)(lambda zoom, x, y: _drawn(archive, zoom, x, y))

    def tile(zoom: int, x: int, y: int) -> Response:
        if zoom > tiles.DEEPEST_ZOOM or x >= 2**zoom or y >= 2**zoom:
            raise NotFound
        data = drawn(zoom, x, y)
        return _cached(data) if data else _kept_a_day(Response(status=204, mimetype="application/json"))

    return tile


def _drawn(archive: Archive, zoom: int, x: int, y: int) -> bytes | None:
    try:
        drawing = archive.drawing(zoom, x, y)
    except tiles.Damaged as damage:
        _LOG.warning("left out of the map: %s", damage)
        return None
    if not drawing:
        return None
    return json.dumps(drawing, ensure_ascii=False, separators=(",", ":")).encode()


def _base_map(settings: Settings, archive: Archive | None) -> BaseMap:
    city, covered = in_force(), archive.coverage if archive else None
    version = f"{_outlines_of(city).digest}-{language.current()}"
    credited = settings.tile_attribution or (covered.attribution if covered else "")
    return BaseMap(
        areas=url_for("citizen.map_areas", v=version),
        tiles=settings.tile_url,
        vector=_tile_address(archive) if archive and not settings.tile_url else "",
        lowest_zoom=covered.lowest_zoom if covered else 0,
        highest_zoom=covered.highest_zoom if covered else 0,
        bounds=covered.bounds or () if covered else (),
        attribution=Markup(credited).striptags(),  # noqa: S704 - its tags are taken out
    )


def _tile_address(archive: Archive) -> str:
    of_the_first = url_for("citizen.map_tile", zoom=0, x=0, y=0, v=archive.version)
    return of_the_first.replace("/0/0/0.json", "/{z}/{x}/{y}.json")


def _named_outlines(city: CityInForce, spoken: str) -> str:
    features = [
        {**feature, "properties": {"name": city.named(area.names, spoken), "approximate": area.approximate}}
        for area, feature in zip(city.profile.areas, _outlines_of(city).features(), strict=True)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, ensure_ascii=False, separators=(",", ":"))


def _outlines_of(city: CityInForce) -> _Outlines:
    # By the area map, which is made anew with every load of a city and gone with it.
    known = _OUTLINES.get(city.area_map)
    if known is None:
        known = _OUTLINES[city.area_map] = _prepared(city)
    return known


def _prepared(city: CityInForce) -> _Outlines:
    polygons = [area.polygon for area in city.profile.areas]
    facts = [[area.code, area.approximate, dict(area.names)] for area in city.profile.areas]
    state = json.dumps(facts, sort_keys=True).encode() + b"".join(shapely.to_wkb(polygons))

    @lru_cache(maxsize=1)
    def features() -> list[dict[str, object]]:
        return [{"type": "Feature", "geometry": geometry} for geometry in outlines.light(polygons)]

    return _Outlines(sha256(state).hexdigest()[:8], features)


def _cached(data: bytes) -> Response:
    """Answer JSON, packed where the browser can unpack it, and 304 where it has it already."""
    response = Response(data, mimetype="application/json")
    response.set_etag(sha256(data).hexdigest()[:16], weak=True)
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(data, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return _kept_a_day(response).make_conditional(request)  # type: ignore[return-value]


def _kept_a_day(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = _ONE_DAY
    return response
