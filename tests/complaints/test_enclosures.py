"""Photos follow a report while it is open; what has arrived stays."""

import hashlib

import pytest

from cps.complaints import enclosures, lifecycle, reopening
from cps.complaints.enclosures import Closed
from cps.complaints.status import OPEN, Status
from cps.photos.uploads import Announced
from tests.makers import a_complaint, a_key, a_photo

DATA = a_photo((60, 40)).read()


def announced() -> Announced:
    return Announced(a_key(), len(DATA), "a.jpg", hashlib.sha256(DATA).hexdigest())


@pytest.mark.parametrize("status", sorted(OPEN))
def test_an_open_report_takes_photos(city, status):
    complaint = a_complaint(status)

    assert enclosures.add_piece(complaint, DATA, at=0, of=announced()).is_complete


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED, Status.WITHDRAWN])
def test_a_closed_report_takes_none(city, status):
    complaint = a_complaint(status)
    of = announced()

    with pytest.raises(Closed):
        enclosures.add_piece(complaint, DATA, at=0, of=of)

    assert enclosures.progress(complaint, of.key).offset == 0


def test_what_had_arrived_when_it_was_closed_is_still_told_to_have_arrived(city):
    complaint = a_complaint()
    of = announced()
    enclosures.add_piece(complaint, DATA, at=0, of=of)
    lifecycle.withdraw(complaint)

    assert enclosures.add_piece(complaint, DATA[-10:], at=len(DATA) - 10, of=of).is_complete


def test_a_photo_that_was_cut_off_by_the_closing_goes_on_when_it_is_reopened(city):
    complaint = a_complaint(Status.RESOLVED)
    of = announced()
    reopening.reopen(complaint, words="Still dark.")
    enclosures.add_piece(complaint, DATA[:500], at=0, of=of)

    assert enclosures.add_piece(complaint, DATA[500:], at=500, of=of).is_complete


def test_a_report_takes_as_many_as_the_city_allows(city):
    complaint = a_complaint()
    for _ in range(3):
        data = a_photo((60, 40)).read()
        enclosures.add_piece(complaint, data, at=0, of=Announced(a_key(), len(data), "", None))

    with pytest.raises(enclosures.Refused, match="at most 3 photos"):
        enclosures.add_piece(complaint, DATA, at=0, of=announced())
