"""Mails to officials, in our own sentences and each official's own language: what, where, by when, and the link.

Nothing about the reporter stands in them, and of a report that is not public not even what was written
about its place: mail is read on the way, and the desk is one click away.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime
from functools import partial

from cps.city.queries import CityInForce, in_force
from cps.complaints import visibility
from cps.complaints.alarms import why_urgent
from cps.complaints.escalation import occasion
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.recurring import RecurringEvent
from cps.kernel import dates, numbers
from cps.kernel.catalogues import speaker
from cps.kernel.text import Text, _
from cps.notify.letters import Letter, desk_link
from cps.people import queries as people

_CONTRIBUTIONS = (EventKind.CONTRIBUTION_ASKED, EventKind.CONTRIBUTED)

Saying = Callable[[Text], str]
"""Says a sentence in the reader's language."""


def saying(language: str) -> Saying:
    """Return who says sentences in this language, with numbers as it writes them."""
    says, counts = speaker(language), partial(numbers.number, language=language)
    return lambda text: text.rendered(says, counts)


def told_of(event: Event | RecurringEvent) -> Iterator[tuple[str, str]]:
    """Give address and language of everybody an event tells by mail."""
    default = in_force().profile.languages[0]
    for person in people.with_ids(event.details.get("people", ())):
        yield person.email, person.language or default
    for address in event.details.get("addresses", ()):
        yield address, default


def mail_about(event: Event, *, language: str) -> Letter:
    """Write to an official about an event of a complaint."""
    say, city = saying(language), in_force()
    paragraphs = [
        say(_opening(event, city, language)),
        "\n".join(say(fact) for fact in _facts(event, city, language)),
        say(_("Open it at the desk: %(link)s", link=desk_link(event.complaint))),
        city.name(language),
    ]
    return Letter(say(_subject(event, city, language)), "\n\n".join(paragraphs) + "\n")


def place_of(complaint: Complaint, city: CityInForce, language: str) -> str:
    """Say where it is as far as everybody may know: of what is not public, the area alone."""
    area = city.named(city.area_names[complaint.area_id], language) if complaint.area_id is not None else ""
    landmark = visibility.seen_words(complaint.landmark, city) if complaint.is_public else ""
    return " · ".join(part for part in (area, " ".join(landmark.split())) if part)


def in_a_line(complaint: Complaint, city: CityInForce, language: str, *, by: datetime | None = None) -> str:
    """Name a complaint in one line: number, category, place, and its deadline or what is due `by` before."""
    category = city.named(city.category_names[complaint.category_id], language)
    parts = (
        complaint.reference,
        category,
        place_of(complaint, city, language),
        written_moment(by or complaint.due_at, city, language),
    )
    return " · ".join(part for part in parts if part)


def written_moment(moment: datetime, city: CityInForce, language: str) -> str:
    """Write a day and a time where the city is."""
    zone = city.profile.calendar.zone
    day, time = city.profile.day(moment, language=language), dates.time(moment, language=language, zone=zone)
    return f"{day}, {time}"


# Of what needs no more than the number; filled in when it is written.
_SUBJECTS: Mapping[EventKind, Text] = {
    EventKind.DEMANDED: _("Report %(number)s: the citizen asks why it is late", number=""),
    EventKind.ALARMED: _("Report %(number)s may be urgent", number=""),
    EventKind.FLAGGED: _("Report %(number)s is marked as abusive", number=""),
    EventKind.ADDED: _("Report %(number)s: its reporter writes about the mark of abuse", number=""),
    EventKind.PLAN_MISSED: _("Report %(number)s: the planned day is over", number=""),
    EventKind.OVERLOOKED: _("Report %(number)s: nobody has opened it", number=""),
    EventKind.REVIEW_ASKED: _("Report %(number)s: a second opinion is needed", number=""),
}
_OPENINGS: Mapping[EventKind, Text] = {
    EventKind.DEMANDED: _("The citizen asks why this report is late."),
    EventKind.FLAGGED: _(
        "An official has marked this report as abusive towards staff. The reason is at the desk."
    ),
    EventKind.ADDED: _(
        "This report is marked as abusive, and its reporter has written more. If the mark is wrong, take it away at the desk."
    ),
    EventKind.OVERLOOKED: _(
        "Nobody of the department has opened this report for more than a working day. You get this mail for the first such report of a day; others are in the view “Unseen”."
    ),
    EventKind.REVIEW_ASKED: _(
        "The citizen has reopened this report for the second time. Decide who looks at it: not who handled it before."
    ),
}


def _subject(event: Event, city: CityInForce, language: str) -> Text:
    number = event.complaint.reference
    if event.kind in _SUBJECTS:
        return replace(_SUBJECTS[event.kind], values={"number": number})
    if event.kind in _CONTRIBUTIONS:
        asked = _asked(event, city, language)
        if event.kind is EventKind.CONTRIBUTED:
            return _("Report %(number)s: reply of %(department)s", number=number, department=asked)
        return _("Report %(number)s: question to %(department)s", number=number, department=asked)
    if event.complaint.due_at <= event.at:
        return _("Report %(number)s is overdue", number=number)
    return _("Report %(number)s is due soon", number=number)


def _opening(event: Event, city: CityInForce, language: str) -> Text:
    if event.kind in _OPENINGS:
        return _OPENINGS[event.kind]
    if event.kind is EventKind.ALARMED:
        return why_urgent(event.details)
    if event.kind is EventKind.PLAN_MISSED:
        last = date.fromisoformat(event.details["last"])
        day = dates.span(last, last, language=language, calendars=city.profile.dates)
        return _("It was planned for %(day)s and is still open. Close it or plan another day.", day=day)
    if event.kind in _CONTRIBUTIONS:
        return _opening_of_contribution(event, city, language)
    if not event.details["late"] and event.complaint.due_at <= event.at:
        return _("The deadline is over.")  # also of an earlier step that was caught up with only now
    return occasion(event.details)


def _opening_of_contribution(event: Event, city: CityInForce, language: str) -> Text:
    asked = _asked(event, city, language)
    if event.kind is EventKind.CONTRIBUTED:
        return _("%(department)s has replied. The reply is at the desk.", department=asked)
    lead = city.named(city.department_names[event.department_id], language)
    return _("%(lead)s asks %(department)s. The question is at the desk.", lead=lead, department=asked)


def _asked(event: Event, city: CityInForce, language: str) -> str:
    return city.named(city.department_names[event.details["department"]], language)


def _facts(event: Event, city: CityInForce, language: str) -> Iterator[Text]:
    complaint = event.complaint
    if event.kind is EventKind.CONTRIBUTION_ASKED:
        moment = datetime.fromisoformat(event.details["reply_by"])
        yield _("Reply by: %(moment)s", moment=written_moment(moment, city, language))
    yield _("Report: %(number)s", number=complaint.reference)
    yield _("Category: %(name)s", name=city.named(city.category_names[complaint.category_id], language))
    if place := place_of(complaint, city, language):
        yield _("Location: %(place)s", place=place)
    yield _("Department: %(name)s", name=city.named(city.department_names[complaint.department_id], language))
    nobody = _("nobody yet")
    yield _("Handler: %(name)s", name=complaint.assignee.name if complaint.assignee else nobody)
    if complaint.assignee is not None and (leave := complaint.assignee.away) is not None:
        until = dates.short(leave.last_day, language=language, calendars=city.profile.dates)
        yield _("Until %(day)s this official is away.", day=until)
    yield _("Deadline: %(moment)s", moment=written_moment(complaint.due_at, city, language))
