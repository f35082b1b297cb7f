"""Signing in and out.

A refused sign-in never says whether the address or the password was wrong, and only refused ones count
towards the limits: an office behind one address may begin its day together.
"""

import re
from hashlib import sha256

from flask import redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.wrappers import Response

from cps.desk.door import desk
from cps.kernel.text import Text, _, cleaned
from cps.people import signin as people
from cps.web.limits import limiter
from cps.web.signin import is_signed_in
from cps.web.signin import sign_in as begin
from cps.web.signin import sign_out as end

_LIMIT = "10/minute"
_LONGEST_PASSWORD = 1_000
# A page of the desk: nothing that a browser could take for another host, and nothing invisible.
_OF_THE_DESK = re.compile(r"/desk(?:[/?][!-~]*)?")
_WRONG = _("The e-mail address or the password is not right.")


def _account() -> str:
    """Name the account that is tried; hashed, so that the counters hold no addresses."""
    return "account:" + sha256(_email().lower().encode()).hexdigest()


def _was_refused(response: Response) -> bool:
    return response.status_code >= 400


@desk.get("/sign-in")
def sign_in() -> ResponseReturnValue:
    """Show the sign-in form; who is signed in goes on to the queue."""
    if is_signed_in():
        return redirect(url_for("desk.queue"), 303)
    return _form()


@desk.post("/session")
@limiter.limit(_LIMIT, deduct_when=_was_refused)
@limiter.limit(_LIMIT, key_func=_account, deduct_when=_was_refused)
def begin_session() -> ResponseReturnValue:
    """Sign in, under a session that is new: whoever knew the old one knows nothing."""
    password = request.form.get("password", "")
    person = people.with_credentials(_email(), password) if len(password) <= _LONGEST_PASSWORD else None
    if person is None:
        return _form(email=_email(), fault=_WRONG), 422
    session.clear()
    begin(person)
    return redirect(safe_destination(request.form.get("next", "")) or url_for("desk.queue"), 303)


@desk.post("/session/end")
def sign_out() -> ResponseReturnValue:
    """Sign out; nothing of the session is left."""
    end()
    session.clear()
    return redirect(url_for("desk.sign_in"), 303)


def safe_destination(text: str) -> str | None:
    """Return the page of the desk that `text` names, or None if it could lead anywhere else."""
    if not _OF_THE_DESK.fullmatch(text) or "//" in text or "\\" in text or ".." in text:
        return None
    return text


def _form(*, email: str = "", fault: Text | None = None) -> str:
    wanted = safe_destination(request.values.get("next", ""))
    return render_template("desk/sign_in.html", email=email, fault=fault, wanted=wanted)


def _email() -> str:
    return cleaned(request.form.get("email", ""))
