"""The right category: both clocks as if it had been so from receipt on, told to the citizen, taken back whole."""

import pytest

from cps.city import queries
from cps.city.promise import Promise
from cps.complaints import (
    categorising,
    deadlines,
    explanation,
    extending,
    handovers,
    history,
    joining,
    lifecycle,
    priorities,
    quarantine,
    reopening,
    standing,
    undoing,
    whose,
    window,
)
from cps.complaints.kinds import EventKind
from cps.complaints.reporters import Contact
from cps.complaints.status import Handover, Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.notify import letters
from tests.makers import DRAINAGE, a_complaint, a_department, a_key, an_official
from tests.rounds import at

# A street light is answered within 3 working days, a pothole within 7, a dangerous wire within 1.


@pytest.fixture
def lamp(bo):
    """Due on Thursday at five."""
    return a_complaint()


def code_of(complaint):
    db.session.flush()
    return complaint.category.code


def test_it_is_due_as_if_it_had_been_so_from_receipt_whenever_that_is_said(lamp, bo):
    with clock.standing_at(at(8, 15)):
        event = categorising.categorise(lamp, to="pothole", by=bo, reason="The lamp lies in a hole.")

    assert (code_of(lamp), lamp.promise, lamp.due_at) == ("pothole", "7 working days", at(16, 17))
    assert (event.kind, event.note, event.is_internal) == (
        EventKind.CATEGORISED,
        "The lamp lies in a hole.",
        False,
    )
    assert event.details["new"] == lamp.due_at.isoformat()
    assert lamp.department_id == a_department().id
    assert explanation.of(lamp, history.of(lamp), language="en").startswith("7 working days,")


def test_a_shorter_promise_is_due_earlier(lamp, bo):
    categorising.categorise(lamp, to="wires", by=bo)

    assert (lamp.promise, lamp.due_at) == ("1 working day", at(8, 17))


def test_a_priority_stays_and_taking_it_back_leaves_what_the_category_promises(lamp, bo):
    priorities.prioritise(lamp, to="urgent", by=bo, reason="Children walk here.")
    urgent = lamp.due_at

    categorising.categorise(lamp, to="pothole", by=bo)
    still = (lamp.priority, lamp.promise, lamp.due_at)
    priorities.prioritise(lamp, to=None, by=bo, reason="The hole is closed.")

    assert still == ("urgent", "4 working hours", urgent)
    assert (lamp.promise, lamp.due_at) == ("7 working days", at(16, 17))
    assert lamp.acknowledge == "8 working hours"


def test_by_when_it_is_taken_on_is_the_categorys_too(lamp, bo, clocks):
    clocks(acknowledge=Promise(3, "working_days"))

    categorising.categorise(lamp, to="pothole", by=bo)

    assert (lamp.acknowledge, lamp.acknowledge_by) == ("3 working days", at(10, 17))


def test_a_pause_still_counts_and_an_extension_lengthens_what_it_was_given_for(lamp, bo):
    extending.extend(lamp, by=bo, count=2, reason="We wait for a part.", has_consent=False)
    extended = lamp.due_at

    categorising.categorise(lamp, to="pothole", by=bo)
    plain = lamp.due_at
    categorising.categorise(lamp, to="street-light", by=bo)

    assert extended == at(14, 17)
    assert plain == at(16, 17)
    assert lamp.due_at == extended


def test_what_waits_is_counted_on_when_it_runs_again(lamp, bo):
    with clock.standing_at(at(7, 10)):
        lifecycle.ask(lamp, by=bo, question="Which lamp?")
        categorising.categorise(lamp, to="pothole", by=bo)
    with clock.standing_at(at(9, 10)):
        lifecycle.answer(lamp, words="The one at the corner.")

    assert lamp.due_at > at(16, 17)
    assert lamp.promise == "7 working days"


def test_while_the_clock_stands_its_date_is_that_of_the_moment_when_it_stopped(bo):
    one, other = a_complaint(), a_complaint()
    with clock.standing_at(at(7, 10)):
        categorising.categorise(one, to="pothole", by=bo)
        for complaint in (one, other):
            lifecycle.ask(complaint, by=bo, question="Which lamp?")
    with clock.standing_at(at(9, 10)):
        categorising.categorise(other, to="pothole", by=bo)

    assert other.due_at == one.due_at


def test_what_it_is_about_is_read_anew_at_once(lamp, bo):
    before = lamp.category.code

    categorising.categorise(lamp, to="pothole", by=bo)

    assert (before, lamp.category.code) == ("street-light", "pothole")


def test_counting_anew_gives_the_same(lamp, bo):
    priorities.prioritise(lamp, to="urgent", by=bo, reason="Children walk here.")
    categorising.categorise(lamp, to="pothole", by=bo)

    owed = deadlines.owed(
        lamp, history.turns(lamp), now=clock.now(), calendar=queries.in_force().profile.calendar
    )

    assert (owed.due_at, owed.acknowledge_by) == (lamp.due_at, lamp.acknowledge_by)


def test_reopened_it_is_promised_what_its_category_promises(lamp, bo):
    categorising.categorise(lamp, to="pothole", by=bo)
    lifecycle.resolve(lamp, by=bo, result="Filled.", has_photo=False)
    with clock.standing_at(at(9, 9)):
        reopening.reopen(lamp, words="It is open again.")
        priorities.prioritise(lamp, to="urgent", by=bo, reason="Deep.")
        priorities.prioritise(lamp, to=None, by=bo, reason="Not deep.")

    assert (lamp.promise, lamp.due_at) == ("7 working days", at(18, 17))


@pytest.mark.parametrize(("code", "word"), [("", "Choose"), ("moon", "Choose"), ("street-light", "already")])
def test_no_category_and_the_one_it_has_are_refused(lamp, bo, code, word):
    with pytest.raises(Invalid) as refused:
        categorising.categorise(lamp, to=code, by=bo)

    assert word in refused.value.faults["category"].msgid
    assert lamp.version == 1


@pytest.mark.parametrize("status", [Status.RESOLVED, Status.DECLINED, Status.WITHDRAWN])
def test_what_is_closed_keeps_its_category(bo, status):
    complaint = a_complaint(status, by=bo)

    with pytest.raises(Refused):
        categorising.categorise(complaint, to="pothole", by=bo)

    assert code_of(complaint) == "street-light"


def test_what_is_set_aside_is_judged_first(lamp, bo):
    quarantine.set_aside(lamp, cause="spam", by=bo, reason="It sells lamps.")

    with pytest.raises(Refused):
        categorising.categorise(lamp, to="pothole", by=bo)


def test_a_category_that_is_not_public_hides_it_and_none_shows_it_again(lamp, bo):
    categorising.categorise(lamp, to="noise", by=bo)
    hidden = lamp.is_public
    categorising.categorise(lamp, to="street-light", by=bo)

    assert (hidden, lamp.is_public) == (False, False)


def test_what_others_have_joined_is_not_hidden_from_them(lamp, bo):
    joining.join(lamp, key=a_key(), contact=Contact(email="eve@citizen.example"), language="en")

    with pytest.raises(Invalid) as refused:
        categorising.categorise(lamp, to="noise", by=bo)
    categorising.categorise(lamp, to="pothole", by=bo)

    assert "joined" in refused.value.faults["category"].msgid
    assert lamp.is_public


def test_it_goes_to_the_department_that_the_rules_give_it_to(lamp, bo):
    categorising.categorise(lamp, to="drains", by=bo)
    event = categorising.hand_over(lamp, by=bo)

    assert event is not None
    assert lamp.department_id == a_department(DRAINAGE).id
    assert lamp.handover is Handover.OFFERED
    assert event.note == "Lĩnh vực “Thoát nước, ngập nước” do đơn vị đó xử lý."


def test_who_says_why_is_quoted_there_too(lamp, bo):
    categorising.categorise(lamp, to="drains", by=bo, reason="A drain.")

    event = categorising.hand_over(lamp, by=bo, reason="A drain.")

    assert event is not None
    assert event.note == "A drain."


def test_what_is_where_it_belongs_stays(lamp, bo):
    assert categorising.hand_over(lamp, by=bo) is None


def test_what_was_handed_over_and_not_accepted_goes_no_further_by_that(lamp, bo):
    handovers.transfer(lamp, to=a_department(DRAINAGE), by=bo, reason="Yours.")
    ly = an_official("Ly", department=DRAINAGE)

    categorising.categorise(lamp, to="wires", by=ly)

    assert categorising.hand_over(lamp, by=ly) is None
    assert lamp.department_id == a_department(DRAINAGE).id


def test_why_it_is_there_is_said_of_the_category_it_came_with(lamp, bo):
    before = whose.explained(lamp, history.of(lamp), language="en")
    categorising.categorise(lamp, to="pothole", by=bo)

    assert before
    assert whose.explained(lamp, history.of(lamp), language="en") == before


def test_and_of_the_new_one_where_a_rule_gives_that_to_the_same_department(bo):
    complaint = a_complaint(category="drains")
    categorising.categorise(complaint, to="street-light", by=bo)
    event = categorising.hand_over(complaint, by=bo)
    categorising.categorise(complaint, to="pothole", by=bo)
    back = categorising.categorise(complaint, to="street-light", by=bo)

    assert event is not None
    assert "rule" in back.details
    assert "Street light" in whose.explained(complaint, history.of(complaint), language="en")


def test_taken_back_it_stands_exactly_as_before(lamp, bo):
    window.use(30)
    try:
        stood = undoing.before(lamp)
        categorising.categorise(lamp, to="noise", by=bo)
        undoing.keep(lamp, stood, by=bo)
        db.session.flush()
        undoing.undo(lamp, by=bo)
    finally:
        window.use(0)

    assert code_of(lamp) == "street-light"
    assert (lamp.promise, lamp.due_at, lamp.is_public) == ("3 working days", at(10, 17), True)
    events = history.of(lamp)
    seen = [standing.at_version(lamp, events, version).category_id for version in (1, 2, 3)]
    assert seen[0] == seen[2] == lamp.category_id
    assert seen[1] != seen[0]


def test_the_citizen_gets_a_letter_with_the_category_and_the_date(lamp, bo):
    event = categorising.categorise(lamp, to="pothole", by=bo, reason="The lamp lies in a hole.")

    letter = letters.written("categorised", event, language="en")

    assert letter.subject == f"Report {lamp.reference}: now “Pothole, road damage”"
    assert "16 January 2030" in letter.body
    assert "The lamp lies in a hole." in letter.body
