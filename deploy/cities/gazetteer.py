"""Writing a city's places.csv, for the scripts that gather it; used by hand in the development environment."""

import csv
from collections.abc import Iterable
from pathlib import Path

HEADER = ("name", "other_names", "kind", "latitude", "longitude", "area", "until")

Line = tuple[str, str, str, float, float, str, str]
"""A row of the table: name, other names (;), kind, degrees, code of the area, last day."""


def write_places(path: Path, places: Iterable[Line]) -> None:
    """Write the table, degrees to 4 decimals (about 10 m)."""
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for name, others, kind, latitude, longitude, area, until in places:
            table.writerow([name, others, kind, f"{latitude:.4f}", f"{longitude:.4f}", area, until])
