"""Sub-tasks: the lead asks another department to contribute, by a date within its own deadline if that is not over.

The lead stays the owner; who was asked acts on its sub-task and on nothing else. Question and reply stand
in the sub-task; that somebody was asked is told to citizens, everything else is internal. Events say which
officials hear of it by mail. Source of the rules: Korea's Civil Petitions Treatment Act, Enforcement Decree,
Article 20.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import joinedload

from cps.city.models import Department
from cps.complaints import escalation, history, reply_dates
from cps.complaints.attached import IS_ASKED, Subtask
from cps.complaints.escalation import Listeners
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.reply_dates import ReplyDate
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person


def ask(complaint: Complaint, *, to: Department, by: Person, question: str, reply_by: ReplyDate) -> Event:
    """Ask a department for its contribution; `reply_by` lies between now and the end of `reply_dates.room`."""
    if not complaint.status.is_open:
        raise Refused(_("This report is closed: no department can be asked about it."))
    faults = _faults_of_asking(complaint, to) | reply_dates.faults(complaint, reply_by.moment)
    if not question.strip():
        faults["question"] = _("Write what the department is asked for.")
    if faults:
        raise Invalid(faults)
    subtask = Subtask(
        complaint_id=complaint.id,
        department=to,
        question=question,
        asked_by=by,
        asked_at=clock.now(),
        reply_by=reply_by.moment,
        extension_reason="",
        reply="",
    )
    db.session.add(subtask)
    db.session.flush()
    details = {
        "reply_by": reply_by.moment.isoformat(),
        **reply_dates.as_details(reply_by, complaint),
        **_but(by, escalation.heads_of(to)).as_details(),
    }
    return _record(complaint, subtask, EventKind.CONTRIBUTION_ASKED, by=by, details=details)


def reply(complaint: Complaint, subtask: Subtask, *, by: Person, words: str) -> Event:
    """Give the contribution that was asked for; late is better than never."""
    _require_open(subtask)
    if not words.strip():
        raise Invalid({"reply": _("Write the reply.")})
    subtask.reply = words
    subtask.replied_by = by
    subtask.replied_at = clock.now()
    details = _but(by, _who_asked(complaint, subtask)).as_details()
    return _record(complaint, subtask, EventKind.CONTRIBUTED, by=by, note=words, details=details)


def extend(complaint: Complaint, subtask: Subtask, *, by: Person, reply_by: ReplyDate, reason: str) -> Event:
    """Put the reply off, once, before it is due and not beyond the end of `reply_dates.room`."""
    _require_open(subtask)
    if subtask.extended_at is not None:
        raise Refused(_("This reply was put off once already."))
    if clock.now() > subtask.reply_by:
        raise Refused(_("The reply was due already. It can only be put off before."))
    faults = reply_dates.faults(complaint, reply_by.moment)
    if not faults and reply_by.moment <= subtask.reply_by:
        faults["reply_by"] = _("Choose a later day than the present one.")
    if not reason.strip():
        faults["reason"] = _("Write why it takes longer.")
    if faults:
        raise Invalid(faults)
    details = {
        "old": subtask.reply_by.isoformat(),
        "new": reply_by.moment.isoformat(),
        **reply_dates.as_details(reply_by, complaint),
    }
    subtask.reply_by = reply_by.moment
    subtask.extended_at = clock.now()
    subtask.extension_reason = reason
    return _record(complaint, subtask, EventKind.CONTRIBUTION_EXTENDED, by=by, note=reason, details=details)


def withdraw(complaint: Complaint, subtask: Subtask, *, by: Person, reason: str) -> Event:
    """Take the question back: the department owes nothing any more."""
    _require_open(subtask)
    if not reason.strip():
        raise Invalid({"reason": _("Write why the reply is no longer needed.")})
    return _withdraw(complaint, subtask, by=by, reason=reason)


def withdraw_open(complaint: Complaint, *, by: Person | None, of: int | None = None) -> list[int]:
    """Take back what nobody needs any more: all open questions, or those to the department with the number `of`.

    Returns their numbers.
    """
    asked = select(Subtask).where(Subtask.complaint_id == complaint.id, IS_ASKED).order_by(Subtask.id)
    if of is not None:
        asked = asked.where(Subtask.department_id == of)
    found = db.session.scalars(asked).all()
    for subtask in found:
        _withdraw(complaint, subtask, by=by, reason="")
    return [subtask.id for subtask in found]


def ask_again(complaint: Complaint, numbers: Sequence[int], *, by: Person | None) -> None:
    """Ask what was taken back with a report that is open again, by the same date; who is asked hears of it."""
    withdrawn = select(Subtask).where(Subtask.id.in_(numbers), Subtask.complaint_id == complaint.id)
    for subtask in db.session.scalars(withdrawn.order_by(Subtask.id)).all():
        subtask.withdrawn_at = None
        listeners = escalation.heads_of(subtask.department)
        told = listeners if by is None else _but(by, listeners)
        details = {"reply_by": subtask.reply_by.isoformat(), **told.as_details()}
        _record(complaint, subtask, EventKind.CONTRIBUTION_ASKED, by=by, details=details)


def of_complaint(complaint: Complaint) -> Sequence[Subtask]:
    """Return everything other departments were asked about the complaint, latest first."""
    return db.session.scalars(_asked_about(complaint).order_by(Subtask.id.desc())).all()


def open_one(complaint: Complaint, department: str) -> Subtask:
    """Return the open question to the department with this code; raise Refused if there is none."""
    asked = _asked_about(complaint).join(Subtask.department).where(Department.code == department, IS_ASKED)
    found: Subtask | None = db.session.scalar(asked)
    if found is None:
        raise Refused(_("This question is answered or withdrawn already."))
    return found


def may_be_asked(complaint: Complaint) -> bool:
    """Whether another department can be asked now, as far as the complaint itself says; also when it is overdue."""
    return complaint.status.is_open


def may_be_extended(complaint: Complaint, subtask: Subtask) -> bool:
    """Whether the reply can be put off now."""
    has_room = clock.now() <= subtask.reply_by < reply_dates.room(complaint).until
    return subtask.is_open and subtask.extended_at is None and has_room


def _faults_of_asking(complaint: Complaint, to: Department) -> dict[str, Text]:
    if to.id == complaint.department_id:
        return {"department": _("The report is already with this department.")}
    asked = select(Subtask.id).where(
        Subtask.complaint_id == complaint.id, Subtask.department_id == to.id, IS_ASKED
    )
    if db.session.scalar(asked) is not None:
        return {"department": _("This department has not answered the last question yet.")}
    return {}


def _who_asked(complaint: Complaint, subtask: Subtask) -> Listeners:
    """Return who hears of the reply: who asked, and who handles the report; else as for a late report."""
    return escalation.of_officials([subtask.asked_by, complaint.assignee], complaint.department)


def _but(by: Person, told: Listeners) -> Listeners:
    """Leave out whoever does it: they know."""
    return told.without([Listeners((by.id,))])


def _require_open(subtask: Subtask) -> None:
    if not subtask.is_open:
        raise Refused(_("This question is answered or withdrawn already."))


def _withdraw(complaint: Complaint, subtask: Subtask, *, by: Person | None, reason: str) -> Event:
    subtask.withdrawn_at = clock.now()
    return _record(complaint, subtask, EventKind.CONTRIBUTION_WITHDRAWN, by=by, note=reason)


def _record(
    complaint: Complaint,
    subtask: Subtask,
    kind: EventKind,
    *,
    by: Person | None,
    note: str = "",
    details: dict[str, Any] | None = None,
) -> Event:
    return history.record(
        complaint,
        kind,
        by=by,
        at=clock.now(),
        note=note,
        is_internal=kind is not EventKind.CONTRIBUTION_ASKED,
        details={"department": subtask.department_id, **(details or {})},
    )


def _asked_about(complaint: Complaint) -> Select[Subtask]:
    return (
        select(Subtask)
        .where(Subtask.complaint_id == complaint.id)
        .options(joinedload(Subtask.department), joinedload(Subtask.asked_by))
        .options(joinedload(Subtask.replied_by))
    )
