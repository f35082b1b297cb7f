"""A process is up to a second behind a load: what another process filed meanwhile shows all the same."""

import time
from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import delete, text

from cps.city import models, queries
from cps.city.load import load
from cps.city.queries import forget, in_force
from cps.city.rule import ANY, Rule
from cps.complaints import history, tracking
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.notify import letters
from cps.people.models import Role
from tests.makers import a_complaint, an_official
from tests.pageclient import text_of

CODE = "brand-new"
NAMES = {"en": "Brand new", "vi": "Mới tinh"}
_POINTING = "submission, complaint, event, reporter, message, person, procrastinate_jobs"


@pytest.fixture
def complaint(city) -> Iterator[Complaint]:
    """A complaint of a department, an area and a category that this process has not heard of yet."""
    before = in_force().profile
    kept = dict(queries._KEPT)
    load(
        replace(
            before,
            departments=(*before.departments, _newcomer(before.departments[0], parent=None)),
            areas=(*before.areas, _newcomer(before.areas[0], office=None)),
            categories=(*before.categories, _newcomer(before.categories[0], is_public=True)),
            rules=(*before.rules, Rule(CODE, ANY, CODE)),
        )
    )
    complaint = a_complaint(category=CODE, point=None, area=CODE, language="en")
    now = time.monotonic()
    queries._KEPT.update({engine: replace(known, looked_at=now) for engine, known in kept.items()})
    yield complaint
    db.session.rollback()
    db.session.execute(text(f"TRUNCATE {_POINTING} RESTART IDENTITY CASCADE"))
    db.session.execute(delete(models.Rule).where(models.Rule.category == CODE))
    for model in (models.Department, models.Area, models.Category):
        db.session.execute(delete(model).where(model.code == CODE))
    db.session.commit()
    forget()


def _newcomer(like, **changes):
    return replace(like, code=CODE, names=NAMES, **changes)


@pytest.mark.parametrize("path", ["/desk", "/desk/complaints/{reference}"])
def test_the_desk_names_what_was_loaded_a_moment_ago(complaint, signed_in, path):
    client = signed_in(an_official("Dee", role=Role.COORDINATOR))

    page = client.page(path.format(reference=complaint.reference))

    assert "Brand new" in text_of(page)


@pytest.mark.parametrize("path", ["/complaints/{reference}", "/track/{secret}"])
def test_the_citizens_pages_name_what_was_loaded_a_moment_ago(complaint, app, path):
    secret = tracking.secret_for(complaint.submission_key)
    client = app.test_client()

    answer = client.get(
        path.format(reference=complaint.reference, secret=secret),
        headers={"Accept-Language": "en"},
        follow_redirects=True,
    )

    assert answer.status_code == 200
    assert "Brand new" in answer.get_data(as_text=True)


def test_a_letter_names_what_was_loaded_a_moment_ago(complaint):
    letter = letters.written("received", history.of(complaint)[-1], language="en")

    assert "Category: Brand new" in letter.body
    assert "Brand new will answer by" in letter.body
