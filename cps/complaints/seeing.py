"""Who has looked: a report that nobody of its department has opened yet is unseen, and stands out until somebody does.

Looking is no change of a report: it has no event, and whoever is writing to it meanwhile does not notice.
"""

from sqlalchemy import update

from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person


def see(complaint: Complaint, *, by: Person) -> None:
    """Note that an official of its department looks at it, if nobody did before."""
    if complaint.seen_at is not None or by.department_id != complaint.department_id:
        return
    db.session.execute(
        update(Complaint)
        .where(Complaint.id == complaint.id, Complaint.seen_at.is_(None))
        .values(seen_at=clock.now())
        .execution_options(synchronize_session=False)
    )
