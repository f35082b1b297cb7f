"""What officials have typed and not sent: kept for each of them until it is sent, thrown away, or thirty days old.

It is no part of a complaint: nobody else reads it, it has no event and moves no version.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Final

from sqlalchemy import delete, select
from sqlalchemy.dialects.postgresql import insert

from cps.complaints.attached import Draft
from cps.complaints.models import Complaint
from cps.kernel import clock, jobs
from cps.kernel.db import db
from cps.people.models import Person

_LIVES: Final = timedelta(days=30)


def keep(complaint: Complaint, *, by: Person, action: str, fields: Mapping[str, str]) -> None:
    """Keep what this official has typed for an action, instead of what was kept before; nothing typed is nothing kept."""
    typed = {name: text for name, text in fields.items() if text.strip()}
    if not typed:
        forget(complaint, by=by, action=action)
        return
    values = {"fields": typed, "kept_at": clock.now()}
    key = {"person_id": by.id, "complaint_id": complaint.id, "action": action}
    kept = insert(Draft).values(**key, **values)
    db.session.execute(kept.on_conflict_do_update(index_elements=list(key), set_=values))


def of(complaint: Complaint, person: Person) -> list[Draft]:
    """Return what this official has not sent about a complaint, the latest first."""
    query = select(Draft).where(Draft.complaint_id == complaint.id, Draft.person_id == person.id)
    return list(db.session.scalars(query.order_by(Draft.kept_at.desc())))


def forget(complaint: Complaint, *, by: Person, action: str | None = None) -> None:
    """Forget what this official has typed for an action, or for all of them."""
    query = delete(Draft).where(Draft.complaint_id == complaint.id, Draft.person_id == by.id)
    if action is not None:
        query = query.where(Draft.action == action)
    db.session.execute(query)


@jobs.app.periodic(cron="37 2 * * *")
@jobs.app.task(name="forget_unsent", queueing_lock="forget_unsent", pass_context=False)
def forget_unsent(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Forget what nobody has sent for thirty days."""
    db.session.execute(delete(Draft).where(Draft.kept_at < clock.now() - _LIVES))
