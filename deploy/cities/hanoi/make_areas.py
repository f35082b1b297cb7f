"""Approximate the outlines of Hanoi's 126 wards and communes from their centres and sizes.

Run by hand in the development environment: `python -m deploy.cities.hanoi.make_areas`. It writes areas.csv
and areas.geojson beside itself. What it draws is an approximation and says so in every feature: official
outlines replace it.
"""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

from vietnamadminunits.database import query

from deploy.cities.outlines import Ground, Place, radius_of, tile, write_names, write_outlines

HERE = Path(__file__).parent
GROUND = Ground(latitude=21.0, smoothing_km=2.0, plain_degrees=0.003)
HANOI_WARDS = """
    SELECT DISTINCT wardCode, ward, wardShort, wardType, wardLat, wardLon, wardAreaKm2
    FROM admin_units WHERE provinceCode = '01' ORDER BY wardCode
"""
ENGLISH_TYPES = {"Phường": "Ward", "Xã": "Commune"}


@dataclass(frozen=True)
class Ward:
    """A ward or commune as the package knows it."""

    name: str
    english: str
    place: Place


def main(folder: Path = HERE) -> None:
    """Write both files; the same package version always gives the same bytes."""
    wards = read_wards()
    names = [(ward.place.code, f"ubnd-{ward.place.code}", (ward.name, ward.english)) for ward in wards]
    write_names(folder / "areas.csv", ("vi", "en"), names)
    write_outlines(tile([ward.place for ward in wards], GROUND), folder / "areas.geojson")


def read_wards() -> list[Ward]:
    """List the wards of the province in the order of their codes."""
    return [
        Ward(
            name=row["ward"],
            english=f"{without_accents(row['wardShort'])} {ENGLISH_TYPES[row['wardType']]}",
            place=Place(
                code=row["wardCode"],
                centre=GROUND.point(latitude=row["wardLat"], longitude=row["wardLon"]),
                radius_km=radius_of(row["wardAreaKm2"]),
            ),
        )
        for row in query(HANOI_WARDS)
    ]


def without_accents(name: str) -> str:
    """Write a Vietnamese name in plain Latin letters; NFD leaves đ as it is, so it is done by hand."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", name) if not unicodedata.combining(sign))
    return bare.replace("đ", "d").replace("Đ", "D")


if __name__ == "__main__":
    main()
