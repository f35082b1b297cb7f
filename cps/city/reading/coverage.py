"""Whether outlines fit together like a jigsaw: no overlaps, no gaps in the middle.

Slivers along borders are allowed: a hundredth of the smaller area, a hundredth of a mean area.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from cps.city.reading.features import Feature
from cps.city.reading.findings import Findings

_OVERLAP = 0.01  # of the smaller area
_GAP = 0.01  # of a mean area
_KM_PER_DEGREE = 111.3


@dataclass(frozen=True)
class _Piece:
    code: str
    feature: Feature
    polygon: BaseGeometry


def note_overlaps_and_gaps(found: Mapping[str, Feature], findings: Findings) -> None:
    """Note every two areas that overlap and every hole between areas; features without outline are left out."""
    pieces = [
        _Piece(code, feature, feature.polygon)
        for code, feature in found.items()
        if feature.polygon is not None
    ]
    if pieces:
        _note_overlaps(pieces, findings)
        _note_gaps(pieces, findings)


def _note_overlaps(pieces: Sequence[_Piece], findings: Findings) -> None:
    polygons = [piece.polygon for piece in pieces]
    pairs = shapely.STRtree(polygons).query(polygons, predicate="intersects").T.tolist()
    for one, other in sorted(pair for pair in pairs if pair[0] < pair[1]):
        first, second = pieces[one], pieces[other]
        smaller = min(first.polygon.area, second.polygon.area)
        share = first.polygon.intersection(second.polygon).area / smaller
        if share > _OVERLAP:
            sentence = (
                f"Area {second.code!r} and area {first.code!r} (feature {first.feature.number}) "
                f"overlap by {share:.0%} of the smaller one."
            )
            second.feature.fault(sentence, findings)


def _note_gaps(pieces: Sequence[_Piece], findings: Findings) -> None:
    mean = sum(piece.polygon.area for piece in pieces) / len(pieces)
    for part in shapely.get_parts(shapely.union_all([piece.polygon for piece in pieces])):
        for ring in part.interiors:
            hole = Polygon(ring)
            if hole.area > _GAP * mean:
                findings.add(pieces[0].feature.file, 1, _gap(hole, pieces))


def _gap(hole: Polygon, pieces: Sequence[_Piece]) -> str:
    middle = hole.representative_point()
    around = sorted(piece.code for piece in pieces if piece.polygon.intersects(hole))
    size_km2 = hole.area * _KM_PER_DEGREE**2 * math.cos(math.radians(middle.y))
    return (
        f"There is a gap of {size_km2:.2f} km² at {middle.y:.4f}, {middle.x:.4f} "
        f"between areas {', '.join(around)}."
    )
