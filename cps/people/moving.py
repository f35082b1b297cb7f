"""Officials of departments that end go to their successors, with their accounts and roles."""

from collections import Counter
from collections.abc import Mapping

from sqlalchemy import select

from cps.kernel.db import db
from cps.people.models import Person


def move(heirs: Mapping[int, int]) -> Counter[tuple[int, int]]:
    """Move everybody of the departments in `heirs` to the successor; return how many, by old and new id."""
    moved: Counter[tuple[int, int]] = Counter()
    for person in db.session.scalars(
        select(Person).where(Person.department_id.in_(heirs)).order_by(Person.id)
    ):
        assert person.department_id is not None
        before, after = person.department_id, heirs[person.department_id]
        person.department_id = after
        moved[before, after] += 1
    db.session.flush()
    return moved
