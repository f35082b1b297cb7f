"""A reporter's own page of a complaint, and the private link that opens it.

The link's secret goes into a cookie at once and out of the address: it stands in no page title, no
history entry, no referrer and no log of ours. These answers are kept by no cache and no search engine.
"""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import own, progress
from cps.complaints import answers, evidence, history, tracking
from cps.complaints.models import Complaint
from cps.notify.letters import tracking_link
from cps.photos import album
from cps.web import language
from cps.web.limits import limiter


@limiter.limit("30/minute", deduct_when=lambda response: response.status_code == 404)
def open_link(secret: str) -> ResponseReturnValue:
    """Let the browser keep the secret and go on to the page; only links that open nothing are counted."""
    complaint = tracking.complaint_with(secret)
    target = url_for("citizen.mine", reference=complaint.reference, new=request.args.get("new"))
    response = make_response(redirect(target, 303))
    own.remember(response, complaint, secret)
    response.headers["Referrer-Policy"] = "no-referrer"
    return _private(response)


def show(reference: str) -> ResponseReturnValue:
    """Show the reporter how it stands."""
    return page(own.one(reference))


def page(complaint: Complaint, **attempt: object) -> Response:
    """Make the page; `attempt` is what a reply was, when it could not be taken: noun, words, fault."""
    events = history.told_to_citizens(complaint)
    html = render_template(
        "citizen/tracking.html",
        complaint=complaint,
        standing=progress.of(complaint, events, language=language.current()),
        events=events,
        photos=album.of(complaint.id),
        answers=answers.told(complaint, events[0], language.city(), language=language.current()),
        lacking=evidence.told(events[0].details),
        link=tracking_link(complaint),
        is_new="new" in request.args,
        attempt=attempt,
    )
    return _private(make_response(html))


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
