"""`cps city areas`: what a boundary file holds, told in full; cleaned and written if it is without errors."""

from pathlib import Path

import click
from shapely.geometry.base import BaseGeometry

from cps.city.boundary.cleaning import changes, clean
from cps.city.boundary.inspection import Inspection, KnownAreas, inspected
from cps.city.boundary.writing import geojson, write
from cps.city.files import area_list
from cps.city.reading.coverage import said_size
from cps.city.reading.findings import Findings
from cps.city.reading.outlines import Boundaries
from cps.console.checking import counted
from cps.geo.measure import square_metres
from cps.kernel.errors import Unusable


def report(boundaries: Boundaries, *, folder: Path | None, is_cleaned: bool, out: Path | None) -> None:
    """Print all that was found; raise Unusable if there are errors, having written nothing."""
    file = boundaries.drawing.file
    findings = Findings()
    found = inspected(boundaries, _known(folder, findings), findings)
    for fault in found.errors:
        click.echo(f"error: {fault}")
    for warning in found.warnings:
        click.echo(f"warning: {warning}")
    click.echo(_summary(file, found))
    if found.errors:
        kept = " Nothing was written." if out else ""
        raise Unusable(f"{file} has {counted(len(found.errors), 'error', 'errors')}.{kept}")
    areas = _outlines(found)
    if is_cleaned:
        areas = _cleaned(areas)
    if out is not None:
        write(out, geojson(areas, found.names))
        click.echo(f"{out} holds {counted(len(areas), 'area', 'areas')}.")


def _known(folder: Path | None, findings: Findings) -> KnownAreas | None:
    if folder is None:
        return None
    if not folder.is_dir():
        raise Unusable(f"There is no folder {folder}.")
    centre, languages, rows = area_list(folder, findings)
    return KnownAreas(centre, rows, languages[0] if languages else "")


def _outlines(found: Inspection) -> dict[str, BaseGeometry]:
    return {code: feature.polygon for code, feature in found.areas.items() if feature.polygon is not None}


def _summary(file: str, found: Inspection) -> str:
    size = sum(map(square_metres, _outlines(found).values()))
    misfits = found.misfits
    return (
        f"{file}: {counted(found.features, 'feature', 'features')} in {found.crs}, "
        f"{counted(len(found.areas), 'area', 'areas')} of {said_size(size)} together; "
        f"{counted(misfits.overlaps, 'overlap', 'overlaps')} ({said_size(misfits.overlapping_m2)}), "
        f"{counted(misfits.gaps, 'gap', 'gaps')} ({said_size(misfits.missing_m2)}); "
        f"{counted(len(found.errors), 'error', 'errors')}, "
        f"{counted(len(found.warnings), 'warning', 'warnings')}."
    )


def _cleaned(areas: dict[str, BaseGeometry]) -> dict[str, BaseGeometry]:
    """Return the areas cleaned, having said what that changed."""
    after = clean(areas)
    changed = changes(areas, after)
    for change in changed:
        click.echo(
            f"cleaned: Area {change.code!r} gained {said_size(change.gained_m2)}, lost {said_size(change.lost_m2)}."
        )
    gained, lost = sum(c.gained_m2 for c in changed), sum(c.lost_m2 for c in changed)
    click.echo(
        f"Cleaning changed {counted(len(changed), 'area', 'areas')}: "
        f"{said_size(gained)} gained, {said_size(lost)} lost."
    )
    return after
