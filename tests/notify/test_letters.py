"""Letters: the city's own words, filled once, in the reader's language."""

from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select

from cps.city.letters.words import default_words
from cps.city.queries import in_force
from cps.complaints import extending, handovers, history, lifecycle, pausing, tracking, waits
from cps.complaints.kinds import EventKind
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.dates import OtherCalendar
from cps.kernel.db import db
from cps.notify import audience, letters, tasks
from cps.notify.models import Message
from tests.makers import DRAINAGE, HANOI, a_complaint, a_department, an_official, later
from tests.rounds import OBJECTION


def test_the_receipt_names_number_department_date_and_link(city):
    complaint = a_complaint()

    letter = letters.written("received", _last(complaint), language="vi")

    assert complaint.reference in letter.body
    assert "Hapulico" in letter.body
    assert tracking.secret_for(complaint.submission_key) in letter.body
    assert "{" not in letter.subject + letter.body
    assert "/2030" in letter.body


def test_a_letter_speaks_the_language_it_is_asked_for(city):
    complaint = a_complaint(language="en")

    english = letters.written("received", _last(complaint), language="en")
    vietnamese = letters.written("received", _last(complaint), language="vi")

    assert "January 2030" in english.body
    assert "Mã phản ánh" in vietnamese.body


def test_a_letter_writes_its_days_in_the_calendars_of_the_city(city, monkeypatch):
    event = _last(a_complaint(language="en"))
    there = in_force()
    changed = replace(there, profile=replace(there.profile, dates=(OtherCalendar.BIKRAM_SAMBAT,)))
    monkeypatch.setattr(letters, "in_force", lambda: changed)

    letter = letters.written("received", event, language="en")

    assert "by 26 Poush 2086 (10 January 2030)" in letter.body


def test_what_an_official_types_is_never_read_as_a_template(city):
    bo, complaint = an_official(), a_complaint(Status.IN_PROGRESS)
    lifecycle.resolve(complaint, by=bo, result="We left {link} and {{7*7}} and {reason.__class__} alone.")

    letter = letters.written("resolved", _last(complaint), language="en")

    assert "We left {link} and {{7*7}} and {reason.__class__} alone." in letter.body


def test_a_transfer_letter_names_the_new_department_and_the_reason(city):
    bo, complaint = an_official(), a_complaint(language="en")
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is a drain.")

    letter = letters.written("transferred", _last(complaint), language="en")

    assert "It is a drain." in letter.body
    assert history.of(complaint)[-1].department.names["en"] in letter.body


def letters_to_ana(complaint):
    """Write every letter about the complaint, twice, and return the kinds of news that Ana got, oldest first."""
    events = history.of(complaint)
    for _announcement in range(2):
        tasks.write([event.id for event in events])
    written = db.session.scalars(select(Message).where(Message.address == "ana@citizen.example")).all()
    subjects = {message.event_id: message for message in written}
    assert len(subjects) == len(written)
    return [(event.kind, subjects[event.id].body) for event in events if event.id in subjects]


def paused(by):
    complaint = a_complaint(Status.IN_PROGRESS, by=by, language="en")
    pausing.pause(complaint, by=by, cause="inspection", reason="We look at it.")
    return complaint


@pytest.mark.parametrize("way", ["by hand", "by itself", "by an answer", "without an answer"])
def test_the_end_of_a_pause_is_told_once_with_the_new_date(city, way):
    bo = an_official()
    if way in ("by hand", "by itself"):
        complaint = paused(bo)
    else:
        complaint = a_complaint(Status.WAITING, by=bo, language="en")
    db.session.commit()

    with clock.standing_at(later(days=2) if way in ("by hand", "by an answer") else later(days=30)):
        if way == "by hand":
            pausing.go_on(complaint, by=bo)
        elif way == "by an answer":
            lifecycle.answer(complaint, words="The left one.")
        else:
            waits.end_waits(0)
            waits.end_waits(0)
    told = letters_to_ana(complaint)
    extending.extend(complaint, by=bo, count=1, reason="Rain.")  # what it says stays what it was then

    assert [kind for kind, _body in told].count(told[-1][0]) == 1
    assert told[-1][0] is (EventKind.ANSWERED if way == "by an answer" else EventKind.RESUMED)
    new = datetime.fromisoformat(history.of(complaint)[-2].details["new"]).astimezone(HANOI)
    assert f"runs again. Promised date: {new.day} {new:%B} 2030." in told[-1][1]


@pytest.mark.parametrize(
    ("end", "kind"),
    [
        (lambda complaint, bo: lifecycle.resolve(complaint, by=bo, result="Done."), EventKind.RESOLVED),
        (lambda complaint, bo: lifecycle.ask(complaint, by=bo, question="Where?"), EventKind.ASKED),
        (
            lambda complaint, bo: handovers.transfer(
                complaint, to=a_department(DRAINAGE), by=bo, reason="A drain."
            ),
            EventKind.TRANSFERRED,
        ),
    ],
)
def test_a_pause_that_ends_with_other_news_is_told_by_its_letter_alone(city, end, kind):
    bo = an_official()
    complaint = paused(bo)

    end(complaint, bo)

    kinds = [told for told, _body in letters_to_ana(complaint)]
    assert kinds[kinds.index(EventKind.PAUSED) :] == [EventKind.PAUSED, kind]


def test_a_return_is_told_with_where_the_report_is_now(city):
    bo, chi, complaint = an_official(), an_official("Chi", department=DRAINAGE), a_complaint(language="en")
    handovers.transfer(complaint, to=a_department(DRAINAGE), by=bo, reason="It is a drain.")
    handovers.give_back(complaint, by=chi, reason="It is a lamp.")

    letter = letters.written("returned", _last(complaint), language="en")

    assert "It is a lamp." in letter.body
    assert "Hanoi Street Lighting (Hapulico)" in letter.body


def test_a_pause_is_told_with_its_reason(city):
    bo = an_official()
    complaint = a_complaint(Status.IN_PROGRESS, by=bo, language="en")
    pausing.pause(complaint, by=bo, cause="inspection", reason="We look at the pole.")

    letter = letters.written("paused", _last(complaint), language="en")

    assert "stands still for now. Reason: We look at the pole." in letter.body
    assert audience.letter_to_reporter(EventKind.PAUSED, is_internal=False) == "paused"


@pytest.mark.parametrize("language", ["vi", "en"])
def test_a_kind_that_the_loaded_city_has_no_words_for_is_told_in_default_words(city, monkeypatch, language):
    bo = an_official()
    complaint = a_complaint(Status.IN_PROGRESS, by=bo, language=language)
    pausing.pause(complaint, by=bo, cause="inspection", reason="We look at the pole.")
    _without_words_for("paused", monkeypatch)

    tasks.write([_last(complaint).id])

    message = db.session.scalars(select(Message).where(Message.event_id == _last(complaint).id)).one()
    assert message.language == language
    assert message.subject == default_words(language)["paused"].subject.replace("{no}", complaint.reference)
    assert "We look at the pole." in message.body
    assert "{" not in message.body


@pytest.mark.parametrize(
    ("kind", "details", "letter"),
    [
        (EventKind.TRANSFERRED, {"from": 1}, "transferred"),
        (EventKind.TRANSFERRED, {"from": 1, "is_outside": True}, "transferred_outside"),
        (EventKind.RETURNED, {"from": 1}, "returned"),
        (EventKind.RETURNED, {"from": 1, "is_outside": True}, "returned"),
        (EventKind.DECIDED, {"from": 1}, "transferred"),
        (EventKind.DECIDED, {"from": 1, "is_outside": True}, "transferred_outside"),
        (EventKind.DECIDED, {}, None),
        (EventKind.ACCEPTED, {}, None),
    ],
)
def test_the_citizen_hears_of_what_moves(kind, details, letter):
    assert audience.letter_to_reporter(kind, is_internal=False, details=details) == letter


@pytest.mark.parametrize("kind", [EventKind.ASSIGNED, EventKind.RECOUNTED])
def test_some_events_are_the_citys_own_affair(kind):
    assert audience.letter_to_reporter(kind, is_internal=False) is None


def test_nothing_internal_is_ever_told():
    assert not [kind for kind in EventKind if audience.letter_to_reporter(kind, is_internal=True)]


@pytest.fixture
def with_objection(monkeypatch):
    """The letter of refusal, with the objection in a paragraph of its own."""
    there = in_force()
    declined = replace(there.profile.letters["declined"]["en"], body="No: {reason}\n\n{objection}\n\nBye")
    kinds = {
        **there.profile.letters,
        "declined": {"en": declined, "vi": declined},
        "resolved": {"en": declined},
    }
    changed = replace(there, profile=replace(there.profile, letters=kinds))
    monkeypatch.setattr(letters, "in_force", lambda: changed)


def test_a_refusal_says_how_to_object_in_a_paragraph_of_its_own(city, with_objection, clocks):
    clocks(objection=OBJECTION)
    event = _last(a_complaint(Status.DECLINED))

    letter = letters.written("declined", event, language="en")

    before, objection, after = letter.body.split("\n\n")
    assert before.startswith("No: ")
    assert objection.startswith("If you disagree, you can object until 8 March 2030.")
    assert after == "Bye\n"


def test_without_objections_the_paragraph_goes_with_its_empty_line(city, with_objection):
    event = _last(a_complaint(Status.DECLINED))

    letter = letters.written("declined", event, language="en")

    assert letter.body == f"No: {event.note}\n\nBye\n"


def test_only_a_refusal_can_be_objected_to(city, with_objection, clocks):
    clocks(objection=OBJECTION)
    event = _last(a_complaint(Status.RESOLVED))

    letter = letters.written("resolved", event, language="en")

    assert "object" not in letter.body


def _without_words_for(kind, monkeypatch):
    """Let the city in force be one that was loaded before there was this kind of letter."""
    there = in_force()
    kinds = {name: texts for name, texts in there.profile.letters.items() if name != kind}
    changed = replace(there, profile=replace(there.profile, letters=kinds))
    monkeypatch.setattr(letters, "in_force", lambda: changed)


def _last(complaint):
    db.session.flush()
    return history.of(complaint)[-1]
