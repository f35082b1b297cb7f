"""Filing where the city asks who reports: what must be given, and what is kept of it."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.city.asking import Asks, CategoryAsks, Wanted
from cps.city.phrases import Phrases
from cps.complaints import filing, history, reporters
from cps.complaints.filing import Unconfirmed
from cps.complaints.reporters import Contact
from cps.kernel.errors import Invalid
from tests.makers import MONDAY, a_report

CONFIRMED = Contact(email="ana@citizen.example", confirmed_at=MONDAY)
CONFIRMING = Asks(confirms_contact=True, emergency=Phrases({"vi": ("cháy",)}))


@pytest.fixture
def asking(city, monkeypatch):
    """Put in force what a city asks."""

    def put(asks: Asks) -> None:
        there = queries.in_force()
        changed = replace(there, profile=replace(there.profile, asks=asks))
        monkeypatch.setattr(filing, "in_force", lambda: changed)

    return put


@pytest.mark.parametrize(
    "asks",
    [Asks(contact=Wanted.REQUIRED), Asks(categories={"street-light": CategoryAsks(needs_contact=True)})],
    ids=["city", "category"],
)
def test_a_contact_must_be_given_where_it_is_asked_for(asking, asks):
    asking(asks)

    with pytest.raises(Invalid) as refused:
        filing.file(a_report(contact=None))

    assert list(refused.value.faults) == ["contact"]


@pytest.mark.parametrize(
    "asks",
    [Asks(name=Wanted.REQUIRED), Asks(categories={"street-light": CategoryAsks(needs_name=True)})],
    ids=["city", "category"],
)
def test_a_name_must_be_given_where_it_is_asked_for(asking, asks):
    asking(asks)

    with pytest.raises(Invalid) as refused:
        filing.file(a_report())

    assert list(refused.value.faults) == ["name"]
    assert filing.file(a_report(name="An")).is_new


def test_who_gave_only_a_name_cannot_be_reached(city):
    complaint = filing.file(a_report(contact=None, name="An")).complaint

    assert reporters.has_name(complaint)
    assert not reporters.has_contact(complaint)
    assert reporters.kind_of_contact(complaint) is None
    assert reporters.for_letters([complaint.id]) == {}


def test_a_form_that_showed_no_consent_keeps_none(city):
    complaint = filing.file(a_report()).complaint

    (receipt,) = history.of(complaint)
    assert "consent" not in receipt.details


@pytest.mark.parametrize(
    "asks",
    [CONFIRMING, Asks(categories={"street-light": CategoryAsks(confirms_contact=True)})],
    ids=["city", "category"],
)
def test_a_contact_must_be_confirmed_where_the_city_asks_for_it(asking, asks):
    asking(asks)

    with pytest.raises(Unconfirmed) as refused:
        filing.file(a_report())

    assert list(refused.value.faults) == ["code"]
    assert filing.file(a_report(contact=CONFIRMED)).is_new


def test_what_is_confirmed_is_kept_with_the_reporter(asking):
    asking(CONFIRMING)

    confirmed = filing.file(a_report(contact=CONFIRMED, name="An")).complaint

    assert reporters.is_confirmed(confirmed)
    assert reporters.for_letters([confirmed.id])[confirmed.id].confirmed_at == MONDAY


def test_where_nobody_asks_nothing_is_confirmed(city):
    assert not reporters.is_confirmed(filing.file(a_report()).complaint)
    assert not reporters.is_confirmed(filing.file(a_report(contact=None)).complaint)


@pytest.mark.parametrize(
    "changes",
    [{"contact": None}, {"words": "Cháy lớn!"}, {"landmark": "Cháy ở đây"}, {"can_confirm": False}],
    ids=["no contact", "emergency words", "emergency at the landmark", "no way to send a code"],
)
def test_a_report_is_never_held_for_a_code_that_cannot_be_or_must_not_be_waited_for(asking, changes):
    asking(CONFIRMING)

    assert filing.file(a_report(**changes)).is_new


def test_other_faults_are_told_before_a_code_is_asked_for(asking):
    asking(replace(CONFIRMING, name=Wanted.REQUIRED))

    with pytest.raises(Invalid) as refused:
        filing.file(a_report())

    assert not isinstance(refused.value, Unconfirmed)
    assert list(refused.value.faults) == ["name"]


def test_what_was_filed_before_needs_no_code_when_it_is_sent_again(asking):
    asking(CONFIRMING)
    report = a_report(contact=CONFIRMED)
    filing.file(report)

    again = filing.file(replace(report, contact=Contact(email="ana@citizen.example")))

    assert not again.is_new
