"""The cases of a demo: in each city that comes along, one at least of all that an official may have to do."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import func, select, text

from cps.app import create_app
from cps.city.files import read
from cps.city.load import load
from cps.complaints import (
    duplicates,
    evidence,
    history,
    queries,
    recurring_finding,
    recurring_reports,
    repeats,
    saved_views,
    surroundings,
    templates,
    views,
    visibility,
    workload,
)
from cps.complaints.contacts import Reporter
from cps.complaints.models import Complaint, Event
from cps.complaints.quarantine import Cause
from cps.complaints.templates import Use
from cps.complaints.views import Day, View
from cps.console import migrating
from cps.console.checking import checked
from cps.console.demonstration import cases, generate
from cps.console.demonstration.cases.stage import Stage
from cps.console.demonstration.wording import cases as casebooks
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.people.models import Person
from tests import truths
from tests.console.demonstration.test_life import IN_CASES
from tests.console.demonstration.test_wording import LANGUAGES, flat
from tests.everywhere import NAMES
from tests.makers import MONDAY

SEED = 2015
LIVES = 150


@dataclass(frozen=True)
class Shown:
    """A city with its cases, and who is there."""

    app: Flask
    stage: Stage
    cases: frozenset[int]

    @property
    def officer(self) -> Person:
        return self.stage.home.officer

    def complaints(self) -> list[Complaint]:
        """Return the reports of the cases, as they stand."""
        found = select(Complaint).where(Complaint.id.in_(self.cases)).order_by(Complaint.id)
        return list(db.session.scalars(found))


@pytest.fixture(scope="module", params=sorted(NAMES))
def built(request, database_url, settings) -> Iterator[Shown]:
    """Make a city with a database of its own, as `cps demo` does."""
    name = f"cases_{request.param.replace('-', '_')}"
    with psycopg.connect(database_url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    app = create_app(settings, database_url=database_url.replace("/cps?", f"/{name}?"))
    with app.app_context(), clock.standing_at(MONDAY):
        migrating.to_head()
        load(checked(CITIES / request.param))
        db.session.commit()
        generate(LIVES, seed=SEED, now=MONDAY)
        stage = cases.tell(seed=SEED, now=MONDAY)
        assert stage is not None
        assert db.session.scalar(text("SELECT count(*) FROM procrastinate_jobs")) == 0
        assert recurring_finding.look() is False
        cases.follow_up(stage)
        shown = Shown(app, stage, frozenset(one.id for one in stage.filed))
        db.session.commit()
        yield shown
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def shown(built: Shown) -> Iterator[Shown]:
    yield built
    db.session.rollback()


def test_no_row_is_untrue_and_all_are_marked_as_made_up(shown):
    assert truths.untrue() == {}
    assert db.session.scalar(select(func.count()).where(~Complaint.is_demo)) == 0


def test_each_view_of_the_queue_holds_something(shown):
    day = Day(clock.now(), workload.horizon(clock.now(), shown.stage.city.profile.calendar).today_ends)
    told = {complaint.reference for complaint in shown.complaints()}

    for person in (shown.officer, shown.stage.coordinator, _auditor()):
        wanted = {view for view in View if views.is_for(person, view)}
        empty = {view for view in wanted if not told & _references(person, view, day)}
        assert empty - _not_of(person) == set(), person.email


def test_each_panel_of_a_report_holds_something_for_the_officer(shown):
    officer = shown.officer
    seen = visibility.for_official(officer)
    open_ones = [one for one in shown.complaints() if one.status.is_open]

    assert [one for one in open_ones if duplicates.of(one)]
    assert [one for one in open_ones if recurring_reports.again(one, officer)]
    assert [one for one in open_ones if surroundings.of(one, by=officer).nearest]
    answered = [sum(earlier.is_answered for earlier in repeats.of(one, seen=seen)) for one in open_ones]
    assert max(answered) >= repeats.ANSWERS


def test_a_problem_waits_for_its_plan_and_others_are_planned_and_done(shown):
    standing = recurring_reports.how_many(shown.stage.coordinator)

    assert standing["unplanned"] >= 1
    assert standing["planned"] >= 1
    assert standing["done"] == 1


def test_something_is_planned_for_a_day_that_comes_and_something_for_one_that_is_over(shown):
    today = shown.stage.today
    days = [one.planned_until for one in shown.complaints() if one.planned_until and one.status.is_open]

    assert min(days) < today < max(days)


def test_the_officer_has_something_to_take_a_photo_of(shown):
    mine = [one for one in shown.complaints() if one.assignee_id == shown.officer.id and one.status.is_open]

    wanted = [one for one in mine if evidence.shows_result(one.category_id, shown.stage.city)]
    assert len(wanted) == 2
    assert all(one.point for one in wanted)


def test_every_use_has_a_template_that_fits_and_everybody_a_saved_view(shown):
    first = next(one for one in shown.complaints() if one.department_id == shown.stage.home.department.id)

    assert {one.use for one in templates.fitting(first)} == set(Use)
    for person in (shown.officer, shown.stage.home.head, shown.stage.coordinator):
        assert [one for one in saved_views.of(person) if one.digit]


def test_only_a_few_stand_out_and_nobody_is_limited(shown):
    alarms = Counter(db.session.scalars(select(Complaint.alarm).where(Complaint.alarm.is_not(None))))
    aside = Counter(db.session.scalars(select(Complaint.set_aside).where(Complaint.set_aside.is_not(None))))
    flagged = select(func.lower(Reporter.email)).join(Reporter.complaint)
    marks = db.session.scalars(flagged.where(Complaint.flagged_at.is_not(None))).all()

    assert alarms == {"words": 1, "many": 1}
    assert aside == {Cause.SPAM: 2, Cause.PRIVACY: 1, Cause.SCORE: 1}
    assert len(marks) == len(set(marks)) == 1
    assert len(shown.cases) < 50


def test_all_that_lives_leave_out_happens_in_cases(shown):
    happened = set(db.session.scalars(select(Event.kind).where(Event.complaint_id.in_(shown.cases))))

    assert happened >= IN_CASES


def test_officials_act_in_office_hours_and_nothing_happens_after_now(shown):
    calendar = shown.stage.city.profile.calendar
    acts = db.session.execute(select(Event.at, Event.by_id).where(Event.complaint_id.in_(shown.cases))).all()

    assert max(at for at, _by in acts) <= MONDAY
    for at, by in acts:
        local = at.astimezone(calendar.zone)
        hours = calendar.hours_of(local.date())
        assert by is None or any(opens <= local.time() <= closes for opens, closes in hours), local


def test_history_never_runs_backwards(shown):
    for complaint in shown.complaints():
        moments = [event.at for event in history.of(complaint)]
        assert moments == sorted(moments)


@pytest.mark.usefixtures("shown")
def test_the_same_seed_tells_the_same_cases():
    told = [_told() for _n in range(2)]

    assert told[0] == told[1]


def test_everybody_writes_in_the_language_of_the_city(shown):
    language = shown.stage.city.profile.languages[0]

    assert {one.language for one in shown.complaints()} == {language}


def _told() -> list[Any]:
    look = db.session.begin_nested()
    stage = cases.tell(seed=SEED, now=MONDAY)
    assert stage is not None
    told = [
        (
            one.words,
            one.landmark,
            one.point,
            [(event.kind, event.at, event.note) for event in history.of(one)],
        )
        for one in stage.filed
    ]
    look.rollback()
    db.session.expire_all()
    return told


def _references(person: Person, view: View, day: Day) -> set[str]:
    return {row.reference for row in queries.queue(person, view, day=day, most=1_000).rows}


def _auditor() -> Person:
    return db.session.scalars(select(Person).where(Person.role == "auditor")).one()


def _not_of(person: Person) -> set[View]:
    """Return what nobody of this role handles or is asked."""
    return {View.MINE, View.ASKED} if person.reads_city else set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_casebook_has_words_for_every_case(language):
    book = casebooks.in_language(language)

    assert [field.name for field in fields(book) if not getattr(book, field.name)] == []
    assert {template.use for template in book.templates} == set(Use)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_words_of_danger_and_insults_are_those_of_the_city_and_stand_nowhere_else(name):
    profile, _faults = read(Path(CITIES / name))
    asks = profile.asks
    book = casebooks.in_language(profile.languages[0])

    for kind in book.kinds.values():
        others = [*kind.pair, *kind.crowd, *kind.merged, *kind.again, *kind.sore, kind.rude]
        assert [asks.emergency.are_in(words) for words in (kind.danger, kind.harmless)] == [True, True]
        assert not [words for words in others if asks.emergency.are_in(words)]
        assert asks.abuse.insults.are_in(kind.rude)
        assert not [words for words in [*others[:-1], book.milder] if asks.abuse.insults.are_in(words)]
    assert asks.abuse.spam.are_in(book.spam.words)


@pytest.mark.parametrize("language", sorted(set(LANGUAGES) - {"en"}))
def test_no_case_was_left_in_english(language):
    english, other = (set(_sentences(casebooks.in_language(code))) for code in ("en", language))

    assert {one for one in english & other if len(one.split()) > 3} == set()


def _sentences(book) -> list[str]:
    found = list(
        flat(kept for kept in vars(book).values() if isinstance(kept, str | tuple) and kept != book.templates)
    )
    for kind in book.kinds.values():
        found += flat(vars(kind).values())
    for template in book.templates:
        found += [template.title, *template.texts.values()]
    return found
