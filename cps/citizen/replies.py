"""What reporters may do with their own complaint: answer a question, withdraw, have it looked at again."""

from collections.abc import Callable
from typing import Any

from flask import redirect, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import own, tracking
from cps.city.queries import in_force
from cps.complaints import escalation, lifecycle
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import _
from cps.web import forms

Verb = Callable[[Complaint, str], Any]


def answer(reference: str) -> ResponseReturnValue:
    """Answer the city's question."""
    return _reply(reference, "answers", lambda complaint, words: lifecycle.answer(complaint, words=words))


def withdraw(reference: str) -> ResponseReturnValue:
    """Take the report back."""
    return _reply(
        reference, "withdrawal", lambda complaint, words: lifecycle.withdraw(complaint, reason=words)
    )


def reopen(reference: str) -> ResponseReturnValue:
    """Send the report back to its department."""
    return _reply(reference, "reopenings", lambda complaint, words: lifecycle.reopen(complaint, words=words))


def demand(reference: str) -> ResponseReturnValue:
    """Ask why the report is late."""
    return _reply(reference, "demands", lambda complaint, _words: escalation.demand(complaint))


def _reply(reference: str, noun: str, verb: Verb) -> ResponseReturnValue:
    """Do it and go back to the page, or show the page as it is now with what was typed and why not."""
    words = forms.typed("words")
    complaint = own.one(reference, locked=True)
    try:
        with db.session.begin_nested():
            _expect_length(words)
            verb(complaint, words)
    except (Invalid, Refused) as error:
        status = 422 if isinstance(error, Invalid) else 409
        db.session.expire_all()
        return tracking.page(own.one(reference), noun=noun, words=words, fault=error.sentence), status
    return redirect(url_for("citizen.mine", reference=complaint.reference), 303)


def _expect_length(words: str) -> None:
    most = in_force().profile.limits.words
    if len(words) > most:
        raise Invalid(
            {
                "words": _(
                    "Your text has %(length)s characters. Shorten it to %(most)s.",
                    length=len(words),
                    most=most,
                )
            }
        )
