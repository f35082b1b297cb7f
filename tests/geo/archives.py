"""Tiny archives of vector tiles, written with the packages that others write them with."""

import gzip
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import mapbox_vector_tile
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

STREET = {"geometry": "LINESTRING(0 4096, 2048 4096, 4096 2048)", "properties": {"highway": "primary"}}
"""From the north-west corner along the north edge, then down to the middle of the east edge."""

Tiles = Mapping[tuple[int, int, int], bytes]


def a_tile(*features: dict[str, Any], layer: str = "roads") -> bytes:
    """Encode features (WKT in units of 1/4096, y to the north) as one gzipped tile of one layer."""
    return gzip.compress(mapbox_vector_tile.encode([{"name": layer, "features": list(features)}]), mtime=0)


def an_archive(path: Path, tiles: Tiles, **changes: Any) -> Path:
    """Write tiles, keyed by zoom, column and row counted from the north, in the format of the suffix."""
    (_pmtiles if path.suffix == ".pmtiles" else _mbtiles)(path, tiles, **changes)
    return path


def _mbtiles(path: Path, tiles: Tiles, **metadata: str) -> None:
    facts = {"format": "pbf", "bounds": "105.8,21.0,105.9,21.1", "attribution": "OSM", **metadata}
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE metadata (name text, value text)")
        connection.execute(
            "CREATE TABLE tiles (zoom_level int, tile_column int, tile_row int, tile_data blob)"
        )
        connection.executemany("INSERT INTO metadata VALUES (?, ?)", facts.items())
        rows = [(zoom, x, 2**zoom - 1 - y, data) for (zoom, x, y), data in tiles.items()]
        connection.executemany("INSERT INTO tiles VALUES (?, ?, ?, ?)", rows)


def _pmtiles(path: Path, tiles: Tiles, **header: Any) -> None:
    with path.open("wb") as file:
        writer = Writer(file)
        for number, data in sorted((zxy_to_tileid(*place), data) for place, data in tiles.items()):
            writer.write_tile(number, data)
        writer.finalize(
            {
                "tile_type": TileType.MVT,
                "tile_compression": Compression.GZIP,
                "min_zoom": min((zoom for zoom, _x, _y in tiles), default=0),
                "max_zoom": max((zoom for zoom, _x, _y in tiles), default=0),
                "min_lon_e7": 1_058_000_000,
                "min_lat_e7": 210_000_000,
                "max_lon_e7": 1_059_000_000,
                "max_lat_e7": 211_000_000,
                "center_zoom": 0,
                "center_lon_e7": 0,
                "center_lat_e7": 0,
                **header,
            },
            {"attribution": "OSM"},
        )
