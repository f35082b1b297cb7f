"""A zipped Shapefile, unpacked with care: only the files that belong to it, and never more than is sane."""

import zipfile
import zlib
from pathlib import Path, PurePosixPath
from typing import Final

from cps.city.reading.geojson import MOST_BYTES
from cps.kernel.errors import Unusable

_BELONGING: Final = (".shp", ".shx", ".dbf", ".prj", ".cpg")
_MOST_MEMBERS: Final = 1_000
_AT_ONCE_BYTES: Final = 1 << 20
_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError)


def unpacked(archive: Path, folder: Path, layer: str | None) -> Path:
    """Unpack the Shapefile (the one called `layer`, if there are several) into a folder; return its `.shp`.

    Raises Unusable for an archive that is broken, encrypted, too large, or holds no or several Shapefiles.
    """
    try:
        with zipfile.ZipFile(archive) as opened:
            chosen = _chosen(opened, layer)
            for member, target in chosen:
                _unpack(opened, member, folder / target)
    except _BROKEN:
        raise Unusable("This zip file is broken, or has a password.") from None
    return folder / "layer.shp"


def _chosen(opened: zipfile.ZipFile, layer: str | None) -> list[tuple[zipfile.ZipInfo, str]]:
    members = opened.infolist()
    if len(members) > _MOST_MEMBERS:
        raise Unusable(f"This zip file holds {len(members)} files, too many for a Shapefile.")
    shapes = [PurePosixPath(member.filename) for member in members if _ending(member) == ".shp"]
    if not shapes:
        raise Unusable("There is no Shapefile (.shp) in this zip file.")
    found = [path for path in shapes if layer in (None, path.stem)]
    if len(found) != 1:
        names = ", ".join(sorted(path.stem for path in shapes))
        raise Unusable(f"This zip file holds {names}. Choose one with --layer.")
    stem = found[0].with_suffix("")
    chosen = [
        (member, f"layer{_ending(member)}")
        for member in members
        if _ending(member) in _BELONGING and PurePosixPath(member.filename).with_suffix("") == stem
    ]
    if sum(member.file_size for member, _target in chosen) > MOST_BYTES:
        raise Unusable(f"Unpacked this zip file is larger than {MOST_BYTES // 1_000_000} MB.")
    return chosen


def _ending(member: zipfile.ZipInfo) -> str:
    hidden = member.filename.startswith("__MACOSX/")
    return "" if hidden else PurePosixPath(member.filename).suffix.lower()


def _unpack(opened: zipfile.ZipFile, member: zipfile.ZipInfo, target: Path) -> None:
    """Copy one file; what an archive says of its size may be a lie, but `zipfile` reads no more than that."""
    with opened.open(member) as packed, target.open("wb") as written:
        while piece := packed.read(_AT_ONCE_BYTES):
            written.write(piece)
