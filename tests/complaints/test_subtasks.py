"""Sub-tasks: another department contributes by a date within the report's own; the lead stays the owner."""

from datetime import UTC

import pytest
from sqlalchemy.exc import IntegrityError

from cps.citizen import progress
from cps.complaints import handovers, history, lifecycle, subtasks, visibility
from cps.complaints.attached import Subtask
from cps.complaints.kinds import EventKind
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.people.models import Role
from tests.makers import (
    DRAINAGE,
    LIGHTING,
    MONDAY,
    a_complaint,
    a_department,
    a_subtask,
    an_official,
    later,
)

QUESTION = "Is the cable in your duct?"
TUESDAY = later(days=1, hours=8)  # five in the afternoon, when the office closes
THURSDAY = later(days=3, hours=8)  # when a street lamp is due
ELSEWHERE = "thanh-tra"


def asked(complaint, **changes):
    values = {"to": a_department(DRAINAGE), "by": an_official(), "question": QUESTION, "reply_by": TUESDAY}
    values |= changes
    return subtasks.ask(complaint, **(values | {"reply_by": ReplyDate(values["reply_by"])}))


def internal(complaint):
    return [event.kind for event in history.of(complaint) if event.is_internal]


def test_a_department_is_asked_and_the_lead_stays_the_owner(city):
    bo, complaint = an_official(), a_complaint(Status.IN_PROGRESS)
    before = (complaint.status, complaint.department_id, complaint.assignee_id, complaint.due_at)

    event = asked(complaint, by=bo)

    subtask = subtasks.open_one(complaint, DRAINAGE)
    assert (subtask.question, subtask.asked_by, subtask.reply_by) == (QUESTION, bo, TUESDAY)
    assert subtask.asked_at == MONDAY
    assert (complaint.status, complaint.department_id, complaint.assignee_id, complaint.due_at) == before
    assert event.kind is EventKind.CONTRIBUTION_ASKED
    assert event.details == {
        "department": a_department(DRAINAGE).id,
        "reply_by": TUESDAY.isoformat(),
        "days": None,
        "is_within": True,
        "people": [],
        "addresses": [a_department(DRAINAGE).email],
    }


def test_citizens_read_that_a_department_was_asked_and_no_word_of_what(city):
    bo, chi, complaint = an_official(), an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=bo)
    subtasks.extend(
        complaint, subtask, by=chi, reply_by=ReplyDate(THURSDAY), reason="The duct is under water."
    )
    subtasks.reply(complaint, subtask, by=chi, words="It is ours.")

    told = history.told_to_citizens(complaint)

    assert [event.kind for event in told] == [EventKind.RECEIVED, EventKind.CONTRIBUTION_ASKED]
    assert told[-1].note == ""
    assert QUESTION not in str(told[-1].details)
    assert internal(complaint) == [EventKind.CONTRIBUTION_EXTENDED, EventKind.CONTRIBUTED]


def test_the_question_to_the_citizen_stays_the_last_word_while_another_department_is_asked(city):
    complaint = a_complaint(Status.WAITING)
    asked(complaint)

    standing = progress.of(complaint, history.told_to_citizens(complaint), language="en")

    assert standing.last.note == "Which lamp is it?"


@pytest.mark.parametrize("status", [s for s in Status if not s.is_open and s is not Status.MERGED])
def test_nobody_is_asked_about_a_closed_report(city, status):
    complaint = a_complaint(status)

    with pytest.raises(Refused, match="closed"):
        asked(complaint)

    assert subtasks.of_complaint(complaint) == []


def test_the_lead_is_not_asked(city):
    with pytest.raises(Invalid) as refused:
        asked(a_complaint(), to=a_department(LIGHTING))

    assert set(refused.value.faults) == {"department"}


@pytest.mark.parametrize("reply_by", [later(hours=-1), MONDAY, later(days=3, hours=8, seconds=1)])
def test_the_reply_is_not_due_before_now_nor_after_the_report(city, reply_by):
    complaint = a_complaint()
    assert complaint.due_at == THURSDAY

    with pytest.raises(Invalid) as refused:
        asked(complaint, reply_by=reply_by)

    assert set(refused.value.faults) == {"reply_by"}


@pytest.mark.parametrize("reply_by", [later(seconds=1), THURSDAY])
def test_the_reply_may_be_due_from_now_on_and_with_the_report(city, reply_by):
    complaint = a_complaint()

    asked(complaint, reply_by=reply_by)

    assert subtasks.open_one(complaint, DRAINAGE).reply_by == reply_by


def test_all_that_is_wrong_with_a_question_is_said_at_once(city):
    with pytest.raises(Invalid) as refused:
        asked(a_complaint(), to=a_department(LIGHTING), question=" ", reply_by=MONDAY)

    assert set(refused.value.faults) == {"department", "question", "reply_by"}


def test_a_department_has_one_open_question_at_a_time_and_several_departments_have_theirs(city):
    complaint = a_complaint()
    asked(complaint)
    asked(complaint, to=a_department(ELSEWHERE))

    with pytest.raises(Invalid) as refused:
        asked(complaint, question="And the pole?")

    assert set(refused.value.faults) == {"department"}
    assert len(subtasks.of_complaint(complaint)) == 2


def test_the_database_holds_one_open_question_to_a_department_too(city):
    bo, complaint = an_official(), a_complaint()
    first = a_subtask(complaint, by=bo)
    second = {
        column.name: getattr(first, column.name)
        for column in Subtask.__table__.columns
        if column.name != "id"
    }
    db.session.add(Subtask(**second))

    with pytest.raises(IntegrityError, match="uq_subtask_asked"):
        db.session.flush()


def test_a_department_that_has_answered_can_be_asked_again(city):
    bo, complaint = an_official(), a_complaint()
    first = a_subtask(complaint, by=bo)
    subtasks.reply(complaint, first, by=an_official("Chi", department=DRAINAGE), words="It is ours.")

    asked(complaint, question="And the pole?")

    assert [subtask.is_open for subtask in subtasks.of_complaint(complaint)] == [True, False]


def test_a_reply_is_kept_with_who_gave_it_and_ends_the_question(city):
    chi, complaint = an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=an_official())

    event = subtasks.reply(complaint, subtask, by=chi, words="It is ours.")

    assert (subtask.reply, subtask.replied_by, subtask.replied_at) == ("It is ours.", chi, MONDAY)
    assert (event.kind, event.by, event.note) == (EventKind.CONTRIBUTED, chi, "It is ours.")
    with pytest.raises(Refused, match="already"):
        subtasks.open_one(complaint, DRAINAGE)
    with pytest.raises(Refused, match="already"):
        subtasks.reply(complaint, subtask, by=chi, words="It is not ours.")


def test_a_reply_needs_words_and_may_be_late(city):
    chi, complaint = an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=an_official())

    with clock.standing_at(later(days=2)):
        with pytest.raises(Invalid):
            subtasks.reply(complaint, subtask, by=chi, words=" ")
        subtasks.reply(complaint, subtask, by=chi, words="It is ours.")

    assert subtask.replied_at == later(days=2)


def test_a_reply_is_put_off_once_with_a_reason(city):
    chi, complaint = an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=an_official())

    event = subtasks.extend(
        complaint, subtask, by=chi, reply_by=ReplyDate(THURSDAY), reason="The duct is under water."
    )

    assert (subtask.reply_by, subtask.extension_reason) == (THURSDAY, "The duct is under water.")
    assert (event.kind, event.note) == (EventKind.CONTRIBUTION_EXTENDED, "The duct is under water.")
    assert (event.details["old"], event.details["new"]) == (
        TUESDAY.astimezone(UTC).isoformat(),
        THURSDAY.isoformat(),
    )
    assert complaint.due_at == THURSDAY
    with pytest.raises(Refused, match="once"):
        subtasks.extend(complaint, subtask, by=chi, reply_by=ReplyDate(THURSDAY), reason="It still is.")


@pytest.mark.parametrize(
    ("reply_by", "reason", "fields"),
    [
        (THURSDAY, " ", {"reason"}),
        (TUESDAY, "Because.", {"reply_by"}),
        (later(hours=1), "Because.", {"reply_by"}),
        (later(days=4), "Because.", {"reply_by"}),
    ],
)
def test_a_reply_is_put_off_to_a_later_day_within_the_deadline_and_for_a_reason(
    city, reply_by, reason, fields
):
    chi, complaint = an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=an_official())

    with pytest.raises(Invalid) as refused:
        subtasks.extend(complaint, subtask, by=chi, reply_by=ReplyDate(reply_by), reason=reason)

    assert set(refused.value.faults) == fields
    assert subtask.reply_by == TUESDAY


def test_a_reply_is_put_off_before_it_is_due_and_never_after(city):
    chi, complaint = an_official("Chi", department=DRAINAGE), a_complaint()
    subtask = a_subtask(complaint, by=an_official())

    with clock.standing_at(later(days=1, hours=8, seconds=1)), pytest.raises(Refused, match="before"):
        subtasks.extend(
            complaint, subtask, by=chi, reply_by=ReplyDate(THURSDAY), reason="The duct is under water."
        )
    with clock.standing_at(TUESDAY):
        subtasks.extend(
            complaint, subtask, by=chi, reply_by=ReplyDate(THURSDAY), reason="The duct is under water."
        )

    assert subtask.reply_by == THURSDAY


def test_a_question_is_withdrawn_with_a_reason(city):
    bo, complaint = an_official(), a_complaint()
    subtask = a_subtask(complaint, by=bo)

    with pytest.raises(Invalid):
        subtasks.withdraw(complaint, subtask, by=bo, reason="")
    event = subtasks.withdraw(complaint, subtask, by=bo, reason="We found the plan.")

    assert not subtask.is_open
    assert (event.kind, event.note, event.is_internal) == (
        EventKind.CONTRIBUTION_WITHDRAWN,
        "We found the plan.",
        True,
    )
    with pytest.raises(Refused, match="already"):
        subtasks.withdraw(complaint, subtask, by=bo, reason="We found it again.")


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.WAITING])
@pytest.mark.parametrize(
    "close",
    [
        lambda complaint, bo: lifecycle.resolve(complaint, by=bo, result="We changed the lamp."),
        lambda complaint, bo: lifecycle.decline(
            complaint, by=bo, reason="Not ours.", remedy="Ask the owner."
        ),
        lambda complaint, _bo: lifecycle.withdraw(complaint),
    ],
)
def test_closing_the_report_withdraws_the_open_questions_and_leaves_the_answered(city, close, status):
    bo, complaint = an_official(), a_complaint(status)
    answered, opened = a_subtask(complaint, by=bo, to=ELSEWHERE), a_subtask(complaint, by=bo)
    subtasks.reply(complaint, answered, by=an_official("Eve", department=ELSEWHERE), words="No.")

    closing = close(complaint, bo)

    assert (opened.withdrawn_at, answered.withdrawn_at) == (MONDAY, None)
    kinds = [event.kind for event in history.of(complaint)][-2:]
    assert kinds == [EventKind.CONTRIBUTION_WITHDRAWN, closing.kind]


def test_a_transfer_leaves_the_questions_but_the_one_to_the_new_lead(city):
    bo, complaint = an_official(), a_complaint()
    to_new_lead, to_other = a_subtask(complaint, by=bo), a_subtask(complaint, by=bo, to=ELSEWHERE)

    handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is a drain.")

    assert (to_new_lead.is_open, to_other.is_open) == (False, True)
    assert history.of(complaint)[-1].kind is EventKind.TRANSFERRED


def test_who_was_asked_reads_the_report_and_cannot_act_on_it(city):
    bo, chi, complaint = an_official(), an_official("Chi", department=DRAINAGE), a_complaint()
    complaint.is_public = False
    with pytest.raises(NotFound):
        visibility.for_official(chi).one(complaint.reference)

    subtask = a_subtask(complaint, by=bo)

    assert visibility.for_official(chi).one(complaint.reference) is complaint
    assert visibility.for_contribution(chi).one(complaint.reference) is complaint
    for other in (visibility.for_action(chi), visibility.for_contribution(bo)):
        with pytest.raises(NotFound):
            other.one(complaint.reference)
    stranger = an_official("Eve", department=ELSEWHERE)
    with pytest.raises(NotFound):
        visibility.for_official(stranger).one(complaint.reference)

    subtasks.withdraw(complaint, subtask, by=bo, reason="We found the plan.")

    assert visibility.for_official(chi).one(complaint.reference) is complaint


def test_who_looks_after_the_city_may_answer_in_place_of_a_department(city):
    dee, complaint = an_official("Dee", role=Role.COORDINATOR), a_complaint()

    assert visibility.for_contribution(dee).one(complaint.reference) is complaint


@pytest.mark.parametrize(
    ("status", "now", "may"),
    [
        (Status.RECEIVED, MONDAY, True),
        (Status.WAITING, MONDAY, True),
        (Status.RESOLVED, MONDAY, False),
        (Status.RECEIVED, THURSDAY, True),
    ],
)
def test_asking_is_offered_while_the_report_is_open_and_overdue_too(city, status, now, may):
    complaint = a_complaint(status)

    with clock.standing_at(now):
        assert subtasks.may_be_asked(complaint) is may


def test_putting_off_is_offered_once_in_time_and_where_there_is_room(city):
    bo, complaint = an_official(), a_complaint()
    roomy, full = a_subtask(complaint, by=bo), a_subtask(complaint, by=bo, to=ELSEWHERE, reply_by=THURSDAY)

    assert subtasks.may_be_extended(complaint, roomy)
    assert not subtasks.may_be_extended(complaint, full)
    with clock.standing_at(later(days=2)):
        assert not subtasks.may_be_extended(complaint, roomy)
    subtasks.extend(
        complaint, roomy, by=bo, reply_by=ReplyDate(later(days=2)), reason="The duct is under water."
    )
    assert not subtasks.may_be_extended(complaint, roomy)
