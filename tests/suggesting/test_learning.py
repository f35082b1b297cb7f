"""Learning: from the city's own words, measured on what came later, offered when it is good."""

import csv
import gzip
import random
from collections import Counter

import pytest

from cps.suggesting import model
from cps.suggesting.features import features
from cps.suggesting.learning import FEWEST_REPORTS, Decided, TooFew, learned
from cps.suggesting.queries import SURE

LAMPS = ("Đèn đường không sáng", "Cột đèn bị hỏng", "Street light out", "Den duong khong sang ca pho")
WASTE = ("Rác chưa được thu gom", "Đống rác lớn", "Garbage not collected", "Rac thai boc mui hoi")
HOLES = ("Ổ gà sâu trên mặt đường", "Mặt đường bị sụt", "Deep pothole on the road", "O ga rat nguy hiem")
KINDS = {"street-light": LAMPS, "garbage": WASTE, "hole-in-road": HOLES}
PLACES = ("trước trường học", "ngõ 12", "gần chợ", "near the market", "dau pho")


def _reports(count: int) -> list[Decided]:
    dice = random.Random(7)
    return [
        Decided(f"{dice.choice(words)} {dice.choice(PLACES)} {number}", code)
        for number in range(count)
        for code, words in [dice.choice(list(KINDS.items()))]
    ]


def test_a_model_knows_the_kind_of_words_it_never_saw():
    suggesting, outcome = learned(_reports(300))

    assert suggesting.likely("đèn đường trước nhà tôi bị hỏng")[0][0] == "street-light"
    assert suggesting.likely("garbage everywhere")[0][0] == "garbage"
    assert outcome.accuracy > 0.9 > outcome.commonest


def test_words_without_accents_mean_the_same():
    suggesting, _outcome = learned(_reports(300))

    assert suggesting.likely("dong rac lon")[0][0] == suggesting.likely("đống rác lớn")[0][0] == "garbage"


def test_it_is_measured_on_later_reports_than_it_learned_from():
    early = _reports(400)
    # In the newest fifth every kind is called what another was called before.
    others = dict(zip(KINDS, [*list(KINDS)[1:], next(iter(KINDS))], strict=True))
    turned = [Decided(report.words, others[report.code]) for report in early[320:]]

    _suggesting, outcome = learned([*early[:320], *turned])

    assert (outcome.learned, outcome.tested) == (320, 80)
    assert outcome.accuracy < 0.1


def test_too_few_reports_teach_nothing():
    with pytest.raises(TooFew, match=f"{FEWEST_REPORTS} are needed"):
        learned(_reports(FEWEST_REPORTS - 1))


def test_a_single_kind_teaches_nothing():
    with pytest.raises(TooFew, match="1 kind"):
        learned([Decided(f"Đèn hỏng {number}", "street-light") for number in range(FEWEST_REPORTS)])


def test_of_two_kinds_both_can_be_the_likelier():
    reports = [report for report in _reports(700) if report.code != "hole-in-road"][:FEWEST_REPORTS]

    suggesting, _outcome = learned(reports)

    assert suggesting.likely("đèn đường")[0][0] == "street-light"
    assert suggesting.likely("thu gom rác")[0][0] == "garbage"


def test_what_is_kept_says_the_same_as_what_was_learned():
    suggesting, _outcome = learned(_reports(300))

    kept = model.from_bytes(suggesting.as_bytes())

    assert kept.likely("đèn đường hỏng") == suggesting.likely("đèn đường hỏng")
    assert all(0 <= share <= 1 for _code, share in kept.likely("đèn"))


def test_words_about_nothing_known_make_every_kind_unlikely():
    suggesting, _outcome = learned(_reports(300))

    assert max(share for _code, share in suggesting.likely("xin chào quý cơ quan")) < SURE


@pytest.mark.parametrize("words", ["", "   ", "!!! ???", "🙂🙂"], ids=repr)
def test_words_without_letters_mean_nothing(words):
    suggesting, _outcome = learned(_reports(300))

    assert features(words) == {}
    assert suggesting.likely(words) == []


def test_real_words_of_a_real_city_are_told_apart(shared):
    with gzip.open(shared / "data" / "records" / "records.csv.gz", "rt", encoding="utf-8") as records:
        rows = [row for row in csv.DictReader(records) if row["source"] == "mmda_incidents" and row["text"]]
    rows.sort(key=lambda row: row["created_at"])
    common = {code for code, _count in Counter(row["category"] for row in rows).most_common(12)}
    reports = [Decided(row["text"], row["category"]) for row in rows if row["category"] in common][-3000:]

    _suggesting, outcome = learned(reports)

    # The agency says the kind in its words, so this shows that real words are read, not how hard people's are.
    assert outcome.accuracy > 0.95 > outcome.commonest
