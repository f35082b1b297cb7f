"""What citizens report so that officials see it together: the same problem twice, at once, again, and once more."""

from collections.abc import Sequence
from datetime import date, timedelta

from cps.complaints import alarms, joining, lifecycle, merging, scheduling
from cps.console.demonstration.cases.stage import Stage

_MINUTE = 60


def alike(stage: Stage) -> None:
    """Report one problem twice, by different people and within some hours; nobody has looked yet."""
    place = stage.somewhere()
    first, second = stage.words.pair
    stage.file(first, since=6, place=place, contact=stage.somebody())
    stage.file(second, since=3, place=stage.beside(place, 1))


def urgent(stage: Stage) -> None:
    """Report what sounds dangerous, what only uses the word, and one thing by three people within a quarter of an hour."""
    now = stage.scene.now
    harmless = stage.file(stage.words.harmless, since=12)
    with stage.before(11):
        alarms.calm(harmless, by=stage.home.head)
    stage.take_on(harmless, since=10)
    stage.file(stage.words.danger, at=now - 40 * _MINUTE, contact=stage.somebody())
    place = stage.somewhere()
    for steps, (minutes, words) in enumerate(zip((27, 21, 13), stage.words.crowd, strict=True)):
        contact = stage.somebody() if steps else None
        stage.file(words, at=now - minutes * _MINUTE, place=stage.beside(place, steps), contact=contact)


def merged(stage: Stage) -> None:
    """Merge one report into another, and one by mistake, which is taken out again; somebody joins and leaves."""
    place = stage.somewhere()
    words = stage.words.merged
    lead, same, other = (
        stage.file(one, since=21 - n, place=stage.beside(place, n), contact=stage.somebody())
        for n, one in enumerate(words)
    )
    stage.take_on(lead, since=18)
    officer = stage.home.officer
    with stage.before(16):
        merging.merge(same, into=lead, by=officer)
    with stage.before(15):
        merging.merge(other, into=lead, by=officer)
    with stage.before(14):
        merging.part(other, by=officer)
    for n in (13, 12):
        with stage.before(n):
            joined = joining.join(lead, key=stage.key(), contact=stage.somebody(), language=stage.language)
    with stage.before(7):
        joining.leave(joined)


def said_before(stage: Stage) -> None:
    """Report the same three times by one person, who was answered twice."""
    place, contact = stage.somewhere(), stage.somebody()
    first, second, third = stage.words.again
    for words, since in ((first, 150), (second, 90)):
        complaint = stage.file(words, since=since, place=place, contact=contact)
        stage.resolve(stage.take_on(complaint, since=since - 3), since=since - 10)
    stage.take_on(stage.file(third, since=5, place=place, contact=contact), since=4)


def coming_back(stage: Stage) -> None:
    """Report one problem at its place again and again; the last one is open."""
    place = stage.somewhere()
    *before, last = stage.words.sore
    for words, since in zip(before, (300, 190, 80), strict=True):
        complaint = stage.file(words, since=since, place=place)
        stage.resolve(stage.take_on(complaint, since=since - 2), since=since - 9)
    stage.file(last, since=7, place=place)


def planned(stage: Stage) -> None:
    """Plan a day that comes, two days that come, and one that is over without anything done."""
    officer = stage.home.officer
    for since, note, length in ((7, stage.cases.visit, 1), (8, stage.cases.works, 2)):
        complaint = stage.take_on(stage.file(stage.usual(), since=since), since=since - 1, is_begun=False)
        due = int(complaint.due_at.timestamp())
        days = [day for day in _working_days(stage) if day <= stage.day_of(due)][:length]
        if days:
            with stage.before(since - 2):
                scheduling.plan(complaint, by=officer, first=days[0], last=days[-1], note=note)
    missed = stage.take_on(stage.file(stage.usual(), since=40, contact=stage.somebody()), since=38)
    day = stage.day_of(stage.ago(20))
    with stage.before(37):
        scheduling.plan(missed, by=officer, first=day, last=day, note=stage.cases.visit)
    heard = scheduling.missed_at(day, (), stage.city.profile.calendar)
    if heard is not None and heard.timestamp() <= stage.scene.now:
        with stage.at(int(heard.timestamp())):
            scheduling.tell_missed(missed)


def due_today(stage: Stage) -> None:
    """Report what is due today, if anything that came in lately can be: the offices are open, and not about to close."""
    scene = stage.scene
    subject = next(one for one in scene.subjects if one.code == stage.kind.code)
    for since in range(8, 120):
        due = scene.due(subject, stage.ago(since))
        if due > scene.now and stage.day_of(due) == stage.today:
            complaint = stage.file(stage.usual(), since=since, contact=stage.somebody())
            stage.take_on(complaint, since=since - 3)
            return


def asked(stage: Stage) -> None:
    """Ask a citizen something; the answer has not come."""
    complaint = stage.take_on(stage.file(stage.usual(), since=11, contact=stage.somebody()), since=9)
    with stage.before(6):
        lifecycle.ask(complaint, by=stage.home.officer, question=stage.book.questions[0])


def _working_days(stage: Stage) -> Sequence[date]:
    """Return the next days on which the offices are open, after today."""
    calendar = stage.city.profile.calendar
    days = [stage.today + timedelta(days=n) for n in range(1, 11)]
    return [day for day in days if calendar.hours_of(day)]
