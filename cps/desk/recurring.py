"""Problems that come back: the list of a department or of the city, one problem with its reports, and its plan.

They are kept beside the reports: nothing that is done here changes a report, its deadline or its answer.
"""

from collections.abc import Callable
from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import recurring_plans, recurring_reports
from cps.complaints.recurring import (
    RecurringProblem,
    Standing,
    history_of,
    may_pass_on,
    may_write,
    one_of,
)
from cps.desk import colleagues, recurring_words
from cps.desk.door import desk
from cps.desk.recurring_words import Attempt
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import _
from cps.web import forms, language, options
from cps.web.signin import current_person

_SHOWN: Final = 10
_OF_ONE_STANDING: Final = 50
_FARTHEST_PAGE: Final = 10_000


@desk.get("/recurring")
def recurring() -> ResponseReturnValue:
    """List the problems that this official sees, by how far they have come; or all that have come so far."""
    person, city = current_person(), language.city()
    code = request.args.get("department", "") if person.reads_city else ""
    which, page = _asked_standing(), _asked_page()
    if code and code not in city.department_ids:
        raise NotFound
    department_id = city.department_ids.get(code)
    counts = recurring_reports.how_many(person, department_id=department_id)
    most = _OF_ONE_STANDING if which else _SHOWN
    shown = [which] if which else [one for one in Standing if counts[one]]
    groups = {
        one: recurring_reports.standing(
            person, one, department_id=department_id, most=most, skipped=(page - 1) * most
        )
        for one in shown
    }
    return render_template(
        "desk/recurring.html",
        person=person,
        asked=code,
        which=which,
        page=page,
        is_last=which is None or page * most >= counts[which],
        departments=options.departments(city, language.current()),
        rule=city.profile.asks.recurring,
        groups=recurring_words.groups(groups, counts, person),
    )


@desk.get("/recurring/<int:number>")
def recurring_problem(number: int) -> ResponseReturnValue:
    """Show a problem that comes back."""
    return _page(one_of(current_person(), number))


@desk.post("/recurring/<int:number>/plans")
def plan_recurring(number: int) -> ResponseReturnValue:
    """Keep why it comes back, who sees to it and by when."""
    person = current_person()
    return _done(
        number,
        "plans",
        lambda problem: recurring_plans.plan(
            problem,
            cause=forms.typed("cause"),
            owner=forms.typed("owner"),
            due_on=forms.typed("due_on"),
            by=person,
        ),
    )


@desk.post("/recurring/<int:number>/measures")
def finish_recurring(number: int) -> ResponseReturnValue:
    """Keep what was done."""
    person = current_person()
    return _done(
        number,
        "measures",
        lambda problem: recurring_plans.finish(problem, measure=forms.typed("measure"), by=person),
    )


@desk.post("/recurring/<int:number>/handovers")
def pass_recurring_on(number: int) -> ResponseReturnValue:
    """Give it to another department, where it may be out of the official's sight."""
    person = current_person()

    def pass_on(problem: RecurringProblem) -> None:
        found = language.city().department_ids.get(forms.typed("department"))
        if found is None:
            raise Invalid({"department": _("Choose a department from the list.")})
        recurring_plans.pass_on(problem, to=recurring_plans.department(found), by=person)

    return _done(number, "handovers", pass_on)


@desk.post("/recurring/<int:number>/dismissals")
def dismiss_recurring(number: int) -> ResponseReturnValue:
    """Keep why it is not one problem."""
    person = current_person()
    return _done(
        number,
        "dismissals",
        lambda problem: recurring_plans.dismiss(problem, reason=forms.typed("reason"), by=person),
    )


def _done(number: int, noun: str, verb: Callable[[RecurringProblem], Any]) -> ResponseReturnValue:
    """Do something to a problem at the version that was seen, or show it again with what stood against it."""
    person = current_person()
    try:
        with db.session.begin_nested():
            problem = one_of(person, number, locked=True)
            if not _is_said_already(problem, noun):
                recurring_plans.expect_version(problem, forms.typed_version())
            verb(problem)
    except (Invalid, Refused) as error:
        db.session.expire_all()
        problem = one_of(person, number)
        typed = {name: forms.typed(name) for name in request.form if name not in ("csrf_token", "version")}
        return _page(problem, _attempt(noun, typed, error)), (422 if isinstance(error, Invalid) else 409)
    seen = noun != "handovers" or person.is_city_wide or person.department_id == problem.department_id
    return redirect(
        url_for("desk.recurring_problem", number=number) if seen else url_for("desk.recurring"), 303
    )


def _is_said_already(problem: RecurringProblem, noun: str) -> bool:
    """Whether a form that is sent twice asks for what is so by now."""
    if noun == "dismissals":
        return problem.standing is Standing.DISMISSED and problem.measure == forms.typed("reason").strip()
    if noun == "measures":
        return problem.standing is Standing.DONE and problem.measure == forms.typed("measure").strip()
    plan = (problem.cause, str(problem.owner_id or ""), problem.due_on.isoformat() if problem.due_on else "")
    typed = (forms.typed("cause").strip(), forms.typed("owner"), forms.typed("due_on"))
    return noun == "plans" and plan == typed


def _attempt(noun: str, typed: dict[str, str], error: Invalid | Refused) -> Attempt:
    if isinstance(error, Invalid):
        return Attempt(noun, typed, faults=error.faults)
    is_stale = isinstance(error, recurring_plans.Changed)
    return Attempt(
        noun, typed, refusal=error.sentence, seen_version=forms.typed_version() if is_stale else None
    )


def _page(problem: RecurringProblem, attempt: Attempt | None = None) -> str:
    person, city = current_person(), language.city()
    events = history_of(problem)
    counts = recurring_reports.counted([problem])[problem.id]
    writes = may_write(person, problem)
    kept = recurring_reports.of(problem, person)
    return render_template(
        "desk/recurring_problem.html",
        person=person,
        problem=problem,
        told=recurring_words.told(problem, counts, _latest_landmark(kept)),
        counts=counts,
        reports=recurring_words.reports(kept),
        unread=counts.reports - len(kept),
        most=recurring_reports.MOST,
        happenings=[recurring_words.happened(event) for event in events],
        attempt=attempt or Attempt(),
        changes=recurring_words.changes(events, attempt),
        differences=recurring_words.differences(problem, events, attempt),
        writes=writes,
        passes_on=may_pass_on(person, problem),
        colleagues=colleagues.of(problem.department_id, person) if writes else (),
        departments=options.departments(city, language.current()).without(problem.department.code),
        rule=city.profile.asks.recurring,
    )


def _latest_landmark(kept: Any) -> str:
    return next((one.landmark for one in reversed(kept) if one.landmark), "")


def _asked_standing() -> Standing | None:
    asked = request.args.get("standing", "")
    if asked and asked not in set(Standing):
        raise NotFound
    return Standing(asked) if asked else None


def _asked_page() -> int:
    text = request.args.get("page", "1")
    is_page = text.isascii() and text.isdigit() and 0 < int(text[:9]) <= _FARTHEST_PAGE
    if not is_page or (text != "1" and not request.args.get("standing")):
        raise NotFound
    return int(text)
