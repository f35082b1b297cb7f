"""From answers to a profile: what was said stands in its files, what was not is assumed and told."""

import csv
import stat
import tomllib
from io import StringIO

import pytest

from cps.city.files import read
from cps.city.survey.draft import draft, write
from cps.city.survey.kept import answers_from
from cps.city.survey.sections import SAMPLE
from cps.city.survey.sheets import SHEETS
from cps.city.survey.usual import FRONT_DESK, usual_in
from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC
from tests.city.survey.filled import AREAS, CATEGORIES, CITY, DEPARTMENTS, NORTH, SOUTH, outlines

ICONS = [icon.stem for icon in STATIC.glob("icons/*.svg")]
BARE = {"code": "town", "name_en": "Town", "latitude": "10.0", "longitude": "106.0"}
WHOLE = {"city": CITY, "department": DEPARTMENTS, "category": CATEGORIES, "area": AREAS}


def drafted(raw, tmp_path):
    answers, problems = answers_from(raw, "answers.toml")
    made, more = draft(answers, tmp_path, icons=ICONS, pictures=["two-photos"])
    assert [str(problem) for problem in [*problems, *more]] == []
    return made


def problems_of(raw, tmp_path):
    answers, problems = answers_from(raw, "answers.toml")
    _made, more = draft(answers, tmp_path, icons=ICONS, pictures=["two-photos"])
    return [str(problem) for problem in [*problems, *more]]


def table(made, file):
    return list(csv.DictReader(StringIO(made.files[file])))


def told(made):
    return "\n".join(f"{one.file}: {one.told}" for one in made.assumptions)


@pytest.mark.parametrize(
    ("country", "zone", "numbers", "languages"),
    [
        ("VN", "Asia/Ho_Chi_Minh", "113", ("vi", "en")),
        ("KR", "Asia/Seoul", "119", ("ko", "en")),
        ("PH", "Asia/Manila", "911", ("fil", "en")),
        ("NP", "Asia/Kathmandu", "100", ("ne", "en")),
    ],
)
def test_code_name_and_place_are_enough_for_a_valid_profile(tmp_path, country, zone, numbers, languages):
    made = drafted({"city": {**BARE, "country": country}}, tmp_path)

    assert made.profile.time_zone == zone
    assert made.profile.languages == languages
    assert numbers in [emergency.number for emergency in made.profile.emergencies]
    assert made.profile.calendar.holidays_of == (country, None)
    assert made.profile.calendar.weeks == usual_in(country).profile.calendar.weeks
    assert [department.code for department in made.profile.departments] == ["front-desk"]
    assert f"The languages are {', '.join(languages)}." in told(made)
    assert f"The time zone is {zone}." in told(made)


def test_the_clocks_of_the_country_hold_without_what_is_the_example_citys_own(tmp_path):
    made = drafted({"city": {**BARE, "country": "KR", "phone": "031-120-1"}}, tmp_path)

    seoul = usual_in("KR").profile
    assert made.profile.clocks.acknowledge == seoul.clocks.acknowledge
    assert made.profile.clocks.extensions == 2
    assert "031-120-1" in made.profile.clocks.objection.texts["ko"]
    assert "문의: 120" not in made.profile.clocks.objection.texts["ko"]


def test_the_text_of_consent_is_a_sample_until_the_city_writes_its_own(tmp_path):
    made = drafted({"city": {**BARE, "country": "NP"}}, tmp_path)

    assert made.profile.asks.consent.version == SAMPLE


def test_without_a_phone_nothing_tells_people_to_call_the_example_city(tmp_path):
    made = drafted({"city": {**BARE, "country": "KR"}}, tmp_path)

    assert made.profile.clocks.objection is None
    assert made.profile.asks.consent is None
    assert "120" not in made.files["report.toml"]
    assert "No text of consent" in told(made)


def test_of_a_country_without_example_nothing_is_assumed_that_could_harm(tmp_path):
    made = drafted({"city": {**BARE, "country": "LA", "time_zone": "Asia/Vientiane"}}, tmp_path)

    assert made.profile.time_zone == "Asia/Vientiane"
    assert made.profile.languages == ("en",)
    assert [category.code for category in made.profile.categories] == ["other"]
    assert made.profile.calendar.holidays_of == ("LA", None)
    assert made.profile.emergencies == ()
    assert "No emergency numbers" in told(made)


def test_a_country_without_example_has_to_say_its_time_zone(tmp_path):
    (sentence,) = problems_of({"city": {**BARE, "country": "LA"}}, tmp_path)

    assert sentence.startswith("answers.toml, [city], time_zone: CPS knows no usual time zone")


def test_the_line_of_the_example_city_is_no_emergency_number_of_another(tmp_path):
    made = drafted({"city": {**BARE, "country": "KR"}}, tmp_path)

    assert [emergency.number for emergency in made.profile.emergencies] == ["112", "119"]


def test_a_line_of_the_whole_country_stays_what_it_is(tmp_path):
    made = drafted({"city": {**BARE, "country": "NP", "phone": "061 520 600"}}, tmp_path)

    assert "1111" in [emergency.number for emergency in made.profile.emergencies]


def test_a_whole_survey_says_what_it_says(tmp_path):
    made = drafted(WHOLE, tmp_path)
    profile = made.profile

    assert profile.names == {"vi": "Thành phố Huế", "en": "Hue"}
    assert profile.contact.phone == "0234 1022"
    assert profile.contact.texts["en"].endswith("14 Lê Lợi")
    assert [(d.code, d.parent) for d in profile.departments] == [
        ("roads", None),
        ("desk", None),
        ("north-office", "desk"),
    ]
    promises = {category.code: str(category.promise) for category in profile.categories}
    assert promises == {
        "pothole": "5 working days",
        "fallen-pole": "8 working hours",
        "parking": str({c.code: c for c in usual_in("VN").profile.categories}["parking"].promise),
        "other": "15 calendar days",
    }
    assert [category.code for category in profile.categories if not category.is_public] == ["parking"]
    assert table(made, "routing.csv") == [
        {"category": "pothole", "area": "*", "department": "roads"},
        {"category": "fallen-pole", "area": "*", "department": "@office"},
        {"category": "fallen-pole", "area": "*", "department": "desk"},
        {"category": "parking", "area": "*", "department": "desk"},
        {"category": "*", "area": "*", "department": "desk"},
    ]


def test_urgency_and_evidence_are_asked_for_on_the_page(tmp_path):
    made = drafted(WHOLE, tmp_path)

    assert made.profile.asks.categories["fallen-pole"].is_emergency
    assert tomllib.loads(made.files["report.toml"])["category"] == [
        {"code": "fallen-pole", "emergency": True},
        {"code": "parking", "evidence": {"photos": 2, "fallback": "other"}},
    ]


def test_photos_are_not_asked_for_where_no_category_takes_a_report_without_them(tmp_path):
    made = drafted({**WHOLE, "category": [{**CATEGORIES[2]}]}, tmp_path)

    assert "category" not in tomllib.loads(made.files["report.toml"])
    assert "Photos are not asked for" in told(made)


def test_a_name_that_lacks_a_language_is_filled_and_told(tmp_path):
    lacking = {"code": "parks", "name_en": "Parks"}
    made = drafted({**WHOLE, "department": [*DEPARTMENTS, lacking]}, tmp_path)

    assert made.profile.departments[-1].names == {"vi": "Parks", "en": "Parks"}
    assert "departments.csv: No name in 'vi': another language stands there (parks)." in told(made)


def test_known_categories_bring_their_picture_and_words(tmp_path):
    made = drafted(WHOLE, tmp_path)

    pothole, pole = made.profile.categories[:2]
    usual = {category.code: category for category in usual_in("VN").profile.categories}["pothole"]
    assert (pothole.icon, pothole.keywords, pothole.hints) == (usual.icon, usual.keywords, usual.hints)
    assert (pole.icon, pole.hints) == ("other", {})
    assert "The picture is the general one (fallen-pole)." in told(made)


def test_areas_with_places_share_the_ground_by_the_nearest_office(tmp_path):
    rows = [
        {"code": f"w{n}", "name_en": f"W{n}", "latitude": str(10 + n / 50), "longitude": "106.0"}
        for n in range(5)
    ]
    made = drafted({"city": {**BARE, "country": "VN"}, "area": rows}, tmp_path)

    assert all(area.approximate for area in made.profile.areas)
    assert len(made.profile.areas) == 5
    assert "half-way between their offices" in told(made)


def test_areas_without_places_are_drawn_as_a_grid_and_told_as_made_up(tmp_path):
    rows = [{"code": f"w{n}", "name_en": f"W{n}"} for n in range(7)]
    made = drafted({"city": {**BARE, "country": "VN"}, "area": rows}, tmp_path)

    assert all(area.approximate for area in made.profile.areas)
    assert "squares in a grid, made up" in told(made)
    assert made.profile.tolerance_m == 500


def test_two_areas_at_one_place_are_told(tmp_path):
    rows = [{"code": f"w{n}", "name_en": f"W{n}", "latitude": "10", "longitude": "106"} for n in range(2)]

    assert problems_of({"city": {**BARE, "country": "VN"}, "area": rows}, tmp_path) == [
        "answers.toml, area 2, latitude: Another area stands at the same place. Each needs its own."
    ]


def test_areas_come_from_the_boundary_file_if_nobody_lists_them(tmp_path):
    (tmp_path / "wards.geojson").write_text(outlines(("north", NORTH), ("SOUTH 2", SOUTH)), encoding="utf-8")
    city = {"code": "hue", "country": "VN", "name_vi": "Huế", "boundaries": "wards.geojson"}

    answers, problems = answers_from({"city": city}, "answers.toml")
    made, more = draft(answers, tmp_path, icons=ICONS, pictures=["two-photos"])

    assert problems == []
    assert made is not None, more
    assert [area.code for area in made.profile.areas] == ["north", "south-2"]


def test_hours_and_days_are_taken_as_they_are_written(tmp_path):
    raw = {
        **WHOLE,
        "hours": {"saturday": "08:00-11:30", "sunday": "closed"},
        "holiday": [
            {"what": "closed", "date": "2027-03-26", "name_vi": "Ngày giải phóng", "name_en": "City day"},
            {"what": "worked", "date": "2027-04-03", "like": "friday"},
        ],
    }
    calendar = tomllib.loads(drafted(raw, tmp_path).files["calendar.toml"])

    (week,) = calendar["week"]
    assert (week["saturday"], week["sunday"]) == (["08:00-11:30"], [])
    assert week["monday"] == ["08:00-12:00", "13:00-17:00"]
    assert calendar["closure"][0]["name"]["en"] == "City day"
    assert calendar["extra_working_day"][0]["like"] == "friday"


def test_words_that_would_end_a_text_or_begin_a_key_stay_words(tmp_path):
    name = 'A "town" \\ of [x] = 1'
    made = drafted({"city": {**BARE, "country": "VN", "name_en": name, "address": 'x """ y \\'}}, tmp_path)

    assert made.profile.names["en"] == name
    assert made.profile.contact.texts["en"].endswith('x """ y \\')


def test_officials_are_kept_in_a_file_that_others_cannot_read(tmp_path):
    person = {"name": "Hoa", "email": "hoa@hue.example", "role": "head", "department": "roads"}
    made = drafted({**WHOLE, "official": [person]}, tmp_path)

    write(made, tmp_path / "hue")

    assert table(made, "officials.csv") == [person]
    assert stat.S_IMODE((tmp_path / "hue" / "officials.csv").stat().st_mode) == 0o600
    assert not any("Hoa" in text for file, text in made.files.items() if file != "officials.csv")


def test_what_is_written_is_what_was_checked_and_nothing_else(tmp_path):
    made = drafted(WHOLE, tmp_path)

    write(made, tmp_path / "deep" / "hue")

    profile, faults = read(tmp_path / "deep" / "hue", icons=ICONS)
    assert faults == []
    assert profile == made.profile
    assert {path.name for path in (tmp_path / "deep" / "hue").iterdir()} == set(made.files)


def test_a_profile_that_is_there_already_is_not_touched(tmp_path):
    (tmp_path / "city.toml").write_text("mine", encoding="utf-8")

    with pytest.raises(Unusable, match="has a profile already"):
        write(drafted(WHOLE, tmp_path), tmp_path)

    assert [path.name for path in tmp_path.iterdir()] == ["city.toml"]
    assert (tmp_path / "city.toml").read_text(encoding="utf-8") == "mine"


def test_the_readme_tells_every_assumption(tmp_path):
    made = drafted({"city": {**BARE, "country": "NP"}}, tmp_path)

    assert len(made.assumptions) >= 10
    for one in made.assumptions:
        assert f"| `{one.file}` | {one.told} |" in made.files["README.md"]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"country": "Vietnam"}, "city], country: 'Vietnam' is no country."),
        ({"time_zone": "Hue"}, "time_zone: There is no time zone 'Hue'."),
        ({"languages": "vi, xx"}, "languages: CPS does not speak xx yet."),
        ({"code": "Huế"}, "code: 'Huế' is no code."),
        ({"latitude": "16,4"}, "latitude: '16,4' is no number."),
        ({"latitude": "164"}, "latitude: 164 is beyond 90 degrees."),
        ({"latitude": "nan"}, "latitude: nan is beyond 90 degrees."),
        ({"phone": "call me"}, "phone: 'call me' is no number to call."),
        ({"email": "hue.example"}, "email: 'hue.example' is no e-mail address."),
        ({"name_vi": "", "name_en": ""}, "The city has no name."),
        ({"front_desk": "nobody"}, "front_desk: 'nobody' is no code in the sheet 'Departments'."),
        ({"mayor": "x"}, "Nothing is called 'mayor' here"),
    ],
)
def test_what_is_wrong_about_the_city_is_told_at_its_key(tmp_path, change, sentence):
    assert any(sentence in one for one in problems_of({**WHOLE, "city": {**CITY, **change}}, tmp_path))


@pytest.mark.parametrize(
    ("key", "row", "sentence"),
    [
        ("category", {"promise": "soon"}, "category 5, promise: 'soon' is no time."),
        ("category", {"photos": "1.5"}, "photos: 1.5 is not a whole number from 0 to 10."),
        ("category", {"photos": "11"}, "photos: 11 is not a whole number"),
        ("category", {"public": "maybe"}, "public: 'maybe' is not one of yes, no."),
        ("official", {"name": "A", "email": "a@b.c", "role": "head"}, "Which department does this person"),
        (
            "official",
            {"name": "A", "email": "a@b.c", "role": "auditor", "department": "desk"},
            "An auditor belongs to no department.",
        ),
        ("holiday", {"what": "worked", "date": "2027-01-09"}, "Which weekday's hours"),
        ("hours", {"monday": "8-17"}, "monday: '8-17' are no hours."),
        (
            "rule",
            {"category": "nothing", "department": "desk"},
            "'nothing' is no code in the sheet 'Categories'",
        ),
        ("emergency", {"number": "one"}, "number: 'one' is no number to call."),
    ],
)
def test_what_is_wrong_about_a_row_is_told_at_its_key(tmp_path, key, row, sentence):
    given = WHOLE.get(key, [])
    rows = row if key == "hours" else [*given, {"code": "new", "name_en": "New", **row} if given else row]

    assert any(sentence in one for one in problems_of({**WHOLE, key: rows}, tmp_path))


def test_there_are_general_words_in_every_language():
    assert set(FRONT_DESK) == {"en", "fil", "ko", "ne", "vi"}
    assert len({sheet.key for sheet in SHEETS}) == len(SHEETS)
