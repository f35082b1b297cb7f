"""What people type is kept as they meant it, without what only deceives."""

import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from cps.kernel.text import _PLAIN, ENGLISH, Text, _, _n, _without_deceit, cleaned, folded, sortable


def test_bidi_overrides_nul_and_tags_are_dropped():
    assert cleaned("a\x00b\u202ec\u2066d\U000e0041e\ufefff") == "abcdef"


def test_the_joiners_nepali_needs_are_kept():
    assert cleaned("श्री\u200dमती र\u200cया") == "श्री\u200dमती र\u200cया"


def test_line_breaks_are_kept_in_one_form():
    assert cleaned("one\r\ntwo\rthree") == "one\ntwo\nthree"


def test_a_pile_of_combining_marks_ends_after_eight():
    assert cleaned("a" + "\u0301" * 40) == unicodedata.normalize("NFC", "a" + "\u0301" * 9)


@given(st.text())
def test_cleaning_is_done_once_and_is_nfc(text):
    once = cleaned(text)

    assert cleaned(once) == once
    assert unicodedata.is_normalized("NFC", once)
    assert "\x00" not in once


def test_searching_forgets_accents_and_dyet():
    assert folded("Đường Phố Huế") == "duong pho hue"
    assert folded("hòa") == folded("hoà")
    assert folded("Ελλάδα, Йошкар") == "ελλαδα, иошкар"


def test_the_vowels_of_nepali_words_are_no_accents():
    words = ["पुल", "पल", "पूल", "पेल", "पैल", "पंल", "पल्"]

    assert len({folded(word) for word in words}) == len(words)


def test_nukta_and_joiners_make_no_other_word_of_a_nepali_one():
    assert folded("सड़क") == folded("सड\u093cक") == folded("सडक")
    assert folded("र\u200dयाल") == folded("रयाल")


def test_nepali_words_are_sorted_by_their_vowels_too():
    assert sorted(["पुल", "पिल", "पल"], key=sortable) == ["पल", "पिल", "पुल"]


def test_numbered_places_are_sorted_by_their_number_in_any_script():
    wards = ["Ward 10", "Ward 2", "Ward 1", "ward 21"]
    in_nepali = ["वडा नं. १०", "वडा नं. २", "वडा नं. १"]

    assert sorted(wards, key=sortable) == ["Ward 1", "Ward 2", "Ward 10", "ward 21"]
    assert sorted(in_nepali, key=sortable) == ["वडा नं. १", "वडा नं. २", "वडा नं. १०"]


def test_a_sentence_is_said_in_the_language_it_is_read_in():
    sentence = _("Hello, %(name)s", name=_("friend"))

    assert sentence.rendered(_Vietnamese()) == "Xin chào, bạn"
    assert str(sentence) == "Hello, friend"


def test_a_sentence_about_several_things_has_a_form_for_one():
    assert str(_n("%(num)s day", "%(num)s days", 1)) == "1 day"
    assert str(_n("%(num)s day", "%(num)s days", 3)) == "3 days"
    assert _n("%(num)s day", "%(num)s days", 1).rendered(_Vietnamese()) == "1 ngày"


def test_a_percent_sign_without_values_is_left_alone():
    assert str(Text("100 % sure")) == "100 % sure"


def test_whole_numbers_of_a_sentence_are_written_by_whoever_says_it():
    sentence = _(
        "%(inner)s %(number)s, %(reference)s", inner=_("At most %(most)s.", most=3), number=12, reference="12"
    )

    said = sentence.rendered(ENGLISH, count=lambda value: f"<{value}>")

    assert said == "At most <3>. <12>, 12"


class _Vietnamese:
    def gettext(self, message):
        return {"Hello, %(name)s": "Xin chào, %(name)s", "friend": "bạn"}[message]

    def ngettext(self, one, many, number):
        return {"%(num)s days": "%(num)s ngày"}[many]


def test_nothing_that_is_kept_without_a_look_at_each_letter_would_be_left_out():
    plain = [chr(code) for code in range(sys.maxunicode + 1) if _PLAIN.fullmatch(chr(code))]

    assert len(plain) > 11_000
    assert [letter for letter in plain if _without_deceit(letter) != letter] == []
    assert not any(unicodedata.category(letter) in ("Mn", "Me") for letter in plain), (
        "runs of marks are counted"
    )


@given(st.text())
def test_what_is_kept_does_not_depend_on_how_it_is_looked_at(text):
    composed = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))

    assert cleaned(text) == _without_deceit(composed).strip()


@given(st.text())
def test_folding_drops_accents_and_joiners_letter_by_letter(text):
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))

    assert folded(text) == "".join(
        c for c in bare if not "\u0300" <= c <= "\u036f" and c not in "\u200c\u200d\u093c"
    )
