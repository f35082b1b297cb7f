"""`report.toml`: what is asked of those who report, read with every fault where it stands."""

import pytest

from cps.city.asking import Asks, CategoryAsks, Datatype, Recurring, Wanted
from cps.city.files import read
from cps.city.load import load
from cps.city.phrases import Phrases
from cps.city.queries import in_force
from cps.city.stored_asking import asks_as_json, asks_from
from tests.city import town

REPORT = """\
[reporter]
contact = "required"
name = "optional"
confirm_contact = true

[consent]
version = "1"
[consent.sentence]
vi = "Đồng ý."
en = "You agree."
[consent.text]
vi = "Toàn văn"
en = "All of it"

[emergency.words]
vi = ["cháy"]
en = ["fire"]

[recurring]
times = 4
metres = 80
without = ["noise"]

[[elsewhere]]
categories = ["noise"]
phone = "113"
link = "https://court.example"
[elsewhere.name]
vi = "Tòa án"
en = "Court"
[elsewhere.text]
vi = "Đến tòa."
en = "Go to the court."
[elsewhere.words]
en = ["lawsuit"]

[[category]]
code = "pothole"
choice = true
picture = "two"
[category.example]
vi = "Hai ảnh"
en = "Two photos"
[category.evidence]
photos = 2
interval = 1
fresh = 30
fallback = "noise"

[[category.question]]
code = "depth"
datatype = "number"
required = true
public = true
least = 1
most = 100
[category.question.description]
vi = "Sâu?"
en = "How deep?"

[[category]]
code = "noise"
contact = true
confirm_contact = true
emergency = true
[[category.question]]
code = "source"
datatype = "multivaluelist"
[category.question.description]
vi = "Từ đâu?"
en = "What?"
[[category.question.value]]
key = "bar"
name = { vi = "Quán", en = "Bar" }
[[category.question.value]]
key = "dog"
name = { vi = "Chó", en = "Dog" }
"""


@pytest.fixture
def folder(tmp_path):
    folder = town.a_town(tmp_path / "town")
    (folder / "report.toml").write_text(REPORT, encoding="utf-8")
    return folder


def profile_in(folder):
    profile, faults = read(folder, icons=town.ICONS, pictures=("two",))
    assert profile is not None, faults
    return profile


def test_everything_that_is_asked_is_read(folder):
    asks = profile_in(folder).asks

    pothole, noise = asks.of("pothole"), asks.of("noise")
    assert (asks.contact, asks.name, asks.has_name) == (Wanted.REQUIRED, Wanted.OPTIONAL, True)
    assert (asks.confirms_contact, pothole.confirms_contact, noise.confirms_contact) == (True, False, True)
    assert asks.consent.mark.startswith("1 ")
    assert (pothole.may_choose, pothole.picture, pothole.evidence.photos) == (True, "two", 2)
    assert (pothole.evidence.interval, pothole.evidence.fresh, pothole.evidence.fallback) == (1, 30, "noise")
    assert [(q.code, q.datatype, q.is_required, q.is_public) for q in pothole.questions] == [
        ("depth", Datatype.NUMBER, True, True)
    ]
    assert [value.key for value in noise.questions[0].values] == ["bar", "dog"]
    assert noise.questions[0].is_required is False
    assert asks.recurring == Recurring(times=4, days=90, metres=80, plan_days=5, without=("noise",))
    assert asks.elsewhere[0].link == "https://court.example"


def test_a_profile_without_the_file_asks_nothing_more(tmp_path):
    asks = profile_in(town.a_town(tmp_path / "town")).asks

    assert asks.consent is None
    assert asks.recurring == Recurring(times=3, days=90, metres=50, plan_days=5, without=())
    assert not asks.of("pothole").has_more
    assert not asks.needs_contact("pothole")


@pytest.mark.parametrize(
    ("asks", "category", "words", "expected"),
    [
        (Asks(), "pothole", "", False),
        (Asks(confirms_contact=True), "pothole", "", True),
        (Asks(confirms_contact=True), None, "", True),
        (Asks(categories={"pothole": CategoryAsks(confirms_contact=True)}), "pothole", "", True),
        (Asks(categories={"pothole": CategoryAsks(confirms_contact=True)}), "noise", "", False),
        (Asks(confirms_contact=True, emergency=Phrases({"en": ("fire",)})), "pothole", "A fire!", False),
        (
            Asks(confirms_contact=True, categories={"gas": CategoryAsks(is_emergency=True)}),
            "gas",
            "",
            False,
        ),
    ],
    ids=["not asked", "city", "no category", "category", "other category", "emergency words", "emergency"],
)
def test_a_contact_is_confirmed_where_it_is_asked_and_never_where_help_may_be_needed(
    asks, category, words, expected
):
    assert asks.confirms(category, words) is expected


def test_what_was_asked_before_there_were_codes_confirms_nothing(folder):
    stored = asks_as_json(profile_in(folder).asks)
    del stored["confirms_contact"]
    for one in stored["categories"].values():
        del one["confirms_contact"]

    asks = asks_from(stored)

    assert not asks.confirms("pothole", "")


def test_a_city_that_was_loaded_before_there_were_recurring_problems_has_the_rule_of_everywhere(folder):
    stored = asks_as_json(profile_in(folder).asks)
    del stored["recurring"]

    assert asks_from(stored).recurring == Recurring()


def test_what_was_asked_is_what_is_in_force_after_loading(folder, no_city):
    profile = profile_in(folder)

    load(profile)

    assert in_force().profile.asks == profile.asks
    assert load(profile) == []


def test_the_mark_of_a_consent_changes_with_its_words(folder):
    before = profile_in(folder).asks.consent.mark
    town.spoil(folder, "report.toml", "All of it", "All of it, and more")

    assert profile_in(folder).asks.consent.mark != before


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ('contact = "required"', 'contact = "no"', "must be one of optional, required"),
        ('name = "optional"', 'name = "perhaps"', "must be one of no, optional, required"),
        ('name = "optional"', 'nom = "optional"', "Nothing is called 'nom'"),
        ('en = "You agree."', "", "sentence of consent has no translation into 'en'"),
        ('vi = ["cháy"]', "vi = [1]", "must be a list of texts"),
        ('en = ["fire"]', 'fr = ["feu"]', "Nothing is called 'fr'"),
        ('categories = ["noise"]', 'categories = ["smell"]', "no category 'smell'"),
        ('link = "https://court.example"', 'link = "javascript:alert(1)"', "is no address"),
        ("times = 4", "times = 1", "Once is not again"),
        ("times = 4", "times = -1", "between 0 and 1000"),
        ("times = 4", "times = 2.5", "must be a whole number"),
        ("times = 4", 'times = "4"', "must be a number"),
        ("metres = 80", "metres = 4", "between 5 and 1000"),
        ("metres = 80", "meters = 80", "Nothing is called 'meters'"),
        ('without = ["noise"]', 'without = ["smell"]', "no category 'smell'"),
        ('without = ["noise"]', 'without = "noise"', "must be a list of texts"),
        ('code = "pothole"', 'code = "hole"', "no category 'hole'"),
        ("choice = true", 'choice = "yes"', "must be true or false"),
        ("confirm_contact = true\n\n", 'confirm_contact = "by mail"\n\n', "must be true or false"),
        ("confirm_contact = true\nemerg", "confirm_contact = 1\nemerg", "must be true or false"),
        ("confirm_contact = true\nemerg", "confirms_contact = true\nemerg", "Nothing is called"),
        ('picture = "two"', 'picture = "three"', "no picture 'three'; there are two"),
        ("photos = 2", "photos = 4", "between 1 and 3"),
        ('fallback = "noise"', 'fallback = "smell"', "no category 'smell'"),
        ('fallback = "noise"', 'fallback = "pothole"', "asks for evidence itself"),
        ('code = "depth"', 'code = "Depth!"', "is no code"),
        ('datatype = "number"', 'datatype = "length"', "no datatype 'length'"),
        ('datatype = "number"', 'datatype = "string"', "is for numbers only"),
        ("least = 1", "least = 101", "greater than 'most'"),
        ('en = "How deep?"', "", "question 'depth' has no translation into 'en'"),
        ('datatype = "multivaluelist"', 'datatype = "text"', "has no values"),
        ('key = "dog"', 'key = "bar"', "'bar' stands here twice"),
        (', en = "Dog" }', " }", "value 'dog' has no translation"),
    ],
)
def test_one_fault_is_told_where_it_stands(folder, before, after, words):
    town.spoil(folder, "report.toml", before, after)

    _profile, faults = read(folder, icons=town.ICONS, pictures=("two",))

    found = [fault for fault in faults if fault.file == "report.toml" and words in fault.sentence]
    assert found, faults
    assert all(fault.line > 1 for fault in found)


def test_a_question_with_a_list_of_one_is_a_fault(folder):
    town.spoil(
        folder,
        "report.toml",
        '[[category.question.value]]\nkey = "dog"\nname = { vi = "Chó", en = "Dog" }\n',
        "",
    )

    _profile, faults = read(folder, icons=town.ICONS)

    assert ["needs two" in fault.sentence for fault in faults] == [True]


def test_a_category_and_a_question_stand_there_once(folder):
    text = (folder / "report.toml").read_text(encoding="utf-8")
    again = text + text[text.index('[[category]]\ncode = "noise"') :]
    (folder / "report.toml").write_text(again, encoding="utf-8")

    _profile, faults = read(folder, icons=town.ICONS)

    assert ["'noise' stands here twice" in fault.sentence for fault in faults] == [True]
