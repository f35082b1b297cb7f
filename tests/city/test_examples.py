"""Every example profile holds together: it checks, routes every place, and its letters say all they should."""

import csv
import importlib
import json
import re
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
import shapely
from shapely.geometry import shape

from cps.city.files import read
from cps.city.profile import CODE, LETTER_KINDS
from cps.city.reading.letters import placeholders_of
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel.files import CITIES, STATIC
from cps.routing.match import Routes, nobody
from cps.routing.route import router_for
from cps.sla import pack

EXAMPLES = sorted(folder.name for folder in CITIES.iterdir() if (folder / "city.toml").exists())
DRAWN = [name for name in EXAMPLES if (CITIES / name / "make_areas.py").exists()]
ICONS = [icon.stem for icon in STATIC.glob("icons/*.svg")]
POINTS = 200
YEAR = datetime(2028, 1, 1, tzinfo=UTC)  # with a leap day
SCRIPTS = {"ko": re.compile("[가-힣]"), "ne": re.compile("[\u0900-\u097f]")}


@pytest.fixture(scope="module", params=EXAMPLES)
def profile(request):
    profile, faults = read(CITIES / request.param, icons=ICONS)
    assert faults == []
    return profile


def test_there_is_an_example_for_every_country_of_the_project_and_one_to_copy():
    assert {"hanoi", "seoul", "lalitpur", "san-fernando", "template"} <= set(EXAMPLES)


def test_the_folder_is_named_for_the_city(profile):
    assert (CITIES / profile.code / "city.toml").exists()


@pytest.mark.parametrize(("name", "areas"), [("seoul", 25), ("lalitpur", 29), ("san-fernando", 59)])
def test_every_part_of_a_city_has_an_office_of_its_own(name, areas):
    profile, _faults = read(CITIES / name)

    offices = [area.office for area in profile.areas]

    assert len(offices) == areas
    assert None not in offices
    assert len(set(offices)) == areas


def test_every_point_inside_has_one_area_and_one_department_for_every_category(profile):
    random = Random(profile.code)
    areas = AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=0)
    router = router_for(profile)
    departments = {department.code for department in profile.departments}

    for _n in range(POINTS):
        home = random.choice(profile.areas)
        place = somewhere_in(home.polygon, random)
        assert areas.containing(place) == home.code
        at = YEAR + timedelta(hours=random.randrange(366 * 24), minutes=random.randrange(60))
        for category in profile.categories:
            sent = router.send(category.code, area=home.code, point=place, at=at)
            assert sent.department in departments
            assert the_only_best(profile, category.code, home, sent, at)


def the_only_best(profile, category, home, sent, at):
    """Whether no other rule fits that is as specific as the one that decided: found by looking at all."""
    offices = {area.code: area.office for area in profile.areas}
    fitting = [
        rule
        for rule in profile.rules
        if rule.category in (category, "*")
        and rule.area in (home.code, "*")
        and (rule.department != "@office" or offices[home.code])
        and rule.holds(at, profile.calendar)
        and rule.owner in ("*", sent.rule.owner)
    ]
    ranks = sorted((rule.rank(int(rule.area != "*")), rule == sent.rule) for rule in fitting)
    return ranks[-1][1] and (len(ranks) == 1 or ranks[-2][0] < ranks[-1][0])


def test_every_category_has_a_department_where_the_area_is_unknown(profile):
    departments = {department.code for department in profile.departments}
    routes = Routes(profile)

    for category in profile.categories:
        for hour in range(0, 366 * 24, 5):
            at = YEAR + timedelta(hours=hour)
            assert routes.department_for(category.code, None, whose=nobody, at=at).department in departments


def test_the_map_opens_inside_the_city(profile):
    areas = AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=profile.tolerance_m)

    assert areas.containing(Point(profile.map.latitude, profile.map.longitude)) is not None


def test_every_letter_fills_every_placeholder_in_every_language(profile):
    for kind in LETTER_KINDS:
        for language in profile.languages:
            letter = profile.letters[kind][language]
            for text in (letter.subject, letter.body):
                filled = re.sub(r"\{(" + "|".join(placeholders_of(kind)) + r")\}", "x", text)
                assert not re.search("[{}]", filled), (kind, language)
            assert ("{link}" in letter.body) is (kind != CODE), (kind, language)


def test_the_languages_of_a_letter_say_the_same_things(profile):
    for kind in LETTER_KINDS:
        said = {
            frozenset(re.findall(r"\{[a-z]+\}", letter.subject + letter.body))
            for letter in profile.letters[kind].values()
        }
        assert len(said) == 1, kind


def test_a_city_that_offers_objections_tells_of_them_in_its_refusals(profile):
    told = {"{objection}" in letter.body.split("\n\n") for letter in profile.letters["declined"].values()}

    assert told == {profile.clocks.objection is not None}


def test_seoul_takes_and_decides_objections_by_the_law_of_the_pack():
    rules, objection = pack.of("KR"), read(CITIES / "seoul")[0].clocks.objection

    assert objection.within == rules.promise("objection").promise
    assert objection.answer == rules.promise("objection-decision").promise


def test_no_letter_and_no_mail_address_of_an_example_reaches_anybody(profile):
    addresses = [profile.contact.email, *(department.email for department in profile.departments)]

    assert [a for a in addresses if a and not a.endswith(".example")] == []


def test_names_are_written_in_the_script_of_their_language(profile):
    things = [*profile.departments, *profile.areas, *profile.categories, *profile.emergencies]

    for language in profile.languages:
        for thing in things:
            found = {code for code, script in SCRIPTS.items() if script.search(thing.names[language])}
            assert found == {language} & set(SCRIPTS), thing


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_readme_says_of_every_file_where_it_comes_from(name):
    readme = (CITIES / name / "README.md").read_text(encoding="utf-8")
    files = [p.name for p in (CITIES / name).iterdir() if p.suffix in (".csv", ".toml", ".geojson")]

    assert [file for file in files if f"`{file}`" not in readme] == []
    if name in DRAWN:
        assert "licence" in readme
        assert "approximate" in readme


@pytest.mark.parametrize("name", DRAWN)
def test_the_areas_are_what_their_script_draws(name, tmp_path):
    script = importlib.import_module(f"deploy.cities.{name}.make_areas")

    script.main(tmp_path)

    assert names_in(tmp_path) == names_in(CITIES / name)
    drawn, kept = outlines_in(tmp_path), outlines_in(CITIES / name)
    assert list(drawn) == list(kept)
    for code, outline in drawn.items():
        assert outline.symmetric_difference(kept[code]).area < 0.001 * outline.area, code


@pytest.mark.parametrize("name", ["hanoi", "seoul"])
def test_the_places_are_what_their_script_gathers(name, tmp_path):
    importlib.import_module(f"deploy.cities.{name}.make_places").main(tmp_path)

    assert (tmp_path / "places.csv").read_bytes() == (CITIES / name / "places.csv").read_bytes()


@pytest.mark.parametrize("name", DRAWN)
def test_drawn_areas_fit_like_a_jigsaw_and_say_they_are_approximate(name):
    features = json.loads((CITIES / name / "areas.geojson").read_text(encoding="utf-8"))["features"]

    assert shapely.coverage_is_valid([shape(feature["geometry"]) for feature in features])
    assert all(feature["properties"]["approximate"] is True for feature in features)


def somewhere_in(polygon, random):
    """Find a point truly inside, by chance."""
    west, south, east, north = polygon.bounds
    while True:
        latitude, longitude = random.uniform(south, north), random.uniform(west, east)
        if shapely.contains_xy(polygon, longitude, latitude):
            return Point(latitude, longitude)


def names_in(folder):
    """Read the rows of areas.csv."""
    with (folder / "areas.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def outlines_in(folder):
    """Read the outlines by code."""
    features = json.loads((folder / "areas.geojson").read_text(encoding="utf-8"))["features"]
    return {feature["properties"]["code"]: shape(feature["geometry"]) for feature in features}
