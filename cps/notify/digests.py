"""The morning's mail to officials: what is overdue, what is due, what is new; once per person and working day.

Each day's mail is claimed by a row of its own, so that two workers and a restart send one. A worker that
was down in the morning writes it when it comes back on the same day. Who has no work, or wants none, gets none.
Who is away gets none either: who stands in reads in theirs what the other one has.
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime

from sqlalchemy import Row, and_, select
from sqlalchemy.dialects.postgresql import insert

from cps.city.queries import CityInForce, in_force
from cps.complaints import workload
from cps.complaints.models import Complaint
from cps.complaints.workload import Counts, Horizon
from cps.kernel import clock, dates, jobs
from cps.kernel.db import db
from cps.kernel.text import Text, _, _n
from cps.notify import officials, tasks
from cps.notify.letters import Letter, desk_address
from cps.notify.models import Digest
from cps.people import leaves
from cps.people.models import Person, Role

_AT_ONCE = 25
_SHOWN, _DEPARTMENTS_SHOWN = 10, 40
_CLAIM = insert(Digest).on_conflict_do_nothing().returning(Digest.person_id)

_LINES: tuple[tuple[str, Callable[[int], Text]], ...] = (
    ("overdue", lambda count: _("Overdue: %(count)s", count=count)),
    ("today", lambda count: _("Due today: %(count)s", count=count)),
    ("soon", lambda count: _("Due in the next two working days: %(count)s", count=count)),
    ("new", lambda count: _("New, without handler: %(count)s", count=count)),
    ("overlooked", lambda count: _("Opened by nobody for more than a working day: %(count)s", count=count)),
    ("answered", lambda count: _("Answered by citizens: %(count)s", count=count)),
    ("aside", lambda count: _("Set aside, to be judged: %(count)s", count=count)),
    ("replies", lambda count: _("Replies due to other departments: %(count)s", count=count)),
)


@jobs.app.periodic(cron="*/5 * * * *")
@jobs.app.task(name="begin_digests", queueing_lock="begin_digests", pass_context=False)
def begin_digests(timestamp: int) -> None:  # noqa: ARG001 - procrastinate hands it in
    """Begin to write the day's mails when it is time."""
    go_on()


@jobs.app.task(name=jobs.DIGESTS, retry=jobs.PATIENTLY)
def go_on() -> None:
    """Write the mails of some officials who have none of today, and ask for another turn if there are more."""
    city, now = in_force(), clock.now()
    day = day_of(now, city)
    if day is None:
        return
    until = workload.horizon(now, city.profile.calendar)
    found = _without_digest(day)
    for person in found:
        if db.session.scalar(_CLAIM, {"person_id": person.id, "day": day}) is not None:
            _send(person, until, city)
    if len(found) == _AT_ONCE:
        jobs.defer(jobs.DIGESTS)


def day_of(now: datetime, city: CityInForce) -> date | None:
    """Return the day whose mails are due at this moment; None before their time and on days off."""
    local, at = now.astimezone(city.profile.calendar.zone), city.profile.clocks.digest_at
    if at is None or local.time() < at or not city.profile.calendar.hours_of(local.date()):
        return None
    return local.date()


def _without_digest(day: date) -> Sequence[Person]:
    return db.session.scalars(
        select(Person)
        .outerjoin(Digest, and_(Digest.person_id == Person.id, Digest.day == day))
        .where(Person.is_active, Person.wants_digest, Digest.person_id.is_(None), ~leaves.is_away_on(day))
        .order_by(Person.id)
        .limit(_AT_ONCE)
    ).all()


def _send(person: Person, until: Horizon, city: CityInForce) -> None:
    language = person.language or city.profile.languages[0]
    letter = written(person, until, city, language=language)
    if letter is not None:
        tasks.post([tasks.as_message(letter, to=person.email, language=language, event_id=None)])


def written(person: Person, until: Horizon, city: CityInForce, *, language: str) -> Letter | None:
    """Write an official's mail of the morning, or nothing where there is no work."""
    say = officials.saying(language)
    paragraphs = [
        *(_of_city(until, city, language) if person.reads_city else _of_own(person, until, city, language)),
        *_of_absent(person, until, city, language),
    ]
    if not paragraphs:
        return None
    today = city.profile.day(until.now, language=language)
    closing = [say(_("Open the desk: %(link)s", link=desk_address())), city.name(language)]
    return Letter(say(_("Your reports on %(day)s", day=today)), "\n\n".join([*paragraphs, *closing]) + "\n")


def _of_own(person: Person, until: Horizon, city: CityInForce, language: str) -> list[str]:
    """Tell of what an official handles, or a head's department has."""
    if person.department_id is None:
        return []
    if person.role is Role.HEAD:
        counts = workload.of_department(person.department_id, until)
        nearest = workload.nearest_of_department(person.department_id, until, most=_SHOWN)
        whose = city.named(city.department_names[person.department_id], language)
    else:
        counts = workload.of_handler(person, until)
        nearest = workload.nearest_of_handler(person, until, most=_SHOWN)
        whose = officials.saying(language)(_("Assigned to you"))
    if counts.is_nothing:
        return []
    owed = workload.replies_of(person.department_id, until, most=_SHOWN) if counts.replies else ()
    told = "\n".join(_lines(counts, language))
    return [whose, told, *_listed(nearest, city, language), *_asked(owed, city, language)]


def _of_absent(person: Person, until: Horizon, city: CityInForce, language: str) -> list[str]:
    """Tell of what those handle for whom an official stands in."""
    paragraphs = []
    for leave in leaves.stood_in_for(person):
        counts = workload.handled_by(leave.person, until)
        if counts.is_nothing:
            continue
        day = dates.short(leave.last_day, language=language, calendars=city.profile.dates)
        whose = _("You stand in for %(name)s until %(day)s:", name=leave.person.name, day=day)
        nearest = workload.nearest_of_handler(leave.person, until, most=_SHOWN)
        told = "\n".join(_lines(counts, language))
        paragraphs += [officials.saying(language)(whose), told, *_listed(nearest, city, language)]
    return paragraphs


def _of_city(until: Horizon, city: CityInForce, language: str) -> list[str]:
    """Tell of every department with work, in a line each."""
    found = workload.by_department(until)
    lines = [
        f"{city.named(city.department_names[number], language)} – {' · '.join(_lines(counts, language))}"
        for number, counts in found[:_DEPARTMENTS_SHOWN]
    ]
    if more := len(found) - len(lines):
        say = officials.saying(language)
        lines.append(say(_n("and %(num)s more department", "and %(num)s more departments", more)))
    return ["\n".join(lines)] if lines else []


def _lines(counts: Counts, language: str) -> list[str]:
    say = officials.saying(language)
    told = ((line, int(getattr(counts, name))) for name, line in _LINES)
    return [say(line(count)) for line, count in told if count]


def _listed(nearest: Sequence[Complaint], city: CityInForce, language: str) -> list[str]:
    if not nearest:
        return []
    lines = [officials.in_a_line(complaint, city, language) for complaint in nearest]
    return ["\n".join([officials.saying(language)(_("Nearest deadlines:")), *lines])]


def _asked(owed: Sequence[Row[Complaint, datetime]], city: CityInForce, language: str) -> list[str]:
    """Name the reports other departments ask about, each with the day by which they are replied to."""
    if not owed:
        return []
    lines = [officials.in_a_line(complaint, city, language, by=reply_by) for complaint, reply_by in owed]
    return ["\n".join([officials.saying(language)(_("Asked of your department, reply by:")), *lines])]
