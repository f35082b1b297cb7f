"""A sheet to draw flat pictures on: 1280 × 960 units, drawn twice as large so that edges come out smooth."""

from collections.abc import Sequence

from PIL import Image, ImageDraw, ImageFont

WIDTH, HEIGHT = 1280, 960
_SCALE = 2

Place = tuple[float, float]
Box = tuple[float, float, float, float]
Paint = str | tuple[int, int, int, int]
"""A colour like #aabbcc, or (red, green, blue, opacity)."""


class Canvas:
    """What is drawn later lies on top; see-through paint lets shine through what lies below."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (WIDTH * _SCALE, HEIGHT * _SCALE))
        self._pen = ImageDraw.Draw(self._image, "RGBA")

    def box(self, box: Box, paint: Paint, *, radius: float = 0) -> None:
        """Fill a rectangle (left, top, right, bottom), with round corners if wanted."""
        self._pen.rounded_rectangle([n * _SCALE for n in box], radius * _SCALE, fill=paint)

    def ellipse(self, centre: Place, across: float, down: float, paint: Paint) -> None:
        """Fill an ellipse, given its half axes."""
        x, y = centre
        box = (x - across, y - down, x + across, y + down)
        self._pen.ellipse([n * _SCALE for n in box], fill=paint)

    def shape(self, corners: Sequence[Place], paint: Paint) -> None:
        """Fill a polygon."""
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in corners], fill=paint)

    def line(self, places: Sequence[Place], paint: Paint, width: float) -> None:
        """Draw a line with round joints."""
        points = [(x * _SCALE, y * _SCALE) for x, y in places]
        self._pen.line(points, fill=paint, width=round(width * _SCALE), joint="curve")

    def gradient(self, top: str, bottom: str, *, until: float) -> None:
        """Fill from the upper edge down to `until`, from one colour to another."""
        height = round(until * _SCALE)
        shades = Image.linear_gradient("L").resize((1, height)).resize((WIDTH * _SCALE, height))
        one, other = (Image.new("RGB", shades.size, colour) for colour in (top, bottom))
        self._image.paste(Image.composite(other, one, shades), (0, 0))

    def label(self, words: str) -> None:
        """Write words in a dark plate in the upper right corner."""
        font = ImageFont.load_default(size=44 * _SCALE)
        length = self._pen.textlength(words, font=font) / _SCALE
        left = WIDTH - length - 84
        self.box((left, 32, WIDTH - 32, 108), (20, 30, 45, 190), radius=16)
        middle = ((left + WIDTH - 32) / 2 * _SCALE, 70 * _SCALE)
        self._pen.text(middle, words, font=font, fill="#ffffff", anchor="mm")

    def finished(self) -> Image.Image:
        """Return the picture in its final size."""
        return self._image.resize((WIDTH, HEIGHT), Image.Resampling.BOX)
