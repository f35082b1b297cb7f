"""An archive of tiles in one file, MBTiles or PMTiles, of streets to draw or of pictures, read a tile at a time.

Nothing stays open between two tiles, so an archive is used by any number of threads and processes.
"""

import gzip
import sqlite3
import struct
import zlib
from abc import ABC, abstractmethod
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from google.protobuf.message import DecodeError  # type: ignore[import-untyped] # protobuf ships no types
from pmtiles import reader
from pmtiles.tile import Compression, MagicNumberNotFound, SpecVersionUnsupported, TileType

from cps.geo import sketch
from cps.kernel.errors import Unusable

DEEPEST_ZOOM = 22
VECTOR = "pbf"

# How the pictures of each kind begin: a tile that does not is damaged.
_BEGINNINGS = {"png": b"\x89PNG\r\n\x1a\n", "jpg": b"\xff\xd8\xff", "webp": b"RIFF"}
_FORMS = {TileType.MVT: VECTOR, TileType.PNG: "png", TileType.JPEG: "jpg", TileType.WEBP: "webp"}

_PMTILES: Any = reader  # its functions carry no types

_GZIP = b"\x1f\x8b"
_MOST_TILE_BYTES = 8_000_000  # unpacked; a tile of honest data stays far below
# What damaged bytes end in, whichever layer notices first.
_DAMAGE = (
    DecodeError,
    EOFError,
    IndexError,
    KeyError,
    MagicNumberNotFound,
    SpecVersionUnsupported,
    TypeError,
    ValueError,
    OSError,
    sqlite3.Error,
    struct.error,
    zlib.error,
)


class Damaged(Exception):
    """A tile that is there cannot be read; says why."""


@dataclass(frozen=True)
class Coverage:
    """What an archive covers: zoom levels, and degrees WGS84 west, south, east, north where it says so.

    `form`: `pbf` for vector tiles, else the kind of pictures.
    """

    lowest_zoom: int
    highest_zoom: int
    bounds: tuple[float, float, float, float] | None
    attribution: str
    form: str = VECTOR

    @property
    def is_vector(self) -> bool:
        """Whether its tiles are streets to draw, not pictures."""
        return self.form == VECTOR

    @property
    def mimetype(self) -> str:
        """What its tiles are sent as, where they are pictures."""
        return f"image/{self.form.replace('jpg', 'jpeg')}"


class Archive(ABC):
    """Vector tiles (MVT, schemes of OpenMapTiles, Protomaps, Shortbread or plain OpenStreetMap tags), or pictures."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            self.coverage = self._covers()
            self._try(self._any_tile())
            status = path.stat()
        except _DAMAGE as error:
            raise Unusable(f"The map archive {path} cannot be read: {error or 'it is damaged'}.") from error
        self.version = sha256(f"{status.st_size} {status.st_mtime_ns}".encode()).hexdigest()[:8]

    def drawing(self, zoom: int, x: int, y: int) -> sketch.Drawing | None:
        """Return what to draw of a tile (y counted from the north), or None where the archive has none.

        Raises Damaged if the tile is there but cannot be read.
        """
        try:
            data = self._tile(zoom, x, y)
            return sketch.draw(_unpacked(data), zoom=zoom) if data else None
        except _DAMAGE as error:
            raise Damaged(f"tile {zoom}/{x}/{y} of {self._path}: {error}") from error

    def picture(self, zoom: int, x: int, y: int) -> bytes | None:
        """Return a tile of pictures as it is, or None where the archive has none; raise Damaged if it is none."""
        try:
            data = self._tile(zoom, x, y)
            return self._pictured(data) if data else None
        except _DAMAGE as error:
            raise Damaged(f"tile {zoom}/{x}/{y} of {self._path}: {error}") from error

    def _try(self, data: bytes) -> None:
        if self.coverage.is_vector:
            sketch.draw(_unpacked(data), zoom=self.coverage.highest_zoom)
        else:
            self._pictured(data)

    def _pictured(self, data: bytes) -> bytes:
        if not data.startswith(_BEGINNINGS[self.coverage.form]):
            raise ValueError(f"a tile is no {self.coverage.form} picture")
        return data

    @abstractmethod
    def _covers(self) -> Coverage: ...

    @abstractmethod
    def _any_tile(self) -> bytes: ...

    @abstractmethod
    def _tile(self, zoom: int, x: int, y: int) -> bytes | None: ...


def opened(path: Path) -> Archive:
    """Open an archive by its suffix; raise Unusable if it is none, is damaged or holds no vector tiles."""
    return _PmTiles(path) if path.suffix == ".pmtiles" else _MbTiles(path)


class _MbTiles(Archive):
    """MBTiles 1.3: an SQLite file whose rows are counted from the south."""

    def _covers(self) -> Coverage:
        facts = {str(name): str(value) for name, value in self._rows("SELECT name, value FROM metadata")}
        form = facts.get("format", VECTOR).replace("jpeg", "jpg")
        if form != VECTOR and form not in _BEGINNINGS:
            raise ValueError(
                f"it holds {form} tiles, neither vector tiles (pbf) nor png, jpg or webp pictures"
            )
        zooms = self._rows("SELECT min(zoom_level), max(zoom_level) FROM tiles")
        if not zooms or zooms[0][0] is None:
            raise ValueError("it holds no tiles")
        return Coverage(
            int(zooms[0][0]), int(zooms[0][1]), _bounds(facts), facts.get("attribution", ""), form
        )

    def _any_tile(self) -> bytes:
        return bytes(self._rows("SELECT tile_data FROM tiles LIMIT 1")[0][0])

    def _tile(self, zoom: int, x: int, y: int) -> bytes | None:
        found = self._rows(
            "SELECT tile_data FROM tiles WHERE zoom_level = ? AND tile_column = ? AND tile_row = ?",
            (zoom, x, 2**zoom - 1 - y),
        )
        return bytes(found[0][0]) if found else None

    def _rows(self, query: str, values: tuple[int, ...] = ()) -> list[tuple[Any, ...]]:
        # Immutable: the file is only read, and its folder may not be writable for SQLite's locks.
        address = f"{self._path.absolute().as_uri()}?mode=ro&immutable=1"
        with closing(sqlite3.connect(address, uri=True)) as connection:
            return connection.execute(query, values).fetchall()


class _PmTiles(Archive):
    """PMTiles 3: one file with a directory of byte ranges."""

    def _covers(self) -> Coverage:
        archive = _PMTILES.Reader(self._bytes)
        header = archive.header()
        form = _FORMS.get(header["tile_type"])
        if form is None:
            raise ValueError("it holds neither vector tiles nor png, jpg or webp pictures")
        if form == VECTOR and header["tile_compression"] not in (Compression.NONE, Compression.GZIP):
            raise ValueError("its tiles are packed in another way than gzip")
        corners = (header[f"{name}_e7"] / 1e7 for name in ("min_lon", "min_lat", "max_lon", "max_lat"))
        return Coverage(
            header["min_zoom"],
            header["max_zoom"],
            _checked_bounds(*corners),
            str(archive.metadata().get("attribution", "")),
            form,
        )

    def _any_tile(self) -> bytes:
        first = next(_PMTILES.all_tiles(self._bytes), None)
        if first is None:
            raise ValueError("it holds no tiles")
        return bytes(first[1])

    def _tile(self, zoom: int, x: int, y: int) -> bytes | None:
        found: bytes | None = _PMTILES.Reader(self._bytes).get(zoom, x, y)
        return found

    def _bytes(self, offset: int, length: int) -> bytes:
        with self._path.open("rb") as file:
            file.seek(offset)
            data = file.read(length)
        if len(data) < length:
            raise EOFError("it ends too early")
        return data


def _unpacked(data: bytes) -> bytes:
    if not data.startswith(_GZIP):
        return data
    unpacker = zlib.decompressobj(wbits=31)
    unpacked = unpacker.decompress(data, _MOST_TILE_BYTES)
    if not unpacker.eof:
        raise gzip.BadGzipFile("a tile is cut off or far too large")
    return unpacked


def _bounds(facts: Mapping[str, str]) -> tuple[float, float, float, float] | None:
    parts = facts.get("bounds", "").split(",")
    if len(parts) != 4:
        return None
    return _checked_bounds(*map(float, parts))


def _checked_bounds(
    west: float, south: float, east: float, north: float
) -> tuple[float, float, float, float] | None:
    return (west, south, east, north) if west < east and south < north else None
