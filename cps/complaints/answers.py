"""Answers to a city's further questions about a kind of problem: judged, kept by code, told in words.

What is kept outlives the question: an answer to one that is gone from the profile is kept and no longer told.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, tzinfo
from typing import Any, Final

from cps.city.asking import CategoryAsks, Datatype, Question
from cps.city.profile import Profile, named
from cps.city.queries import CityInForce
from cps.complaints.models import Complaint, Event
from cps.kernel import dates, numbers
from cps.kernel.text import Text, _

FIELD: Final = "question-"
"""What the names of the fields, and of their faults, begin with."""

_LONGEST_LINE = 200
_LONGEST_TEXT = 4000  # as Open311 allows a description

Given = Mapping[str, Sequence[str]]
"""What was typed or chosen, by the code of its question."""


def judged(
    asks: CategoryAsks, given: Given, *, profile: Profile, language: str
) -> tuple[dict[str, Any], dict[str, Text]]:
    """Return the answers by code as they are kept, and the faults by field; what nobody asked is left out."""
    answers: dict[str, Any] = {}
    faults: dict[str, Text] = {}
    for question in asks.questions:
        texts = [text for text in given.get(question.code, ()) if text]
        asked = named(question.descriptions, language, profile.languages[0])
        answer = _judged(question, texts, profile.calendar.zone) if texts else None
        if isinstance(answer, Text):
            faults[FIELD + question.code] = answer
        elif answer is not None:
            answers[question.code] = answer
        elif question.is_required:
            faults[FIELD + question.code] = _("Please answer: %(question)s", question=asked)
    return answers, faults


def told(
    complaint: Complaint, receipt: Event, city: CityInForce, *, language: str, is_public: bool = False
) -> list[tuple[str, str]]:
    """Return question and answer in words, in the order of the questions; `is_public`: what everybody may read.

    `receipt`: the first event, which says as what the report was meant if it was filed as something else.
    """
    return [
        (city.named(question.descriptions, language), _in_words(question, kept, city, language))
        for question, kept in _answered(complaint, receipt, city)
        if question.is_public or not is_public
    ]


def written(
    complaint: Complaint, receipt: Event, city: CityInForce, *, language: str
) -> list[tuple[str, str]]:
    """Return question and answer of what was told at length: it is in the citizen's language alone.

    A short line is left out: it is a number plate, a route or a name, the same in every language.
    """
    return [
        (city.named(question.descriptions, language), str(kept))
        for question, kept in _answered(complaint, receipt, city)
        if question.datatype is Datatype.TEXT
    ]


def _answered(complaint: Complaint, receipt: Event, city: CityInForce) -> Iterator[tuple[Question, Any]]:
    """Go through the questions that were answered, with what is kept of each."""
    if not complaint.answers:
        return
    meant = receipt.details.get("instead_of") or city.category_codes[complaint.category_id]
    for question in city.profile.asks.of(meant).questions:
        if (kept := complaint.answers.get(question.code)) is not None:
            yield question, kept


def _judged(question: Question, texts: Sequence[str], zone: tzinfo) -> Any:
    """Return what is kept of an answer, or the fault of it."""
    if question.datatype.has_values:
        return _chosen(question, texts)
    text = texts[0]
    if question.datatype is Datatype.NUMBER:
        return _number(question, text)
    if question.datatype is Datatype.DATE:
        return _date(text)
    if question.datatype is Datatype.DATETIME:
        return _moment(text, zone)
    most = _LONGEST_TEXT if question.datatype is Datatype.TEXT else _LONGEST_LINE
    if len(text) > most:
        return _("Shorten your answer to %(most)s characters.", most=most)
    return text if question.datatype is Datatype.TEXT else " ".join(text.split())


def _chosen(question: Question, texts: Sequence[str]) -> Any:
    known = [value.key for value in question.values]
    if any(text not in known for text in texts):
        return _("Choose from the list.")
    if question.datatype is Datatype.ONE:
        return texts[0]
    return [key for key in known if key in texts]


def _number(question: Question, text: str) -> Any:
    try:
        number = float(numbers.plain_digits(text).replace(" ", "").replace(",", "."))
    except ValueError:
        return _("Write a number in digits.")
    if not math.isfinite(number):
        return _("Write a number in digits.")
    if question.least is not None and number < question.least:
        return _("The number must be %(least)s or more.", least=f"{question.least:g}")
    if question.most is not None and number > question.most:
        return _("The number must be %(most)s or less.", most=f"{question.most:g}")
    return int(number) if number == int(number) else number


def _date(text: str) -> Any:
    try:
        return date.fromisoformat(numbers.plain_digits(text)).isoformat()
    except ValueError:
        return _("Write the date as year-month-day, for example 2026-01-31.")


def _moment(text: str, zone: tzinfo) -> Any:
    """Read a moment; without a zone it is the city's time."""
    try:
        moment = datetime.fromisoformat(numbers.plain_digits(text))
        moment = moment if moment.tzinfo else moment.replace(tzinfo=zone)
        return moment.astimezone(zone).isoformat(timespec="seconds")
    except (ValueError, OverflowError):
        return _("Write date and time as year-month-day hour:minute, for example 2026-01-31 14:30.")


def _in_words(question: Question, kept: Any, city: CityInForce, language: str) -> str:
    if question.datatype.has_values:
        keys = kept if isinstance(kept, list) else [kept]
        names = {value.key: city.named(value.names, language) for value in question.values}
        return ", ".join(names.get(key, str(key)) for key in keys)
    zone, calendars = city.profile.calendar.zone, city.profile.dates
    try:
        if question.datatype is Datatype.DATE:
            noon = datetime.fromisoformat(f"{kept}T12:00").replace(tzinfo=zone)
            return dates.day(noon, language=language, zone=zone, calendars=calendars)
        if question.datatype is Datatype.DATETIME:
            moment = datetime.fromisoformat(kept)
            on = dates.day(moment, language=language, zone=zone, calendars=calendars)
            return f"{on}, {dates.time(moment, language=language, zone=zone)}"
    except (TypeError, ValueError):
        pass  # kept when the question was of another kind
    return str(kept)
