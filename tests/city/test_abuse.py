"""`[abuse]` of report.toml: read with every fault where it stands, kept, and with words that harm nobody who means well."""

import pytest

from cps.city.abuse import Abuse
from cps.city.asking import Asks
from cps.city.files import read
from cps.city.phrases import Phrases
from cps.city.stored_asking import asks_as_json, asks_from
from cps.kernel.files import CITIES
from tests.city import town

SECTION = """\
[abuse]
repeats = 4
hours = 12
threshold = 6
flags = 2
days = 7
a_day = 1
[abuse.insults]
vi = ["đồ ngu"]
en = ["idiot"]
[abuse.spam]
en = ["casino"]
"""
READ = Abuse(
    insults=Phrases({"vi": ("đồ ngu",), "en": ("idiot",)}),
    spam=Phrases({"en": ("casino",)}),
    repeats=4,
    hours=12,
    threshold=6,
    flags=2,
    days=7,
    a_day=1,
)


def read_with(tmp_path, section):
    folder = town.a_town(tmp_path / "town")
    (folder / "report.toml").write_text(section, encoding="utf-8")
    return read(folder, icons=town.ICONS)


def test_it_is_read_and_kept_as_it_is(tmp_path):
    profile, faults = read_with(tmp_path, SECTION)

    assert not faults
    assert profile.asks.abuse == READ
    assert asks_from(asks_as_json(profile.asks)).abuse == READ


def test_without_it_only_the_same_long_text_again_and_again_is_set_aside(tmp_path):
    profile, _faults = read_with(tmp_path, "")
    before_there_was_any = {name: value for name, value in asks_as_json(Asks()).items() if name != "abuse"}

    assert profile.asks.abuse == Abuse() == asks_from(before_there_was_any).abuse
    assert (Abuse().repeats, Abuse().threshold, Abuse().insults.all) == (3, 0, ())


@pytest.mark.parametrize(
    ("before", "after", "words"),
    [
        ("repeats = 4", "repeats = 1", "Once is no repeat"),
        ("repeats = 4", "repeats = -1", "repeats"),
        ("hours = 12", "hours = 0", "hours"),
        ("hours = 12", "hours = 1000", "hours"),
        ("threshold = 6", "threshold = 1.5", "whole number"),
        ("threshold = 6", "threshold = true", "threshold"),
        ("days = 7", 'days = "7"', "days"),
        ("a_day = 1", "a_week = 1", "a_week"),
        ('en = ["casino"]', 'en = "casino"', "list of texts"),
        ('en = ["idiot"]', 'xx = ["idiot"]', "xx"),
    ],
)
def test_one_fault_is_told_where_it_stands(tmp_path, before, after, words):
    _profile, faults = read_with(tmp_path, SECTION.replace(before, after))

    assert len(faults) == 1
    assert words in str(faults[0])
    assert "report.toml" in str(faults[0])


MEANT_WELL = {
    "hanoi": [
        "Con chó thả rông trước cổng trường.",
        "Nước ngập, mọi người ngủ không được.",
        "Cho hỏi bao giờ sửa đèn?",
        "Hang xom nuoi cho, ban dem sua khong ngu duoc",
    ],
    "seoul": [
        "닥쳐올 태풍이 걱정됩니다.",
        "지하철 시발점 앞 보도",
        "강아지가 돌아다닙니다.",
        "병원 앞 신호등",
    ],
    "san-fernando": [
        "Asong gala sa tabi ng paaralan.",
        "May hayop na patay sa kalsada.",
        "Bobong ng waiting shed",
    ],
    "lalitpur": ["सालाना बजेट अनुसार सडक बनाउनुहोस्।", "गधा र कुकुर सडकमा छन्।", "Sala ma pani cha"],
    "template": ["The assessment of the bastion wall", "Classic lamp"],
}
INSULTING = {
    "hanoi": ["Đồ ngu!", "ĐỊT MẸ các người", "bon oc cho", "You FUCKING idiots? No: idiot"],
    "seoul": ["이 개새끼들아", "씨발!", "병신같은 행정"],
    "san-fernando": ["PUTANG INA ninyo", "Gago!", "mga bobo"],
    "lalitpur": ["मूर्खहरू", "तँ मुजी", "MUJI"],
    "template": ["You idiot", "FUCK"],
}


@pytest.mark.parametrize("city", sorted(MEANT_WELL))
def test_words_of_the_example_cities_are_found_where_they_are_meant_and_nowhere_else(city):
    insults = read(CITIES / city)[0].asks.abuse.insults

    assert [text for text in MEANT_WELL[city] if insults.are_in(text)] == []
    assert [text for text in INSULTING[city] if not insults.are_in(text)] == []
