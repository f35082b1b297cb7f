"""What officials have written before a visitor comes: reply templates, saved views, what is done about what comes back."""

from datetime import timedelta

from sqlalchemy import select

from cps.complaints import recurring_plans, reporters, saved_views, templates
from cps.complaints.recurring import RecurringProblem
from cps.complaints.saved_views import Sharing
from cps.complaints.templates import Use
from cps.complaints.views import View
from cps.console.demonstration import wording
from cps.console.demonstration.cases.stage import Stage
from cps.console.demonstration.wording import cases
from cps.kernel.db import db

_FOR_A_MEASURE = timedelta(days=14)


def write(stage: Stage) -> None:
    """Write templates, save views, and write down who looked at reporters."""
    _templates(stage)
    _views(stage)
    stage.shift = 0
    for look in sorted(stage.looks, reverse=True, key=lambda look: look.since):
        with stage.before(look.since):
            reporters.reveal(look.complaint, by=look.by, reason=look.reason)


def _templates(stage: Stage) -> None:
    """Write what the whole city answers with, in each language somebody wrote it in, and one of the department's own."""
    books = {code: book for code in stage.city.profile.languages if (book := cases.in_language(code))}
    with stage.before(400):
        for n, template in enumerate(stage.cases.templates):
            texts = {code: book.templates[n].texts for code, book in books.items()}
            templates.write(
                None,
                use=template.use,
                category_id=None,
                title=template.title,
                texts=texts,
                by=stage.coordinator,
            )
        kind = stage.kind
        results = {code: _result(kind.code, code) for code in books}
        templates.write(
            None,
            use=Use.RESOLUTION,
            category_id=stage.city.category_ids[kind.code],
            title=f"{stage.cases.templates[0].title}: {stage.city.named(kind.names, stage.language)}",
            texts=results,
            by=stage.home.head,
        )


def _result(category: str, language: str) -> dict[str, str]:
    book = wording.in_language(language)
    return {"result": book.results.get(category, book.any_result)[0]}


def _views(stage: Stage) -> None:
    head, officer, coordinator = stage.home.head, stage.home.officer, stage.coordinator
    with stage.before(300):
        nobody = saved_views.save(
            stage.cases.unassigned,
            sharing=Sharing.DEPARTMENT,
            view=View.OPEN,
            filters={"handler": "nobody"},
            by=head,
        )
        overdue = saved_views.save(
            stage.cases.overdue, sharing=Sharing.CITY, view=View.OVERDUE, filters={}, by=coordinator
        )
        missed = saved_views.save(
            stage.cases.missed,
            sharing=Sharing.PERSONAL,
            view=View.OPEN,
            filters={"missed": "yes"},
            by=officer,
        )
        for digit, saved, person in ((1, nobody, head), (1, missed, officer), (1, overdue, coordinator)):
            saved_views.pin(saved, digit, by=person)


def answer_problems(stage: Stage) -> None:
    """Plan what is done about the oldest problem that comes back in the department, and say of another that it is done."""
    found = db.session.scalars(select(RecurringProblem).order_by(RecurringProblem.id)).all()
    ours = [one for one in found if one.department_id == stage.home.department.id]
    others = [one for one in found if one not in ours] or ours[1:]
    for problem in (*ours[:1], *others[:1]):
        _plan(stage, problem)
    for problem in others[:1]:
        recurring_plans.finish(problem, measure=stage.cases.measure, by=stage.coordinator)


def _plan(stage: Stage, problem: RecurringProblem) -> None:
    due_on = (stage.today + _FOR_A_MEASURE).isoformat()
    owner = stage.scene.staff[problem.department_id][-1]
    recurring_plans.plan(
        problem, cause=stage.cases.cause, owner=str(owner.id), due_on=due_on, by=stage.coordinator
    )
