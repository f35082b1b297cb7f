"""The made-up city in the database: the same rows the verbs would have written."""

from datetime import datetime, timedelta
from random import Random

import pytest
from sqlalchemy import func, select, text

from cps.city.models import Department
from cps.city.queries import in_force
from cps.complaints import (
    additions,
    evidence,
    extending,
    filing,
    handovers,
    history,
    joining,
    lifecycle,
    pausing,
    priorities,
    ratings,
    recurring_finding,
    reopening,
    subtasks,
    tracking,
)
from cps.complaints.attached import Subtask
from cps.complaints.filing import Report
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.complaints.recurring import RecurringProblem, Standing
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.reporters import Contact
from cps.console.demonstration import accounts, generate, officials
from cps.console.demonstration.arrivals import Weather, counts, reports
from cps.console.demonstration.asked import Asked
from cps.console.demonstration.bare import bare
from cps.console.demonstration.copying import TABLES
from cps.console.demonstration.grounds import wards_of
from cps.console.demonstration.life import live
from cps.console.demonstration.office import moment_of
from cps.console.demonstration.scene import Ids, Scene, scene_of
from cps.console.demonstration.standing import Happening
from cps.console.demonstration.state import Life
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db, driver_connection
from cps.kernel.references import canonical, reference
from cps.people import signin
from cps.people.models import Person, Role
from cps.photos import album
from cps.photos.models import Photo, Purpose, State
from cps.routing.route import router_of
from tests import truths
from tests.console.demonstration.test_life import NOT_IN_A_LIFE
from tests.makers import MONDAY, a_complaint, a_key

COUNT = 300

# Beside what is true of every city.
UNTRUE = {
    "closed but open": "SELECT id FROM complaint WHERE (closed_at IS NULL) <> "
    "(status IN ('received', 'assigned', 'in_progress', 'waiting'))",
    "waiting since never": "SELECT id FROM complaint WHERE (waiting_since IS NOT NULL) <> (status = 'waiting')",
    "closed at another time": "SELECT id FROM complaint c WHERE closed_at <> (SELECT max(at) FROM event "
    "WHERE complaint_id = c.id AND kind IN ('resolved', 'declined', 'withdrawn'))",
    "joined by others than are counted": "SELECT id FROM complaint c WHERE joined <> "
    "(SELECT count(DISTINCT identity) FROM joining WHERE complaint_id = c.id)",
    "handled by strangers": "SELECT c.id FROM complaint c JOIN person p ON p.id = assignee_id "
    "WHERE p.department_id <> c.department_id OR NOT p.is_active",
    "asked too late": "SELECT s.id FROM subtask s JOIN complaint c ON c.id = s.complaint_id "
    "WHERE s.reply_by > c.due_at OR s.reply_by <= s.asked_at",
    "asked itself": "SELECT s.id FROM subtask s JOIN event e USING (complaint_id) "
    "WHERE e.kind = 'contribution_asked' AND e.at = s.asked_at AND e.department_id = s.department_id",
    "not marked as demo": "SELECT id FROM complaint WHERE NOT is_demo",
    "nowhere": "SELECT id FROM complaint WHERE area_id IS NULL AND landmark = '' AND latitude IS NULL",
    "a job for the past": "SELECT id FROM procrastinate_jobs",
    "a letter for the past": "SELECT id FROM message",
}


@pytest.fixture
def made_up(city):
    generate(COUNT, seed=3, now=MONDAY)
    db.session.commit()
    return city


def test_no_row_is_untrue(made_up):
    assert truths.untrue(UNTRUE) == {}


def test_all_complaints_are_there_under_their_own_numbers(made_up):
    complaints = db.session.scalars(select(Complaint).order_by(Complaint.id)).all()
    key = in_force().reference_key

    assert len(complaints) == COUNT
    for complaint in complaints:
        assert complaint.reference == reference(complaint.id, key) == canonical(complaint.reference)


def test_the_next_citizen_gets_the_next_number(made_up):
    last = db.session.scalar(select(func.max(Complaint.id)))

    assert a_complaint().id == last + 1


def test_a_tracking_link_opens_its_complaint(made_up):
    complaint = db.session.scalars(select(Complaint).limit(1)).one()

    assert tracking.complaint_with(tracking.secret_for(complaint.submission_key)) is complaint


def test_each_point_lies_in_its_area(made_up):
    city = in_force()
    for complaint in db.session.scalars(select(Complaint).where(Complaint.latitude.is_not(None))):
        assert city.area_map.containing(complaint.point) == city.area_codes[complaint.area_id]


def test_pictures_are_ready_and_those_of_afterwards_belong_to_what_is_resolved(made_up):
    photos = db.session.scalars(select(Photo)).all()

    assert {photo.purpose for photo in photos} == {Purpose.BEFORE, Purpose.AFTER}
    assert len(photos) <= 400
    for photo in photos:
        assert photo.state is State.READY
        assert all(album.storage().has(key) for key in (photo.original, photo.large, photo.small))
    shown = {photo.complaint_id for photo in photos if photo.purpose is Purpose.AFTER}
    closed = db.session.scalars(select(Complaint.status).where(Complaint.id.in_(shown)))
    assert set(closed) == {"resolved"}


def test_more_can_be_made_up_later(made_up):
    generate(20, seed=4, now=MONDAY + timedelta(days=1))
    db.session.commit()

    assert db.session.scalar(select(func.count()).select_from(Complaint)) == COUNT + 20


def test_bare_tables_are_dressed_again_exactly(city):
    before = _dress()

    with bare(driver_connection(), TABLES):
        naked = _dress()

    assert len(naked) < len(before)
    assert _dress() == before


def test_officials_can_sign_in_with_the_password_that_was_handed_out(made_up):
    made = accounts.make_accounts({})
    db.session.commit()

    assert {account.role for account in made} == set(Role)
    for account in made[:3]:
        person = signin.with_credentials(account.email, account.password)
        assert person is not None
        assert person.name == account.name
    officer = next(account for account in made if account.role == Role.OFFICER)
    head = next(account for account in made if account.role == Role.HEAD)
    assert officer.department == head.department


def test_a_restart_keeps_the_passwords(city):
    first = accounts.make_accounts({})
    db.session.commit()

    again = accounts.make_accounts({account.email: account.password for account in first})
    db.session.commit()

    assert again == first
    assert signin.with_credentials(first[0].email, first[0].password) is not None


def test_colleagues_without_an_account_cannot_sign_in(made_up):
    colleague = db.session.scalars(select(Person).where(Person.password_hash == "!").limit(1)).one()

    for password in ("", "!", colleague.email):
        assert signin.with_credentials(colleague.email, password) is None


# Nobody gets a mail about what is made up, so a demo does not say whom it told, nor which joining is answered.
TOLD_BY_MAIL = {"people", "addresses"}
ANSWERED_BY_MAIL = {"joining"}


@pytest.mark.parametrize("kind", sorted(set(EventKind) - NOT_IN_A_LIFE))
def test_the_verbs_would_have_written_the_same(city, kind, monkeypatch):
    # The photos that prove a made-up report are made up after it.
    monkeypatch.setattr(evidence, "lacking", lambda *_report: [])
    scene, people = _scene()
    lives = (life for life in _lives(scene) if any(happening.kind is kind for happening in life.history))

    for life in _longest(lives, 3):
        complaint = _told_by_verbs(life, people)
        assert _row(complaint) == _row_of(life)
        assert [_event(event) for event in history.of(complaint)] == [_happening(h) for h in life.history]
        assert [_subtask(one) for one in subtasks.of_complaint(complaint)][::-1] == [
            _asked(one) for one in life.asked
        ]


def _longest(lives, count: int) -> list[Life]:
    longest = sorted(lives, key=lambda life: len(life.history), reverse=True)[:count]
    assert len(longest) == count
    return longest


def _dress() -> list[tuple[str, str]]:
    constraints = "SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE convalidated"
    indexes = "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
    return sorted((row[0], row[1]) for row in db.session.execute(text(f"{constraints} UNION ALL {indexes}")))


def _scene() -> tuple[Scene, dict[int, Person]]:
    city = in_force()
    people = officials.take_seats(city)
    scene = scene_of(
        city.profile,
        Ids(city.category_ids, city.department_ids, city.area_ids),
        wards=wards_of(city.profile, city.area_ids, city.area_map, spots=10, random=Random(1)),
        version=city.version,
        router=router_of(city),
        staff=officials.staff_of(list(people.values())),
        now=MONDAY,
    )
    return scene, {person.id: person for person in people.values()}


def _lives(scene: Scene):
    weather = Weather(Random(1))
    for day, count in enumerate(counts(scene, weather, 1_000)):
        random = Random(day)
        for report in reports(scene, weather, day, count, random):
            yield live(report, scene, random)


def _told_by_verbs(life: Life, people: dict[int, Person]) -> Complaint:
    with clock.standing_at(moment_of(life.report.at)):
        complaint = filing.file(_filed(life)).complaint
    for happening in life.history[1:]:
        with clock.standing_at(moment_of(happening.at)):
            _do(complaint, happening, people, life)
    db.session.flush()
    return complaint


def _filed(life: Life) -> Report:
    report = life.report
    has_point = report.latitude is not None and report.longitude is not None
    return Report(
        submission_key=a_key(),
        category=report.subject.code,
        point=Point(report.latitude, report.longitude) if has_point else None,
        area=report.ward.code if report.ward else None,
        landmark=report.landmark,
        words=report.words,
        contact=None,
        language=report.language,
    )


def _subtask(subtask) -> tuple[object, ...]:
    return (
        subtask.department_id,
        subtask.question,
        subtask.asked_by_id,
        subtask.asked_at,
        subtask.reply_by,
        subtask.extended_at,
        subtask.extension_reason,
        subtask.reply,
        subtask.replied_by_id,
        subtask.replied_at,
        subtask.withdrawn_at,
    )


def _asked(asked: Asked) -> tuple[object, ...]:
    def moment(at):
        return moment_of(at) if at is not None else None

    return (
        asked.department,
        asked.question,
        asked.asked_by.id,
        moment(asked.asked_at),
        moment(asked.reply_by),
        moment(asked.extended_at),
        asked.extension_reason,
        asked.reply,
        asked.replied_by.id if asked.replied_by else None,
        moment(asked.replied_at),
        moment(asked.withdrawn_at),
    )


def _do(complaint: Complaint, happening: Happening, people: dict[int, Person], life: Life) -> None:
    by = people.get(happening.by or 0)
    note, details = happening.note, happening.details
    verbs = {
        EventKind.ASSIGNED: lambda: lifecycle.assign(complaint, to=people[details["assignee"]], by=by),
        EventKind.TRANSFERRED: lambda: handovers.transfer(
            complaint, to=db.session.get(Department, happening.department), by=by, reason=note
        ),
        EventKind.ACCEPTED: lambda: handovers.accept(complaint, by=by),
        EventKind.RETURNED: lambda: handovers.give_back(complaint, by=by, reason=note),
        EventKind.PAUSED: lambda: pausing.pause(complaint, by=by, cause=details["cause"], reason=note),
        EventKind.RESUMED: lambda: pausing.go_on(complaint, by=by),
        EventKind.PRIORITISED: lambda: priorities.prioritise(
            complaint, to=details["priority"], by=by, reason=note
        ),
        EventKind.STARTED: lambda: lifecycle.start(complaint, by=by),
        EventKind.ASKED: lambda: lifecycle.ask(complaint, by=by, question=note),
        EventKind.EXTENDED: lambda: extending.extend(complaint, by=by, count=details["count"], reason=note),
        EventKind.ANSWERED: lambda: lifecycle.answer(complaint, words=note),
        EventKind.NOTED: lambda: lifecycle.note(complaint, by=by, words=note),
        EventKind.ADDED: lambda: additions.add(complaint, words=note, photos=0),
        EventKind.RATED: lambda: ratings.rate(complaint, score=details["score"], words=note),
        EventKind.JOINED: lambda: joining.join(
            complaint,
            key=a_key(),
            contact=Contact(email=f"{details['people']}@citizen.example"),
            language="en",
        ),
        EventKind.RESOLVED: lambda: lifecycle.resolve(complaint, by=by, result=note, has_photo=True),
        EventKind.DECLINED: lambda: lifecycle.decline(
            complaint, by=by, reason=note, remedy=details["remedy"]
        ),
        EventKind.WITHDRAWN: lambda: lifecycle.withdraw(complaint, reason=note),
        EventKind.REOPENED: lambda: reopening.reopen(complaint, words=note),
        EventKind.CONTRIBUTION_ASKED: lambda: subtasks.ask(
            complaint,
            to=db.session.get(Department, details["department"]),
            by=by,
            question=next(one.question for one in life.asked if one.asked_at == happening.at),
            reply_by=ReplyDate(datetime.fromisoformat(details["reply_by"])),
        ),
        EventKind.CONTRIBUTED: lambda: subtasks.reply(complaint, _open_one(complaint), by=by, words=note),
        EventKind.CONTRIBUTION_EXTENDED: lambda: subtasks.extend(
            complaint,
            _open_one(complaint),
            by=by,
            reply_by=ReplyDate(datetime.fromisoformat(details["new"])),
            reason=note,
        ),
        EventKind.CONTRIBUTION_WITHDRAWN: lambda: None,  # closing does it
    }
    verbs[happening.kind]()


def _open_one(complaint: Complaint) -> Subtask:
    return next(subtask for subtask in subtasks.of_complaint(complaint) if subtask.is_open)


def _row(complaint: Complaint) -> tuple[object, ...]:
    return (
        complaint.status,
        complaint.version,
        complaint.department_id,
        complaint.assignee_id,
        complaint.area_id,
        complaint.category_id,
        complaint.promise,
        complaint.is_public,
        complaint.received_at,
        complaint.due_at,
        complaint.acknowledge,
        complaint.acknowledge_by,
        complaint.acknowledged_at,
        complaint.seen_at,
        complaint.handover,
        complaint.came_from_id,
        complaint.accept_by,
        complaint.hops,
        complaint.bounces,
        complaint.priority,
        complaint.paused_since,
        complaint.pause_cause,
        complaint.waiting_since,
        complaint.closed_at,
        complaint.reopened_at,
        complaint.joined,
    )


def _row_of(life: Life) -> tuple[object, ...]:
    subject, ward = life.report.subject, life.report.ward
    return (
        life.status,
        len(life.history),
        life.department,
        life.assignee.id if life.assignee else None,
        ward.id if ward else None,
        subject.id,
        life.promise,
        subject.is_public,
        moment_of(life.report.at),
        moment_of(life.due_at),
        life.acknowledge,
        moment_of(life.acknowledge_by),
        moment_of(life.acknowledged_at) if life.acknowledged_at else None,
        moment_of(life.seen_at) if life.seen_at else None,
        life.handover,
        life.came_from,
        moment_of(life.accept_by) if life.accept_by else None,
        life.hops,
        life.bounces,
        life.priority,
        moment_of(life.paused_since) if life.paused_since else None,
        life.pause_cause,
        moment_of(life.waiting_since) if life.waiting_since else None,
        moment_of(life.closed_at) if life.closed_at else None,
        moment_of(life.reopened_at) if life.reopened_at else None,
        len(life.joined),
    )


def _event(event) -> tuple[object, ...]:
    unsaid = ANSWERED_BY_MAIL if event.kind is EventKind.JOINED else TOLD_BY_MAIL
    return (
        event.kind,
        event.at,
        event.by_id,
        event.status,
        event.department_id,
        event.note,
        event.is_internal,
        {name: value for name, value in event.details.items() if name not in unsaid},
    )


def _happening(happening: Happening) -> tuple[object, ...]:
    kind, at, *rest, details = happening
    return (kind, moment_of(at), *rest, dict(details))


def test_a_problem_comes_back_in_a_small_city_too(city):
    generate(500, seed=2015, now=MONDAY)
    while recurring_finding.look():
        pass

    found = db.session.scalars(select(RecurringProblem)).all()

    assert len(found) >= 1
    assert {one.standing for one in found} == {Standing.UNPLANNED}
