"""Who waits for a report gets it as it is when its turn comes, with all that belongs to it."""

from threading import Thread

from sqlalchemy import text

from cps.complaints import categorising, handovers, visibility
from cps.kernel.db import db
from cps.people.models import Role
from tests.living import until
from tests.makers import DRAINAGE, a_complaint, a_department, an_official

_WAITERS = text("SELECT count(*) FROM pg_locks WHERE NOT granted")


def test_who_waited_for_the_lock_reads_the_category_the_department_and_the_handler_of_now(app, city):
    dee = an_official("Dee", role=Role.COORDINATOR, department="pcc")
    chi = an_official("Chi", department=DRAINAGE)
    lamp = a_complaint()
    reference, coordinator, seen = lamp.reference, dee.id, []

    def wait():
        with app.app_context():
            person = db.session.get(type(dee), coordinator)
            found = visibility.for_action(person).one(reference, locked=True)
            seen.append((found.category.code, found.department.code, found.assignee.name))
            db.session.rollback()

    held = visibility.for_action(dee).one(reference, locked=True)
    categorising.categorise(held, to="drains", by=dee)
    handovers.transfer(held, to=a_department(DRAINAGE), by=dee, reason="A drain.")
    held.assignee = chi
    db.session.flush()
    waiter = Thread(target=wait)
    waiter.start()
    until(lambda: db.session.scalar(_WAITERS), seconds=20, what="the other one to wait")
    db.session.commit()
    waiter.join()

    assert seen == [("drains", DRAINAGE, "Chi")]
