"""The picture of the city's reports among the other programs of a phone, drawn from the motif of `favicon.svg`.

Measures are those of the drawing, a square of 24; nothing of a *maskable* picture that matters lies outside the
circle that every phone leaves over.
"""

from hashlib import sha256
from io import BytesIO
from math import cos, pi, sin

from PIL import Image, ImageDraw

from cps.kernel.files import STATIC
from cps.web.assets import HOME_ICONS

_SIDE = 24
_FINER = 4  # drawn larger and made smaller: smooth edges
_BLUE, _WHITE = (11, 87, 164), (255, 255, 255)
_ROUND = 5.0
_MASKED = 0.75

_Dots = list[tuple[float, float]]


def build() -> list[str]:
    """Draw all sizes; return the names of the files made, relative to `static`."""
    return [_kept(name, _drawn(size, is_maskable=masked)) for name, (size, masked) in HOME_ICONS.items()]


def _kept(name: str, picture: Image.Image) -> str:
    data = BytesIO()
    _in_few_colours(picture).save(data, "PNG", optimize=True)
    target = STATIC / "built" / f"{name}.{sha256(data.getvalue()).hexdigest()[:8]}.png"
    target.write_bytes(data.getvalue())
    return target.relative_to(STATIC).as_posix()


def _in_few_colours(picture: Image.Image) -> Image.Image:
    return picture.quantize(colors=64, method=Image.Quantize.FASTOCTREE)


def _drawn(size: int, *, is_maskable: bool) -> Image.Image:
    fine = size * _FINER
    one = fine / _SIDE
    picture = Image.new("RGBA", (fine, fine), (*_BLUE, 255 if is_maskable else 0))
    pencil = ImageDraw.Draw(picture)
    if not is_maskable:
        pencil.rounded_rectangle((0, 0, fine - 1, fine - 1), _ROUND * one, fill=_BLUE)
    scale = _MASKED if is_maskable else 1.0
    pencil.polygon(_placed(_pin(), one, scale), fill=_WHITE)
    tick = _placed([(9, 10.5), (11.2, 12.7), (15.2, 8.5)], one, scale)
    width = 2 * one * scale
    pencil.line(tick, fill=_BLUE, width=round(width), joint="curve")
    for x, y in (tick[0], tick[-1]):
        pencil.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=_BLUE)
    return picture.resize((size, size), Image.Resampling.LANCZOS)


def _placed(dots: _Dots, one: float, scale: float) -> _Dots:
    middle = _SIDE / 2
    return [((middle + (x - middle) * scale) * one, (middle + (y - middle) * scale) * one) for x, y in dots]


def _pin() -> _Dots:
    head = [(12 - 6 * cos(pi * step / 60), 10.5 - 6 * sin(pi * step / 60)) for step in range(61)]
    left = _curve((12, 21), (8, 16), (6, 13.5), (6, 10.5))
    right = [(24 - x, y) for x, y in reversed(left)]
    return [*left, *head, *right]


def _curve(*ends: tuple[float, float]) -> _Dots:
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = ends
    dots = []
    for step in range(41):
        t = step / 40
        a, b, c, d = (1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t**2 * (1 - t), t**3
        dots.append((a * x0 + b * x1 + c * x2 + d * x3, a * y0 + b * y1 + c * y2 + d * y3))
    return dots
