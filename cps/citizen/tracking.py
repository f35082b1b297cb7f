"""A reporter's own page of a complaint, and the private link that opens it.

The link's secret goes into a cookie at once and out of the address: it stands in no page title, no
history entry, no referrer and no log of ours. These answers are kept by no cache and no search engine.
"""

from io import BytesIO

import segno
from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import own, progress
from cps.complaints import answers, evidence, history, merging, nearby, ratings, tracking
from cps.complaints.models import Complaint
from cps.kernel.db import db
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
    return private(response)


def show(reference: str) -> ResponseReturnValue:
    """Show the reporter how it stands, and keep it among the reports of this device."""
    response = page(own.one(reference))
    own.add_to_mine(response)
    return response


def page(complaint: Complaint, **attempt: object) -> Response:
    """Make the page; `attempt` is what a reply was, when it could not be taken: noun, words, fault."""
    language.link_with_only(
        "new"
    )  # what shows a private link repeats nothing of its address: it is compressed
    events = history.told_to_citizens(complaint)
    is_new = "new" in request.args
    lead = db.session.get_one(Complaint, complaint.lead_id) if complaint.lead_id else None
    html = render_template(
        "citizen/tracking.html",
        complaint=complaint,
        standing=progress.of(complaint, events, language=language.current()),
        events=events,
        photos=album.of_reporter(complaint.id),
        answers=answers.told(complaint, events[0], language.city(), language=language.current()),
        lacking=evidence.told(events[0].details),
        link=tracking_link(complaint),
        is_new=is_new,
        near=nearby.similar(complaint) if is_new and merging.refusal_to_merge(complaint) is None else [],
        lead=lead,
        lead_standing=_standing(lead) if lead else None,
        may_part=merging.may_part(complaint),
        faces=ratings.FACES,
        attempt=attempt,
    )
    return private(make_response(html))


def _standing(lead: Complaint) -> progress.Standing:
    return progress.of(lead, history.told_to_citizens(lead), language=language.current())


def code(reference: str) -> Response:
    """Draw the private link as a QR code, to open it on another phone."""
    response = make_response(picture_of(tracking_link(own.one(reference))))
    response.mimetype = "image/svg+xml"
    return private(response)


def picture_of(link: str) -> bytes:
    """Return a link as a QR code in SVG."""
    drawing = BytesIO()
    segno.make(link, error="m").save(drawing, kind="svg", xmldecl=False, border=4, scale=6, light="#fff")
    return drawing.getvalue()


def private(response: Response) -> Response:
    """Let no cache and no search engine keep an answer."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response
