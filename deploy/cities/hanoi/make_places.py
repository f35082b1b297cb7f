"""Gather Hanoi's gazetteer: its 526 wards and communes until 30 June 2025, and well-known places.

Run by hand in the development environment: `python -m deploy.cities.hanoi.make_places`. It writes places.csv
beside itself. Which ward came after which is as the package says; one that was divided is named with the ward the
package takes for its main successor. The well-known places are from memory, to some hundred metres.
"""

import json
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

from vietnamadminunits.database import query

from deploy.cities.gazetteer import Line, write_places

HERE = Path(__file__).parent
PROVINCE = "thanhphohanoi"
LAST_DAY = "2025-06-30"
OLD_WARDS = """
    SELECT DISTINCT wardCode, ward, district, wardKey, districtKey
    FROM admin_units_legacy WHERE provinceCode = '01' ORDER BY wardCode
"""
NEW_WARDS = "SELECT DISTINCT wardKey, wardCode, wardLat, wardLon FROM admin_units WHERE provinceCode = '01'"

LANDMARKS = [
    ("Hồ Hoàn Kiếm", "Hồ Gươm;Hoan Kiem Lake", 21.0287, 105.8523),
    ("Tháp Rùa", "Turtle Tower", 21.0277, 105.8523),
    ("Đền Ngọc Sơn", "Ngoc Son Temple", 21.0307, 105.8524),
    ("Nhà hát Lớn Hà Nội", "Hanoi Opera House", 21.0243, 105.8577),
    ("Nhà thờ Lớn Hà Nội", "St Joseph's Cathedral", 21.0287, 105.8489),
    ("Chợ Đồng Xuân", "Dong Xuan Market", 21.0381, 105.8496),
    ("Ga Hà Nội", "Ga Hàng Cỏ;Hanoi Railway Station", 21.0244, 105.8412),
    ("Văn Miếu – Quốc Tử Giám", "Temple of Literature", 21.0287, 105.8356),
    ("Lăng Chủ tịch Hồ Chí Minh", "Lăng Bác;Ho Chi Minh Mausoleum", 21.0368, 105.8346),
    ("Quảng trường Ba Đình", "Ba Dinh Square", 21.0372, 105.8355),
    ("Chùa Một Cột", "One Pillar Pagoda", 21.0359, 105.8337),
    ("Hoàng thành Thăng Long", "Imperial Citadel of Thang Long", 21.0354, 105.8403),
    ("Cột cờ Hà Nội", "Hanoi Flag Tower", 21.0325, 105.8399),
    ("Hồ Tây", "West Lake", 21.0580, 105.8190),
    ("Chùa Trấn Quốc", "Tran Quoc Pagoda", 21.0480, 105.8368),
    ("Hồ Trúc Bạch", "Truc Bach Lake", 21.0462, 105.8389),
    ("Cầu Long Biên", "Long Bien Bridge", 21.0433, 105.8587),
    ("Cầu Chương Dương", "Chuong Duong Bridge", 21.0367, 105.8610),
    ("Công viên Thống Nhất", "Công viên Lê Nin;Thong Nhat Park", 21.0145, 105.8437),
    ("Công viên Thủ Lệ", "Vườn thú Hà Nội;Hanoi Zoo", 21.0307, 105.8069),
    ("Bệnh viện Bạch Mai", "Bach Mai Hospital", 21.0006, 105.8406),
    ("Bệnh viện Việt Đức", "Viet Duc Hospital", 21.0285, 105.8473),
    ("Đại học Bách khoa Hà Nội", "Hanoi University of Science and Technology", 21.0048, 105.8437),
    ("Sân vận động Mỹ Đình", "My Dinh Stadium", 21.0205, 105.7639),
    ("Bến xe Mỹ Đình", "My Dinh Bus Station", 21.0285, 105.7782),
    ("Bến xe Giáp Bát", "Giap Bat Bus Station", 20.9805, 105.8413),
    ("Bảo tàng Dân tộc học Việt Nam", "Vietnam Museum of Ethnology", 21.0405, 105.7985),
    ("Sân bay Nội Bài", "Noi Bai Airport", 21.2187, 105.8042),
    ("Ngã Tư Sở", "", 21.0037, 105.8206),
    ("Ô Chợ Dừa", "", 21.0188, 105.8292),
]
STREETS = [
    ("Phố Láng Hạ", 21.0167, 105.8130),
    ("Phố Huế", 21.0150, 105.8520),
    ("Phố Tràng Tiền", 21.0247, 105.8555),
    ("Phố Khâm Thiên", 21.0200, 105.8370),
    ("Phố Bà Triệu", 21.0160, 105.8490),
    ("Phố Hàng Bông", 21.0300, 105.8460),
    ("Phố Tây Sơn", 21.0080, 105.8230),
    ("Phố Kim Mã", 21.0317, 105.8220),
    ("Đường Láng", 21.0170, 105.8050),
    ("Đường Cầu Giấy", 21.0335, 105.7960),
    ("Đường Xuân Thủy", 21.0365, 105.7840),
    ("Đường Trần Duy Hưng", 21.0085, 105.7960),
    ("Đường Lê Văn Lương", 21.0050, 105.8040),
    ("Đường Nguyễn Trãi", 20.9950, 105.8080),
    ("Đường Giải Phóng", 20.9900, 105.8414),
]


def main(folder: Path = HERE) -> None:
    """Write the file; the same package version always gives the same bytes."""
    write_places(folder / "places.csv", [*landmarks(), *streets(), *former_wards()])


def landmarks() -> Iterator[Line]:
    """Give the landmarks, in the order of the list."""
    for name, others, latitude, longitude in LANDMARKS:
        yield name, others, "landmark", latitude, longitude, "", ""


def streets() -> Iterator[Line]:
    """Give the streets, each at a place about its middle."""
    for name, latitude, longitude in STREETS:
        yield name, "", "street", latitude, longitude, "", ""


def former_wards() -> Iterator[Line]:
    """Give the wards as they were, each at the centre of the ward that came after it."""
    heirs, new = successors(), {row["wardKey"]: row for row in query(NEW_WARDS)}
    for old in query(OLD_WARDS):
        heir = new[heirs[f"{PROVINCE}_{old['districtKey']}_{old['wardKey']}"]]
        name, others = f"{old['ward']}, {old['district']}", old["ward"]
        yield name, others, "former-area", heir["wardLat"], heir["wardLon"], heir["wardCode"], LAST_DAY


def successors() -> dict[str, str]:
    """Return the key of the new ward by the key of each old one."""
    said = json.loads(
        files("vietnamadminunits").joinpath("data/converter_2025.json").read_text(encoding="utf-8")
    )
    whole = {
        old: new for new, olds in said["DICT_PROVINCE_WARD_NO_DIVIDED"][PROVINCE].items() for old in olds
    }
    divided = {
        old: next(part["newWardKey"] for part in parts if part["isDefaultNewWard"])
        for old, parts in said["DICT_PROVINCE_WARD_DIVIDED"].get(PROVINCE, {}).items()
    }
    return {**whole, **divided}


if __name__ == "__main__":
    main()
