"""A map as a small SVG picture, for whoever has no JavaScript: outlines, streets of the archive, circles, pins.

Only attributes, no style sheet: nothing in it needs an exception from the content security policy.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from cps.geo.frame import Frame
from cps.geo.point import Point
from cps.geo.sketch import GRID, Drawing, Part

MOST_BYTES = 40_000

_FOR_OUTLINES, _FOR_STREETS = 16_000, 36_000  # bytes, up to here
_TOLERANCES = (0.7, 1.5, 3.0, 6.0, 12.0)  # pixels
_PIXELS_PER_LETTER = 8
_LEAST_CORNERS = 3
_STREETS = ("green", "water", "river", "main", "middle", "minor", "path")  # what matters most comes first
_WIDTHS = {"main": 5.5, "middle": 4.5, "minor": 3.0, "path": 1.0, "river": 2.0}  # pixels at zoom 15

_LIGHT = {
    "land": "#f2f1ed", "green": "#d8e8cf", "water": "#b5d3e8", "river": "#b5d3e8", "minor": "#fff",
    "middle": "#fff3cf", "main": "#fbdd94", "path": "#cfc6b8", "words": "#38424f", "halo": "#fff",
    "area": "#4a6fb0", "pin": "#0b57d0", "number": "#fff",
}  # fmt: skip
_DARK = {
    "land": "#1f262e", "green": "#23362b", "water": "#1b3a52", "river": "#1b3a52", "minor": "#434d59",
    "middle": "#565c60", "main": "#685d3c", "path": "#3a434e", "words": "#dde3ea", "halo": "#171c22",
    "area": "#7f9fd6", "pin": "#8ab4f8", "number": "#0a1d3d",
}  # fmt: skip


@dataclass(frozen=True)
class Contents:
    """What is to be drawn. `areas`: names with outlines; `tiles`: drawings by level, x and y.

    `heaps`: places with how many reports lie there; `numbered`: places in order, the first is 1.
    """

    areas: Sequence[tuple[str, BaseGeometry]] = ()
    tiles: Mapping[tuple[int, int, int], Drawing] = field(default_factory=dict)
    heaps: Sequence[tuple[Point, int]] = ()
    numbered: Sequence[Point] = ()
    pin: Point | None = None


def drawn(frame: Frame, contents: Contents, *, is_dark: bool = False) -> bytes:
    """Draw a map; what has no room in MOST_BYTES is drawn more coarsely or left out, streets first."""
    colours = _DARK if is_dark else _LIGHT
    shapes = _shapes(frame, contents.areas)
    outlines = _outlines(shapes, colours, is_plain=not contents.tiles)
    names = "" if contents.tiles else "".join(_names(shapes, colours))
    marks = "".join(_marks(frame, contents, colours))
    room = _FOR_STREETS - len((outlines + names + marks).encode())
    streets = _streets(frame, contents.tiles, colours, room)
    size = f'width="{frame.width}" height="{frame.height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} viewBox="0 0 {frame.width} {frame.height}"'
        ' font-family="system-ui,sans-serif">'
        f'<rect {size} fill="{colours["land"]}"/>{streets}{outlines}{names}{marks}</svg>'
    ).encode()


def _shapes(frame: Frame, areas: Iterable[tuple[str, BaseGeometry]]) -> list[tuple[str, BaseGeometry]]:
    """Return names and outlines in pixels, as far as they are seen."""
    window = frame.window
    seen = shapely.box(window.west, window.south, window.east, window.north)
    edge = 8  # so that the cut is out of sight
    found = []
    for name, outline in areas:
        if not seen.intersects(shapely.box(*outline.bounds)):
            continue
        projected = shapely.transform(outline, lambda degrees: _pixels(frame, degrees))
        cut = shapely.clip_by_rect(projected, -edge, -edge, frame.width + edge, frame.height + edge)
        if not cut.is_empty:
            found.append((name, cut))
    return found


def _pixels(frame: Frame, degrees: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return np.array([frame.pixel(Point(latitude, longitude)) for longitude, latitude in degrees.tolist()])


def _outlines(
    shapes: Sequence[tuple[str, BaseGeometry]], colours: Mapping[str, str], *, is_plain: bool
) -> str:
    path = ""
    for tolerance in _TOLERANCES:
        simpler = (shape.simplify(tolerance) for _name, shape in shapes)
        path = "".join(_ring(ring) for shape in simpler for ring in shapely.get_rings(shape).tolist())
        if len(path) <= _FOR_OUTLINES:
            break
    opacity = ("0.07", "0.8") if is_plain else ("0.03", "0.55")
    return (
        f'<path d="{path}" fill="{colours["area"]}" fill-opacity="{opacity[0]}"'
        f' stroke="{colours["area"]}" stroke-opacity="{opacity[1]}" fill-rule="evenodd"/>'
    )


def _ring(ring: BaseGeometry) -> str:
    corners = shapely.get_coordinates(ring).round().astype(int).tolist()
    if len(corners) <= _LEAST_CORNERS:
        return ""
    x, y = corners[0]
    steps = []
    for to_x, to_y in corners[1:-1]:
        if (to_x, to_y) != (x, y):
            steps.append(f"{to_x - x} {to_y - y}")
            x, y = to_x, to_y
    return f"M{corners[0][0]} {corners[0][1]}l{' '.join(steps)}z" if steps else ""


def _names(shapes: Iterable[tuple[str, BaseGeometry]], colours: Mapping[str, str]) -> Iterator[str]:
    for name, shape in shapes:
        west, _north, east, _south = shape.bounds
        if east - west < len(name) * _PIXELS_PER_LETTER:
            continue
        spot = shape.representative_point()
        yield (
            f'<text x="{spot.x:.0f}" y="{spot.y:.0f}" font-size="13" text-anchor="middle"'
            f' fill="{colours["words"]}">{escape(name)}</text>'
        )


def _streets(
    frame: Frame, tiles: Mapping[tuple[int, int, int], Drawing], colours: Mapping[str, str], room: int
) -> str:
    found: dict[str, str] = {}
    for kind in _STREETS:
        written = "".join(_of_one_kind(frame, kind, tiles, colours))
        room -= len(written)
        if room < 0:
            break
        found[kind] = written
    drawn_last = ("green", "water", "river", "path", "minor", "middle", "main")
    return "".join(found[kind] for kind in drawn_last if kind in found)


def _of_one_kind(
    frame: Frame, kind: str, tiles: Mapping[tuple[int, int, int], Drawing], colours: Mapping[str, str]
) -> Iterator[str]:
    for (level, x, y), drawing in tiles.items():
        left, top, size = frame.corner_of_tile(level, x, y)
        scale = size / GRID
        seen = (-left / scale, -top / scale, (frame.width - left) / scale, (frame.height - top) / scale)
        parts = [part for found, _name, parts in drawing if found == kind for part in parts]
        path = "".join(_path(part, is_filled=kind not in _WIDTHS) for part in parts if _is_seen(part, seen))
        if not path:
            continue
        place = f'transform="translate({left:.1f} {top:.1f}) scale({scale:.5f})"'
        if kind in _WIDTHS:
            wide = max(_WIDTHS[kind] * 1.45 ** (frame.zoom - 15), 0.75) / scale
            look = f'fill="none" stroke="{colours[kind]}" stroke-width="{wide:.1f}" stroke-linejoin="round"'
        else:
            look = f'fill="{colours[kind]}" fill-rule="evenodd"'
        yield f'<path {place} {look} d="{path}"/>'


def _path(part: Part, *, is_filled: bool) -> str:
    steps = " ".join(map(str, part[2:]))
    return f"M{part[0]} {part[1]}l{steps}{'z' if is_filled else ''}"


def _is_seen(part: Part, seen: tuple[float, float, float, float]) -> bool:
    columns, rows = np.cumsum(part[0::2]), np.cumsum(part[1::2])
    west, north, east, south = seen
    return bool(
        columns.max() >= west and columns.min() <= east and rows.max() >= north and rows.min() <= south
    )


def _marks(frame: Frame, contents: Contents, colours: Mapping[str, str]) -> Iterator[str]:
    for point, count in contents.heaps:
        x, y = frame.pixel(point)
        radius = min(4 + 3 * len(str(count)) + count**0.25, 24)
        yield f'<circle cx="{x:.0f}" cy="{y:.0f}" r="{radius:.0f}" fill="{colours["pin"]}" fill-opacity="0.3"/>'
    last = len(contents.numbered)
    for number, point in zip(range(last, 0, -1), reversed(contents.numbered), strict=True):
        x, y = frame.pixel(point)
        yield (
            f'<circle cx="{x:.0f}" cy="{y:.0f}" r="14" fill="{colours["pin"]}" stroke="{colours["halo"]}"'
            f' stroke-width="2"/><text x="{x:.0f}" y="{y + 6:.0f}" font-size="17" font-weight="700"'
            f' text-anchor="middle" fill="{colours["number"]}">{number}</text>'
        )
    if contents.pin is not None:
        x, y = frame.pixel(contents.pin)
        yield (
            f'<path transform="translate({x:.0f} {y:.0f})" d="M0 0c-4-9-13-15-13-25a13 13 0 0 1 26 0c0 10-9 16-13 25z"'
            f' fill="{colours["pin"]}" stroke="{colours["halo"]}" stroke-width="2"/>'
            f'<circle cx="{x:.0f}" cy="{y - 25:.0f}" r="5" fill="{colours["number"]}"/>'
        )
