"""Whether outlines fit together like a jigsaw: no overlaps, no gaps in the middle.

Slivers along borders do no harm and are warnings only: up to a hundredth of the smaller area, a
hundredth of a mean area. What is smaller than a square metre is nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import shapely
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from cps.city.reading.features import Feature
from cps.city.reading.findings import Findings
from cps.geo.measure import all_square_metres, square_metres

_OVERLAP = 0.01  # of the smaller area
_GAP = 0.01  # of a mean area
_LEAST_M2 = 1.0


@dataclass(frozen=True)
class _Piece:
    code: str
    feature: Feature
    polygon: BaseGeometry
    size_m2: float


@dataclass(frozen=True)
class Misfits:
    """How many overlaps and gaps were found, and how large they are together, in square metres."""

    overlaps: int = 0
    overlapping_m2: float = 0.0
    gaps: int = 0
    missing_m2: float = 0.0


def note_overlaps_and_gaps(found: Mapping[str, Feature], findings: Findings) -> Misfits:
    """Note every two areas that overlap and every hole between areas; features without outline are left out."""
    drawn = [
        (code, feature, feature.polygon) for code, feature in found.items() if feature.polygon is not None
    ]
    if not drawn:
        return Misfits()
    sizes = all_square_metres([polygon for _code, _feature, polygon in drawn])
    pieces = [_Piece(*piece, size) for piece, size in zip(drawn, sizes, strict=True)]
    overlaps, gaps = _note_overlaps(pieces, findings), _note_gaps(pieces, findings)
    return Misfits(len(overlaps), sum(overlaps), len(gaps), sum(gaps))


def said_size(square_m: float) -> str:
    """Say a size as people do: square metres, square kilometres from a tenth on."""
    return f"{square_m / 1e6:,.2f} km²" if square_m >= 100_000 else f"{square_m:,.0f} m²"


def _said_share(share: float) -> str:
    return f"{share:.0%}" if share >= 0.1 else f"{100 * share:.2g}%"


def _note_overlaps(pieces: Sequence[_Piece], findings: Findings) -> list[float]:
    polygons = [piece.polygon for piece in pieces]
    pairs = shapely.STRtree(polygons).query(polygons, predicate="intersects").T.tolist()
    ordered = sorted(pair for pair in pairs if pair[0] < pair[1])
    firsts, seconds = [polygons[one] for one, _other in ordered], [polygons[other] for _one, other in ordered]
    shared = shapely.intersection(firsts, seconds)
    sizes = all_square_metres(list(shared))
    for (one, other), size_m2, place in zip(ordered, sizes, shared, strict=True):
        if size_m2 >= _LEAST_M2:
            _note_overlap(pieces[one], pieces[other], size_m2, place, findings)
    return [size_m2 for size_m2 in sizes if size_m2 >= _LEAST_M2]


def _note_overlap(
    first: _Piece, second: _Piece, size_m2: float, place: BaseGeometry, findings: Findings
) -> None:
    share = size_m2 / min(first.size_m2, second.size_m2)
    middle = place.representative_point()
    note = second.feature.fault if share > _OVERLAP else second.feature.warn
    note(
        f"Area {second.code!r} and area {first.code!r} (feature {first.feature.number}) overlap by "
        f"{said_size(size_m2)}, {_said_share(share)} of the smaller one, at {middle.y:.5f}, {middle.x:.5f}.",
        findings,
    )


def _note_gaps(pieces: Sequence[_Piece], findings: Findings) -> list[float]:
    mean_m2 = sum(piece.size_m2 for piece in pieces) / len(pieces)
    tree = shapely.STRtree([piece.polygon for piece in pieces])
    found: list[float] = []
    for part in shapely.get_parts(shapely.union_all([piece.polygon for piece in pieces])):
        for ring in part.interiors:
            hole = Polygon(ring)
            size_m2 = square_metres(hole)
            if size_m2 >= _LEAST_M2:
                note = findings.add if size_m2 > _GAP * mean_m2 else findings.warn
                around = sorted(pieces[index].code for index in tree.query(hole, predicate="intersects"))
                feature = pieces[0].feature
                note(feature.file, min(feature.line, 1), _gap(hole, size_m2, around))
                found.append(size_m2)
    return found


def _gap(hole: Polygon, size_m2: float, around: Sequence[str]) -> str:
    middle = hole.representative_point()
    where = f"between areas {', '.join(around)}" if len(around) > 1 else f"within area {around[0]}"
    return f"There is a gap of {said_size(size_m2)} at {middle.y:.5f}, {middle.x:.5f} {where}."
