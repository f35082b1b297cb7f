"""The views of a queue with their numbers, and what a queue is narrowed to: kind, area, handler, words, number, phone."""

import pytest
from sqlalchemy import select

from cps.complaints import handovers, lifecycle, reopening
from cps.complaints.contacts import Reveal
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Role
from tests.desk.test_photos import a_developed_photo
from tests.makers import DRAINAGE, MONDAY, a_complaint, a_department, a_subtask, an_official, later
from tests.pageclient import text_of


def references(page):
    return [link.get_text() for link in page.select("td.q-ref a")]


def numbers(page):
    return {
        link["data-view"]: int(text_of(link.select_one(".count")))
        for link in page.select(".views a:has(.count)")
    }


def due(complaint, moment):
    complaint.due_at = moment
    db.session.commit()
    return complaint


@pytest.fixture
def desk(bo, signed_in):
    """Bo's queue: what it shows at an address."""
    browser = signed_in(bo)
    return lambda **asked: browser.page(
        "/desk?" + "&".join(f"{name}={value}" for name, value in asked.items())
    )


def test_each_view_says_how_many_reports_it_holds(desk, bo):
    eve, chi = an_official("Eve"), an_official("Chi", department=DRAINAGE)
    a_complaint()
    due(a_complaint(Status.ASSIGNED, by=bo), later(hours=3))
    due(a_complaint(Status.IN_PROGRESS, by=eve), later(days=-1))
    due(a_complaint(Status.WAITING, by=eve), later(days=-1))
    a_complaint(Status.RESOLVED, by=eve)
    a_complaint(category="drains")
    a_subtask(a_complaint(Status.ASSIGNED, by=chi, category="drains"), to="hapulico", by=chi)
    back = a_complaint()
    handovers.transfer(back, to=a_department(DRAINAGE), by=bo, reason="Water.")
    handovers.give_back(back, by=chi, reason="No water.")
    handovers.transfer(a_complaint(), to=a_department(DRAINAGE), by=bo, reason="Water.")
    handovers.transfer(
        a_complaint(category="drains"), to=a_department("so-xay-dung"), by=chi, reason="A road."
    )
    db.session.commit()

    page = desk()

    assert numbers(page) == {
        "open": 5,
        "mine": 1,
        "new": 2,
        "unseen": 2,
        "today": 1,
        "overdue": 1,
        "waiting": 1,
        "returned": 1,
        "transfers": 2,
        "asked": 1,
        "alarm": 0,
    }


def test_a_coordinator_counts_the_whole_city(city, signed_in):
    a_complaint()
    a_complaint(category="drains")

    page = signed_in(an_official("Dee", role=Role.COORDINATOR)).page("/desk")

    assert numbers(page)["open"] == numbers(page)["unseen"] == 2
    assert numbers(page)["disputed"] == 0


def test_the_numbers_of_the_city_are_counted_once_for_all_who_look_after_it(city, signed_in, monkeypatch):
    dee, eve = (an_official(name, role=Role.COORDINATOR) for name in ("Dee", "Eve"))
    a_complaint()
    first = numbers(signed_in(dee).page("/desk"))
    lifecycle.assign(a_complaint(), to=an_official(), by=dee)
    db.session.commit()

    soon = numbers(signed_in(eve).page("/desk"))
    monkeypatch.setattr("cps.complaints.queue_counts._SECONDS_KEPT", 0.0)
    later = numbers(signed_in(eve).page("/desk"))

    assert (first["open"], soon["open"], later["open"]) == (1, 1, 2)


@pytest.mark.parametrize(
    "view", ["open", "mine", "new", "unseen", "today", "overdue", "waiting", "returned", "transfers", "asked"]
)
def test_a_number_is_that_of_the_rows_behind_it(city, signed_in, view):
    bo = an_official()
    for status in (Status.RECEIVED, Status.ASSIGNED, Status.WAITING, Status.RESOLVED):
        for days in (-2, 0, 3):
            due(a_complaint(status, by=bo), later(days=days, hours=2))

    page = signed_in(bo).page(f"/desk?view={view}")

    assert len(references(page)) == numbers(page)[view]


def test_due_today_ends_with_the_day_of_the_city(desk):
    today = due(a_complaint(), later(hours=14, minutes=59))
    due(a_complaint(), later(hours=15))  # midnight in Hanoi

    assert references(desk(view="today")) == [today.reference]


def test_a_report_is_unseen_until_somebody_of_its_department_opens_it(city, signed_in):
    complaint = a_complaint()
    bo, chi = an_official(), an_official("Chi", department=DRAINAGE)
    signed_in(chi).page(f"/desk/complaints/{complaint.reference}")
    browser = signed_in(bo)
    before = browser.page("/desk?view=unseen")

    browser.page(f"/desk/complaints/{complaint.reference}")

    assert references(before) == [complaint.reference]
    assert "Not looked at yet" in text_of(before)
    assert references(browser.page("/desk?view=unseen")) == []
    assert db.session.scalars(select(Complaint.version)).one() == 1  # looking is no change


def test_what_another_department_gets_is_unseen_there(desk, bo):
    chi = an_official("Chi", department=DRAINAGE)
    complaint = a_complaint(Status.ASSIGNED, by=chi, category="drains")
    assert complaint.seen_at == MONDAY

    handovers.transfer(complaint, to=a_department(), by=chi, reason="A lamp.")
    db.session.commit()

    assert references(desk(view="unseen")) == [complaint.reference]


def test_what_is_reopened_is_unseen_again(desk, bo):
    complaint = a_complaint(Status.RESOLVED, by=bo)

    with clock.standing_at(later(hours=1)):
        reopening.reopen(complaint, words="Dark again.")
        db.session.commit()

    assert references(desk(view="unseen")) == [complaint.reference]


@pytest.mark.rows_by_hand
@pytest.mark.parametrize(
    "asked",
    [
        {"category": "street-light"},
        {"handler": "me"},
        {"q": "den+duong"},
        {"q": "thap+but", "category": "street-light", "handler": "me"},
    ],
)
def test_a_queue_is_narrowed_to_what_its_address_says(desk, bo, asked):
    wanted = a_complaint(Status.ASSIGNED, by=bo)
    other = a_complaint(category="pothole", words="Ổ gà", landmark="chợ")
    other.department = a_department()
    db.session.commit()

    page = desk(**asked)

    assert references(page) == [wanted.reference]


def test_what_nobody_handles_is_found(desk, bo):
    a_complaint(Status.ASSIGNED, by=bo)
    free = a_complaint()

    assert references(desk(handler="nobody")) == [free.reference]


def test_what_one_official_handles_is_found_by_their_number(desk, bo):
    eve = an_official("Eve")
    a_complaint(Status.ASSIGNED, by=bo)
    hers = a_complaint(Status.ASSIGNED, by=eve)

    page = desk(handler=eve.id)

    assert references(page) == [hers.reference]
    assert text_of(page.select_one('select[name="handler"] option[selected]')) == "Eve"


def test_a_day_is_that_of_the_deadline_where_the_city_is(desk, bo):
    due(a_complaint(), later(hours=14, minutes=59))
    first = due(a_complaint(), later(hours=15))  # midnight in Hanoi
    last = due(a_complaint(), later(hours=38, minutes=59))
    due(a_complaint(), later(hours=39))
    due(a_complaint(Status.WAITING, by=bo), later(hours=20))  # its clock stands

    assert references(desk(day="2030-01-08")) == [first.reference, last.reference]


def test_a_day_is_that_of_the_end_among_what_is_closed(desk, bo):
    a_complaint(Status.RESOLVED, by=bo)
    with clock.standing_at(later(hours=15)):
        tomorrow = a_complaint(Status.RESOLVED, by=bo)

    assert references(desk(view="closed", day="2030-01-08")) == [tomorrow.reference]


def test_what_came_in_on_a_day_is_found(desk):
    a_complaint()
    with clock.standing_at(later(hours=15)):
        tomorrow = a_complaint()

    assert references(desk(received="2030-01-08")) == [tomorrow.reference]


def test_what_others_ask_on_a_day_is_found_by_when_they_want_the_reply(city, signed_in):
    chi = an_official("Chi", department=DRAINAGE)
    tomorrow = a_complaint(Status.ASSIGNED, by=chi, category="drains")
    a_subtask(tomorrow, to="hapulico", by=chi)
    a_subtask(
        a_complaint(Status.ASSIGNED, by=chi, category="drains"), to="hapulico", by=chi, reply_by=later(days=2)
    )

    page = signed_in(an_official()).page("/desk?view=asked&day=2030-01-08")

    assert references(page) == [tomorrow.reference]


def test_a_saved_queue_of_a_day_counts_that_day(bo, signed_in):
    due(a_complaint(), later(days=1))
    due(a_complaint(), later(days=2))
    with clock.standing_at(later(days=1)):
        due(a_complaint(), later(days=1, hours=1))
    browser = signed_in(bo)
    address = "/desk/views?view=open&day=2030-01-08&received=2030-01-07"
    browser.submit(browser.page(address), address, name="Tuesday", sharing="personal")

    assert text_of(browser.page("/desk").select_one("[data-view^=saved] .count")) == "1"


def test_an_area_and_a_department_narrow_the_whole_city(city, signed_in):
    lamp, drain = a_complaint(), a_complaint(category="drains")
    browser = signed_in(an_official("Dee", role=Role.COORDINATOR))

    assert references(browser.page("/desk?department=hsdc")) == [drain.reference]
    assert set(references(browser.page(f"/desk?area={lamp.area.code}"))) == {lamp.reference, drain.reference}
    assert references(browser.page("/desk?area=00004")) == []


def test_an_officer_cannot_change_the_queue_by_a_department(desk):
    own = a_complaint()
    a_complaint(category="drains")

    assert references(desk(department="hsdc")) == [own.reference]


@pytest.mark.parametrize(
    "asked",
    [
        *("category=dragons", "area=99999", "handler=everybody", "handler=999999999", "handler=-1"),
        *("day=soon", "day=20300107", "day=2030-02-30", "day=9999-12-31", "received=0001-01-01"),
    ],
)
def test_what_the_city_does_not_have_is_an_address_that_does_not_exist(bo, signed_in, asked):
    assert signed_in(bo).get(f"/desk?{asked}").status_code == 404


def test_a_number_leads_to_its_report(bo, signed_in):
    complaint = a_complaint()

    answer = signed_in(bo).get(f"/desk?q={complaint.reference.lower()}")

    assert answer.status_code == 303
    assert answer.location.endswith(f"/desk/complaints/{complaint.reference}")


def test_the_number_of_what_one_may_not_read_leads_nowhere(bo, signed_in):
    secret = a_complaint(category="noise")  # not public, and another department's
    assert secret.department_id != bo.department_id

    answer = signed_in(bo).get(f"/desk?q={secret.reference}")

    assert answer.status_code == 200


@pytest.mark.parametrize("typed", ["0912345678", "+84912345678", "0912 345 678"])
def test_a_phone_number_finds_its_reports_and_that_is_written_down(bo, desk, typed):
    wanted = a_complaint(contact=Contact(phone="0912345678"))
    a_complaint(contact=Contact(phone="0987654321"))
    a_complaint(category="drains", contact=Contact(phone="0912345678"))  # another department's

    page = desk(q=typed.replace("+", "%2B").replace(" ", "+"))

    assert references(page) == [wanted.reference]
    assert "is written down" in text_of(page)
    shown = db.session.scalars(select(Reveal)).all()
    assert [(one.complaint_id, one.person_id) for one in shown] == [(wanted.id, bo.id)]
    assert "0912" not in text_of(page.main.table)


def test_who_finds_nobody_has_looked_at_nobody(desk):
    a_complaint(contact=Contact(phone="0987654321"))

    page = desk(q="0912345678")

    assert references(page) == []
    assert db.session.scalars(select(Reveal)).all() == []


@pytest.mark.parametrize("typed", ["%25", "_", "%27", "%5C", "%22%3E", "%F0%9F%98%80", "%26%23", "a" * 300])
def test_signs_find_nothing_and_break_nothing(desk, typed):
    a_complaint()

    page = desk(q=typed)

    assert references(page) == []
    assert "Nothing in this view fits." in text_of(page)


def test_words_are_found_by_the_index_where_the_walk_ends(desk, monkeypatch):
    monkeypatch.setattr("cps.complaints.queries._WALK", 2)
    for _number in range(3):
        due(a_complaint(words="Khác"), later(days=1))
    last = due(a_complaint(words="Ổ gà lớn"), later(days=2))

    assert references(desk(q="o+ga")) == [last.reference]


def test_pages_of_a_narrowed_queue_hold_each_report_once(desk, bo):
    expected = [due(a_complaint(words="Ổ gà"), later(days=1, minutes=place)).reference for place in range(30)]
    a_complaint(words="Khác")

    first = desk(q="o+ga")
    second = first.select_one('a[rel="next"]')["href"].split("?")[1]

    found = references(first) + references(desk(**dict(part.split("=") for part in second.split("&"))))
    assert found == expected


def test_nothing_found_leads_to_the_closed_ones(desk, bo):
    closed = a_complaint(Status.RESOLVED, by=bo)

    page = desk(q="thap+but")
    way = page.select_one(".nothing-ways a")["href"]

    assert "view=closed" in way
    assert "q=thap" in way
    assert references(desk(view="closed", q="thap+but")) == [closed.reference]


def test_what_came_in_meanwhile_is_counted_and_what_one_does_oneself_is_not(bo, signed_in):
    own = a_complaint()
    browser = signed_in(bo)
    address = browser.page("/desk").select_one(".views")["data-from"]
    lifecycle.assign(own, to=bo, by=bo)
    a_complaint()
    a_complaint(category="drains")
    db.session.commit()

    told = browser.get(address).json

    assert told["fresh"] == 1
    assert told["views"]["open"] == 2
    assert browser.get(address.replace("view=open", "view=closed")).json["fresh"] == 0


@pytest.mark.parametrize("since", ["", "x", "-1", "9" * 40, "²"])
def test_a_garbled_since_counts_nothing_new(bo, signed_in, since):
    a_complaint()

    assert signed_in(bo).get("/desk/counts", query_string={"since": since}).json["fresh"] == 0


def test_a_line_shows_a_picture_as_small_as_a_stamp(bo, signed_in):
    a_developed_photo(a_complaint())
    browser = signed_in(bo)

    address = browser.page("/desk").select_one("td.q-photo img")["src"]
    answer = browser.get(address)

    assert answer.mimetype == "image/webp"
    assert len(answer.data) < 5000
