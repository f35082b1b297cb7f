"""Photos for some of the made-up complaints: drawn, kept like any photo, and already developed.

A few pictures serve many complaints: equal bytes are one blob of the storage.
"""

from collections.abc import Container, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from io import BytesIO
from random import Random
from typing import Any, NamedTuple
from uuid import UUID

from PIL import Image
from sqlalchemy import insert, select

from cps.city.models import Category
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.console.demonstration.drawing.scenes import before_and_after
from cps.kernel.db import db
from cps.photos import album
from cps.photos.decode import LARGE_SIDE, SMALL_SIDE
from cps.photos.models import Photo, Purpose, State, new_key
from cps.photos.storage import Storage

_SCENES = {
    "pothole": "pothole",
    "street-light": "lamp",
    "garbage": "garbage",
    "dumping": "garbage",
    "drains": "flood",
    "trees": "tree",
    "sidewalk": "sidewalk",
}
_SHARE = 0.6
_MOST, _ONE_MORE_PER = 250, 2_000
_DEVELOPED_AFTER = timedelta(seconds=4)


@dataclass(frozen=True)
class Kept:
    """A picture in the storage: the keys of its original and its renditions."""

    original: str
    original_size: int
    large: str
    small: str
    width: int
    height: int


class _Picture(NamedTuple):
    """A picture as JPEG, as it was taken and in its renditions; the size is the large one's."""

    original: bytes
    large: bytes
    small: bytes
    width: int
    height: int


class _Shown(NamedTuple):
    """A complaint that a picture can be of; `category` is a code."""

    id: int
    submission_key: UUID
    status: Status
    received_at: datetime
    closed_at: datetime | None
    category: str


def hang(count: int, *, first: int, random: Random, but: Container[int] = ()) -> None:
    """Give the latest of the `count` complaints numbered from `first` on pictures of what they report, `but` not these.

    Resolved ones also get a picture of afterwards.
    """
    complaints = _picturesque(first, most=round(_MOST + count / _ONE_MORE_PER))
    chosen = [row for row in complaints if random.random() < _SHARE and row.id not in but]
    if not chosen:
        return
    kept = {
        scene: _drawn(scene, album.storage()) for scene in sorted({_SCENES[row.category] for row in chosen})
    }
    photos = [photo for row in chosen for photo in _photos(row, kept)]
    db.session.execute(insert(Photo), photos)


def _picturesque(first: int, *, most: int) -> list[_Shown]:
    rows = db.session.execute(
        select(
            Complaint.id,
            Complaint.submission_key,
            Complaint.status,
            Complaint.received_at,
            Complaint.closed_at,
            Category.code,
        )
        .join(Category)
        .where(Complaint.id >= first, Category.code.in_(_SCENES))
        .order_by(Complaint.id.desc())
        .limit(most)
    )
    return [_Shown(*row) for row in rows]


def _drawn(scene: str, storage: Storage) -> tuple[Kept, Kept]:
    before, after = _developed(scene)
    return _keep(before, storage), _keep(after, storage)


@cache  # the same for every city that is made up
def _developed(scene: str) -> tuple[_Picture, _Picture]:
    before, after = before_and_after(scene)
    return _picture(before), _picture(after)


def _picture(image: Image.Image) -> _Picture:
    large, small = _within(image, LARGE_SIDE), _within(image, SMALL_SIDE)
    return _Picture(
        original=_jpeg(image, quality=90),
        large=_jpeg(large, quality=80),
        small=_jpeg(small, quality=75),
        width=large.width,
        height=large.height,
    )


def _keep(picture: _Picture, storage: Storage) -> Kept:
    return Kept(
        original=storage.put(picture.original),
        original_size=len(picture.original),
        large=storage.put(picture.large),
        small=storage.put(picture.small),
        width=picture.width,
        height=picture.height,
    )


def _within(picture: Image.Image, side: int) -> Image.Image:
    smaller = picture.copy()
    smaller.thumbnail((side, side), Image.Resampling.LANCZOS)
    return smaller


def _jpeg(picture: Image.Image, *, quality: int) -> bytes:
    data = BytesIO()
    picture.save(data, "JPEG", quality=quality, optimize=True, progressive=True)
    return data.getvalue()


def _photos(complaint: _Shown, kept: Mapping[str, tuple[Kept, Kept]]) -> list[dict[str, Any]]:
    before, after = kept[_SCENES[complaint.category]]
    photos = [
        _photo(before, complaint.id, Purpose.BEFORE, complaint.received_at, key=complaint.submission_key)
    ]
    if complaint.status is Status.RESOLVED and complaint.closed_at is not None:
        photos.append(_photo(after, complaint.id, Purpose.AFTER, complaint.closed_at, key=None))
    return photos


def _photo(
    kept: Kept, complaint_id: int, purpose: Purpose, at: datetime, *, key: UUID | None
) -> dict[str, Any]:
    return {
        "key": new_key(),
        "submission_key": key,
        "complaint_id": complaint_id,
        "purpose": purpose,
        "position": 0,
        "original": kept.original,
        "original_size": kept.original_size,
        "state": State.READY,
        "large": kept.large,
        "small": kept.small,
        "width": kept.width,
        "height": kept.height,
        "taken_in_at": at,
        "decoded_at": at + _DEVELOPED_AFTER,
    }
