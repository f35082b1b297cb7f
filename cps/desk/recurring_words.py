"""Problems that come back, in words: where they stand, what happened to them, what is different now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from cps.complaints import recurring_reports
from cps.complaints.recurring import Happening, RecurringEvent, RecurringProblem, Standing
from cps.complaints.recurring_reports import Counts, Kept
from cps.complaints.status import Status
from cps.desk import due, listing
from cps.desk.due import Due, Nearness
from cps.kernel import clock, dates
from cps.kernel.text import Text, _, _n
from cps.people import queries as people
from cps.people.models import Person
from cps.web import filters, language

STANDINGS: dict[Standing, Text] = {
    Standing.LATE: _("Overdue"),
    Standing.UNPLANNED: _("Needs a plan"),
    Standing.PLANNED: _("Planned"),
    Standing.DONE: _("Done"),
    Standing.DISMISSED: _("Not one problem"),
}
_WHAT: dict[Happening, Text] = {
    Happening.PLANNED: STANDINGS[Standing.PLANNED],
    Happening.DONE: STANDINGS[Standing.DONE],
    Happening.DISMISSED: STANDINGS[Standing.DISMISSED],
}
_FIELDS: dict[str, Text] = {
    "cause": _("Why it comes back"),
    "owner": _("Who sees to it"),
    "due_on": _("To be done by"),
}


@dataclass(frozen=True)
class Attempt:
    """What was not done: by which form, what was typed, and what stood against it.

    `seen_version`: the one it was made from, if somebody changed it meanwhile.
    """

    noun: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)
    refusal: Text | None = None
    seen_version: int | None = None


@dataclass(frozen=True, slots=True)
class Told:
    """A problem in words; `owed`: by when the plan or the measure is owed, and how near that is.

    `left`: who saw to it works there no more.
    """

    problem: RecurringProblem
    counts: Counts
    category: str
    department: str
    place: str
    standing: Text
    owed: str
    near: Due
    near_words: Text
    owner: str
    left: bool

    @property
    def title(self) -> str:
        """What it is and where."""
        return " · ".join(part for part in (self.category, self.place) if part)


@dataclass(frozen=True, slots=True)
class Group:
    """The problems that have come so far: some of them, and how many there are."""

    standing: Standing
    name: Text
    count: int
    rows: Sequence[Told]


@dataclass(frozen=True, slots=True)
class ReportRow:
    """A report of a problem in a list."""

    kept: Kept
    standing: Text


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a problem; `words`: what was written, by what it is called."""

    what: Text
    by: str | None
    at: datetime
    words: Sequence[tuple[Text, str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """A field of a plan: as it was when the page was opened, as it is now, and the own."""

    name: Text
    seen: str
    now: str
    own: str


def groups(
    found: Mapping[Standing, Sequence[RecurringProblem]], counts: Mapping[Standing, int], person: Person
) -> list[Group]:
    """Put the problems of a page into words, with one question to the database for all of a kind."""
    every = [problem for problems in found.values() for problem in problems]
    reports, places = recurring_reports.counted(every), recurring_reports.landmarks(every, person)
    return [
        Group(
            standing,
            STANDINGS[standing],
            counts[standing],
            [told(one, reports[one.id], places.get(one.id, "")) for one in problems],
        )
        for standing, problems in found.items()
    ]


def told(problem: RecurringProblem, counts: Counts, landmark: str) -> Told:
    """Put a problem into words."""
    city, spoken = language.city(), language.current()
    zone, owner = city.profile.calendar.zone, problem.owner
    area = city.named(city.area_names[problem.area_id], spoken) if problem.area_id is not None else ""
    near = due.until(problem.owed_by, since=problem.found_at, now=clock.now(), zone=zone)
    if problem.done_at is not None:
        near = Due(Nearness.CLOSED, 0)
    return Told(
        problem=problem,
        counts=counts,
        category=city.named(city.category_names[problem.category_id], spoken),
        department=city.named(city.department_names[problem.department_id], spoken),
        place=filters.said(listing.place(area, landmark)),
        standing=STANDINGS[problem.standing],
        owed=_day_in_words(problem.due_on) if problem.due_on else filters.day(problem.owed_by),
        near=near,
        near_words=due.words(near, Status.RECEIVED),
        owner=owner.name if owner else "",
        left=owner is not None and not (owner.is_active and _is_there(owner, problem)),
    )


def reports(kept: Sequence[Kept]) -> list[ReportRow]:
    """Put the reports of a problem into words."""
    return [ReportRow(one, due.standing(one.status)) for one in kept]


def happened(event: RecurringEvent) -> Happened:
    """Put what happened to a problem into words."""
    return Happened(_what(event), event.by.name if event.by else None, event.at, _words(event))


def changes(events: Sequence[RecurringEvent], attempt: Attempt | None) -> list[Happened]:
    """Say what happened since the page was opened from which something was sent in vain, latest first."""
    if attempt is None or attempt.seen_version is None:
        return []
    return [happened(event) for event in events if event.position > attempt.seen_version]


def differences(
    problem: RecurringProblem, events: Sequence[RecurringEvent], attempt: Attempt | None
) -> list[Difference]:
    """Set beside each other what a plan was when the page was opened, what it is now, and the own."""
    if attempt is None or attempt.seen_version is None or attempt.noun != "plans":
        return []
    seen = _plan_at(events, attempt.seen_version)
    now = {
        "cause": problem.cause,
        "owner": problem.owner.name if problem.owner else "",
        "due_on": problem.due_on.isoformat() if problem.due_on else "",
    }
    own = {**attempt.typed, "owner": _name(attempt.typed.get("owner", ""))}
    return [
        Difference(name, _shown(key, seen[key]), _shown(key, now[key]), _shown(key, own.get(key, "")))
        for key, name in _FIELDS.items()
        if seen[key] != now[key]
    ]


def _is_there(owner: Person, problem: RecurringProblem) -> bool:
    return owner.department_id == problem.department_id


def _plan_at(events: Sequence[RecurringEvent], version: int) -> dict[str, str]:
    """Return the plan as it stood at a version; what came back or went on has no owner and no date."""
    plan = dict.fromkeys(_FIELDS, "")
    for event in reversed(events):
        if event.position > version:
            break
        if event.kind is Happening.PLANNED:
            plan = {key: str(event.details[key]) for key in _FIELDS}
        elif event.kind in (Happening.RETURNED, Happening.PASSED_ON):
            plan = {**plan, "owner": "", "due_on": ""}
    return plan


def _name(number: str) -> str:
    is_number = number.isascii() and number.isdigit() and len(number) < 10
    person = people.with_number(int(number)) if is_number else None
    return person.name if person else ""


def _shown(key: str, value: str) -> str:
    if key != "due_on":
        return value
    try:
        return _day_in_words(date.fromisoformat(value))
    except ValueError:
        return value


def _what(event: RecurringEvent) -> Text:
    details, city, spoken = event.details, language.city(), language.current()
    if event.kind is Happening.PASSED_ON:
        name = city.named(city.department_names[details["new"]], spoken)
        return _("Transferred to: %(department)s", department=name)
    if event.kind in (Happening.FOUND, Happening.RETURNED):
        reports = _n(
            "%(num)s report within %(days)s days",
            "%(num)s reports within %(days)s days",
            details["reports"],
            days=details["days"],
        )
        if event.kind is Happening.FOUND:
            return _("Found: %(reports)s", reports=reports)
        if details.get("was_dismissed"):
            return _("Reported as often again: %(reports)s", reports=reports)
        return _("Came back after the measure: %(reports)s", reports=reports)
    if event.kind is Happening.REMINDED:
        return _("Measure overdue, told") if details["is_planned"] else _("Plan overdue, told")
    return _WHAT[event.kind]


def _words(event: RecurringEvent) -> list[tuple[Text, str]]:
    if event.kind is Happening.DONE:
        return [(_("What we did"), event.details["measure"])]
    if event.kind is Happening.DISMISSED:
        return [(_("Why?"), event.details["reason"])]
    if event.kind is not Happening.PLANNED:
        return []
    return [(name, _shown(key, event.details[key])) for key, name in _FIELDS.items()]


def _day_in_words(day: date) -> str:
    calendars = language.city().profile.dates
    return dates.date_in_words(day, language=language.current(), calendars=calendars)
