"""A report in the reader's language, by the translator that the operator set: a page of its own, which the screen unfolds.

Only on demand, and without phone numbers and e-mail addresses: what a citizen wrote leaves the city's own system for it.
"""

from dataclasses import dataclass

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import answers, history, visibility
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint
from cps.desk import wording
from cps.desk.door import desk
from cps.kernel.text import Text, _
from cps.suggesting import translator
from cps.web import language
from cps.web.limits import limiter
from cps.web.signin import current_person

# What citizens say later, as the history calls it.
_LATER = {
    EventKind.ADDED: _("The citizen added"),
    EventKind.ANSWERED: _("Answer from citizen"),
    EventKind.REOPENED: _("Reopened by the citizen"),
    EventKind.DEMANDED: _("Citizen asks why it is late"),
    EventKind.WITHDRAWN: _("Withdrawn by the citizen"),
    EventKind.RATED: _("Citizen"),
}


@dataclass(frozen=True, slots=True)
class Part:
    """One thing a citizen wrote, under what it is called."""

    title: Text | str
    words: str


def is_offered(complaint: Complaint) -> bool:
    """Whether there is a translator, and the report is in another language than its reader's."""
    return translator.is_set() and complaint.language != language.current()


@desk.get("/complaints/<reference>/translation")
@limiter.limit("30/minute")
def translation(reference: str) -> ResponseReturnValue:
    """Show what the citizen wrote in the reader's language; where that is not offered, the report as it is."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    if not is_offered(complaint):
        return redirect(url_for("desk.complaint", reference=complaint.reference), 303)
    written = _written(complaint)
    texts = [wording.without_contacts(part.words) for part in written]
    found = (
        translator.translated(texts, source=complaint.language, target=language.current()) if texts else []
    )
    return render_template(
        "desk/translation.html",
        person=person,
        complaint=complaint,
        parts=[Part(part.title, words) for part, words in zip(written, found, strict=True)],
    )


def _written(complaint: Complaint) -> list[Part]:
    """Return what the citizen wrote by hand, in the order of the screen; what was chosen is in every language already."""
    events = history.of(complaint)
    parts = [
        Part(_("Details"), complaint.words),
        *(
            Part(question, words)
            for question, words in answers.written(
                complaint, events[0], language.city(), language=language.current()
            )
        ),
        Part(_("Place"), complaint.landmark),
        *(Part(_LATER[event.kind], event.note) for event in events if not event.by and event.kind in _LATER),
    ]
    return [part for part in parts if part.words]
