"""What a citizen may do against a refusal, in the reader's language; said only while it can still be done."""

from datetime import datetime

from cps.city.queries import in_force
from cps.kernel import clock, numbers
from cps.kernel.catalogues import speaker
from cps.kernel.text import _
from cps.sla.explanation import said
from cps.sla.promise import due


def notice(declined_at: datetime, *, language: str) -> str:
    """Say until when and how to object to a report's refusal; empty where the city offers no objection or it is over."""
    city = in_force()
    calendar, objection = city.profile.calendar, city.profile.clocks.objection
    if objection is None:
        return ""
    until = due(objection.within, declined_at, calendar)
    if clock.now() > until:
        return ""
    sentence = _(
        "If you disagree, you can object until %(date)s. The city decides within %(length)s. %(text)s",
        date=city.profile.day(until, language=language),
        length=said(objection.answer),
        text=city.named(objection.texts, language),
    )
    return sentence.rendered(speaker(language), lambda count: numbers.number(count, language=language))
