"""What the tests of problems that come back share: reports at one place on many days, and the worker that looks."""

from sqlalchemy import select

from cps.complaints import recurring_finding, recurring_plans
from cps.complaints.recurring import RecurringProblem
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import HOAN_KIEM, a_complaint, later

LAMP = "Dark cable"


def beside(metres, *, east=0.0):
    """A place so many metres north of the lake, and east of it."""
    return Point(HOAN_KIEM.latitude + metres / 111_200, HOAN_KIEM.longitude + east / 103_800)


def a_report_on(day, **changes):
    """A report that came in so many days after Monday nine o'clock."""
    with clock.standing_at(later(days=day)):
        return a_complaint(**{"contact": None, **changes})


def looked(day=1.0, *, times=1):
    """Let the worker look so many days after Monday nine o'clock."""
    with clock.standing_at(later(days=day)):
        for _time in range(times):
            recurring_finding.look()
        db.session.commit()


def problems():
    return db.session.scalars(select(RecurringProblem).order_by(RecurringProblem.id)).all()


def a_problem(*, day=0.0, **changes):
    """A problem that was found from three reports."""
    for number in range(3):
        a_report_on(day + number / 24, **changes)
    looked(day + 0.2)
    return problems()[-1]


def planned(problem, head, *, days=10):
    recurring_plans.plan(
        problem, cause=LAMP, owner=str(head.id), due_on=str(later(days=days).date()), by=head
    )
    db.session.commit()
    return problem
