"""Letters: the city's words for an event, filled with what happened.

Placeholders are replaced by plain substitution, once: what a person typed is never read as a
template, and an unknown placeholder stays as it is.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from cps.city.letters.words import letter_text
from cps.city.profile import CODE
from cps.city.queries import CityInForce, in_force
from cps.complaints import joining, objections, tracking
from cps.complaints.joining import Listener
from cps.complaints.kinds import EventKind
from cps.complaints.lifecycle import STATUS_NAMES
from cps.complaints.models import Complaint, Event
from cps.kernel import dates
from cps.kernel.catalogues import speaker
from cps.kernel.numbers import number

_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
_ADDRESS = ["http://127.0.0.1:8000"]


@dataclass(frozen=True)
class Letter:
    """A subject of one line and a plain text."""

    subject: str
    body: str


def use_address(base_url: str) -> None:
    """Say at which address the city is reached, for the links in letters."""
    _ADDRESS[:] = [base_url.rstrip("/")]


def tracking_link(complaint: Complaint) -> str:
    """Return the private link of a complaint."""
    return f"{_ADDRESS[0]}/track/{tracking.secret_for(complaint.submission_key)}"


def joining_link(key: UUID) -> str:
    """Return the private link of somebody who joined a report without one of the own."""
    return f"{_ADDRESS[0]}/joined/{joining.secret_for(key)}"


def desk_link(complaint: Complaint) -> str:
    """Return where officials find a complaint."""
    return f"{desk_address()}/complaints/{complaint.reference}"


def desk_address() -> str:
    """Return where officials work."""
    return f"{_ADDRESS[0]}/desk"


def alerts_address(secret: str) -> str:
    """Return where a subscriber confirms and ends mails about places."""
    return f"{_ADDRESS[0]}/alerts/{secret}"


def report_address(reference: str) -> str:
    """Return the public page of a report."""
    return f"{_ADDRESS[0]}/complaints/{reference}"


def written(kind: str, event: Event, *, language: str) -> Letter:
    """Write the letter of this kind about an event in the reader's language."""
    return _written(kind, event, language, {})


def written_to(listener: Listener, kind: str, event: Event) -> Letter:
    """Write to somebody who joined the report of this event: with the number and the link of the own, if there is one."""
    if listener.own is None:
        return _written(kind, event, listener.language, {"link": joining_link(listener.key)})
    own = {"no": listener.own.reference, "link": tracking_link(listener.own)}
    return _written(kind, event, listener.language, own)


def about_code(code: str, *, minutes: int, language: str) -> Letter:
    """Write the letter with a code that confirms an address; its subject alone is enough for an SMS."""
    city = in_force()
    text = letter_text(city.profile, CODE, language)
    values = {"code": code, "minutes": number(minutes, language=language), "city": city.name(language)}
    return Letter(" ".join(_filled(text.subject, values).split()), _paragraphs(text.body, values))


def _written(kind: str, event: Event, language: str, others: Mapping[str, str]) -> Letter:
    city = in_force()
    text = letter_text(city.profile, kind, language)
    values = {**_values(event, city, language), **others}
    return Letter(" ".join(_filled(text.subject, values).split()), _paragraphs(text.body, values))


def _paragraphs(template: str, values: dict[str, str]) -> str:
    """Fill a body; a paragraph of which nothing is left takes its empty line with it."""
    filled = (_filled(paragraph, values) for paragraph in template.strip().split("\n\n"))
    return "\n\n".join(paragraph for paragraph in filled if paragraph.strip()).strip() + "\n"


def _filled(template: str, values: dict[str, str]) -> str:
    return _PLACEHOLDER.sub(lambda match: values.get(match[1], match[0]), template)


def _values(event: Event, city: CityInForce, language: str) -> dict[str, str]:
    complaint = event.complaint
    return {
        "no": complaint.reference,
        "lead": str(event.details.get("lead", complaint.reference)),
        "dept": city.named(city.department_names[event.department_id], language),
        "date": _date(event, city, language),
        "reason": event.note,
        "question": event.note,
        "action": event.note,
        "remedy": str(event.details.get("remedy", "")),
        "category": city.named(city.category_names[complaint.category_id], language),
        "city": city.name(language),
        "link": tracking_link(complaint),
        "old": _old_date(event, city, language),
        "planned": _planned(event, city, language),
        "objection": objections.notice(event.at, language=language)
        if event.kind is EventKind.DECLINED
        else "",
        "status": STATUS_NAMES[event.status].rendered(speaker(language)),
    }


def _old_date(event: Event, city: CityInForce, language: str) -> str:
    """Write the date that an extension moved, or the days that were planned before; empty for every other event."""
    if "old_first" in event.details:
        return _planned(event, city, language, before="old_")
    if "old" not in event.details:
        return ""
    return _day(datetime.fromisoformat(event.details["old"]), city, language)


def _planned(event: Event, city: CityInForce, language: str, *, before: str = "") -> str:
    """Write for which days something is planned; empty for every other event."""
    if event.kind not in (EventKind.PLANNED, EventKind.UNPLANNED) or before + "first" not in event.details:
        return ""
    first, last = (date.fromisoformat(event.details[before + name]) for name in ("first", "last"))
    return dates.span(first, last, language=language, calendars=city.profile.dates)


def _date(event: Event, city: CityInForce, language: str) -> str:
    limits = city.profile.limits
    days = {
        EventKind.ASKED: limits.answer_days,
        EventKind.RESOLVED: limits.reopen_days,
        EventKind.DECLINED: limits.reopen_days,
    }.get(event.kind)
    moment = event.complaint.due_at if days is None else event.at + timedelta(days=days)
    if "new" in event.details:
        moment = datetime.fromisoformat(event.details["new"])
    return _day(moment, city, language)


def _day(moment: datetime, city: CityInForce, language: str) -> str:
    zone, calendars = city.profile.calendar.zone, city.profile.dates
    return dates.day(moment, language=language, zone=zone, calendars=calendars)
