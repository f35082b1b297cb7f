"""Mails about new reports at a place: asked for here, confirmed and ended by the link in them.

Whether an address is known shows nowhere. The pages behind the link are kept by no cache and no search engine.
"""

from flask import Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import listing
from cps.complaints import reporters, visibility
from cps.complaints.models import Complaint
from cps.geo.point import Point
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text, _
from cps.notify import alerts
from cps.notify.alerts import RADII_M, Place
from cps.notify.models import Alert, Subscriber
from cps.web import language
from cps.web.filters import says
from cps.web.forms import typed
from cps.web.limits import limiter

_FIELDS = ("email", "area", "near", "radius", "category")


def offer() -> str:
    """Show the form, about the place its address names."""
    if "asked" in request.args:
        return render_template("citizen/alert_asked.html")
    return _form({name: request.args.get(name, "") for name in _FIELDS if name != "email"}, {})


@limiter.limit("10/hour", deduct_when=lambda response: response.status_code == 303)
def ask() -> ResponseReturnValue:
    """Ask the address that was typed to confirm."""
    fields = {name: typed(name) for name in _FIELDS}
    try:
        email, place = _read(fields)
    except Invalid as refusal:
        return _form(fields, refusal.faults), 422
    alerts.ask(email, place, language=language.current())
    return redirect(url_for("citizen.new_alert", asked="yes"), 303)


@limiter.limit("30/minute", deduct_when=lambda response: response.status_code == 404)
def show(secret: str) -> ResponseReturnValue:
    """Show everything an address asked for, to confirm and to end it."""
    subscriber = alerts.subscriber_with(secret)
    city, spoken = language.city(), language.current()
    wishes = [(alert, alerts.named(alert, city, spoken)) for alert in subscriber.alerts]
    return _private(
        make_response(
            render_template(
                "citizen/alerts.html",
                secret=secret,
                waiting=[wish for wish in wishes if wish[0].confirmed_at is None],
                confirmed=[wish for wish in wishes if wish[0].confirmed_at is not None],
            )
        )
    )


def confirm(secret: str) -> ResponseReturnValue:
    """Begin with the mails of one wish."""
    alerts.confirm(_one(alerts.subscriber_with(secret)))
    return redirect(url_for("citizen.alerts", secret=secret), 303)


def end(secret: str) -> ResponseReturnValue:
    """End one wish, or all of them: so mail programs do with one click (RFC 8058)."""
    subscriber = alerts.subscriber_with(secret)
    alert = _one(subscriber) if request.form.get("alert") else None
    is_last = alert is None or len(subscriber.alerts) == 1
    alerts.end(subscriber, alert)
    if is_last:
        return _private(make_response(render_template("citizen/alerts_ended.html")))
    return redirect(url_for("citizen.alerts", secret=secret), 303)


def _one(subscriber: Subscriber) -> Alert:
    """Return the wish the form is about."""
    wanted = request.form.get("alert", "")
    found = next((alert for alert in subscriber.alerts if str(alert.id) == wanted), None)
    if found is None:
        raise NotFound
    return found


def _form(fields: dict[str, str], faults: dict[str, Text]) -> str:
    near = _near(fields["near"])
    return render_template(
        "citizen/alert.html",
        fields=fields,
        faults=faults,
        near=near,
        near_place=_named(near) if near else "",
        areas=language.city().areas_by_name(language.current()),
        categories=listing.public_categories(),
        radii=[(metres, says(_("%(metres)s m", metres=metres))) for metres in RADII_M],
    )


def _read(fields: dict[str, str]) -> tuple[str, Place]:
    """Read the form; raise Invalid for what cannot be, all at once."""
    faults: dict[str, Text] = {}
    email = _email(fields["email"])
    if email is None:
        faults["email"] = _("Enter an e-mail address like name@example.com.")
    city, point = language.city(), _point(_near(fields["near"]))
    area_id = city.area_ids.get(fields["area"])
    if point is None and area_id is None:
        faults["area"] = _("Choose an area.")
    if email is None or faults:
        raise Invalid(faults)
    category_id = city.category_ids.get(fields["category"])
    if category_id in city.private_categories:
        category_id = None
    if point is None:
        return email, Place(area_id=area_id, category_id=category_id)
    radius = next((r for r in RADII_M if str(r) == fields["radius"]), RADII_M[1])
    return email, Place(point=point, radius_m=radius, category_id=category_id)


def _email(text: str) -> str | None:
    try:
        contact = reporters.contact_from(text)
    except Invalid:
        return None
    return contact.email if contact else None


def _near(reference: str) -> Complaint | None:
    """Return the public report whose place is meant; None without one, or one without a place."""
    if not reference:
        return None
    found = visibility.for_public().one(reference)
    return found if found.point else None


def _point(near: Complaint | None) -> Point | None:
    if near is None or near.point is None:
        return None
    return visibility.seen_point(near.category_id, near.point, language.city())


def _named(near: Complaint) -> str:
    city = language.city()
    area = city.named(near.area.names, language.current()) if near.area else ""
    landmark = visibility.seen_landmark(near.category_id, near.landmark, city)
    return " · ".join(part for part in (area, landmark) if part) or near.reference


def _private(response: Response) -> Response:
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Referrer-Policy"] = "no-referrer"
    return response
