"""The door of the desk: its blueprint, and the one place that asks who comes in.

Every route that is put on `desk` is behind sign-in; only the sign-in itself stands outside.
"""

from flask import Blueprint, redirect, request, url_for
from werkzeug.wrappers import Response

from cps.web.signin import is_signed_in

desk = Blueprint("desk", __name__, url_prefix="/desk")

_OUTSIDE = {"desk.sign_in", "desk.begin_session"}


@desk.before_request
def ask_who_comes_in() -> Response | None:
    """Send strangers to the sign-in page, and back to the page they wanted afterwards."""
    if request.endpoint in _OUTSIDE or is_signed_in():
        return None
    wanted = request.full_path.rstrip("?") if request.method == "GET" else None
    return redirect(url_for("desk.sign_in", next=wanted), 303)
