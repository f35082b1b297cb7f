"""Boundary files of two wards beside each other, in every format, whole and spoilt; written on the fly."""

import json
import warnings
import zipfile
from pathlib import Path

import numpy as np
import pyproj
import shapely
from pyogrio import raw
from shapely.geometry import box

TWO = (box(105.0, 21.0, 105.1, 21.1), box(105.1, 21.0, 105.2, 21.1))
CODES = ("west", "east")


def moved(shapes, crs):
    """Put shapes in WGS84 into another coordinate system."""
    to = pyproj.Transformer.from_crs("EPSG:4326", crs, always_xy=True)
    return [shapely.transform(s, lambda c: np.column_stack(to.transform(c[:, 0], c[:, 1]))) for s in shapes]


def drawn(path: Path, shapes=TWO, codes=CODES, *, crs="EPSG:4326", layer=None, kind=None, names=None) -> Path:
    """Write shapes, given in the coordinate system `crs`, as the format that the ending of the path says."""
    fields = {"code": codes, "name": names or [f"Ward {code}" for code in codes]}
    drivers = {".shp": "ESRI Shapefile", ".gpkg": "GPKG", ".geojson": "GeoJSON"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that a coordinate system is missing is what some tests want
        raw.write(
            path,
            np.array([None if s is None else shapely.to_wkb(s) for s in shapes], dtype=object),
            [
                np.array(values, float if isinstance(values[0], float) else object)
                for values in fields.values()
            ],
            fields=list(fields),
            geometry_type=kind or "Polygon",
            crs=crs,
            driver=drivers[path.suffix],
            layer=layer or path.stem,
            append=path.exists(),
        )
    return path


def zipped(path: Path, *members: Path, inside: str = "") -> Path:
    """Pack files into a zip file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for member in members:
            archive.write(member, f"{inside}{member.name}")
    return path


def set_of(path: Path) -> list[Path]:
    """Return a Shapefile's files."""
    return sorted(
        other for other in path.parent.iterdir() if other.stem == path.stem and other.suffix != ".zip"
    )


def geojson(path: Path, *geometries: object, codes=None, **members: object) -> Path:
    """Write geometries as they come, one feature a line, the first on line 2; NaN is written as people's tools do."""
    codes = codes or [f"a{number}" for number in range(1, len(geometries) + 1)]
    lines = [
        json.dumps({"type": "Feature", "properties": {"code": code}, "geometry": geometry})
        for code, geometry in zip(codes, geometries, strict=True)
    ]
    head = "".join(f'"{key}": {json.dumps(value)}, ' for key, value in members.items())
    path.write_text(
        f'{{"type": "FeatureCollection", {head}"features": [\n' + ",\n".join(lines) + "\n]}\n",
        encoding="utf-8",
    )
    return path


def ring(*corners):
    """Return a polygon of one ring, closed."""
    return {"type": "Polygon", "coordinates": [[*map(list, corners), list(corners[0])]]}


def square(west, south, size=0.1):
    """Return a square polygon."""
    east, north = west + size, south + size
    return ring((west, south), (east, south), (east, north), (west, north))
