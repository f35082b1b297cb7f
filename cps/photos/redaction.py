"""Covering what nobody should see of a photo: faces, number plates, names on doors.

The picture is laid out in 32 by 24 fields; each field that is covered becomes one colour, so that nothing can be read
back out of it. What everybody is served is made anew from the uncovered picture, under a new name: an address that
somebody kept, or a cache, leads nowhere. The uncovered picture stays for the city, and covering can be undone.
"""

from collections.abc import Collection
from io import BytesIO
from typing import Final

from PIL import Image

from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import _
from cps.photos.models import Photo, State, new_key
from cps.photos.storage import Storage

COLUMNS: Final = 32
ROWS: Final = 24
FIELDS: Final = COLUMNS * ROWS
_QUALITY: Final = 80


def cover(photo: Photo, fields: Collection[int], *, storage: Storage) -> None:
    """Cover these fields (row by row from the top left, from 0 on) of a photo and no others.

    Raises Invalid for no field or one that is none, Refused for a photo that is not ready.
    """
    if photo.state is not State.READY or photo.large is None or photo.small is None:
        raise Refused(_("This photo is being prepared."))
    if not fields or not all(0 <= field < FIELDS for field in fields):
        raise Invalid({"field": _("Mark what nobody should see.")})
    photo.clear_large, photo.clear_small = photo.clear_large or photo.large, photo.clear_small or photo.small
    photo.large = storage.put(_covered(photo.clear_large, fields, storage))
    photo.small = storage.put(_covered(photo.clear_small, fields, storage))
    photo.covered = sorted(set(fields))
    photo.key = new_key()


def uncover(photo: Photo) -> None:
    """Show the photo as it was taken again."""
    if photo.clear_large is None:
        raise Refused(_("Nothing of this photo is covered."))
    photo.large, photo.small = photo.clear_large, photo.clear_small
    photo.clear_large = photo.clear_small = photo.covered = None
    photo.key = new_key()


def _covered(blob: str, fields: Collection[int], storage: Storage) -> bytes:
    with storage.open(blob) as stream, Image.open(stream, formats=["JPEG"]) as picture:
        image = picture.convert("RGB")
    # One pixel for each field: its mean colour, which is all that is left of it.
    means = image.resize((COLUMNS, ROWS), Image.Resampling.BOX)
    for field in fields:
        row, column = divmod(field, COLUMNS)
        box = _box(image, row, column)
        if box[0] < box[2] and box[1] < box[3]:
            image.paste(means.crop((column, row, column + 1, row + 1)).resize(_size(box)), box)
    out = BytesIO()
    image.save(out, "JPEG", quality=_QUALITY, progressive=True, optimize=True)
    return out.getvalue()


def _size(box: tuple[int, int, int, int]) -> tuple[int, int]:
    return box[2] - box[0], box[3] - box[1]


def _box(image: Image.Image, row: int, column: int) -> tuple[int, int, int, int]:
    """Return the pixels of a field, rounded outwards: none of it is left at an edge."""
    left, right = column * image.width // COLUMNS, -(-(column + 1) * image.width // COLUMNS)
    top, bottom = row * image.height // ROWS, -(-(row + 1) * image.height // ROWS)
    return left, top, right, bottom
