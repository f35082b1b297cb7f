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
from typing import TypeVar
from weakref import WeakKeyDictionary

import shapely
from flask import Blueprint, Response, request, url_for
from markupsafe import Markup

from cps.city.queries import CityInForce, in_force
from cps.geo import outlines, tiles
from cps.geo.area import AreaMap
from cps.geo.sketch import Drawing
from cps.geo.tiles import Archive
from cps.kernel.errors import NotFound
from cps.settings import Settings
from cps.web import language

_LOG = logging.getLogger(__name__)
_ONE_DAY = 86_400
_TILES_REMEMBERED = 400  # per process, about 10 kB each
_DRAWINGS_REMEMBERED = 32  # per process, about 200 kB each
_JSON = "application/json"

Found = TypeVar("Found")

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


def add_routes(blueprint: Blueprint, settings: Settings) -> Archive | None:
    """Answer for maps, and give every template `base_map()`; return the operator's archive.

    Raises Unusable if it is damaged.
    """
    archive = tiles.opened(settings.basemap) if settings.basemap else None
    blueprint.add_url_rule("/map/areas.json", "map_areas", areas)
    if archive:
        view = _tile_view(archive) if archive.coverage.is_vector else _picture_tile_view(archive)
        suffix = "json" if archive.coverage.is_vector else archive.coverage.form
        blueprint.add_url_rule(f"/map/tiles/<int:zoom>/<int:x>/<int:y>.{suffix}", "map_tile", view)
    blueprint.app_context_processor(lambda: {"base_map": lambda: _base_map(settings, archive)})
    return archive


def areas() -> Response:
    """Answer the outlines with names in the language that the address ends in, as `?v=<digest>-<language>`."""
    spoken = request.args.get("v", "").rpartition("-")[2]
    city = in_force()
    return packed(_named_outlines(city, spoken).encode(), _JSON)


def _tile_view(archive: Archive) -> Callable[[int, int, int], Response]:
    written = lru_cache(_TILES_REMEMBERED)(lambda zoom, x, y: _written(archive, zoom, x, y))

    def tile(zoom: int, x: int, y: int) -> Response:
        _require_on_the_map(zoom, x, y)
        data = written(zoom, x, y)
        return packed(data, _JSON) if data else _kept(Response(status=204, mimetype=_JSON), _ONE_DAY)

    return tile


def _picture_tile_view(archive: Archive) -> Callable[[int, int, int], Response]:
    def tile(zoom: int, x: int, y: int) -> Response:
        _require_on_the_map(zoom, x, y)
        data = _undamaged(lambda: archive.picture(zoom, x, y))
        response = Response(data or b"", status=200 if data else 204, mimetype=archive.coverage.mimetype)
        if data:
            response.set_etag(sha256(data).hexdigest()[:16])
        return _kept(response, _ONE_DAY).make_conditional(request)  # type: ignore[return-value]

    return tile


def remembered(archive: Archive) -> Callable[[int, int, int], Drawing | None]:
    """Return what draws the archive's tiles and remembers the latest; None where there is none, or a damaged one."""
    return lru_cache(_DRAWINGS_REMEMBERED)(lambda zoom, x, y: _drawn(archive, zoom, x, y))


def _require_on_the_map(zoom: int, x: int, y: int) -> None:
    if zoom > tiles.DEEPEST_ZOOM or x >= 2**zoom or y >= 2**zoom:
        raise NotFound


def _written(archive: Archive, zoom: int, x: int, y: int) -> bytes | None:
    drawing = _drawn(archive, zoom, x, y)
    return json.dumps(drawing, ensure_ascii=False, separators=(",", ":")).encode() if drawing else None


def _drawn(archive: Archive, zoom: int, x: int, y: int) -> Drawing | None:
    return _undamaged(lambda: archive.drawing(zoom, x, y))


def _undamaged(read: Callable[[], Found | None]) -> Found | None:
    try:
        return read()
    except tiles.Damaged as damage:
        _LOG.warning("left out of the map: %s", damage)
        return None


def _base_map(settings: Settings, archive: Archive | None) -> BaseMap:
    city, covered = in_force(), archive.coverage if archive else None
    version = f"{_outlines_of(city).digest}-{language.current()}"
    credited = settings.tile_attribution or (covered.attribution if covered else "")
    of_archive = _tile_address(archive) if archive and not settings.tile_url else ""
    is_vector = covered is not None and covered.is_vector
    return BaseMap(
        areas=url_for("citizen.map_areas", v=version),
        tiles=settings.tile_url or ("" if is_vector else of_archive),
        vector=of_archive if is_vector else "",
        lowest_zoom=covered.lowest_zoom if covered else 0,
        highest_zoom=covered.highest_zoom if covered else 0,
        bounds=covered.bounds or () if covered else (),
        attribution=Markup(credited).striptags(),  # noqa: S704 - its tags are taken out
    )


def _tile_address(archive: Archive) -> str:
    of_the_first = url_for("citizen.map_tile", zoom=0, x=0, y=0, v=archive.version)
    return of_the_first.replace("/0/0/0.", "/{z}/{x}/{y}.")


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


def packed(data: bytes, mimetype: str, *, seconds: int = _ONE_DAY) -> Response:
    """Answer text of any kind, packed where the browser can unpack it, and 304 where it has it already."""
    response = Response(data, mimetype=mimetype)
    response.set_etag(sha256(data).hexdigest()[:16], weak=True)
    if request.accept_encodings["gzip"]:
        response.set_data(gzip.compress(data, compresslevel=6, mtime=0))
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    return _kept(response, seconds).make_conditional(request)  # type: ignore[return-value]


def _kept(response: Response, seconds: int) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = seconds
    return response
