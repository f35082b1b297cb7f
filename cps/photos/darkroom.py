"""The limited process that decodes one photo: original on standard input, pictures on standard output.

Everything is imported up here, for once confined nothing can be opened, modules included. Only
pixels leave: pictures are shrunk strip by strip, turned upright, brought to sRGB on white, and
encoded anew, so that no byte of the original's metadata survives.
"""

import io
import os
import warnings
from collections.abc import Callable
from dataclasses import dataclass

import pillow_heif

# Pillow imports its plugins when it first needs them, which is too late here. MPO is what phones
# that store two pictures in one JPEG write; TIFF reads EXIF.
from PIL import (
    Image,
    ImageCms,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from cps.photos.confinement import confine
from cps.photos.decode import (
    GREETING,
    LARGE_SIDE,
    SMALL_SIDE,
    Reason,
    Rendition,
    Renditions,
    Unreadable,
    packed,
)
from cps.photos.kinds import HEAD_BYTES, Kind, recognised

MOST_PIXELS = 50_000_000

# libwebp's canvases and Pillow's copies come to 16 bytes per pixel: more would not fit the memory.
MOST_WEBP_PIXELS = 14_000_000

# The first quality that stays within `_FEW_BYTES`, for people who pay for each of them; else the last.
_LARGE_QUALITIES = (80, 75, 70)
_SMALL_QUALITIES = (75,)
_FEW_BYTES = 180_000
_ORIENTATION_TAG = 0x0112
_STRIP_PIXELS = 2_000_000
_MODE_OF_PROFILE = {"RGB": "RGB", "GRAY": "L", "CMYK": "CMYK"}

# EXIF 2.32, 4.6.4 A, tag Orientation: what to do to see the picture upright.
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}
PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)


@dataclass(frozen=True)
class Picture:
    """A decoded picture whose rows can be taken out strip by strip: `rows(top, bottom)`."""

    width: int
    height: int
    rows: Callable[[int, int], Image.Image]
    profile: bytes | None
    orientation: int


class TooManyPixels(Exception):
    """The header promises more pixels than we decode."""


def main() -> None:
    """Develop the photo on standard input."""
    prepare()
    develop()


def develop() -> None:
    """Read the original, confine the process, and answer."""
    with open(0, "rb", closefd=False) as source:
        original = source.read()
    kind = recognised(original[:HEAD_BYTES])
    confine(threads=kind is Kind.HEIF)
    _say(GREETING)
    _say(packed(_result(original, kind)))


def prepare() -> None:
    """Load what decoding may need: once confined nothing can be opened any more."""
    Image.preinit()
    pillow_heif.options.THUMBNAILS = False
    pillow_heif.options.DEPTH_IMAGES = False
    pillow_heif.options.AUX_IMAGES = False
    pillow_heif.options.DECODE_THREADS = 1


def _say(words: bytes) -> None:
    while words:
        words = words[os.write(1, words) :]


def _result(original: bytes, kind: Kind | None) -> Renditions | Unreadable:
    # Whatever else a decoder raises ends the process, which the parent takes for a broken picture.
    if kind is None:
        return Unreadable(Reason.NOT_A_PHOTO)
    try:
        return _developed(_heif(original) if kind is Kind.HEIF else _opened(original, kind))
    except (TooManyPixels, Image.DecompressionBombError):
        return Unreadable(Reason.TOO_MANY_PIXELS)
    except MemoryError:
        return Unreadable(Reason.LIMITS)


def _opened(original: bytes, kind: Kind) -> Picture:
    # Pillow warns above this figure and raises above its double, some plugins before they allocate
    # anything: half of our cap makes the error ours, and the warning without meaning.
    Image.MAX_IMAGE_PIXELS = (MOST_WEBP_PIXELS if kind is Kind.WEBP else MOST_PIXELS) // 2
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", Image.DecompressionBombWarning)
        image = Image.open(io.BytesIO(original), formats=[kind.value])
    orientation = _orientation(image)
    image.draft("RGB", (LARGE_SIDE, LARGE_SIDE))
    image.load()
    width, height = image.size

    def rows(top: int, bottom: int) -> Image.Image:
        return image.crop((0, top, width, bottom))

    return Picture(width, height, rows, image.info.get("icc_profile"), orientation)


def _heif(original: bytes) -> Picture:
    # Not through Pillow: its copy of all pixels beside libheif's would not fit the memory. libheif
    # turns the picture upright by itself, and the standard says to pass over the EXIF orientation.
    file = pillow_heif.open_heif(io.BytesIO(original), remove_stride=False)
    image = file[file.primary_index]
    if image.size[0] * image.size[1] > MOST_PIXELS:
        raise TooManyPixels
    data, stride, (width, height), mode = memoryview(image.data), image.stride, image.size, image.mode

    def rows(top: int, bottom: int) -> Image.Image:
        strip = data[top * stride : bottom * stride]
        return Image.frombytes(mode, (width, bottom - top), strip, "raw", mode, stride)

    profile = image.info.get("icc_profile")
    return Picture(width, height, rows, profile if isinstance(profile, bytes) else None, 1)


def _orientation(image: Image.Image) -> int:
    # Broken metadata does not make a broken photo.
    try:
        orientation = image.getexif().get(_ORIENTATION_TAG, 1)
    except (SyntaxError, ValueError, KeyError, IndexError, TypeError, OSError, OverflowError):
        return 1
    return orientation if isinstance(orientation, int) else 1


def _developed(picture: Picture) -> Renditions:
    shrunk = _in_srgb(_shrunk(picture), picture.profile)
    if picture.orientation in _UPRIGHT:
        shrunk = shrunk.transpose(_UPRIGHT[picture.orientation])
    large = _within(shrunk, LARGE_SIDE)
    small = _within(large, SMALL_SIDE)
    return Renditions(_encoded(large, _LARGE_QUALITIES), _encoded(small, _SMALL_QUALITIES))


def _shrunk(picture: Picture) -> Image.Image:
    """Bring the picture to between 1.5 and 3 times its final size, a strip at a time, transparency gone."""
    factor = max(1, 2 * max(picture.width, picture.height) // (3 * LARGE_SIDE))
    step = factor * max(1, _STRIP_PIXELS // (picture.width * factor))
    sheet: Image.Image | None = None
    for top in range(0, picture.height, step):
        strip = _opaque(picture.rows(top, min(top + step, picture.height))).reduce(factor)
        if sheet is None:
            sheet = Image.new(strip.mode, (strip.width, -(-picture.height // factor)))
        sheet.paste(strip, (0, top // factor))
    assert sheet is not None
    return sheet


def _opaque(strip: Image.Image) -> Image.Image:
    if strip.mode.startswith("I"):
        # 16 bits of grey; Pillow would clip them to 8 instead of scaling.
        strip = strip.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if strip.mode in ("L", "RGB", "CMYK") and not strip.has_transparency_data:
        return strip
    seen_through = strip.convert("RGBA")
    white = Image.new("RGBA", seen_through.size, "white")
    return Image.alpha_composite(white, seen_through).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    if profile is None:
        return image.convert("RGB")
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        if _MODE_OF_PROFILE.get(source.profile.xcolor_space.strip()) != image.mode:
            return image.convert("RGB")
        converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except (ImageCms.PyCMSError, OSError, ValueError):
        return image.convert("RGB")
    return converted or image.convert("RGB")


def _within(image: Image.Image, side: int) -> Image.Image:
    longest = max(image.size)
    if longest <= side:
        return image
    width, height = (max(1, round(length * side / longest)) for length in image.size)
    return image.resize((width, height), Image.Resampling.LANCZOS)


def _encoded(image: Image.Image, qualities: tuple[int, ...]) -> Rendition:
    image.info.clear()
    data = b""
    for quality in qualities:
        out = io.BytesIO()
        image.save(out, "JPEG", quality=quality, progressive=True, optimize=True)
        data = out.getvalue()
        if len(data) <= _FEW_BYTES:
            break
    return Rendition(data, image.width, image.height)


if __name__ == "__main__":
    main()
