"""Boundary files become drawings: GeoJSON by our own reader, which knows lines, the others by GDAL."""

import sqlite3
import struct
import tempfile
import warnings
from contextlib import closing
from pathlib import Path
from typing import Any, Final

import shapely
from pyogrio import list_layers, raw
from pyogrio.errors import DataLayerError, DataSourceError, FieldError, GeometryError
from shapely.errors import ShapelyError
from shapely.geometry.base import BaseGeometry

from cps.city.boundary.archive import unpacked
from cps.city.boundary.reprojection import in_wgs84
from cps.city.reading.findings import Findings
from cps.city.reading.geojson import MOST_BYTES, Drawing, Drawn, read_geojson
from cps.city.reading.outlines import Boundaries
from cps.kernel.errors import Unusable

_UNREADABLE = (DataSourceError, DataLayerError, FieldError, GeometryError)
_SHP_MAGIC: Final = 9994
_SQLITE_MAGIC: Final = b"SQLite format 3\0"
_NO_CRS_IDS: Final = (-1, 0)  # of a GeoPackage: Cartesian and geographic, but of what is not said


def read_boundaries(
    path: Path, *, layer: str | None = None, code_field: str | None = None, name_field: str | None = None
) -> Boundaries:
    """Read a GeoJSON file, a Shapefile (also zipped) or a GeoPackage and bring it to WGS84.

    Never raises for what is wrong with the file: the result says so, and then has no features.
    """
    findings = Findings()
    try:
        drawing = in_wgs84(_drawing(path, layer, findings), findings)
        _check_fields(drawing, (code_field, name_field))
    except Unusable as reason:
        findings.add(path.name, 0, str(reason))
        drawing = Drawing(path.name, None, ())
    return Boundaries(drawing, tuple(findings.faults), tuple(findings.warnings), code_field, name_field)


def _check_fields(drawing: Drawing, fields: tuple[str | None, ...]) -> None:
    known = dict.fromkeys(key for drawn in drawing.features for key in drawn.properties)
    for field in fields:
        if field is not None and field not in known and drawing.features:
            raise Unusable(f"There is no field {field!r}; there are {', '.join(known) or 'none'}.")


def _drawing(path: Path, layer: str | None, findings: Findings) -> Drawing:
    if path.suffix.lower() in (".geojson", ".json"):
        return read_geojson(path, findings) or Drawing(path.name, None, ())
    if not path.is_file():
        raise Unusable("This file is missing.")
    if path.stat().st_size > MOST_BYTES:
        raise Unusable(f"This file is larger than {MOST_BYTES // 1_000_000} MB.")
    match path.suffix.lower():
        case ".shp":
            return _shapefile(path, path.name)
        case ".zip":
            with tempfile.TemporaryDirectory(prefix="cps-areas-") as folder:
                return _shapefile(unpacked(path, Path(folder), layer), path.name)
        case ".gpkg":
            return _geopackage(path, layer)
    raise Unusable("This is no boundary file: a GeoJSON, Shapefile (.shp or .zip) or GeoPackage is expected.")


def _shapefile(path: Path, file: str) -> Drawing:
    beside = {other.suffix.lower(): other for other in path.parent.iterdir() if other.stem == path.stem}
    missing = [ending for ending in (".shx", ".dbf") if ending not in beside]
    if missing:
        raise Unusable(f"A Shapefile needs {' and '.join(missing)} beside its .shp; ask for the whole set.")
    _check_whole(path.read_bytes(), beside[".shx"].stat().st_size, beside[".dbf"].read_bytes())
    return _read(path, None, file)


def _check_whole(shapes: bytes, index_size: int, table: bytes) -> None:
    """Refuse a Shapefile that is cut off; GDAL would leave out what is missing (ESRI white paper, 1998; dBASE)."""
    if len(shapes) < 100 or len(table) < 32 or struct.unpack(">i", shapes[:4])[0] != _SHP_MAGIC:
        raise Unusable("This is no Shapefile, or it is cut off.")
    rows, head, width = struct.unpack("<IHH", table[4:12])
    is_whole = struct.unpack(">i", shapes[24:28])[0] * 2 <= len(shapes)
    if not is_whole or head + rows * width > len(table) or index_size < 100 + 8 * rows:
        raise Unusable("This Shapefile is cut off; copy it again.")


def _geopackage(path: Path, layer: str | None) -> Drawing:
    with path.open("rb") as opened:
        if opened.read(len(_SQLITE_MAGIC)) != _SQLITE_MAGIC:
            raise Unusable("This is no GeoPackage.")
    try:
        with closing(
            sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro&immutable=1", uri=True)
        ) as database:
            if database.execute("PRAGMA quick_check(1)").fetchone() != ("ok",):
                raise Unusable("This GeoPackage is damaged or cut off; copy it again.")
            chosen = _layer_of(path, layer)
            strangers = _of_another_crs(database, chosen)
    except (sqlite3.Error, *_UNREADABLE):
        raise Unusable("This GeoPackage is damaged or cut off; copy it again.") from None
    drawing = _read(path, chosen, path.name)
    return Drawing(
        drawing.file,
        drawing.crs,
        tuple(_refused(drawn) if drawn.number in strangers else drawn for drawn in drawing.features),
    )


def _layer_of(path: Path, layer: str | None) -> str:
    layers = [str(name) for name, kind in list_layers(path.absolute()) if kind is not None]
    if not layers:
        raise Unusable("There is no layer with outlines in this GeoPackage.")
    if layer is None and len(layers) == 1:
        return layers[0]
    if layer not in layers:
        said = (
            f"There is no layer {layer!r} in this GeoPackage"
            if layer
            else "This GeoPackage has several layers"
        )
        raise Unusable(f"{said}. Choose one with --layer: {', '.join(layers)}.")
    return layer


def _of_another_crs(database: sqlite3.Connection, layer: str) -> set[int]:
    """Return the numbers, from 1, of features whose geometry says another coordinate system than their layer."""
    row = database.execute(
        "SELECT column_name, srs_id FROM gpkg_geometry_columns JOIN sqlite_master ON name = table_name "
        "WHERE type = 'table' AND table_name = ?",  # not a view, which has no numbers of its own
        (layer,),
    ).fetchone()
    if row is None:
        return set()
    table, column = (f'"{name.replace(chr(34), chr(34) * 2)}"' for name in (layer, row[0]))
    heads = database.execute(f"SELECT substr({column}, 1, 8) FROM {table} ORDER BY rowid")  # noqa: S608 - quoted
    found = set()
    for number, (head,) in enumerate(heads, start=1):
        if isinstance(head, bytes) and len(head) == 8:
            (crs_id,) = struct.unpack("<i" if head[3] & 1 else ">i", head[4:])
            if crs_id != row[1] and crs_id not in _NO_CRS_IDS:
                found.add(number)
    return found


def _refused(drawn: Drawn) -> Drawn:
    fault = "It is in another coordinate system than its layer. All outlines must be in one."
    return Drawn(drawn.number, drawn.line, drawn.properties, None, fault)


def _read(path: Path, layer: str | None, file: str) -> Drawing:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what GDAL warns of is looked at here more closely
            meta, _fids, shapes, columns = raw.read(path.absolute(), layer=layer)
    except _UNREADABLE as error:
        raise Unusable(f"This file cannot be read: {error}.") from None
    except UnicodeDecodeError:
        raise Unusable("The texts in this file are in an unknown encoding. Save it as UTF-8.") from None
    fields = [str(field) for field in meta["fields"]]
    rows = zip(*(column.tolist() for column in columns), strict=True) if columns else iter([()] * len(shapes))
    return Drawing(
        file,
        meta["crs"],
        tuple(
            _drawn(number, wkb, dict(zip(fields, values, strict=True)))
            for number, (wkb, values) in enumerate(zip(shapes, rows, strict=True), start=1)
        ),
    )


def _drawn(number: int, wkb: bytes | None, properties: dict[str, Any]) -> Drawn:
    geometry, fault = _geometry(wkb)
    return Drawn(number, 0, properties, geometry, fault)


def _geometry(wkb: bytes | None) -> tuple[BaseGeometry | None, str]:
    if wkb is None:
        return None, ""
    try:
        return shapely.from_wkb(wkb), ""
    except (ShapelyError, ValueError) as error:
        return None, f"The outline cannot be read: {error}."
