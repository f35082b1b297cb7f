"""Handing a report on, an official can propose that all such reports go there; nothing but the event is kept."""

from dataclasses import replace

import pytest

from cps.city import queries
from cps.city.rule import Rule
from cps.complaints import handovers, proposals
from cps.complaints.handovers import Scope
from cps.complaints.proposals import Proposal
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import DRAINAGE, LIGHTING, MONDAY, a_complaint, a_department, an_official

pytestmark = pytest.mark.usefixtures("city")


def handed_on(scope, *, by=None, **changes):
    complaint = a_complaint(**changes)
    by = by or an_official()
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=by, reason="It is a drain.", proposes=scope)
    db.session.commit()
    return complaint


def standing():
    return proposals.standing(queries.in_force(), at=clock.now())


def test_a_transfer_of_one_report_proposes_nothing():
    handed_on(Scope.THIS)

    assert standing() == []


def test_the_same_proposal_of_several_is_one_with_its_times_and_people():
    bo = an_official()
    handed_on(Scope.ALL, by=bo)
    handed_on(Scope.ALL, by=bo)
    handed_on(Scope.ALL)
    handed_on(Scope.AREA)

    assert standing() == [
        Proposal("street-light", "*", DRAINAGE, LIGHTING, times=3, people=2, last=MONDAY, is_taken_up=False),
        Proposal(
            "street-light", "00070", DRAINAGE, LIGHTING, times=1, people=1, last=MONDAY, is_taken_up=False
        ),
    ]


def test_a_proposal_that_the_rules_follow_is_taken_up(monkeypatch):
    handed_on(Scope.AREA)
    city = queries.in_force()
    rules = (*city.profile.rules, Rule("street-light", "00070", DRAINAGE))
    changed = replace(city, profile=replace(city.profile, rules=rules))

    (proposal,) = proposals.standing(changed, at=clock.now())

    assert proposal.is_taken_up
