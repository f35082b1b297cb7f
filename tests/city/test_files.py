"""A folder becomes a profile, or every fault in it is told at once, with file and line."""

from datetime import date, time

import pytest

from cps.city.files import read
from cps.city.promise import Promise
from cps.kernel.dates import OtherCalendar
from cps.kernel.files import CITIES, STATIC
from tests.city import town

MAY_BE_LEFT_OUT = ("clocks.toml", "letters.toml", "places.csv", "report.toml")


@pytest.fixture
def folder(tmp_path):
    return town.a_town(tmp_path / "town")


def faults_of(folder, **options):
    profile, faults = read(folder, icons=town.ICONS, **options)
    assert (profile is None) == bool(faults)
    return faults


def test_a_valid_folder_is_a_profile(folder):
    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert profile is not None
    assert profile.languages == ("vi", "en")
    assert [department.code for department in profile.departments] == ["town-hall", "roads", "west-office"]
    pothole, noise = profile.categories
    assert pothole.promise == Promise(7, "working_days")
    assert pothole.hints == {"vi": "Chụp gần, chụp xa", "en": "Near, and far"}
    assert pothole.keywords["vi"] == ("ổ gà", "đường")
    assert (pothole.is_public, pothole.featured, noise.is_public, noise.hints) == (True, True, False, {})
    west, east = profile.areas
    assert (west.office, west.approximate, east.office, east.approximate) == (
        "west-office",
        True,
        None,
        False,
    )
    assert west.polygon.contains(west.polygon.representative_point())
    assert profile.letters["declined"]["en"].body == "{no} {reason} {remedy}"
    assert profile.calendar.hours_of(date(2026, 12, 31)) == ((time(8), time(12)),)


def test_a_profile_says_in_which_calendars_its_people_read_dates(folder):
    without, _ = read(folder, icons=town.ICONS)
    town.spoil(folder, "city.toml", 'country = "VN"', 'country = "VN"\ndates = ["bikram-sambat"]')

    read_in, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert without is not None
    assert read_in is not None
    assert (without.dates, read_in.dates) == ((), (OtherCalendar.BIKRAM_SAMBAT,))


def test_a_profile_may_say_what_its_areas_are_called(folder):
    without, _ = read(folder, icons=town.ICONS)
    town.spoil(folder, "city.toml", "[map]", '[area_kind]\nvi = "Quận"\nen = "District"\n\n[map]')

    named, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert without is not None
    assert named is not None
    assert (without.area_kind, named.area_kind) == ({}, {"vi": "Quận", "en": "District"})


def test_the_profile_of_hanoi_has_no_fault():
    profile, faults = read(CITIES / "hanoi", icons=[icon.stem for icon in STATIC.glob("icons/*.svg")])

    assert faults == []
    assert profile is not None
    assert len(profile.areas) == 126


def test_twelve_faults_planted_at_once_are_all_told_with_file_and_line(folder):
    plants = [
        ("routing.csv", "pothole,*,roads", "pothole,*,raods", 2, "no department 'raods'"),
        ("routing.csv", "noise,*,@office", "noise,north,@office", 3, "no area 'north'"),
        ("departments.csv", "roads,town-hall", "roads,city-hall", 3, "parent 'city-hall'"),
        ("departments.csv", "west-office,town-hall,1022", "roads,town-hall,1022", 4, "on line 3 already"),
        ("areas.csv", "Xã Đông,East Commune", "Xã Đông,", 3, "no translation into 'en'"),
        ("categories.csv", "pothole,pothole,7 working days", "pothole,pothole,7 days", 2, "no promise"),
        ("categories.csv", "noise,noise,", "noise,trumpet,", 3, "no icon 'trumpet'"),
        ("city.toml", "Asia/Ho_Chi_Minh", "Asia/Hanoi", 3, "no time zone"),
        ("city.toml", 'number = "114"', 'number = "one-one-four"', 42, "no number to call"),
        ("calendar.toml", 'like = "friday"', 'like = "fryday"', 23, "no weekday"),
        ("letters.toml", "{no} {question}", "{no} {question} {nmae}", None, "no placeholder {nmae}"),
        (
            "areas.geojson",
            "[105.2, 21.0], [105.2, 21.1]",
            "[105.2, 21.1], [105.2, 21.0]",
            3,
            "crosses itself",
        ),
    ]
    for file, before, after, _line, _words in plants:
        path = folder / file
        path.write_text(path.read_text(encoding="utf-8").replace(before, after, 1), encoding="utf-8")

    told = {(fault.file, fault.line, fault.sentence) for fault in faults_of(folder)}

    for file, _before, after, line, words in plants:
        text = (folder / file).read_text(encoding="utf-8")
        at = text[: text.index(after)].count("\n") + 1
        assert line in (None, at), "the table of this test is wrong"
        assert [t for t in told if t[0] == file and t[1] == at and words in t[2]], (file, at, words)


@pytest.mark.parametrize(
    ("file", "before", "after", "line", "words"),
    [
        ("city.toml", 'country = "VN"', 'country = "Vietnam"', 2, "two capital letters"),
        ("city.toml", 'languages = ["vi", "en"]', "languages = []", 4, "'languages' is missing"),
        ("city.toml", 'country = "VN"', 'dates = ["mayan"]', 2, "known are bikram-sambat"),
        ("city.toml", 'country = "VN"', 'dates = "bikram-sambat"', 2, "must be a list"),
        (
            "city.toml",
            "[map]",
            '[area_kind]\nvi = "Quận"\n\n[map]',
            10,
            "The kind of area has no translation",
        ),
        ("city.toml", "zoom = 12", 'zoom = "12"', 13, "number without quotes"),
        ("city.toml", "latitude = 21.05", "latitude = 210.5", 11, "between -90 and 90"),
        ("city.toml", "photos = 3", "photoes = 3", 30, "Nothing is called 'photoes'"),
        ("city.toml", 'en = "Town"', "", 6, "no translation into 'en'"),
        ("city.toml", 'en = "Town"', 'en = "Town"\nfr = "Ville"', 9, "'fr'"),
        ("city.toml", 'email = "hello@town.example"', 'email = "hello"', 24, "no e-mail address"),
        ("city.toml", "[map]", "[map", 10, "This is not TOML"),
        ("calendar.toml", 'country = "VN"', 'country = "ZZ"', 2, "no country 'ZZ'"),
        ("calendar.toml", 'subdivision = ""', 'subdivision = "XX"', 3, "no part 'XX'"),
        ("calendar.toml", "from = 2020-01-01", "from = 2020-01-01\nto = 2019-01-01", 7, "before it begins"),
        ("calendar.toml", "from = 2020-01-01", "from = 2020-01-01\nto = 2030-01-01", 5, "ends some day"),
        ("calendar.toml", 'monday = ["08:00-12:00"', 'monday = ["12:00-08:00"', 7, "end before they begin"),
        ("calendar.toml", 'monday = ["08:00-12:00"', 'monday = ["08:00-14:00"', 7, "overlap"),
        ("calendar.toml", 'monday = ["08:00-12:00"', 'monday = ["8-12"', 7, "are no hours"),
        ("calendar.toml", "sunday = []\n", "", 5, "'sunday' is missing"),
        ("calendar.toml", "date = 2026-01-10", "date = 2026-01-02", 21, "stands on line 15 already"),
        ("departments.csv", "town-hall,,1022", "town-hall,roads,1022", 2, "above itself"),
        ("departments.csv", "roads,town-hall", "Roads!,town-hall", 3, "must consist of"),
        ("departments.csv", "code,parent,phone", "code,above,phone", 1, "column 'parent' is missing"),
        ("departments.csv", "code,parent,phone", "code,above,phone", 1, "Nothing is called 'above'"),
        ("departments.csv", "name_vi,name_en", "name_vi,name_fr", 1, "no language in city.toml"),
        ("departments.csv", "Đường bộ,Roads", '"Đường bộ,Roads', 3, "quote that is not closed"),
        ("areas.csv", "west,west-office", "west,north-office", 2, "office 'north-office'"),
        ("areas.csv", "east,,Xã Đông", "north,,Xã Đông", 3, "no outline"),
        ("areas.csv", "east,,Xã Đông,East Commune\n", "", 3, "No area in areas.csv has the code 'east'"),
        ("categories.csv", "public", "open", 2, "'public' or 'private'"),
        ("categories.csv", "private,no", "private,nope", 3, "'yes' or 'no'"),
        ("categories.csv", "Near, and far", "", 2, "hint of category 'pothole' has no translation into 'en'"),
        ("categories.csv", '"Near, and far"', "Near, and far", 2, "12 cells"),
        ("routing.csv", "pothole,*,roads", "smell,*,roads", 2, "no category 'smell'"),
        ("routing.csv", "noise,*,@office", "pothole,*,town-hall", 3, "quarrels with line 2"),
        ("routing.csv", "noise,*,@office", "noise,east,@office", 3, "has an office"),
        ("routing.csv", "noise,*,town-hall\n*,*,town-hall\n", "", 1, "for the fallback desk"),
        ("routing.csv", "noise,*,town-hall\n*,*,town-hall\n", "noise,*,town-hall\n", 1, "the fallback desk"),
        ("letters.toml", "[withdrawn.en]", "[gone.en]", None, "'gone'"),
        ("areas.geojson", '"code": "west"', '"code": "east"', 3, "Feature 2: Feature 1 is area 'east'"),
        ("areas.geojson", '"approximate": true', '"approximate": "yes"', 2, "true or false"),
        (
            "areas.geojson",
            "[[105.1, 21.0], [105.2, 21.0], [105.2, 21.1], [105.1, 21.1], [105.1",
            "[[105.05, 21.0], [105.2, 21.0], [105.2, 21.1], [105.05, 21.1], [105.05",
            3,
            "overlap by 57.54 km², 50% of the smaller one, at 21.05000, 105.07500",
        ),
        (
            "areas.geojson",
            '"Polygon", "coordinates": [[[105.0',
            '"Point", "coordinates": [[[105.0',
            2,
            "is Point",
        ),
        ("areas.geojson", '"features"', '"things"', 1, "not GeoJSON"),
        ("areas.geojson", "]}\n", "", 4, "not JSON"),
    ],
)
def test_one_fault_is_told_where_it_stands(folder, file, before, after, line, words):
    path = folder / file
    text = path.read_text(encoding="utf-8")
    assert before in text
    path.write_text(
        text.replace(before, after) if file == "areas.geojson" else text.replace(before, after, 1),
        encoding="utf-8",
    )

    faults = faults_of(folder)

    where = "areas.geojson" if "has the code 'east'" in words else file
    assert [
        fault
        for fault in faults
        if fault.file == where and line in (None, fault.line) and words in fault.sentence
    ], faults


@pytest.mark.parametrize("before", ["{no} {question}", "{no} {reason} {remedy}", "{no} {city}"])
def test_a_letter_without_what_it_must_say_is_a_fault(folder, before):
    path = folder / "letters.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(f'"{{city}}"\nbody = """\n{before}', '"x"\nbody = """\nx'), encoding="utf-8")

    sentences = [fault.sentence for fault in faults_of(folder)]

    for name in before.split():
        if name != "{city}":
            assert sentences.count(f"The letter must contain {name}.") == 2  # in both languages


def test_a_profile_may_leave_letters_to_the_default_words(folder):
    town.spoil(
        folder, "letters.toml", '[asked.en]\nsubject = "{city}"\nbody = """\n{no} {question}\n"""\n', ""
    )

    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert profile is not None
    assert list(profile.letters["asked"]) == ["vi"]


def test_a_profile_may_have_no_letters_of_its_own(folder):
    (folder / "letters.toml").unlink()

    profile, faults = read(folder, icons=town.ICONS)

    assert faults == []
    assert profile is not None
    assert profile.letters == {}


def test_a_letter_missing_in_a_language_without_default_words_is_a_fault(folder):
    town.spoil(folder, "city.toml", 'languages = ["vi", "en"]', 'languages = ["vi", "en", "th"]')

    sentences = [fault.sentence for fault in faults_of(folder) if fault.file == "letters.toml"]

    assert "The letter [asked.th] is missing, and there are no default words in 'th'." in sentences


def test_a_city_whose_language_has_no_default_words_needs_its_letters(folder):
    town.spoil(folder, "city.toml", 'languages = ["vi", "en"]', 'languages = ["vi", "en", "th"]')
    (folder / "letters.toml").unlink()

    assert "letters.toml:1: This file is missing." in [str(fault) for fault in faults_of(folder)]


@pytest.mark.parametrize(
    "file",
    sorted(
        path.name
        for path in (CITIES / "hanoi").iterdir()
        if path.suffix in (".csv", ".toml", ".geojson") and path.name not in MAY_BE_LEFT_OUT
    ),
)
def test_a_missing_file_is_told_by_name_and_nothing_breaks(folder, file):
    (folder / file).unlink()

    assert f"{file}:1: This file is missing." in [str(fault) for fault in faults_of(folder)]


def test_a_file_in_another_encoding_is_told_with_its_line(folder):
    text = (folder / "areas.csv").read_text(encoding="utf-8")
    (folder / "areas.csv").write_bytes(text.replace("Đông", "D\u00f4ng").encode("latin-1", errors="replace"))

    assert any("not in UTF-8" in fault.sentence and fault.line == 2 for fault in faults_of(folder))


def test_spreadsheets_may_leave_a_byte_order_mark_and_blank_lines(folder):
    path = folder / "departments.csv"
    text = path.read_text(encoding="utf-8").replace("\nroads", "\n\n,,,,,\nroads")
    path.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert faults_of(folder) == []


def test_a_row_after_a_cell_of_two_lines_is_told_with_its_own_line(folder):
    town.spoil(folder, "categories.csv", '"Near, and far"', '"Near,\nand far"')
    town.spoil(folder, "categories.csv", "private", "secret")

    (fault,) = faults_of(folder)

    assert (fault.file, fault.line) == ("categories.csv", 4)


def test_swapped_coordinates_are_told_apart_from_a_foreign_projection(folder):
    swapped = [[lat, lon] for lon, lat in town.WEST]
    metres = [[lon * 5000, lat * 100_000] for lon, lat in town.EAST]
    (folder / "areas.geojson").write_text(
        town.outlines({"code": "west"}, swapped, {"code": "east"}, metres), encoding="utf-8"
    )

    first, second = (fault.sentence for fault in faults_of(folder))

    assert first == "Feature 1: Longitude and latitude are swapped. GeoJSON puts the longitude first."
    assert second == "Feature 2: The outline is not in degrees WGS84. Convert it to EPSG:4326."


def test_a_hole_between_areas_is_told_with_its_neighbours(folder):
    left = [[105.0, 21.0], [105.1, 21.0], [105.1, 21.03], [105.05, 21.03], [105.05, 21.07], [105.1, 21.07]]
    left += [[105.1, 21.1], [105.0, 21.1], [105.0, 21.0]]
    (folder / "areas.geojson").write_text(
        town.outlines({"code": "west"}, left, {"code": "east"}, town.EAST), encoding="utf-8"
    )

    (fault,) = faults_of(folder)

    assert fault.file == "areas.geojson"
    assert "gap of 23.02 km²" in fault.sentence
    assert fault.sentence.endswith("between areas east, west.")


def test_no_folder_is_one_fault(tmp_path):
    profile, faults = read(tmp_path / "nowhere")

    assert profile is None
    assert [fault.sentence for fault in faults] == ["There is no such folder."]
