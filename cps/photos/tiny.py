"""Pictures for the lines of a list: as small as a stamp, made of our own small rendition when they are first asked for."""

from functools import lru_cache
from io import BytesIO

from PIL import Image

from cps.photos import album

SIDES = 96, 72


@lru_cache(maxsize=2048)  # about 1 kB each
def tiny(small: str) -> bytes:
    """Return a WebP of at most 96 by 72 pixels, of the rendition with this key; NotFound when there is none."""
    with album.storage().open(small) as stream, Image.open(stream, formats=["JPEG"]) as picture:
        picture.draft("RGB", SIDES)
        picture.thumbnail(SIDES)
        out = BytesIO()
        picture.save(out, "WEBP", quality=35, method=6)  # half of what a JPEG weighs that looks as good
    return out.getvalue()
