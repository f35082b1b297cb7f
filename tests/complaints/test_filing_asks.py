"""Filing where the city asks who reports: what must be given, and what is kept of it."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.city.asking import Asks, CategoryAsks, Wanted
from cps.complaints import filing, history, reporters
from cps.kernel.errors import Invalid
from tests.makers import a_report


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
