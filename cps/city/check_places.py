"""Whether the places of a profile lie in its city, in areas there are, and each once."""

from collections.abc import Collection, Sequence

from cps.city.place import Place
from cps.city.profile import Area
from cps.city.reading.findings import Findings, Found
from cps.city.reading.places import FILE
from cps.geo.area import AreaMap
from cps.geo.point import metres_between
from cps.kernel.text import folded

_SAME_PLACE_M = 100.0


def check_places(
    places: Sequence[Found[Place]], areas: Sequence[Area], *, tolerance_m: float, findings: Findings
) -> None:
    """Note areas that do not exist, places outside the city, and places that stand there twice."""
    _check_areas(places, {area.code for area in areas}, findings)
    _check_duplicates(places, findings)
    drawn = [(area.code, area.polygon) for area in areas if not area.polygon.is_empty]
    if drawn and not findings.faults:  # with outlines that are wrong nobody can tell
        _check_inside(places, AreaMap(drawn, tolerance_m=tolerance_m), findings)


def _check_areas(places: Sequence[Found[Place]], codes: Collection[str], findings: Findings) -> None:
    for found in places:
        area = found.value.area
        if area is not None and area not in codes:
            findings.add(
                FILE, found.line, f"The area {area!r} of {found.value.name!r} is no area in areas.csv."
            )


def _check_duplicates(places: Sequence[Found[Place]], findings: Findings) -> None:
    before: dict[tuple[str, str], list[Found[Place]]] = {}
    for found in places:
        place = found.value
        namesakes = before.setdefault((folded(place.name), place.kind), [])
        for other in namesakes:
            if metres_between(place.point, other.value.point) < _SAME_PLACE_M:
                findings.add(
                    FILE,
                    found.line,
                    f"{place.name!r} stands on line {other.line} already, at the same place.",
                )
                break
        namesakes.append(found)


def _check_inside(places: Sequence[Found[Place]], areas: AreaMap, findings: Findings) -> None:
    for found in places:
        if areas.containing(found.value.point) is None:
            findings.add(FILE, found.line, f"{found.value.name!r} lies outside the city.")
