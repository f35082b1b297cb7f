"""Every page for officials, and how a coordinator of the city reaches it: what accessibility is judged on."""

from collections.abc import Mapping
from datetime import timedelta
from functools import cache
from typing import Final

from playwright.sync_api import Page
from sqlalchemy import func, select

from cps.city.queries import in_force, today
from cps.complaints import filing, flags, lifecycle, quarantine, recurring_finding, recurring_plans, reporters
from cps.complaints.conditions import IS_OPEN
from cps.complaints.models import Complaint
from cps.complaints.recurring import RecurringProblem
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.people import denials, leaves
from cps.people.denials import Kind
from cps.people.models import Person, Role
from cps.photos.models import Photo
from tests.everywhere import Place
from tests.journeys.visits import Visit, Way, _open
from tests.makers import PASSWORD, a_complaint, a_report, an_official


def _at(path: str) -> Way:
    def go(page: Page, visit: Visit) -> None:
        sign_in(page, visit)
        _open(page, path)

    return go


def sign_in(page: Page, visit: Visit) -> None:
    """Sign a coordinator in."""
    _sign_in_as(page, _coordinator(visit.place), "/desk")
    page.wait_for_selector(".queue-head")


def _sign_in_as(page: Page, email: str, wanted: str) -> None:
    _open(page, f"/desk/sign-in?next={wanted}")
    page.fill("input[name=email]", email)
    page.fill("input[name=password]", PASSWORD)
    page.click("main form button[type=submit]")


@cache
def _coordinator(place: Place) -> str:
    with place.app.app_context():
        department = min(in_force().department_ids)
        return an_official("Dee", role=Role.COORDINATOR, department=department).email


def _report(page: Page, visit: Visit) -> None:
    sign_in(page, visit)
    page.locator("a.q-link").first.click()
    page.wait_for_selector(".complaint-actions")


def _unfolded(page: Page, visit: Visit) -> None:
    _report(page, visit)
    page.evaluate(
        "document.querySelectorAll('.complaint-actions details').forEach((one) => { one.open = true; })"
    )


def _refused(page: Page, visit: Visit) -> None:
    _report(page, visit)
    with page.expect_navigation():
        page.eval_on_selector("#resolutions form", "(form) => form.submit()")
    page.wait_for_selector(".attempt")


def _palette(page: Page, visit: Visit) -> None:
    sign_in(page, visit)
    page.wait_for_load_state("networkidle")
    page.keyboard.press("Control+k")
    page.wait_for_selector("dialog[open]")


def _nearby(page: Page, visit: Visit) -> None:
    """Show what is around the report that has most around it."""
    with visit.place.app.app_context():
        place = Complaint.latitude, Complaint.longitude
        busy = select(*place).where(Complaint.latitude.is_not(None)).group_by(*place)
        spot = db.session.execute(busy.order_by(func.count().desc()).limit(1)).one()
        query = select(Complaint.reference).where(
            Complaint.latitude == spot[0], Complaint.longitude == spot[1]
        )
        reference = db.session.scalars(query.limit(1)).one()
        db.session.remove()
    sign_in(page, visit)
    _open(page, f"/desk/complaints/{reference}/nearby")


def _merger(page: Page, visit: Visit) -> None:
    """Compare two open public reports, whether they look alike or not."""
    with visit.place.app.app_context():
        query = select(Complaint.reference).where(IS_OPEN, Complaint.is_public).limit(2)
        one, other = db.session.scalars(query).all()
        db.session.remove()
    sign_in(page, visit)
    _open(page, f"/desk/complaints/{one}/mergers/{other}")


def _set_aside(page: Page, visit: Visit) -> None:
    """Judge what was set aside, with insults in it that are masked, and all its forms unfolded."""
    _open_unfolded(page, visit, _aside(visit.place))


def _view_of_what_is_set_aside(page: Page, visit: Visit) -> None:
    _aside(visit.place)
    sign_in(page, visit)
    _open(page, "/desk?view=aside")
    page.wait_for_selector(".tag-aside")


def _open_unfolded(page: Page, visit: Visit, reference: str) -> None:
    sign_in(page, visit)
    _open(page, f"/desk/complaints/{reference}")
    page.wait_for_selector(".quarantine")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


@cache
def _aside(place: Place) -> str:
    """Set a public report with an insult aside, marked as abusive; return its number."""
    with place.app.app_context():
        query = select(Complaint).where(IS_OPEN, Complaint.is_public, Complaint.joined == 0)
        complaint = db.session.scalars(query.order_by(Complaint.id.desc()).limit(1)).one()
        insults = in_force().profile.asks.abuse.insults
        complaint.words = f"{complaint.words} {insults.all[0]}"
        officer = an_official("Bo", department=in_force().department_codes[complaint.department_id])
        flags.flag(complaint, by=officer, reason="It threatens the clerk.")
        quarantine.set_aside(complaint, by=officer, cause="abuse", reason="It threatens the clerk.")
        db.session.commit()
        return complaint.reference


def _redaction(page: Page, visit: Visit) -> None:
    with visit.place.app.app_context():
        query = select(Complaint.reference, Photo.key).join(Photo, Photo.complaint_id == Complaint.id)
        reference, key = db.session.execute(query.where(Photo.large.is_not(None)).limit(1)).one()
        db.session.remove()
    sign_in(page, visit)
    _open(page, f"/desk/complaints/{reference}/photos/{key}/redactions")


def _overview_of_a_department(page: Page, visit: Visit) -> None:
    sign_in(page, visit)
    _open(page, "/desk/overview")
    page.locator("table.figures tbody th a").first.click()
    page.wait_for_url("**/overview?department=*")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def _recurring(page: Page, visit: Visit) -> None:
    number = _problem(visit.place)
    sign_in(page, visit)
    _open(page, f"/desk/recurring/{number}")
    page.evaluate("document.querySelectorAll('main details').forEach((one) => { one.open = true; })")


def _recurring_refused(page: Page, visit: Visit) -> None:
    _recurring(page, visit)
    with page.expect_navigation():
        page.eval_on_selector("#plans form", "(form) => form.submit()")
    page.wait_for_selector(".attempt")


def _recurring_list(page: Page, visit: Visit) -> None:
    _problem(visit.place)
    sign_in(page, visit)
    _open(page, "/desk/recurring")


def _leaves(page: Page, visit: Visit) -> None:
    """List who is away, in a department of which one official is."""
    department = _away(visit.place)
    sign_in(page, visit)
    _open(page, f"/desk/leaves?department={department}")
    page.wait_for_selector(".leaves li")


def _leaves_refused(page: Page, visit: Visit) -> None:
    _leaves(page, visit)
    with page.expect_navigation():
        page.eval_on_selector("#enter-title ~ form", "(form) => form.submit()")
    page.wait_for_selector(".summary")


def _queue_of_stand_in(page: Page, visit: Visit) -> None:
    """Open the queue of who stands in for one official."""
    code = _away(visit.place)
    with visit.place.app.app_context():
        number = in_force().department_ids[code]
        query = select(Person.email).where(Person.name == "Minh", Person.department_id == number)
        email = db.session.scalars(query).first()
        db.session.remove()
    _sign_in_as(page, str(email), "/desk")
    page.wait_for_selector("p.note")


@cache
def _away(place: Place) -> str:
    """Send an official on leave who has an open report, with one who stands in; return their department."""
    _officer(place)
    with place.app.app_context():
        query = select(Complaint).where(IS_OPEN, Complaint.assignee_id.is_not(None))
        complaint = db.session.scalars(query.order_by(Complaint.id.desc()).limit(1)).one()
        officer, code = complaint.assignee, in_force().department_codes[complaint.department_id]
        minh = an_official("Minh", department=code)
        first, week = today(), timedelta(days=7)
        leaves.plan(officer, first=first, last=first + week, cover=minh, by=officer)
        leaves.plan(minh, first=first + 2 * week, last=first + 3 * week, cover=None, by=minh)
        db.session.commit()
        return code


@cache
def _problem(place: Place) -> int:
    """Report one thing at one place so often that it is found, with a plan and without."""
    with place.app.app_context():
        known = select(Complaint).where(IS_OPEN, Complaint.latitude.is_not(None)).order_by(Complaint.id)
        point, spoken = db.session.scalars(known.limit(1)).one().point, in_force().profile.languages[0]
        with clock.standing_at(clock.now() - timedelta(hours=1)):
            for category in ("drains", "pothole"):
                for _time in range(4):
                    a_complaint(category=category, point=point, contact=None, language=spoken)
        while recurring_finding.look():
            pass
        found = db.session.scalars(select(RecurringProblem).order_by(RecurringProblem.id)).all()
        planned = found[0]
        head = an_official("Abe", role=Role.HEAD, department=planned.department.code)
        day = clock.now().date() + timedelta(days=20)
        recurring_plans.plan(planned, cause="Old pipe", owner=str(head.id), due_on=str(day), by=head)
        db.session.commit()
        return found[-1].id


def on_site(page: Page, visit: Visit) -> None:
    """Open the list of an officer who goes out."""
    _sign_in_as(page, _officer(visit.place), "/desk/field")
    page.wait_for_selector(".stop")


def _looks(page: Page, visit: Visit) -> None:
    with visit.place.app.app_context():
        dee = db.session.scalars(select(Person).where(Person.email == _coordinator(visit.place))).one()
        complaint = db.session.scalars(select(Complaint).limit(1)).one()
        reporters.note_reveal(complaint.id, by=dee, reason="To call.")
        for kind in Kind:
            denials.note(dee.id, kind, route=f"GET /{kind}", thing=complaint.reference)
        db.session.commit()
    sign_in(page, visit)
    _open(page, "/desk/reveals")


@cache
def _officer(place: Place) -> str:
    """Make an officer who handles three reports, where others were made: of the made-up ones none may be open today."""
    with place.app.app_context():
        is_placed = Complaint.latitude.is_not(None), Complaint.longitude.is_not(None)
        known = db.session.scalars(select(Complaint).where(*is_placed).order_by(Complaint.id).limit(1)).one()
        filed = [
            filing.file(
                a_report(
                    category=known.category.code,
                    point=Point(known.latitude, known.longitude),
                    landmark=known.landmark,
                    words=known.words,
                    language=known.language,
                )
            ).complaint
            for _number in range(3)
        ]
        department = in_force().department_codes[filed[0].department_id]
        officer = an_official("Bo", department=department)
        for complaint in filed:
            lifecycle.assign(complaint, to=officer, by=officer)
        db.session.commit()
        return officer.email


def _outcome(page: Page, visit: Visit) -> None:
    on_site(page, visit)
    page.locator("a[data-outcome=done]").first.click()
    page.wait_for_selector("#resolutions-result")


DESK_PAGES: Final[Mapping[str, Way]] = {
    "desk, sign in": lambda page, _visit: _open(page, "/desk/sign-in"),
    "desk, queue": _at("/desk"),
    "desk, queue narrowed": _at("/desk?view=closed&handler=nobody"),
    "desk, nothing found": _at("/desk?q=zzzzzz"),
    "desk, report": _report,
    "desk, report unfolded": _unfolded,
    "desk, report refused": _refused,
    "desk, palette": _palette,
    "desk, merger": _merger,
    "desk, nearby": _nearby,
    "desk, photo covered": _redaction,
    "desk, front desk": _at("/desk/reports/new"),
    "desk, on site": on_site,
    "desk, on site outcome": _outcome,
    "desk, set aside": _view_of_what_is_set_aside,
    "desk, set aside unfolded": _set_aside,
    "desk, urgent": _at("/desk?view=alarm"),
    "desk, overview": _at("/desk/overview"),
    "desk, overview of a department": _overview_of_a_department,
    "desk, recurring problems": _recurring_list,
    "desk, recurring problem": _recurring,
    "desk, recurring problem refused": _recurring_refused,
    "desk, leave": _leaves,
    "desk, leave refused": _leaves_refused,
    "desk, queue of who stands in": _queue_of_stand_in,
    "desk, looks at reporters": _looks,
    "desk, templates": _at("/desk/templates"),
    "desk, template": _at("/desk/templates/new?use=resolutions"),
    "desk, keys": _at("/desk/keys"),
    "desk, account": _at("/desk/account"),
    "desk, not there": _at("/desk/complaints/7777-7777"),
}
