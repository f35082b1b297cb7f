"""The gazetteer's file: read, held against the city, loaded; and gazetteers as others publish them."""

from dataclasses import replace
from datetime import date

import pytest
from sqlalchemy import func, select

from cps.city.changes import Change
from cps.city.files import read
from cps.city.load import load
from cps.city.models import PlaceName
from cps.city.place import Place, PlaceKind
from cps.city.reading.gazetteers import read_gazetteer
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from tests.city import town

HEADER = "name,other_names,kind,latitude,longitude,area,until\n"
MARKET = "Chợ Tây,West Market; Chợ Cũ,landmark,21.05,105.05,,\n"
OLD_WARD = '"Phường Cũ, Quận Tây",Phường Cũ,former-area,21.05,105.06,west,2025-06-30\n'


@pytest.fixture
def folder(tmp_path):
    return town.a_town(tmp_path / "town")


@pytest.fixture
def areas(profile):
    return AreaMap(((area.code, area.polygon) for area in profile.areas), tolerance_m=0)


def with_places(folder, *lines):
    (folder / "places.csv").write_text(HEADER + "".join(lines), encoding="utf-8")
    return read(folder, icons=town.ICONS)


def told(folder, *lines):
    return [str(fault) for fault in with_places(folder, *lines)[1]]


def test_a_profile_without_the_file_says_nothing_of_places(folder):
    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert profile.places is None


def test_places_are_read_with_their_names_and_days(folder):
    profile, faults = with_places(folder, MARKET, OLD_WARD)

    assert faults == []
    assert profile.places == (
        Place("Chợ Tây", ("West Market", "Chợ Cũ"), PlaceKind.LANDMARK, Point(21.05, 105.05)),
        Place(
            "Phường Cũ, Quận Tây",
            ("Phường Cũ",),
            PlaceKind.FORMER_AREA,
            Point(21.05, 105.06),
            "west",
            date(2025, 6, 30),
        ),
    )


def test_columns_that_are_not_needed_may_be_left_out(folder):
    (folder / "places.csv").write_text(
        "name,kind,latitude,longitude\nChợ,street,21.05,105.05\n", encoding="utf-8"
    )

    profile, _faults = read(folder, icons=town.ICONS)

    assert profile.places == (Place("Chợ", (), PlaceKind.STREET, Point(21.05, 105.05)),)


@pytest.mark.parametrize(
    ("line", "fault"),
    [
        (",,landmark,21.05,105.05,,\n", "The name is missing."),
        (
            "A,,shop,21.05,105.05,,\n",
            "'kind' is 'shop'; it must be one of street, landmark, locality, former-area.",
        ),
        ("A,,area,21.05,105.05,,\n", "'kind' is 'area'; it must be one of"),
        ("A,,street,north,105.05,,\n", "'north', '105.05': We could not read this place."),
        ("A,,street,105.05,21.05,,\n", "look swapped"),
        ("A,,street,21.05,105.05,,soon\n", "'until' is 'soon'; it must be a date"),
        ("A,,street,21.05,105.05,south,\n", "The area 'south' of 'A' is no area in areas.csv."),
        ("A,,street,22.05,105.05,,\n", "'A' lies outside the city."),
        (f"{'A' * 201},,street,21.05,105.05,,\n", "is longer than 200 characters"),
    ],
)
def test_every_fault_is_told_with_its_line(folder, line, fault):
    (sentence,) = told(folder, MARKET, line)

    assert sentence.startswith("places.csv:3: ")
    assert fault in sentence


def test_what_stands_there_twice_at_the_same_place_is_a_fault_and_a_namesake_elsewhere_is_none(folder):
    again, namesake = "cho tay,,landmark,21.0501,105.0501,,\n", "Chợ Tây,,landmark,21.07,105.05,,\n"

    assert told(folder, MARKET, namesake, again) == [
        "places.csv:4: 'cho tay' stands on line 2 already, at the same place."
    ]


def test_a_wrong_outline_hides_no_fault_of_another_file(folder):
    town.spoil(
        folder, "areas.geojson", '"Polygon", "coordinates": [[[105.0', '"Point", "coordinates": [[[105.0'
    )

    assert any(sentence.startswith("places.csv:2: ") for sentence in told(folder, "A,,shop,21.05,105.05,,\n"))


def names_in_force(kind="landmark"):
    found = db.session.scalars(select(PlaceName.name).where(PlaceName.kind == kind).order_by(PlaceName.id))
    return list(found)


@pytest.mark.usefixtures("no_city")
def test_loading_puts_them_in_force_and_the_same_again_changes_nothing(folder):
    profile, _faults = with_places(folder, MARKET, OLD_WARD)

    changes = load(profile)

    assert Change("changed", "places", "2 in force") in changes
    assert names_in_force() == ["Chợ Tây", "West Market", "Chợ Cũ"]
    assert names_in_force("area") == ["Phường Tây", "West Ward", "Xã Đông", "East Commune"]
    assert load(profile) == []


@pytest.mark.usefixtures("no_city")
def test_a_profile_that_says_nothing_of_places_keeps_them_and_an_empty_file_takes_them_away(folder):
    profile, _faults = with_places(folder, MARKET)
    load(profile)

    assert load(replace(profile, places=None)) == []
    assert names_in_force() == ["Chợ Tây", "West Market", "Chợ Cũ"]
    assert load(replace(profile, places=())) == [Change("changed", "places", "0 in force")]
    assert names_in_force() == []


@pytest.mark.usefixtures("no_city")
def test_areas_follow_the_profile_without_further_news(profile):
    load(profile)
    west, east = profile.areas

    changes = load(
        replace(profile, areas=(replace(west, names={"vi": "Phường Mới", "en": "New Ward"}), east))
    )

    assert [change.what for change in changes] == ["area"]
    assert names_in_force("area") == ["Phường Mới", "New Ward", "Xã Đông", "East Commune"]


def test_a_dump_of_geonames_is_taken_without_what_lies_outside(tmp_path, areas):
    def row(name, others, latitude, longitude, kind):
        return "\t".join(["1", name, name, others, latitude, longitude, kind, "PPL", *[""] * 11])

    path = tmp_path / "VN.txt"
    path.write_text(
        "\n".join(
            [
                row('Chợ "Tây"', "West Market,Marché", "21.05", "105.05", "S"),
                row("Làng Đông", "", "21.05", "105.15", "P"),
                row("Sài Gòn", "", "10.77", "106.70", "P"),
            ]
        ),
        encoding="utf-8",
    )

    read_in = read_gazetteer(path, areas)

    assert [(p.name, p.other_names, p.kind.value) for p in read_in.places] == [
        ('Chợ "Tây"', ("West Market", "Marché"), "landmark"),
        ("Làng Đông", (), "locality"),
    ]
    assert (read_in.outside, read_in.twice) == (1, 0)


@pytest.mark.parametrize(
    "text",
    [
        "kind,name,lat,lon\nstreet,Phố Tây,21.05,105.05\namenity=cafe,Quán,21.05,105.06\n",
        "kind;name;lat;lon\nstreet;Phố Tây;21.05;105.05\namenity=cafe;Quán;21.05;105.06\n",
        "\ufeffKIND\tName\tLat\tLng\r\nstreet\tPhố Tây\t21.05\t105.05\r\nshop\tQuán\t21.05\t105.06\r\n",
    ],
    ids=["commas", "semicolons", "tabs"],
)
def test_a_list_of_names_and_coordinates_is_taken(tmp_path, areas, text):
    (tmp_path / "names.csv").write_text(text, encoding="utf-8")

    read_in = read_gazetteer(tmp_path / "names.csv", areas)

    assert [(p.name, p.kind.value) for p in read_in.places] == [("Phố Tây", "street"), ("Quán", "landmark")]


def test_what_stands_there_twice_in_a_foreign_file_is_left_out(tmp_path, areas):
    (tmp_path / "names.csv").write_text(
        "name,lat,lon\nTây,21.05,105.05\nTÂY,21.0501,105.05\n,21,105\n", encoding="utf-8"
    )

    read_in = read_gazetteer(tmp_path / "names.csv", areas)

    assert (len(read_in.places), read_in.twice) == (1, 1)


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (b"name,lat,lon\nA,north,105\n", "names.csv:2: 'A': We could not read this place."),
        (b"title,x\nA,1\n", "names.csv:1: There is no column 'latitude'"),
        (b"", "There is no column"),
        (b"name,lat,lon\n\xff\xfe,21,105\n", "not in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_with_its_faults(tmp_path, areas, text, fault):
    (tmp_path / "names.csv").write_bytes(text)

    with pytest.raises(Unusable, match="cannot be read as a list of places") as refusal:
        read_gazetteer(tmp_path / "names.csv", areas)

    assert fault in str(refusal.value)


def test_a_file_that_is_not_there_is_refused(tmp_path, areas):
    with pytest.raises(Unusable, match="missing"):
        read_gazetteer(tmp_path / "names.csv", areas)


@pytest.mark.parametrize(
    ("file", "fewest", "typed", "expected"),
    [
        ("hanoi_osm_streets_pois.csv", 900, "cau long bien", "Cầu Long Biên"),
        ("hanoi_wards_pre2025.csv", 500, "truc bach", "Phường Trúc Bạch"),
    ],
)
def test_real_gazetteers_are_taken(shared, city, file, fewest, typed, expected):
    from cps.city.gazetteer import CityGazetteer
    from cps.city.load_places import load_places
    from cps.city.queries import in_force

    read_in = read_gazetteer(shared / "data" / "gazetteer" / file, in_force().area_map)
    load_places(replace(in_force().profile, places=read_in.places), is_new=False)

    assert len(read_in.places) >= fewest
    assert CityGazetteer().geocode(typed).raw["title"] == expected
    assert db.session.scalar(select(func.count()).select_from(PlaceName)) > fewest
