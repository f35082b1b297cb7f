"""Pictures of what happens on the road: holes, dark lamps, water."""

from random import Random

from cps.console.demonstration.drawing.canvas import HEIGHT, WIDTH, Canvas
from cps.console.demonstration.drawing.street import DAY, NIGHT, RAIN, street, tree


def pothole() -> Canvas:
    """A deep hole in the road, with cracks and a cone."""
    canvas = street(DAY)
    tree(canvas, DAY, 1120)
    rim = [
        (360, 838),
        (420, 796),
        (540, 780),
        (690, 786),
        (790, 812),
        (830, 846),
        (770, 888),
        (640, 908),
        (480, 900),
        (390, 874),
    ]
    canvas.shape(rim, "#85898f")
    canvas.shape([(x * 0.9 + 60, y * 0.9 + 86) for x, y in rim], "#3b3d42")
    canvas.shape([(x * 0.66 + 200, y * 0.56 + 384) for x, y in rim], "#6d5f52")
    canvas.ellipse((600, 868), 120, 22, "#7fa3b5")
    for crack in (
        [(365, 840), (300, 826), (262, 846), (190, 838)],
        [(828, 846), (900, 866), (944, 852), (1010, 880)],
        [(540, 782), (520, 752), (548, 734)],
    ):
        canvas.line(crack, "#4a4d53", 6)
    _cone(canvas, 930, 830)
    return canvas


def filled_pothole() -> Canvas:
    """The same road with a fresh patch."""
    canvas = street(DAY)
    tree(canvas, DAY, 1120)
    canvas.shape([(330, 776), (850, 776), (880, 918), (300, 918)], "#484c53")
    canvas.line([(330, 776), (850, 776), (880, 918), (300, 918), (330, 776)], "#5a5e65", 5)
    canvas.shape([(374, 846), (504, 846), (494, 860), (360, 860)], DAY.marking)
    canvas.shape([(604, 846), (734, 846), (724, 860), (590, 860)], DAY.marking)
    return canvas


def dark_lamp() -> Canvas:
    """A street lamp that is dark at night."""
    canvas = street(NIGHT)
    _lamp(canvas, "#4a5066")
    canvas.box((0, 0, WIDTH, HEIGHT), (5, 8, 20, 90))
    return canvas


def lit_lamp() -> Canvas:
    """The lamp is on again."""
    canvas = street(NIGHT, lit_windows=True)
    canvas.shape([(556, 246), (664, 246), (980, HEIGHT), (240, HEIGHT)], (255, 224, 140, 46))
    canvas.shape([(570, 246), (650, 246), (850, HEIGHT), (370, HEIGHT)], (255, 224, 140, 50))
    canvas.ellipse((610, 850), 330, 84, (255, 224, 140, 60))
    _lamp(canvas, "#ffe9a8")
    for size in (120, 76, 44):
        canvas.ellipse((610, 240), size, size, (255, 236, 170, 44))
    return canvas


def flood() -> Canvas:
    """The street under water in the rain."""
    canvas = street(RAIN)
    tree(canvas, RAIN, 170)
    _motorbike(canvas, 760, 690)
    canvas.box((0, 662, WIDTH, HEIGHT), (124, 142, 140, 205))
    canvas.box((0, 662, WIDTH, 672), (190, 205, 205, 120))
    random = Random(7)  # noqa: S311 - the same rain every time
    for _ripple in range(46):
        x, y = random.uniform(0, WIDTH), random.uniform(690, HEIGHT - 14)
        canvas.line([(x, y), (x + 34, y - 5), (x + 70, y)], (214, 226, 226, 120), 4)
    for _drop in range(150):
        x, y = random.uniform(0, WIDTH + 60), random.uniform(-20, HEIGHT)
        canvas.line([(x, y), (x - 12, y + 40)], (226, 234, 240, 120), 3)
    return canvas


def dry_road() -> Canvas:
    """A cleared drain and a dry road."""
    canvas = street(DAY)
    tree(canvas, DAY, 170)
    canvas.ellipse((940, 78), 46, 46, "#ffe08a")
    canvas.box((500, 742, 740, 800), "#3c4047", radius=8)
    for x in range(520, 730, 26):
        canvas.box((x, 750, x + 12, 792), "#7d838c", radius=4)
    canvas.ellipse((880, 904), 110, 14, "#8fb2c4")
    canvas.ellipse((880, 902), 80, 8, "#aecbd8")
    return canvas


def _lamp(canvas: Canvas, glass: str) -> None:
    canvas.box((392, 650, 448, 690), "#555c72", radius=8)
    canvas.line([(420, 680), (420, 250), (440, 206), (500, 190), (600, 204)], "#6b7288", 16)
    canvas.shape([(548, 204), (660, 214), (672, 238), (544, 236)], "#555c72")
    canvas.ellipse((610, 240), 50, 14, glass)


def _motorbike(canvas: Canvas, x: float, y: float) -> None:
    for wheel in (-96, 96):
        canvas.ellipse((x + wheel, y + 30), 54, 54, "#2a2d33")
        canvas.ellipse((x + wheel, y + 30), 30, 30, "#8d9299")
    canvas.shape([(x - 120, y - 34), (x - 10, y - 44), (x + 10, y + 24), (x - 60, y + 30)], "#c8443c")
    canvas.shape(
        [
            (x - 10, y + 4),
            (x + 60, y - 6),
            (x + 92, y - 88),
            (x + 116, y - 80),
            (x + 90, y + 30),
            (x, y + 30),
        ],
        "#c8443c",
    )
    canvas.box((x - 116, y - 58, x + 6, y - 36), "#2a2d33", radius=12)
    canvas.line([(x + 98, y - 84), (x + 74, y - 112), (x + 46, y - 116)], "#2a2d33", 9)
    canvas.ellipse((x + 112, y - 84), 18, 16, "#f2ecd2")


def _cone(canvas: Canvas, x: float, y: float) -> None:
    canvas.box((x - 56, y + 62, x + 56, y + 82), "#d8692a", radius=6)
    canvas.shape([(x - 10, y - 76), (x + 10, y - 76), (x + 42, y + 66), (x - 42, y + 66)], "#ee7a33")
    canvas.shape([(x - 18, y - 36), (x + 18, y - 36), (x + 26, y), (x - 26, y)], "#fbf6ee")
