"""Small pictures of every kind and in every manner that phones and programs write: what mutations begin with."""

import io
from collections.abc import Iterator
from pathlib import Path

import piexif
import pillow_heif
from PIL import Image, ImageCms

from cps.photos.kinds import HEAD_BYTES, recognised

_LARGEST = 60_000


def seeds(more: Path | None = None) -> list[bytes]:
    """Return all of them; with `more`, also the pictures of that folder that are not too large."""
    pillow_heif.register_heif_opener()
    found = [*_jpegs(), *_pngs(), *_webps(), *_heifs()]
    if more is not None:
        paths = sorted(path for path in more.rglob("*") if path.is_file() and path.stat().st_size <= _LARGEST)
        others = (path.read_bytes() for path in paths)
        found += [data for data in others if recognised(data[:HEAD_BYTES]) is not None]
    return found


def _picture(mode: str = "RGB", size: tuple[int, int] = (96, 64)) -> Image.Image:
    picture = Image.linear_gradient("L").resize(size).convert("RGB")
    picture.paste((200, 30, 30), (10, 10, 40, 40))
    return picture.convert(mode)


def _saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def _exif() -> bytes:
    thumbnail = _saved(_picture(size=(32, 24)), "JPEG")
    zeroth = {piexif.ImageIFD.Orientation: 6, piexif.ImageIFD.Make: b"Phone"}
    taken = {piexif.ExifIFD.DateTimeOriginal: b"2030:01:07 09:00:00"}
    return piexif.dump({"0th": zeroth, "Exif": taken, "1st": {}, "thumbnail": thumbnail})


def _profile() -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def _jpegs() -> Iterator[bytes]:
    for mode in ("RGB", "L", "CMYK"):
        yield _saved(_picture(mode), "JPEG")
    yield _saved(_picture(), "JPEG", progressive=True, subsampling=2, quality=40)
    yield _saved(_picture(), "JPEG", exif=_exif(), icc_profile=_profile(), comment=b"of a phone")
    yield _saved(_picture(), "JPEG", restart_marker_rows=1, optimize=True)
    yield _saved(_picture(), "MPO", save_all=True, append_images=[_picture("L").convert("RGB")])


def _pngs() -> Iterator[bytes]:
    for mode in ("RGB", "RGBA", "L", "LA", "P", "1"):
        yield _saved(_picture(mode), "PNG")
    yield _saved(Image.new("I;16", (40, 30), 0x8000), "PNG")
    yield _saved(_picture("P"), "PNG", transparency=3, icc_profile=_profile(), exif=_exif())
    yield _saved(_picture(), "PNG", save_all=True, append_images=[_picture("L").convert("RGB")] * 3)


def _webps() -> Iterator[bytes]:
    for mode in ("RGB", "RGBA"):
        yield _saved(_picture(mode), "WEBP")
        yield _saved(_picture(mode), "WEBP", lossless=True)
    yield _saved(_picture(), "WEBP", exif=_exif(), icc_profile=_profile(), xmp=b"<x:xmpmeta/>")
    yield _saved(_picture(), "WEBP", save_all=True, append_images=[_picture("L").convert("RGB")] * 3)


def _heifs() -> Iterator[bytes]:
    quickly = {"enc_params": {"preset": "ultrafast"}}
    for mode in ("RGB", "RGBA", "L"):
        yield _saved(_picture(mode), "HEIF", **quickly)
    yield _saved(_picture(), "HEIF", exif=_exif(), icc_profile=_profile(), xmp=b"<x:xmpmeta/>", **quickly)
    yield _saved(_picture(), "HEIF", save_all=True, append_images=[_picture("L")], **quickly)
