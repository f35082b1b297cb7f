"""Pictures of what happens on the sidewalk: garbage, fallen trees, blocked ways."""

from cps.console.demonstration.drawing.canvas import Canvas
from cps.console.demonstration.drawing.street import CURB_TOP, DAY, street, tree


def garbage() -> Canvas:
    """Bags and litter round an overflowing bin."""
    canvas = street(DAY)
    tree(canvas, DAY, 1150)
    _bin(canvas, 380, is_open=True)
    bags = (
        (330, 690, 74),
        (480, 700, 86),
        (600, 690, 78),
        (545, 640, 66),
        (700, 706, 70),
        (430, 636, 50),
        (800, 716, 52),
    )
    for number, (x, y, size) in enumerate(bags):
        _bag(
            canvas,
            x,
            y,
            size,
            ("#2f3640", "#3d6b57", "#30373f", "#4b5a7a", "#3a4049", "#5b6470", "#3d6b57")[number],
        )
    for x, y, paint in (
        (870, 740, "#d9d3c4"),
        (250, 742, "#c9694f"),
        (930, 724, "#8fb4c9"),
        (650, 752, "#e0c26b"),
    ):
        canvas.shape([(x, y), (x + 46, y - 12), (x + 58, y + 14), (x + 10, y + 24)], paint)
    for x, y in ((520, 540), (560, 520), (470, 556), (610, 560)):
        canvas.ellipse((x, y), 4, 4, "#30343a")
    return canvas


def clean_place() -> Canvas:
    """A closed bin and a flower pot."""
    canvas = street(DAY)
    tree(canvas, DAY, 1150)
    _bin(canvas, 380, is_open=False)
    canvas.shape([(560, 650), (660, 650), (648, 704), (572, 704)], "#b5694a")
    for dx, dy in ((-34, -30), (34, -30), (0, -56), (-16, -20), (18, -20)):
        canvas.ellipse((610 + dx, 644 + dy), 36, 32, DAY.leaves[(dx + 34) % 3])
    return canvas


def fallen_tree() -> Canvas:
    """A tree lies across sidewalk and road."""
    canvas = street(DAY)
    tree(canvas, DAY, 1160)
    canvas.box((196, 676, 296, 700), "#8a6f55", radius=8)
    canvas.shape([(224, 690), (226, 610), (240, 628), (250, 596), (264, 622), (268, 690)], "#7a5a42")
    canvas.ellipse((620, 850), 430, 50, (30, 34, 40, 60))
    canvas.shape([(286, 668), (300, 626), (840, 772), (826, 812)], "#7a5a42")
    canvas.line([(560, 712), (640, 640), (700, 640)], "#7a5a42", 16)
    canvas.line([(620, 742), (640, 840), (700, 876)], "#7a5a42", 16)
    for number, (x, y, size) in enumerate(_FALLEN_LEAVES):
        canvas.ellipse((x, y), size, size * 0.8, DAY.leaves[number % 3])
    for x, y in ((420, 860), (520, 900), (380, 800), (1060, 880), (470, 780)):
        canvas.ellipse((x, y), 16, 9, DAY.leaves[0])
    return canvas


_FALLEN_LEAVES = (
    (760, 730, 84),
    (860, 800, 96),
    (720, 650, 62),
    (760, 870, 78),
    (940, 730, 74),
    (840, 700, 70),
    (960, 850, 66),
    (850, 880, 60),
)


def new_tree() -> Canvas:
    """A young tree stands where the old one fell."""
    canvas = street(DAY)
    tree(canvas, DAY, 1160)
    canvas.box((176, 674, 316, 704), "#8a6f55", radius=8)
    for stake in (206, 286):
        canvas.box((stake - 5, 520, stake + 5, 690), "#c9a36a")
    canvas.line([(206, 580), (286, 580)], "#e7d6b0", 8)
    canvas.line([(246, 686), (246, 470)], "#7a5a42", 11)
    for number, (dx, dy, size) in enumerate(((-34, 10, 42), (34, 6, 44), (0, -34, 52), (4, 10, 38))):
        canvas.ellipse((246 + dx, 446 + dy), size, size * 0.9, DAY.leaves[number % 3])
    return canvas


def blocked_sidewalk() -> Canvas:
    """Tables and stools leave no way through."""
    canvas = street(DAY)
    tree(canvas, DAY, 1190)
    for x, colour in ((250, "#d6543f"), (610, "#e0a23a"), (950, "#d6543f")):
        _parasol(canvas, x, colour)
    for x in (170, 330, 530, 690, 870, 1030):
        _table(canvas, x)
    return canvas


def free_sidewalk() -> Canvas:
    """Somebody walks along the free sidewalk."""
    canvas = street(DAY)
    tree(canvas, DAY, 1190)
    _walker(canvas, 470, shirt="#3f74b5", trousers="#34404f", size=1.0)
    _walker(canvas, 610, shirt="#d6705f", trousers="#4c4a63", size=0.74)
    return canvas


def _bin(canvas: Canvas, x: float, *, is_open: bool) -> None:
    top, foot = 510, 690
    canvas.shape([(x - 76, top), (x + 76, top), (x + 62, foot), (x - 62, foot)], "#2f8f5b")
    canvas.shape([(x - 30, top + 30), (x + 30, top + 30), (x + 26, top + 96), (x - 26, top + 96)], "#e8f3ea")
    for wheel in (-44, 44):
        canvas.ellipse((x + wheel, foot + 4), 18, 18, "#2b2f36")
    if is_open:
        canvas.shape([(x - 84, top), (x - 150, top - 86), (x - 136, top - 96), (x - 64, top - 8)], "#24734a")
        for dx, size, paint in ((-36, 44, "#30373f"), (30, 50, "#4b5a7a")):
            _bag(canvas, x + dx, top - 10, size, paint)
    else:
        canvas.box((x - 88, top - 24, x + 88, top + 6), "#24734a", radius=10)


def _bag(canvas: Canvas, x: float, y: float, size: float, paint: str) -> None:
    canvas.ellipse((x, y), size, size * 0.78, paint)
    canvas.shape([(x - 14, y - size * 0.7), (x, y - size * 1.08), (x + 16, y - size * 0.7)], paint)
    canvas.ellipse((x - size * 0.3, y - size * 0.3), size * 0.26, size * 0.14, (255, 255, 255, 46))


def _parasol(canvas: Canvas, x: float, paint: str) -> None:
    canvas.line([(x, 700), (x, 420)], "#8d8f94", 9)
    canvas.shape([(x - 170, 470), (x, 372), (x + 170, 470)], paint)
    canvas.shape([(x - 58, 470), (x, 372), (x + 58, 470)], "#f7efe2")


def _table(canvas: Canvas, x: float) -> None:
    for stool in (-78, 78):
        canvas.box((x + stool - 28, 664, x + stool + 28, 678), "#2f6fae", radius=4)
        for leg in (-20, 16):
            canvas.box((x + stool + leg, 676, x + stool + leg + 6, CURB_TOP + 8), "#255a8f")
    canvas.box((x - 62, 618, x + 62, 634), "#e9e4da", radius=5)
    for leg in (-50, 42):
        canvas.box((x + leg, 632, x + leg + 8, CURB_TOP + 4), "#b9b3a8")
    canvas.ellipse((x - 20, 614), 18, 8, "#fbfaf6")
    canvas.box((x + 14, 590, x + 28, 618), "#7fae8a", radius=3)


def _walker(canvas: Canvas, x: float, *, shirt: str, trousers: str, size: float) -> None:
    foot = CURB_TOP - 6

    def up(height: float) -> float:
        return foot - height * size

    def aside(distance: float) -> float:
        return x + distance * size

    canvas.ellipse((x, foot), 56 * size, 9, (30, 34, 40, 60))
    canvas.line([(aside(0), up(110)), (aside(-30), up(54)), (aside(-44), up(4))], trousers, 26 * size)
    canvas.line([(aside(0), up(110)), (aside(30), up(58)), (aside(36), up(4))], trousers, 26 * size)
    canvas.box((aside(-30), up(218), aside(30), up(100)), shirt, radius=20 * size)
    canvas.line([(aside(-18), up(200)), (aside(-44), up(150)), (aside(-26), up(116))], shirt, 18 * size)
    canvas.line([(aside(18), up(200)), (aside(46), up(154)), (aside(52), up(112))], shirt, 18 * size)
    canvas.ellipse((aside(2), up(250)), 26 * size, 30 * size, "#e8b995")
    canvas.ellipse((aside(-2), up(264)), 28 * size, 20 * size, "#2f2a2a")
