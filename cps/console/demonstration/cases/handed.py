"""What goes between departments, and what a citizen objects to for the second time."""

from datetime import timedelta

from cps.complaints import handovers, reopening, reply_dates, subtasks
from cps.complaints.models import Complaint
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.status import Handover
from cps.console.demonstration.cases.stage import Desk, Look, Stage
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person


def returned(stage: Stage) -> None:
    """Send one report to another department, which returns it."""
    complaint = stage.file(stage.usual(), since=16)
    _send(stage, complaint, stage.home, stage.other, since=14)
    _give_back(stage, complaint, stage.other, since=5)


def offered(stage: Stage) -> None:
    """Get one report from another department; it waits to be accepted."""
    complaint = _of_the_other(stage, since=10)
    if complaint is not None:
        _send(stage, complaint, stage.other, stage.home, since=4)


def disputed(stage: Stage) -> None:
    """Let departments disagree about one report that the coordinator is to decide, and about one that is decided."""
    _disagree(stage, since=22)
    decided = _disagree(stage, since=70)
    with stage.before(45):
        handovers.transfer(
            decided, to=stage.home.department, by=stage.coordinator, reason=stage.cases.decision
        )
    stage.resolve(stage.take_on(decided, since=43), since=38)


def consulted(stage: Stage) -> None:
    """Ask another department, and be asked by it; both replies are due soon."""
    own = stage.take_on(stage.file(stage.usual(), since=9, contact=stage.somebody()), since=8)
    _ask(stage, own, to=stage.other, by=stage.home.officer, since=6)
    stage.looks.append(Look(5, own, stage.home.officer, stage.cases.reveals[0]))
    theirs = _of_the_other(stage, since=12)
    if theirs is not None:
        _ask(stage, theirs, to=stage.home, by=stage.other.officer, since=7)


def objected_twice(stage: Stage) -> None:
    """Resolve one report twice, and have it sent back twice: the auditor looks at it."""
    complaint = stage.file(stage.usual(), since=96, contact=stage.somebody())
    for since, back in ((94, 74), (64, 8)):
        stage.resolve(stage.take_on(complaint, since=since), since=since - 8)
        with stage.before(back):
            reopening.reopen(complaint, words=stage.say(stage.book.reopenings))
    stage.looks.append(Look(3, complaint, stage.coordinator, stage.cases.reveals[0]))


def shown_afterwards(stage: Stage) -> None:
    """Give the officer what is put right only with a photo of the place; another department may have had it first."""
    city, home = stage.city, stage.home
    kinds = [one for one in city.profile.categories if city.profile.asks.of(one.code).shows_result]
    for category in kinds[:1]:
        for n in (14, 9):
            complaint = stage.file(
                stage.usual(category), since=n, category=category, contact=stage.somebody()
            )
            if complaint.department_id != home.department.id:
                by = stage.lead_of(complaint.department_id)
                with stage.before(n - 1):
                    handovers.transfer(
                        complaint, to=home.department, by=by, reason=stage.say(stage.book.to_city)
                    )
                with stage.before(n - 2):
                    handovers.accept(complaint, by=home.head)
            stage.take_on(complaint, since=n - 3)
        stage.looks.append(Look(2, complaint, home.officer, stage.cases.reveals[1]))


def _disagree(stage: Stage, *, since: float) -> Complaint:
    """Send one report there and back until somebody has to decide."""
    complaint = stage.file(stage.usual(), since=since)
    while complaint.handover is not Handover.DISPUTED:
        since -= 4
        _send(stage, complaint, stage.home, stage.other, since=since)
        since -= 4
        _give_back(stage, complaint, stage.other, since=since)
    return complaint


def _send(stage: Stage, complaint: Complaint, sender: Desk, to: Desk, *, since: float) -> None:
    with stage.before(since):
        handovers.transfer(complaint, to=to.department, by=sender.head, reason=stage.say(stage.book.to_city))


def _give_back(stage: Stage, complaint: Complaint, desk: Desk, *, since: float) -> None:
    with stage.before(since):
        handovers.give_back(complaint, by=desk.head, reason=stage.say(stage.book.returns))


def _of_the_other(stage: Stage, *, since: float) -> Complaint | None:
    category = stage.kind_of(stage.other.department)
    if category is None:
        return None
    return stage.file(stage.usual(category), since=since, category=category)


def _ask(stage: Stage, complaint: Complaint, *, to: Desk, by: Person, since: float) -> None:
    with stage.before(since):
        reply_by = reply_dates.after_working_days(1, since=clock.now())
        until = reply_dates.room(complaint).until
        if reply_by.moment > until:
            reply_by = ReplyDate(until - timedelta(minutes=30))
        question = stage.say(stage.book.consultations)
        subtasks.ask(complaint, to=to.department, by=by, question=question, reply_by=reply_by)
        db.session.flush()
