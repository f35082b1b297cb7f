"""What is set aside to be judged, and what is marked as abusive towards staff."""

from cps.complaints import flags, lifecycle, quarantine
from cps.complaints.models import Complaint
from cps.complaints.quarantine import Cause
from cps.console.demonstration.cases.stage import Stage
from cps.console.demonstration.wording.cases.casebook import Set

_HOUR = 3600


def set_aside(stage: Stage) -> None:
    """Set aside what waits to be judged: by the officer, by the head, and by itself as it came three times."""
    officer, head = stage.home.officer, stage.home.head
    spam = stage.file(stage.cases.spam.words, since=4)
    private = stage.file(stage.cases.private.words, since=9)
    for complaint, one, cause, by, since in (
        (private, stage.cases.private, Cause.PRIVACY, head, 6),
        (spam, stage.cases.spam, Cause.SPAM, officer, 2),
    ):
        stage.unseen.add(complaint.id)
        with stage.before(since):
            quarantine.set_aside(complaint, by=by, cause=cause, reason=one.reason)
    place, contact = stage.somewhere(), stage.somebody()
    for since in (7, 5, 3):
        at = stage.scene.now - since * _HOUR
        stage.unseen.add(stage.file(stage.cases.repeated, at=at, place=place, contact=contact).id)


def judged(stage: Stage) -> None:
    """Let one report in again that was set aside, and decline another."""
    head = stage.home.head
    doubted = _aside(stage, stage.cases.doubted, Cause.FALSE, since=22)
    with stage.before(20):
        quarantine.let_in(doubted, by=head)
    stage.resolve(stage.take_on(doubted, since=19), since=15)
    test = _aside(stage, stage.cases.test, Cause.SPAM, since=30)
    reason, remedy = stage.cases.refusal
    with stage.before(28):
        lifecycle.decline(test, by=head, reason=reason, remedy=remedy)


def marked(stage: Stage) -> None:
    """Mark one report as abusive towards staff, which is worked on as ever; take another mark away."""
    officer, head = stage.home.officer, stage.home.head
    rude = stage.take_on(stage.file(stage.words.rude, since=13, contact=stage.somebody()), since=12)
    with stage.before(10):
        flags.flag(rude, by=officer, reason=stage.cases.flag)
    angry = stage.take_on(stage.file(stage.cases.milder, since=54, contact=stage.somebody()), since=52)
    with stage.before(50):
        flags.flag(angry, by=officer, reason=stage.cases.flag)
    with stage.before(48):
        flags.unflag(angry, by=head, reason=stage.cases.unflag)
    stage.resolve(angry, since=44)


def _aside(stage: Stage, one: Set, cause: Cause, *, since: float) -> Complaint:
    complaint = stage.file(one.words, since=since)
    stage.unseen.add(complaint.id)
    with stage.before(since - 1):
        quarantine.set_aside(complaint, by=stage.home.officer, cause=cause, reason=one.reason)
    return complaint
