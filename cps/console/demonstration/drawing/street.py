"""The street all pictures show: narrow houses, a sidewalk, a road, by day, by night or in the rain."""

from collections.abc import Sequence
from dataclasses import dataclass

from cps.console.demonstration.drawing.canvas import HEIGHT, WIDTH, Canvas

SIDEWALK_TOP, CURB_TOP, ROAD_TOP = 600, 700, 718


@dataclass(frozen=True)
class Light:
    """The colours of a time of day."""

    sky: tuple[str, str]
    far: str
    houses: Sequence[str]
    window: str
    frame: str
    sidewalk: str
    joint: str
    curb: str
    road: str
    marking: str
    leaves: Sequence[str]


DAY = Light(
    sky=("#8ecbee", "#eaf6fb"),
    far="#c3dbe6",
    houses=("#f2c879", "#e9a58b", "#f6e3b4", "#a9cfc0", "#f0b7a4", "#d7d9e8", "#f5d58f"),
    window="#5d8aa8",
    frame="#ffffff",
    sidewalk="#d9cfc1",
    joint="#c6baa9",
    curb="#b3aaa0",
    road="#6b7078",
    marking="#f3f1ea",
    leaves=("#4f9d5d", "#5fb06c", "#3f8a50"),
)
NIGHT = Light(
    sky=("#0e1730", "#2b3a66"),
    far="#1d2949",
    houses=("#3d3b4d", "#433746", "#454354", "#304350", "#43394a", "#383f57", "#46414b"),
    window="#1c2740",
    frame="#2a3350",
    sidewalk="#3a3f52",
    joint="#323748",
    curb="#2f3445",
    road="#242937",
    marking="#6a7083",
    leaves=("#20423a", "#264b42", "#1a3a33"),
)
RAIN = Light(
    sky=("#7d8b99", "#b9c3cb"),
    far="#9ba8b2",
    houses=("#c7ac74", "#bf907d", "#cbbf9f", "#8fab9f", "#c39d90", "#b1b3c0", "#cab37f"),
    window="#566d7d",
    frame="#dfe3e6",
    sidewalk="#b3aba1",
    joint="#a1998e",
    curb="#8f8880",
    road="#565b63",
    marking="#c9cac8",
    leaves=("#44805a", "#4f8d63", "#38714d"),
)

# Each house: left edge, width, upper edge.
_HOUSES = (
    (0, 170, 150),
    (170, 150, 250),
    (320, 190, 190),
    (510, 140, 110),
    (650, 180, 230),
    (830, 160, 160),
    (990, 150, 270),
    (1140, 140, 200),
)


def street(light: Light, *, lit_windows: bool = False) -> Canvas:
    """Draw the empty street."""
    canvas = Canvas()
    canvas.gradient(*light.sky, until=SIDEWALK_TOP)
    for left, width, top in ((40, 220, 120), (380, 160, 60), (700, 120, 90), (900, 260, 130)):
        canvas.box((left, top, left + width, SIDEWALK_TOP), light.far)
    for number in range(len(_HOUSES)):
        _house(canvas, light, number, is_lit=lit_windows and number % 3 == 1)
    _ground(canvas, light)
    return canvas


def tree(canvas: Canvas, light: Light, x: float, *, height: float = 330) -> None:
    """Draw a street tree standing on the sidewalk."""
    foot = CURB_TOP - 20
    canvas.box((x - 46, foot - 8, x + 46, foot + 12), "#8a6f55", radius=8)
    canvas.shape([(x - 13, foot), (x - 8, foot - height), (x + 8, foot - height), (x + 13, foot)], "#7a5a42")
    crown = foot - height
    for dx, dy, size, shade in (
        (-70, 20, 72, 2),
        (70, 25, 76, 2),
        (0, -50, 92, 0),
        (-30, 20, 66, 1),
        (44, -14, 60, 1),
    ):
        canvas.ellipse((x + dx, crown + dy), size, size * 0.86, light.leaves[shade])


def _house(canvas: Canvas, light: Light, number: int, *, is_lit: bool) -> None:
    left, width, top = _HOUSES[number]
    paint = light.houses[number % len(light.houses)]
    right = left + width - 6
    canvas.box((left + 2, top, right, SIDEWALK_TOP), paint)
    canvas.box((left - 4, top - 14, right + 6, top + 10), light.frame, radius=4)
    window = "#f4cf77" if is_lit else light.window
    for row, floor in enumerate(range(top + 44, SIDEWALK_TOP - 190, 108)):
        for column in (left + width * 0.2, left + width * 0.56):
            canvas.box((column - 5, floor - 5, column + width * 0.22 + 5, floor + 63), light.frame, radius=3)
            canvas.box((column, floor, column + width * 0.22, floor + 58), window, radius=2)
        if (row + number) % 2:
            canvas.box((left + 12, floor + 66, right - 10, floor + 78), light.frame, radius=3)
    canvas.box(
        (left + width * 0.16, SIDEWALK_TOP - 126, right - width * 0.14, SIDEWALK_TOP), light.frame, radius=6
    )
    canvas.box(
        (left + width * 0.2, SIDEWALK_TOP - 118, right - width * 0.18, SIDEWALK_TOP), light.window, radius=4
    )
    _awning(canvas, light, number, left, right)


def _awning(canvas: Canvas, light: Light, number: int, left: float, right: float) -> None:
    if number % 2 == 0:
        return
    paint = light.houses[(number + 3) % len(light.houses)]
    top, bottom = SIDEWALK_TOP - 168, SIDEWALK_TOP - 122
    canvas.shape([(left + 14, top), (right - 12, top), (right + 4, bottom), (left - 2, bottom)], paint)
    canvas.box((left - 2, bottom - 4, right + 4, bottom + 6), light.frame, radius=3)


def _ground(canvas: Canvas, light: Light) -> None:
    canvas.box((0, SIDEWALK_TOP, WIDTH, CURB_TOP), light.sidewalk)
    for x in range(-80, WIDTH + 160, 90):
        canvas.line([(x + 50, SIDEWALK_TOP), (x, CURB_TOP)], light.joint, 3)
    canvas.line([(0, SIDEWALK_TOP + 46), (WIDTH, SIDEWALK_TOP + 46)], light.joint, 3)
    canvas.box((0, CURB_TOP, WIDTH, ROAD_TOP), light.curb)
    canvas.box((0, ROAD_TOP, WIDTH, HEIGHT), light.road)
    for x in range(-60, WIDTH, 230):
        canvas.shape([(x + 24, 846), (x + 154, 846), (x + 144, 860), (x + 10, 860)], light.marking)
