"""Joining somebody else's report without one of the own: a contact goes in, a private link comes out.

The link works as that of a report does: its secret goes into a cookie at once and out of the address.
"""

import hmac

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from cps.citizen import complaints, own, progress, tracking
from cps.complaints import history, joining, reopening, reporters, visibility
from cps.complaints.attached import Joining
from cps.complaints.models import Complaint
from cps.complaints.tracking import hashed
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.references import canonical
from cps.kernel.text import Text, _
from cps.notify.letters import joining_link
from cps.photos import album
from cps.web import forms, language
from cps.web.limits import limiter

_COOKIE = "joined"


def add_routes(citizen: Blueprint) -> None:
    """Put these pages on the citizens' blueprint."""
    citizen.post("/complaints/<reference>/joinings", endpoint="join")(join)
    citizen.get("/joined/<secret>", endpoint="joined_link")(open_link)
    citizen.get("/my/<reference>/joining", endpoint="joined")(show)
    citizen.post("/my/<reference>/joining/reopenings", endpoint="joined_reopen")(reopen)
    citizen.post("/my/<reference>/joining/end", endpoint="leave")(leave)


@limiter.limit("20/hour")
def join(reference: str) -> ResponseReturnValue:
    """Join a public report and open the private link, or show the report again with what was wrong."""
    lead = visibility.for_public().one(reference, locked=True)
    key, typed = forms.submission_key(), forms.typed("contact")
    try:
        contact = reporters.contact_from(typed)
        if contact is None:
            raise Invalid({"contact": _("Leave an e-mail address or a phone number to hear of the result.")})
        joining.join(lead, key=key, contact=contact, language=language.current())
    except Invalid as error:
        return complaints.page(lead, key=key, contact=typed, fault=error.sentence), 422
    return redirect(url_for("citizen.joined_link", secret=joining.secret_for(key), new=1), 303)


@limiter.limit("30/minute", deduct_when=lambda response: response.status_code == 404)
def open_link(secret: str) -> ResponseReturnValue:
    """Let the browser keep the secret and go on to the page."""
    lead = joining.with_secret(secret).complaint
    target = url_for("citizen.joined", reference=lead.reference, new=request.args.get("new"))
    response = make_response(redirect(target, 303))
    own.keep(response, _COOKIE, secret, path=own.path_of(lead))
    response.headers["Referrer-Policy"] = "no-referrer"
    return tracking.private(response)


def show(reference: str) -> Response:
    """Show who joined how the report stands."""
    return _page(_one(reference))


def reopen(reference: str) -> ResponseReturnValue:
    """Send the report back to its department, as its reporter could."""
    lead = _one(reference).complaint
    db.session.refresh(lead, with_for_update={"of": Complaint})
    words = forms.typed("words")
    try:
        with db.session.begin_nested():
            reopening.reopen(lead, words=words)
    except (Invalid, Refused) as error:
        db.session.expire_all()
        status = 422 if isinstance(error, Invalid) else 409
        return _page(_one(reference), words=words, fault=error.sentence), status
    return redirect(url_for("citizen.joined", reference=lead.reference), 303)


def leave(reference: str) -> ResponseReturnValue:
    """Forget that this person joined."""
    found = _one(reference)
    lead = found.complaint
    joining.leave(found)
    response = make_response(redirect(url_for("citizen.complaint", reference=lead.reference), 303))
    response.delete_cookie(_COOKIE, path=own.path_of(lead))
    return tracking.private(response)


def _one(reference: str) -> Joining:
    """Return the joining whose secret this browser holds, or raise NotFound."""
    wanted = canonical(reference) or ""
    held = hashed(request.cookies.get(_COOKIE, ""))
    found: Joining | None = db.session.scalar(
        select(Joining)
        .join(Complaint, Complaint.id == Joining.complaint_id)
        .where(Joining.secret_hash == held, Complaint.reference == wanted)
    )
    if found is None or not hmac.compare_digest(found.secret_hash, held):
        raise NotFound(_("To see this page, open the private link of your report."))
    return found


def _page(found: Joining, *, words: str = "", fault: Text | None = None) -> Response:
    lead = found.complaint
    events = history.told_to_citizens(lead)
    html = render_template(
        "citizen/joined.html",
        complaint=lead,
        standing=progress.of(lead, events, language=language.current()),
        events=events,
        photos=album.of(lead.id, for_everybody=True),
        link=joining_link(found.key),
        is_new="new" in request.args,
        attempt={"noun": "reopenings", "words": words, "fault": fault} if fault else {},
    )
    return tracking.private(make_response(html))
