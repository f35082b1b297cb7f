"""The pictures: what is wrong in the street, and the same place once it is put right."""

from collections.abc import Callable, Mapping

from PIL import Image

from cps.console.demonstration.drawing import pavement, road
from cps.console.demonstration.drawing.canvas import Canvas

LABEL = "DEMO"

SCENES: Mapping[str, tuple[Callable[[], Canvas], Callable[[], Canvas]]] = {
    "pothole": (road.pothole, road.filled_pothole),
    "lamp": (road.dark_lamp, road.lit_lamp),
    "flood": (road.flood, road.dry_road),
    "garbage": (pavement.garbage, pavement.clean_place),
    "tree": (pavement.fallen_tree, pavement.new_tree),
    "sidewalk": (pavement.blocked_sidewalk, pavement.free_sidewalk),
}


def before_and_after(name: str) -> tuple[Image.Image, Image.Image]:
    """Draw the two pictures of this name."""
    before, after = SCENES[name]
    return _labelled(before), _labelled(after)


def _labelled(draw: Callable[[], Canvas]) -> Image.Image:
    canvas = draw()
    canvas.label(LABEL)
    return canvas.finished()
