"""The city in force is one picture, renewed when another was loaded and not before it is asked for."""

from dataclasses import replace

import pytest
from sqlalchemy import event

from cps.city import queries
from cps.city.load import load
from cps.city.queries import forget, in_force
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.errors import Unusable
from cps.people.models import Person

pytestmark = pytest.mark.usefixtures("no_city")


@pytest.fixture
def statements():
    """Every statement sent to the database."""
    sent: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    yield sent
    event.remove(db.engine, "before_cursor_execute", note)


def test_before_any_load_the_operator_is_told_what_to_do():
    with pytest.raises(Unusable, match="cps city load"):
        in_force()


def test_within_a_second_nothing_is_asked_of_the_database(profile, statements):
    load(profile)
    city = in_force()
    statements.clear()

    assert in_force() is city
    assert statements == []


def test_later_one_small_question_tells_that_nothing_changed(profile, statements, monkeypatch):
    load(profile)
    city = in_force()
    monkeypatch.setattr(queries, "_SECONDS_TRUSTED", 0.0)
    statements.clear()

    assert in_force() is city
    assert len(statements) == 1


def test_a_load_elsewhere_is_seen_at_the_next_question(profile, monkeypatch):
    load(profile)
    before = in_force()
    kept = dict(queries._KEPT)
    load(replace(profile, tolerance_m=1.0))
    queries._KEPT.update(kept)  # as in a process that did not load it
    monkeypatch.setattr(queries, "_SECONDS_TRUSTED", 0.0)

    after = in_force()

    assert before.profile.tolerance_m == 500
    assert after.profile.tolerance_m == 1


def test_forgetting_reads_the_city_anew(profile):
    load(profile)
    city = in_force()

    forget()

    assert in_force() is not city
    assert in_force().profile == city.profile


def test_whoever_asks_in_the_middle_of_a_change_does_not_write_what_is_half_done(profile, monkeypatch):
    load(profile)
    monkeypatch.setattr(queries, "_SECONDS_TRUSTED", 0.0)
    half_done = Person(name="Bo")
    db.session.add(half_done)

    in_force()
    forget()
    in_force()

    assert half_done in db.session.new


def test_it_answers_what_complaints_ask(profile):
    load(profile)
    city = in_force()

    assert city.area_map.containing(Point(21.05, 105.05)) == "west"
    assert city.version == 1
    assert (city.name("en"), city.name("ko")) == ("Town", "Thị trấn")
    assert city.outside("en") == "the next town"
    assert city.category("pothole") == profile.categories[0]
    assert (city.category("smell"), city.area("north"), city.department("none")) == (None, None, None)
    assert city.department_codes[city.department_ids["roads"]] == "roads"
    assert city.area_codes[city.area_ids["east"]] == "east"


def test_an_id_of_a_city_that_was_loaded_elsewhere_is_looked_up_once(profile, statements):
    load(profile)
    before = in_force()
    kept = dict(queries._KEPT)
    newcomer = replace(profile.departments[0], code="new", names={"vi": "Mới", "en": "New"})
    load(replace(profile, departments=(*profile.departments, newcomer)))
    number = in_force().department_ids["new"]
    queries._KEPT.update(kept)  # as in a process that did not load it

    assert before.department_names[number] == {"vi": "Mới", "en": "New"}
    statements.clear()
    assert before.department_names[number] == {"vi": "Mới", "en": "New"}
    assert statements == []


def test_an_id_of_nothing_is_an_error_after_one_small_question(profile, statements):
    load(profile)
    city = in_force()
    statements.clear()

    with pytest.raises(KeyError):
        city.department_names[0]
    assert len(statements) == 1
