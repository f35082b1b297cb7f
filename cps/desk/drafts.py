"""What an official is typing, kept while it is typed, so that a closed tab or a dead battery costs nothing."""

from flask import Response, redirect, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import history, unsent, visibility
from cps.desk.door import desk
from cps.kernel.errors import Invalid
from cps.kernel.text import _
from cps.web import forms
from cps.web.signin import current_person

_LONGEST = 50_000
_NOT_TYPED = frozenset({"csrf_token", "version", "next", "action"})


@desk.post("/complaints/<reference>/drafts")
def keep_draft(reference: str) -> ResponseReturnValue:
    """Keep what is typed into the form of an action; with nothing typed, forget it."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    fields = {name: forms.typed(name) for name in request.form if name not in _NOT_TYPED}
    if sum(map(len, fields.values())) > _LONGEST:
        raise Invalid({"": _("This text is too long to be kept.")})
    # What comes behind the form itself, on a slow line, is sent already.
    if not history.has_acted(person, complaint, since=forms.typed_version()):
        unsent.keep(complaint, by=person, action=forms.typed("action")[:50], fields=fields)
    return Response(status=204, mimetype="text/plain")


@desk.post("/complaints/<reference>/drafts/end")
def forget_drafts(reference: str) -> ResponseReturnValue:
    """Throw away all that was typed about a complaint and not sent."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    unsent.forget(complaint, by=person)
    return redirect(url_for("desk.complaint", reference=complaint.reference), 303)
