"""Who looked at reporters: the log of reveals, for those who look at what others did."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select

from cps.complaints.contacts import Reveal
from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person

PAGE_LENGTH: Final = 50
DAYS: Final = 90
"""So far back looks are counted by official."""
_MOST_OFFICIALS: Final = 20


@dataclass(frozen=True, slots=True)
class Look:
    """One look at a reporter: by whom, when, why, and of which report."""

    number: int
    at: datetime
    reason: str
    reference: str
    category_id: int
    department_id: int
    person_id: int
    name: str
    was_handler: bool


@dataclass(frozen=True, slots=True)
class Looks:
    """How often one official looked at reporters lately."""

    person_id: int
    name: str
    count: int


def may_read(person: Person) -> bool:
    """Whether this official is shown who looked: auditors, and coordinators."""
    return person.reads_city


def page(*, by: int | None = None, before: int | None = None) -> Sequence[Look]:
    """Return looks, latest first, of one official if `by` names one, and older than the one numbered `before`.

    One more than a page holds, if there is one.
    """
    query = (
        select(
            *(Reveal.id, Reveal.at, Reveal.reason, Complaint.reference),
            *(Complaint.category_id, Complaint.department_id, Person.id, Person.name),
            func.coalesce(Complaint.assignee_id == Reveal.person_id, False),
        )
        .join(Complaint, Complaint.id == Reveal.complaint_id)
        .join(Person, Person.id == Reveal.person_id)
        .order_by(Reveal.id.desc())
        .limit(PAGE_LENGTH + 1)
    )
    if by is not None:
        query = query.where(Reveal.person_id == by)
    if before is not None:
        query = query.where(Reveal.id < before)
    return [Look(*row) for row in db.session.execute(query)]


def by_official() -> Sequence[Looks]:
    """Return who looked most often in the last DAYS, with how often."""
    count = func.count(Reveal.id)
    query = (
        select(Person.id, Person.name, count)
        .join(Person, Person.id == Reveal.person_id)
        .where(Reveal.at >= clock.now() - timedelta(days=DAYS))
        .group_by(Person.id, Person.name)
        .order_by(count.desc(), Person.name, Person.id)
        .limit(_MOST_OFFICIALS)
    )
    return [Looks(*row) for row in db.session.execute(query)]
