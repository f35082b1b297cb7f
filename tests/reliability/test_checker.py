"""The checker sees what it is there to see: whatever is put wrong by hand is told, and nothing else is."""

from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import pytest

from tests.reliability.checker import Found, Letter, Stored, judge
from tests.reliability.ledger import Account, Ledger, Sent

KEY, OTHER = "key-1", "key-2"
LINK = "secret"
REPORT = Stored(
    KEY, "7M2K-QX4V", sha256(LINK.encode()).hexdigest(), "c1", photos=("p1",), contact="ana-1@a.example"
)
WELL = Found(
    stored=[REPORT],
    letters=[Letter("m1", 1, "ana-1@a.example")],
    mails=[("m1", "ana-1@a.example")],
)


@pytest.fixture
def account(tmp_path: Path) -> Account:
    """One report that was sent and acknowledged, first by its link and then by its number."""
    book = Ledger(tmp_path / "ledger")
    book.sent(Sent(KEY, "c1", "p1", "ana-1@a.example"))
    book.unanswered(KEY, "503")
    book.acknowledged_as(KEY, LINK)
    book.acknowledged_as(KEY, REPORT.reference or "", is_again=True)
    book.close()
    return book.read()


def changed(**more: object) -> Found:
    return replace(WELL, stored=[replace(REPORT, **more)])


def test_nothing_is_said_where_all_is_well(account):
    assert judge(account, WELL) == []


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (replace(WELL, stored=[]), "1 acknowledged and not stored"),
        (changed(reference=None), "1 claimed without a report"),
        (replace(WELL, stored=[REPORT, replace(REPORT, reference="other")]), "1 stored twice"),
        (replace(WELL, stored=[REPORT, replace(REPORT, key=OTHER)]), "1 numbers given twice"),
        (replace(WELL, stored=[REPORT, Stored(OTHER, "other")]), "1 stored and never sent"),
        (changed(reference="other", link=""), "was told"),
        (changed(content="c2"), "says something else"),
        (changed(events=(1, 1), version=2), "without one unbroken history"),
        (changed(events=(1,), version=2), "without one unbroken history"),
        (changed(received=2), "received not once"),
        (changed(photos=()), "0 photos"),
        (changed(photos=("p2",)), "or another one"),
        (changed(photos=("p1", "p1")), "2 photos"),
        (replace(WELL, missing={"p1"}), "photos missing"),
        (replace(WELL, damaged={"p1"}), "photos damaged"),
        (replace(WELL, letters=[*WELL.letters, Letter("m2", 1, "ana-1@a.example")]), "letters written twice"),
        (replace(WELL, mails=[]), "letters said to be sent that never came"),
        (replace(WELL, mails=[], letters=[]), "reporters without their letter"),
        (replace(WELL, mails=[*WELL.mails, *WELL.mails]), "1 letters came again under their own id"),
        (replace(WELL, mails=[*WELL.mails, ("m9", "ana-1@a.example")]), "letters that no row knows"),
        (replace(WELL, untrue=["2 reports"]), "2 reports"),
        (replace(WELL, damage=["pg_amcheck found damage"]), "pg_amcheck"),
    ],
)
def test_what_is_wrong_is_said(account, found, said):
    assert any(said in breach for breach in judge(account, found))


def test_a_letter_that_came_under_two_ids_is_a_doubled_letter(account):
    letters = [*WELL.letters, Letter("m2", 1, "ana-1@a.example")]
    found = replace(WELL, letters=letters, mails=[(one.id, one.address) for one in letters])

    assert any("came under two ids" in breach for breach in judge(account, found))


def test_a_kill_explains_that_a_letter_left_again_under_its_own_id(account):
    again = replace(WELL, mails=[*WELL.mails, *WELL.mails])

    assert judge(account, again, kills=1) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda account: account.told.clear(), None),
        (lambda account: (account.told.clear(), account.unanswered.clear()), "though there was an answer"),
        (lambda account: account.strange.append("500"), "strange answers: 500"),
    ],
)
def test_what_is_stored_without_an_acknowledgement_had_no_answer(
    account, change: Callable[[Account], object], said
):
    change(account)

    breaches = judge(account, WELL)

    assert breaches == [] if said is None else any(said in breach for breach in breaches)


def test_of_an_instant_only_what_was_told_by_then_is_asked(account):
    (moment,) = account.at.values()
    nothing = Found()

    assert judge(account.until(moment), nothing, has_mail=False) == []
    assert judge(account.until(moment + 1), nothing, has_mail=False) != []
