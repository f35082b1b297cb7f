"""`python -m tests.bench.places`: finding places by name among PLACES (100,000), and what is found without accents."""

import os
import random
import statistics
import time
import unicodedata
from collections.abc import Sequence
from dataclasses import replace

from flask import Flask

from cps.city.files import read
from cps.city.gazetteer import CityGazetteer
from cps.city.load import load
from cps.city.place import Place, PlaceKind
from cps.city.profile import Profile
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.web.limits import limiter
from tests.bench.city import a_city

SIZE = int(os.environ.get("PLACES", "100000"))
SEARCHES = int(os.environ.get("SEARCHES", "200"))
FIRST = (
    "Phố",
    "Đường",
    "Ngõ",
    "Chợ",
    "Trường",
    "Bệnh viện",
    "Chùa",
    "Đình",
    "Công viên",
    "Cầu",
    "Hồ",
    "Khu đô thị",
)
# Syllables of Vietnamese names: few, as they are in truth, so that each is in thousands of names.
SYLLABLES = [
    "Láng",
    "Hạ",
    "Thượng",
    "Trung",
    "Đông",
    "Tây",
    "Nam",
    "Bắc",
    "Hoàn",
    "Kiếm",
    "Ba",
    "Đình",
    "Cầu",
    "Giấy",
    "Thanh",
    "Xuân",
    "Hoàng",
    "Mai",
    "Long",
    "Biên",
    "Hà",
    "Đống",
    "Đa",
    "Ngọc",
    "Khánh",
    "Kim",
    "Mã",
    "Liễu",
    "Giai",
    "Vĩnh",
    "Phúc",
    "Trúc",
    "Bạch",
    "Yên",
    "Hòa",
    "Mỹ",
    "Quan",
    "Nhân",
    "Phú",
    "Minh",
    "Tân",
    "Lý",
    "Thường",
    "Kiệt",
    "Trần",
    "Hưng",
    "Đạo",
    "Nguyễn",
    "Trãi",
    "Lê",
    "Lợi",
    "Phan",
    "Bội",
    "Châu",
    "Bà",
    "Triệu",
    "Huế",
    "Bông",
    "Gai",
    "Đào",
    "Buồm",
    "Thiếc",
    "Mắm",
]


def main() -> None:
    """Make a gazetteer, and print how long its searches take and what they find."""
    profile, faults = read(CITIES / "hanoi")
    assert profile is not None, faults
    with a_city(profile, "cps-places-") as app, app.app_context():
        _print_recall(profile)
        _load_many(profile)
        _measure(app)
        db.session.remove()


def _print_recall(profile: Profile) -> None:
    wanted = {name: place.name for place in profile.places or () for name in place.names}
    found = {name: _titles(_bare(name)) for name in wanted}
    right = sum(title in found[name] for name, title in wanted.items())
    first = sum(found[name][:1] == [title] for name, title in wanted.items())
    print(
        f"without accents: {right} of {len(wanted)} names found ({right / len(wanted):.1%}), {first} of them first"
    )


def _load_many(profile: Profile) -> None:
    begun = time.perf_counter()
    load(replace(profile, places=tuple(_made_up(SIZE))))
    db.session.commit()
    print(f"{SIZE:,} places loaded in {time.perf_counter() - begun:.1f} s", flush=True)
    begun = time.perf_counter()
    load(replace(profile, places=tuple(_made_up(SIZE))))
    print(f"the same again, which changes nothing, in {time.perf_counter() - begun:.1f} s", flush=True)
    db.session.commit()


def _made_up(size: int) -> list[Place]:
    lot = random.Random(1)
    return [
        Place(
            f"{lot.choice(FIRST)} {' '.join(lot.choices(SYLLABLES, k=lot.choice((1, 2, 2, 2, 3, 3, 4))))}",
            (),
            lot.choice((PlaceKind.STREET, PlaceKind.LANDMARK, PlaceKind.LOCALITY)),
            Point(lot.uniform(20.9, 21.1), lot.uniform(105.7, 105.9)),
        )
        for _number in range(size)
    ]


def _measure(app: Flask) -> None:
    limiter.enabled = False
    lot, client = random.Random(2), app.test_client()
    names = [place.name for place in _made_up(SIZE)]
    for what, typed in (
        ("a name", lambda: _bare(lot.choice(names))),
        ("its beginning", lambda: _bare(lot.choice(names))[:-2]),
        ("near an alley of it", lambda: f"gần ngõ 12 {lot.choice(names)}"),
        ("words of it, turned round", lambda: " ".join(reversed(_bare(lot.choice(names)).split()))),
        ("a slip of the finger", lambda: _slipped(_bare(lot.choice(names)), lot)),
        ("one syllable", lambda: _bare(lot.choice(SYLLABLES))),
        ("what nobody knows", lambda: "".join(lot.choices("bcdfghklmnpqrstvxz", k=9))),
    ):
        _print(what, [_timed(client, typed()) for _search in range(SEARCHES)])


def _timed(client, typed: str) -> float:  # type: ignore[no-untyped-def]
    begun = time.perf_counter()
    answer = client.get("/places.json", query_string={"q": typed, "v": "1-vi"})
    taken = (time.perf_counter() - begun) * 1000
    assert answer.status_code == 200, answer.status
    return taken


def _titles(typed: str) -> list[str]:
    found = CityGazetteer().geocode(typed, exactly_one=False) or []
    return [place.raw["title"] for place in found]


def _bare(name: str) -> str:
    bare = unicodedata.normalize("NFD", name.replace("đ", "d").replace("Đ", "D"))
    return "".join(sign for sign in bare if not unicodedata.combining(sign)).lower()


def _slipped(name: str, lot: random.Random) -> str:
    at = lot.randrange(len(name))
    return name[:at] + lot.choice("aeioubcdnt") + name[at + 1 :]


def _print(what: str, taken: Sequence[float]) -> None:
    ordered = sorted(taken)
    p50, p95 = statistics.median(ordered), ordered[int(len(ordered) * 0.95)]
    print(
        f"{what:<26} {len(ordered)} searches  p50 {p50:6.1f} ms  p95 {p95:6.1f} ms  slowest {ordered[-1]:6.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
