"""What templates may ask beside their values: dates, names, sentences, in the language of the page."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from cps.city import masking
from cps.complaints import alarms, channels, escalation, quarantine, ratings, suspicion, visibility
from cps.complaints.lifecycle import STATUS_NAMES
from cps.complaints.models import Complaint
from cps.complaints.pausing import CAUSES
from cps.complaints.status import Status
from cps.geo import plus_code
from cps.kernel import dates, numbers
from cps.kernel.text import Text, _, _n
from cps.web import language
from cps.web.options import Options


def init_app(app: Flask) -> None:
    """Give the filters to all templates; Texts are translated wherever they are printed."""
    app.jinja_env.finalize = _spoken
    app.jinja_env.filters.update(
        as_options=as_options,
        day=day,
        time=time,
        written_day=written_day,
        planned_days=planned_days,
        span=span,
        why=why,
        listener=listener,
        why_urgent=why_urgent,
        aside_cause=aside_cause,
        masked=masked,
        suspicions=suspicions,
        channel=channel,
        occasion=occasion,
        face_name=face_name,
        number=number,
        named=named,
        seen_landmark=seen_landmark,
        area_named=area_named,
        category_named=category_named,
        department_named=department_named,
        status_name=status_name,
        cause_name=cause_name,
        priority_name=priority_name,
        lines=lines,
        says=says,
        plus_code=plus_code.written,
    )


def says(text: Text) -> str:
    """Say a sentence in the language of the page."""
    return text.rendered(language.speaker(), number)


def said(words: Text | str) -> str:
    """Say a sentence in the language of the page; a name stays as it is."""
    return says(words) if isinstance(words, Text) else words


def channel(details: Mapping[str, Any]) -> str:
    """Say how a report came in."""
    return says(channels.NAMES[channels.of(details)])


def why_urgent(details: Mapping[str, Any]) -> str:
    """Say why a report cannot wait."""
    return says(alarms.why_urgent(details))


def aside_cause(code: str) -> str:
    """Say why a report is set aside."""
    return says(quarantine.CAUSE_NAMES[code])


def masked(text: str) -> str:
    """Mask the insults in what a citizen wrote."""
    return masking.masked(text, language.city().profile.asks.abuse.insults)


def suspicions(details: Mapping[str, Any]) -> str:
    """Say why a report was set aside by itself."""
    points = _n("%(num)s point", "%(num)s points", details["points"])
    return f"{says(points)}: {', '.join(says(reason) for reason in suspicion.reasons(details))}"


def day(moment: datetime) -> str:
    """Write the date of a moment in the city's zone."""
    profile = language.city().profile
    return dates.day(moment, language=language.current(), zone=profile.calendar.zone, calendars=profile.dates)


def span(first: date, last: date) -> str:
    """Write a day of the city, or from which to which."""
    calendars = language.city().profile.dates
    return dates.span(first, last, language=language.current(), calendars=calendars)


def planned_days(details: Mapping[str, Any], before: str = "") -> str:
    """Write for when something is planned, from the details of its event; `before="old_"`: for when it was."""
    return span(*(date.fromisoformat(details[before + name]) for name in ("first", "last")))


def written_day(moment: str) -> str:
    """Write the date of a moment that stands in the details of an event."""
    return day(datetime.fromisoformat(moment))


def why(names: Any) -> str:
    """Say why a deadline was counted anew: what the city called it, or that its office days changed."""
    return language.city().named(names, language.current()) or says(_("the city's office days changed"))


def listener(details: dict[str, Any]) -> str:
    """Say whom a step of the ladder tells, from the details of its event."""
    return says(escalation.LISTENER_NAMES[details["to"]])


def occasion(details: dict[str, Any]) -> str:
    """Say why a step of the ladder happened, from the details of its event."""
    return says(escalation.occasion(details))


def face_name(score: int) -> str:
    """Name the face of a rating."""
    return says(ratings.FACES[score])


def time(moment: datetime) -> str:
    """Write the time of day of a moment in the city's zone."""
    return dates.time(moment, language=language.current(), zone=language.city().profile.calendar.zone)


def number(value: int) -> str:
    """Write a count with the digits of the page's language."""
    return numbers.number(value, language=language.current())


def named(thing: Any) -> str:
    """Say the name of a department, an area or a category (anything with `names`)."""
    return language.city().named(thing.names, language.current())


def seen_landmark(complaint: Complaint) -> str:
    """Say the landmark of a complaint as everybody may read it."""
    return visibility.seen_landmark(complaint.category_id, complaint.landmark, language.city())


def area_named(number: int) -> str:
    """Say the name of an area, even of one that ended, by its number in the details of an event."""
    return language.city().named(language.city().area_names[number], language.current())


def department_named(number: int) -> str:
    """Say the name of a department, even of one that ended, by its number in the details of an event."""
    return language.city().named(language.city().department_names[number], language.current())


def category_named(number: int) -> str:
    """Name a category by its id, which stands in the details of an event."""
    city = language.city()
    return city.named(city.category_names[number], language.current())


def status_name(status: Status) -> str:
    """Say a status."""
    return says(STATUS_NAMES[status])


def cause_name(cause: str) -> str:
    """Say why a deadline stands still."""
    return says(CAUSES[cause])


def priority_name(names: Any) -> str:
    """Say the name of a priority as it stands in an event; none was given if it has no names."""
    return language.city().named(names, language.current()) or says(_("Normal"))


def lines(text: str) -> Markup:
    """Keep the line breaks a person typed."""
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def as_options(options: Options | Iterable[tuple[object, str]], chosen: object) -> Markup:
    """Write the options of a list: those of the city as they are kept, or (value, text) each."""
    kept = options if isinstance(options, Options) else Options(options)
    return kept.printed(chosen)


def _spoken(value: Any) -> Any:
    return says(value) if isinstance(value, Text) else value
