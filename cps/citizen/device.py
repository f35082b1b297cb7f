"""My reports on this device: a list of those whose links were opened here, and how to look one up or forget it.

A look-up asks for what only the reporter knows, the end of the phone number, and never says which of the two
was wrong. It may be tried five times in a quarter of an hour from one address, and for one report.
"""

from flask import Blueprint, Response, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import RequestLimit

from cps.citizen import own, tracking
from cps.complaints import escalation, reporters
from cps.complaints.tracking import secret_for
from cps.kernel.numbers import plain_digits
from cps.kernel.references import canonical
from cps.kernel.text import _, cleaned
from cps.web import forms, pages
from cps.web.limits import limiter

_DIGITS = 4
_OFTEN = "5 per 15 minutes"


def add_routes(citizen: Blueprint) -> None:
    """Put these pages on the citizens' blueprint."""
    citizen.get("/my", endpoint="device")(show)
    citizen.post("/my/lookups", endpoint="look_up")(look_up)
    citizen.post("/my/forgotten", endpoint="forget_all")(forget_all)
    citizen.post("/my/phone/forgotten", endpoint="forget_phone")(forget_phone)
    citizen.post("/my/<reference>/forgotten", endpoint="forget")(forget)


def show() -> Response:
    """List the reports that are kept on this device."""
    return _page()


def _typed_reference() -> str:
    return canonical(cleaned(request.form.get("reference", ""))) or "none"


def _refused(_limit: RequestLimit) -> Response:
    sentence = _("Too many attempts. Wait 15 minutes and try again, or open your private link.")
    return pages.refusal(sentence, 429)


# Every try counts against the report, whoever makes it; only those that fail against the address.
@limiter.limit(_OFTEN, key_func=_typed_reference, on_breach=_refused)
@limiter.limit(_OFTEN, deduct_when=lambda response: response.status_code == 422, on_breach=_refused)
def look_up() -> ResponseReturnValue:
    """Open the report with this number whose reporter's phone ends so, as its private link would."""
    reference, ending = canonical(forms.typed("reference")), plain_digits(forms.typed("digits"))
    is_ending = len(ending) == _DIGITS and ending.isascii() and ending.isdigit()
    found = reporters.complaint_of_phone(reference, ending) if reference and is_ending else None
    if found is None:
        fault = _("We found no report with this number and a phone number that ends so.")
        return _page(typed=forms.typed("reference"), fault=fault), 422
    response = make_response(redirect(url_for("citizen.mine", reference=found.reference), 303))
    own.remember(response, found, secret_for(found.submission_key))
    return tracking.private(response)


def forget_all() -> ResponseReturnValue:
    """Let this browser forget every report."""
    response = make_response(redirect(url_for("citizen.device", forgotten=1), 303))
    own.forget(response, own.here())
    return tracking.private(response)


def forget_phone() -> ResponseReturnValue:
    """Let this browser forget what waits to be sent too, drafts and photos, and the service worker."""
    response = make_response(forget_all())
    response.headers["Clear-Site-Data"] = '"storage"'
    return response


def forget(reference: str) -> ResponseReturnValue:
    """Let this browser forget one report."""
    response = make_response(redirect(url_for("citizen.device", forgotten=1), 303))
    own.forget(response, [own.one(reference)])
    return tracking.private(response)


def _page(**attempt: object) -> Response:
    found = own.here()
    html = render_template(
        "citizen/device.html",
        complaints=found,
        late={complaint.id for complaint in found if escalation.is_late(complaint)},
        has_forgotten="forgotten" in request.args,
        attempt=attempt,
    )
    return tracking.private(make_response(html))
