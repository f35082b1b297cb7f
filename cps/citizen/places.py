"""Places by name, beside the landmark: offered to choose from, and nothing is set that nobody chose.

The gazetteer answers; a geocoder of the operator's, if one is set, fills up what is left of the list. What is too
wide to say where something is, an area, is chosen as an area and sets no point.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from functools import lru_cache
from typing import Any, Final

import shapely
from flask import Response, render_template, request, url_for
from flask_limiter.util import get_remote_address
from geopy.location import Location
from limits import parse

from cps.citizen import lasting
from cps.city.gazetteer import MOST, CityGazetteer
from cps.city.place import PlaceKind
from cps.city.queries import CityInForce
from cps.geo import geocoding, plus_code
from cps.geo import point as points
from cps.geo.point import Point
from cps.kernel.errors import Invalid
from cps.kernel.text import _, cleaned
from cps.web import language
from cps.web.filters import says
from cps.web.limits import limiter

CHOICE: Final = "spot"

_AREA: Final = "area:"
_ONE_HOUR: Final = 3600
_LONGEST_TITLE: Final = 120
_OF_THE_GEOCODER = parse("20/minute")


@dataclass(frozen=True, slots=True)
class Offer:
    """A place to choose: its name, what tells it from its namesakes, and what choosing it says in the form."""

    title: str
    beside: str
    value: str


@dataclass(frozen=True, slots=True)
class Found:
    """What was looked for, and what there is by that name."""

    query: str
    offers: list[Offer]


def typed_point(text: str) -> Point:
    """Read a latitude and longitude, or a plus code that the city completes; raise Invalid (field `place`) for others."""
    if not plus_code.is_meant(text):
        return points.parse_pair(text)
    view = language.city().profile.map
    centre = Point(view.latitude, view.longitude)
    point = plus_code.read(text, near=centre)
    if point is None:
        code = plus_code.written(centre)
        raise Invalid(
            {"place": _("We could not read this plus code. A whole one looks like %(code)s.", code=code)}
        )
    return point


def with_choice(typed: Mapping[str, str], choice: str) -> dict[str, str]:
    """Return the fields of the form with the place that was chosen; unchanged where nothing readable was."""
    if choice.startswith(_AREA):
        chosen = {"area": choice.removeprefix(_AREA), "latitude": "", "longitude": "", "coordinates": ""}
        return {**typed, **chosen} if language.city().area(chosen["area"]) else dict(typed)
    try:
        point = points.parse_pair(choice)
    except Invalid:
        return dict(typed)
    return {**typed, "coordinates": "", **_degrees(point)}


def found(query: str, area: str = "") -> Found:
    """Look a place up by name; of those that fit equally well, the nearest to the area goes first."""
    city, text = language.city(), cleaned(query)
    if not text:
        return Found("", [])
    places = CityGazetteer().geocode(text, exactly_one=False, limit=2 * MOST, near=_middle(city, area)) or []
    offers = _known(places, city)
    if len(offers) < MOST and _may_ask_geocoder():
        offers += _further(text, city, offers)
    return Found(text, offers[:MOST])


@limiter.limit("60/minute")
def search() -> Response:
    """Answer the list of places as a piece of the page, in the language the address ends in."""
    lasting.speak_as_asked()
    asked = request.args
    piece = render_template(
        "citizen/report_found.html", found=found(asked.get("q", ""), asked.get("area", ""))
    )
    response = Response(
        json.dumps({"html": piece}, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )
    # For whoever asked alone: what people write about where they are belongs in nobody else's cache.
    response.cache_control.private = True
    response.cache_control.max_age = _ONE_HOUR
    return response


def address() -> str:
    """Return where places are looked up by a script."""
    return url_for("citizen.places", v=lasting.version())


def _known(places: Sequence[Location], city: CityInForce) -> list[Offer]:
    offers = (_offer(place.raw, _point(place), city) for place in places)
    return [offer for offer in offers if offer is not None][:MOST]


def _offer(row: Mapping[str, Any], point: Point, city: CityInForce) -> Offer | None:
    """Return a place of the gazetteer to choose; None if it is not in the city as it is today."""
    spoken = language.current()
    area = city.area(row["area"] or "") or city.area(city.area_map.containing(point) or "")
    if area is None or (row["kind"] == PlaceKind.AREA and area.code != row["area"]):
        return None
    named = city.named(area.names, spoken)
    if row["kind"] == PlaceKind.AREA:
        return Offer(named, "", f"{_AREA}{area.code}")
    beside = [row["name"] if row["name"] not in row["title"] else "", _until(row, city), named]
    value = f"{_AREA}{area.code}" if PlaceKind(row["kind"]).is_wide else _pair(point)
    return Offer(row["title"], " · ".join(filter(None, beside)), value)


def _until(row: Mapping[str, Any], city: CityInForce) -> str:
    if row["last_day"] is None:
        return ""
    noon = datetime.combine(row["last_day"], time(12), tzinfo=city.profile.calendar.zone)
    return says(_("until %(day)s", day=city.profile.day(noon, language=language.current())))


def _further(query: str, city: CityInForce, known: Sequence[Offer]) -> list[Offer]:
    """Return what the geocoder adds: within the city, and not offered already."""
    answers = geocoding.found(query, within=_corners(city), language=language.current(), limit=MOST)
    added: dict[str, Offer] = {}
    for answer in answers:
        point, title = _point(answer), cleaned(answer.address).partition(",")[0][:_LONGEST_TITLE]
        area = city.area(city.area_map.containing(point) or "")
        if area is None or not title:
            continue
        offer = Offer(title, city.named(area.names, language.current()), _pair(point))
        if not any((one.title, one.beside) == (offer.title, offer.beside) for one in known):
            added.setdefault(f"{offer.title} {offer.beside}", offer)
    return list(added.values())


def _may_ask_geocoder() -> bool:
    return geocoding.is_set() and limiter.limiter.hit(_OF_THE_GEOCODER, "geocoder", get_remote_address())


@lru_cache(maxsize=4)
def _corners(city: CityInForce) -> geocoding.Corners:
    west, south, east, north = shapely.total_bounds([area.polygon for area in city.profile.areas])
    return Point(float(south), float(west)), Point(float(north), float(east))


def _middle(city: CityInForce, code: str) -> Point | None:
    area = city.area(code) if code else None
    if area is None:
        return None
    middle = area.polygon.representative_point()
    return Point(middle.y, middle.x)


def _point(place: Location) -> Point:
    return Point(float(place.latitude), float(place.longitude))


def _pair(point: Point) -> str:
    return ",".join(_degrees(point).values())


def _degrees(point: Point) -> dict[str, str]:
    return {"latitude": f"{point.latitude:.6f}", "longitude": f"{point.longitude:.6f}"}
