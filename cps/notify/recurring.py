"""Problems that come back: found and reminded of by the worker, and the mails about them.

A mail's own number follows from what it is about and to whom it goes: a task that runs twice writes it once.
Nothing of what was reported stands in it: kind, area, how often, and the link.
"""

from collections.abc import Iterator
from datetime import date
from uuid import UUID, uuid5

from sqlalchemy.orm import joinedload

from cps.city.queries import CityInForce, in_force
from cps.complaints import recurring_finding, recurring_plans
from cps.complaints.recurring import Happening, RecurringEvent, RecurringProblem
from cps.kernel import dates, jobs
from cps.kernel.db import db
from cps.kernel.text import Text, _, _n
from cps.notify import officials, tasks
from cps.notify.letters import Letter, desk_address

_MAILS = UUID("5f0a9f0e-6a0b-4c55-9b0a-2d6f3a1f8c42")  # of these mails alone; an arbitrary one of our own


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="begin_recurring", queueing_lock="begin_recurring", pass_context=False)
def begin_recurring(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Begin a round."""
    go_on()


@jobs.app.task(name=jobs.RECURRING, retry=jobs.PATIENTLY)
def go_on() -> None:
    """Look at the next reports and at what is overdue, and ask for another turn if there is more."""
    has_more = recurring_finding.look()
    if recurring_plans.remind() or has_more:
        jobs.defer(jobs.RECURRING)


@jobs.app.task(name=jobs.TELL_RECURRING, retry=jobs.PERSISTENTLY)
def tell(event_id: int) -> None:
    """Write to everybody whom an event tells."""
    event = db.session.get(RecurringEvent, event_id, options=[joinedload(RecurringEvent.problem)])
    if event is None:
        return
    found = []
    for address, language in officials.told_of(event):
        letter = mail_about(event, language=language)
        row = tasks.as_message(letter, to=address, language=language, event_id=None)
        found.append({**row, "id": uuid5(_MAILS, f"{event.id} {address}")})
    tasks.post(found)


def mail_about(event: RecurringEvent, *, language: str) -> Letter:
    """Write to an official about an event of a problem that comes back."""
    say, city = officials.saying(language), in_force()
    link = f"{desk_address()}/recurring/{event.problem_id}"
    paragraphs = [
        say(_opening(event)),
        "\n".join(say(fact) for fact in _facts(event, city, language)),
        say(_("Open it at the desk: %(link)s", link=link)),
        city.name(language),
    ]
    return Letter(say(_subject(event, city, language)), "\n\n".join(paragraphs) + "\n")


def _subject(event: RecurringEvent, city: CityInForce, language: str) -> Text:
    kind = city.named(city.category_names[event.problem.category_id], language)
    if event.kind is Happening.PLANNED:
        return _("You see to a recurring problem: %(category)s", category=kind)
    if event.kind is Happening.REMINDED:
        return _("Recurring problem, overdue: %(category)s", category=kind)
    if event.kind is Happening.RETURNED and not event.details.get("was_dismissed"):
        return _("A recurring problem came back: %(category)s", category=kind)
    return _("Recurring problem: %(category)s", category=kind)


def _opening(event: RecurringEvent) -> Text:
    if event.kind is Happening.PLANNED:
        return _("You were named as the one who sees to the cause of this problem.")
    if event.kind is Happening.PASSED_ON:
        return _(
            "Another department transferred this problem to yours. It needs a cause, an owner and a date."
        )
    if event.kind is Happening.REMINDED:
        if event.details["is_planned"]:
            return _("The day by which the measure was planned is over, and it is not done.")
        return _("Nobody has said yet what will be done about this problem, and the time for that is over.")
    reports = _n(
        "%(num)s report of this kind came in at this place within %(days)s days.",
        "%(num)s reports of this kind came in at this place within %(days)s days.",
        event.details["reports"],
        days=event.details["days"],
    )
    if event.kind is Happening.RETURNED and not event.details.get("was_dismissed"):
        return _(
            "The measure was done, and the problem came back. %(reports)s It needs a new plan.",
            reports=reports,
        )
    return _("%(reports)s It needs a cause, an owner and a date.", reports=reports)


def _facts(event: RecurringEvent, city: CityInForce, language: str) -> Iterator[Text]:
    problem: RecurringProblem = event.problem
    yield _("Category: %(name)s", name=city.named(city.category_names[problem.category_id], language))
    if problem.area_id is not None:
        yield _("Location: %(place)s", place=city.named(city.area_names[problem.area_id], language))
    yield _("Department: %(name)s", name=city.named(city.department_names[problem.department_id], language))
    if event.kind is Happening.PLANNED:
        day = date.fromisoformat(event.details["due_on"])
        calendars = city.profile.dates
        yield _(
            "To be done by: %(day)s", day=dates.date_in_words(day, language=language, calendars=calendars)
        )
    elif problem.done_at is None:
        owed = officials.written_moment(problem.owed_by, city, language)
        if problem.has_plan:
            yield _("To be done by: %(day)s", day=owed)
        else:
            yield _("Plan by: %(moment)s", moment=owed)
