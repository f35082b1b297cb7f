"""What lies in the storage of photos, and whether a row names it."""

import os
from pathlib import Path
from time import time

from sqlalchemy import select

from cps.kernel.db import db
from cps.photos import tasks
from cps.photos.models import Photo, Piece
from cps.photos.storage import FolderStorage

_LONG_AGO = time() - 30 * 24 * 3600


def expect_nothing_left_over(storage: FolderStorage) -> None:
    """After a month and a week of looks there is no file that no row names, and each that one does."""
    for file in files(storage):
        os.utime(file, (_LONG_AGO, _LONG_AGO))
    for hour in range(7 * 24):
        tasks.forget_unclaimed(timestamp=hour * 3600)
    rows = db.session.execute(select(Photo.original, Photo.large, Photo.small)).all()
    named = {blob for row in rows for blob in row if blob} | set(db.session.scalars(select(Piece.blob)))
    assert {file.name for file in files(storage)} == named
    db.session.rollback()


def files(storage: FolderStorage) -> list[Path]:
    """List every file there is."""
    return [path for path in storage.root.rglob("*") if path.is_file()]
