"""The map of reports: a page with a still picture and a list, and what the interactive map asks for.

Everything here is public and depends on its address alone; the language of the page is the only other thing.
"""

import json
from collections.abc import Callable, Sequence
from typing import Any

from flask import Blueprint, Response, render_template, request, url_for

from cps.citizen import choices, map_choice, maps
from cps.citizen.map_choice import Chosen
from cps.city.queries import CityInForce, in_force
from cps.complaints import atlas, pins
from cps.complaints.pins import Pin
from cps.complaints.status import Status
from cps.geo import picture
from cps.geo.frame import Frame
from cps.geo.point import Point
from cps.geo.sketch import Drawing
from cps.geo.tiles import Archive
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.web import filters, language

_SHOWN = 12  # reports in the list and on the still map
_KEPT_SECONDS = 15  # by a browser that goes back and forth

Tiles = Callable[[int, int, int], Drawing | None]


def add_routes(blueprint: Blueprint, archive: Archive | None) -> None:
    """Answer for the map of reports."""
    blueprint.add_url_rule("/map", "map", show)
    blueprint.add_url_rule("/map/clusters.json", "map_clusters", clusters)
    blueprint.add_url_rule("/map/reports.json", "map_reports", reports)
    blueprint.add_url_rule("/map/picture.svg", "map_picture", _picture_view(archive))


def show() -> str:
    """Show a still map and the newest reports on it, as a list; the interactive map on request."""
    city = language.city()
    chosen, frame = map_choice.chosen(city), map_choice.frame(city)
    ids, total = atlas.spots().newest(map_choice.block_of(frame), chosen.wanted(city), most=_SHOWN)
    return render_template(
        "citizen/map.html",
        chosen=chosen,
        frame=frame,
        view=_view(frame),
        links=_links(frame, chosen),
        categories=[(c.code, filters.named(c)) for c in city.profile.categories if c.is_public],
        areas=choices.areas(),
        pins=pins.pins(ids),
        status_told=status_told,
        total=total,
    )


def clusters() -> Response:
    """Answer how many reports lie in each cell of a window: [x, y, count, latitude, longitude] of a level."""
    city = in_force()
    try:
        block = map_choice.block()
    except Invalid as error:
        return _refused(error)
    found = atlas.spots().clusters(block, map_choice.chosen(city).wanted(city))
    listed = [[c.x, c.y, c.count, round(c.latitude, 5), round(c.longitude, 5)] for c in found]
    return _answered({"level": block.level, "clusters": listed})


def reports() -> Response:
    """Answer the newest reports of a window or of one cell, in words."""
    city = language.city()
    try:
        block = map_choice.block()
    except Invalid as error:
        return _refused(error)
    ids, total = atlas.spots().newest(block, map_choice.chosen(city).wanted(city), most=_SHOWN)
    return _answered({"total": total, "reports": [_in_words(pin, city) for pin in pins.pins(ids)]})


def _picture_view(archive: Archive | None) -> Callable[[], Response]:
    drawings = maps.remembered(archive) if archive else None

    def view() -> Response:
        city = language.city()
        frame = map_choice.frame(city)
        contents = picture.Contents(
            areas=[(filters.named(area), area.polygon) for area in city.profile.areas],
            tiles=_tiles(frame, archive, drawings) if archive and drawings else {},
            **_marks(frame, city),
        )
        data = picture.drawn(frame, contents, is_dark="dark" in request.args)
        return maps.packed(data, "image/svg+xml", seconds=_KEPT_SECONDS)

    return view


def _marks(frame: Frame, city: CityInForce) -> dict[str, Any]:
    """Return what lies on a still map: the pin of a form, or the reports."""
    if "pin" in request.args:
        return {"pin": frame.middle} if request.args["pin"] == "yes" else {}
    spots, wanted = atlas.spots(), map_choice.chosen(city).wanted(city)
    heaps = spots.clusters(map_choice.heaps_of(frame), wanted)
    ids, _all = spots.newest(map_choice.block_of(frame), wanted, most=_SHOWN)
    return {
        "heaps": [(Point(heap.latitude, heap.longitude), heap.count) for heap in heaps],
        "numbered": [pin.point for pin in pins.pins(ids)],
    }


def _tiles(frame: Frame, archive: Archive, drawings: Tiles) -> dict[tuple[int, int, int], Drawing]:
    level = min(frame.zoom - 1, archive.coverage.highest_zoom)
    if level < archive.coverage.lowest_zoom:
        return {}
    found = {(level, x, y): drawings(level, x, y) for x, y in frame.tiles(level)}
    return {place: drawing for place, drawing in found.items() if drawing}


def _view(frame: Frame) -> dict[str, Any]:
    middle = frame.middle
    return {
        "latitude": round(middle.latitude, 5),
        "longitude": round(middle.longitude, 5),
        "zoom": frame.zoom,
    }


def _links(frame: Frame, chosen: Chosen) -> dict[str, str]:
    """Return the addresses of the maps beside this one, and of those closer by and farther away."""
    beside = {
        "north": frame.moved(0, -0.5),
        "south": frame.moved(0, 0.5),
        "west": frame.moved(-0.5, 0),
        "east": frame.moved(0.5, 0),
        "closer": frame.zoomed(1),
        "farther": frame.zoomed(-1),
    }
    return {
        name: url_for("citizen.map", **_view(other) | chosen.in_address())
        for name, other in beside.items()
        if other != frame
    }


def _in_words(pin: Pin, city: CityInForce) -> dict[str, object]:
    spoken = language.current()
    return {
        "url": url_for("citizen.complaint", reference=pin.reference),
        "reference": pin.reference,
        "category": city.named(city.category_names[pin.category_id], spoken),
        "status": status_told(pin.status),
        "area": city.named(city.area_names[pin.area_id], spoken) if pin.area_id else "",
        "day": filters.day(pin.received_at),
        "latitude": round(pin.point.latitude, 5),
        "longitude": round(pin.point.longitude, 5),
    }


def status_told(status: Status) -> str:
    """Say a status to somebody who is not the reporter."""
    return (
        filters.says(_("Waiting for the reporter"))
        if status is Status.WAITING
        else filters.status_name(status)
    )


def _refused(error: Invalid) -> Response:
    sentences: Sequence[str] = [filters.says(fault) for fault in error.faults.values()]
    response = _answered({"faults": sentences})
    response.status_code = 422
    response.headers["Cache-Control"] = "no-store"
    return response


def _answered(content: object) -> Response:
    data = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    return maps.packed(data, "application/json", seconds=_KEPT_SECONDS)
