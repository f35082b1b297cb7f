"""The public list: what everybody may find, in which order, and what nobody finds."""

from itertools import pairwise

import pytest

from cps.city.queries import in_force
from cps.complaints import published, searching
from cps.complaints.published import PAGE_LENGTH, Standing, Wanted
from cps.complaints.status import Status
from cps.kernel import clock
from tests.makers import a_complaint, an_official, later
from tests.publishing import categories


def _found(typed: str = "", **wanted: object) -> list[str]:
    return [row.reference for row in published.latest(Wanted(sought=searching.sought(typed), **wanted))]


def test_the_latest_comes_first(city):
    first, second = a_complaint(), None
    with clock.standing_at(later(hours=1)):
        second = a_complaint()

    assert _found() == [second.reference, first.reference]


def test_what_is_private_is_never_listed(city):
    a_complaint(category="noise", words="loa kéo")

    assert _found() == _found("loa kéo") == []


def test_what_the_city_made_private_since_is_listed_no_more(city):
    complaint = a_complaint()

    with categories("street-light", is_public=False):
        found, by_number = _found(), _found(complaint.reference)

    assert found == by_number == []


def test_what_was_taken_back_is_listed_no_more(city):
    complaint = a_complaint(Status.WITHDRAWN)

    assert _found() == _found(complaint.reference) == []


def test_open_and_answered_are_told_apart(city):
    is_open, is_answered = a_complaint(Status.WAITING), a_complaint(Status.DECLINED)

    assert _found(standing=Standing.OPEN) == [is_open.reference]
    assert _found(standing=Standing.ANSWERED) == [is_answered.reference]
    assert set(_found()) == {is_open.reference, is_answered.reference}


def test_category_area_and_time_narrow_the_list_down(city):
    lamp, pothole = a_complaint(), a_complaint(category="pothole")
    elsewhere = a_complaint(point=None, area="00004")
    ids = in_force()

    assert _found(category_id=ids.category_ids["pothole"]) == [pothole.reference]
    assert _found(area_id=ids.area_ids["00004"]) == [elsewhere.reference]
    assert set(_found(category_id=ids.category_ids["street-light"])) == {lamp.reference, elsewhere.reference}
    assert _found(since=later(minutes=1)) == []


@pytest.mark.parametrize(
    ("words", "typed"),
    [
        ("Đèn đường không sáng", "den duong"),
        ("Đèn đường không sáng", "ĐÈN ĐƯỜNG"),
        ("Den duong khong sang", "đèn"),
        ("Có một ổ gà, rất sâu", "o ga"),
        ("Có một ổ gà, rất sâu", "sâu. (ổ)"),
        ("सड़क बिग्रियो", "सडक"),
        ("सडकमा खाल्डो", "सड़क"),
        ("도로가 파손되었습니다", "도로"),
        ("가로등이 꺼졌어요", "가로등"),
        ("Sirang 100% ang_poste", "100%"),
        ("Sirang 100% ang_poste", "ang_poste"),
        ("C:\\lamp 'broken' \"again\"", "'broken' \\ \"again\""),
        ("Lamp 😀 out", "lamp 😀"),
        ("lamp out", "l\u0336\u0337\u0338a\u0336mp"),
        ("lamp out", "\u202elamp\u2066"),
        ("लक्ष्मी मार्ग", "लक्ष्\u200dमी"),
    ],
)
def test_words_are_found_without_their_accents_and_signs(city, words, typed):
    complaint = a_complaint(words=words)
    a_complaint(words="quite something else")

    assert _found(typed) == [complaint.reference]


@pytest.mark.parametrize(
    "typed", ["%", "_", "'", '"', "\\", "%%%", "😀", "\u0301\u0301", "...", "a" * 5000, "x\x00y"]
)
def test_signs_find_nothing_and_break_nothing(city, typed):
    a_complaint(words="Lamp 100%_'\"\\")

    assert _found(typed) == []


def test_short_words_are_found_as_words_and_not_inside_others(city):
    a_complaint(words="không có gì")

    assert _found("on") == []
    assert len(_found("co")) == 1


def test_the_landmark_and_the_number_are_searched_too(city):
    complaint = a_complaint(landmark="cạnh tháp bút")

    assert _found("thap but") == [complaint.reference]
    assert _found(complaint.reference.lower().replace("-", " ")) == [complaint.reference]


def test_a_word_that_could_be_a_number_is_a_word_after_all(city):
    complaint = a_complaint(words="7K3M9QAZ was painted on it")

    assert _found("7K3M9QAZ") == [complaint.reference]


def test_where_a_place_may_be_a_home_its_landmark_is_neither_shown_nor_searched(city):
    complaint = a_complaint(landmark="số 5 ngõ 12", words="mất nước")

    with categories("street-light", is_rounded=True):
        (row,) = published.latest(Wanted())
        by_landmark, by_words = _found("ngo"), _found("mat nuoc")

    assert row.landmark == ""
    assert row.point is not None
    assert row.point != complaint.point
    assert (by_landmark, by_words) == ([], [complaint.reference])


def test_rare_and_common_words_are_found_beyond_the_walk(city, monkeypatch):
    rare = a_complaint(words="tượng đài nghiêng")
    for _turn in range(4):
        a_complaint(words="đèn đường")
    monkeypatch.setattr(published, "_WALK", 2)
    monkeypatch.setattr(published, "PAGE_LENGTH", 2)

    assert _found("tuong dai") == [rare.reference]
    assert len(published.page(Wanted(sought=searching.sought("den duong"))).rows) == 2


@pytest.mark.parametrize("typed", ["", "den"])
def test_pages_hold_every_report_once_forwards_and_backwards(city, typed):
    bo = an_official()
    for turn in range(2 * PAGE_LENGTH + 3):
        a_complaint(Status.RESOLVED if turn % 3 == 0 else Status.RECEIVED, by=bo)
    wanted = Wanted(sought=searching.sought(typed))

    pages = [published.page(wanted)]
    while pages[-1].older:
        pages.append(published.page(wanted, after=pages[-1].older))
    back = [pages[-1]]
    while back[-1].newer:
        back.append(published.page(wanted, before=back[-1].newer))

    ids = [row.id for page in pages for row in page.rows]
    assert ids == sorted(ids, reverse=True)
    assert len(ids) == 2 * PAGE_LENGTH + 3
    assert [len(page.rows) for page in pages] == [PAGE_LENGTH, PAGE_LENGTH, 3]
    assert [page.rows for page in back] == [page.rows for page in reversed(pages)]
    assert pages[0].newer is None


def test_a_page_stays_what_it_was_when_new_reports_come(city):
    for _turn in range(PAGE_LENGTH + 2):
        a_complaint()
    older = published.page(Wanted()).older
    before = published.page(Wanted(), after=older).rows

    a_complaint()

    assert published.page(Wanted(), after=older).rows == before
    assert all(one.id > two.id for one, two in pairwise(before))
