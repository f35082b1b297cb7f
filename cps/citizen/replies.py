"""What reporters may do with their own complaint: answer, add, withdraw, rate, have it looked at again, join another."""

from collections.abc import Callable
from typing import Any, BinaryIO, cast

from flask import redirect, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import own, tracking
from cps.city.queries import in_force
from cps.complaints import additions, escalation, lifecycle, merging, ratings, reopening, visibility
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Refused
from cps.kernel.text import _
from cps.photos import album
from cps.web import forms
from cps.web.limits import limiter
from cps.web.pages import status_of

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
    return _reply(reference, "reopenings", lambda complaint, words: reopening.reopen(complaint, words=words))


def demand(reference: str) -> ResponseReturnValue:
    """Ask why the report is late."""
    return _reply(reference, "demands", lambda complaint, _words: escalation.demand(complaint))


def rate(reference: str) -> ResponseReturnValue:
    """Rate the result."""
    score = forms.typed_count("score")
    return _reply(
        reference, "ratings", lambda complaint, words: ratings.rate(complaint, score=score, words=words)
    )


@limiter.limit("20/hour")
def add(reference: str) -> ResponseReturnValue:
    """Add words or photos."""
    return _reply(reference, "additions", _add)


def merge(reference: str) -> ResponseReturnValue:
    """Join another report about the same problem."""
    lead = forms.typed("lead")
    return _reply(
        reference,
        "joinings",
        lambda complaint, _words: merging.merge(complaint, into=visibility.for_public().one(lead)),
        locked=False,  # the verb locks both, in their order
    )


def part(reference: str) -> ResponseReturnValue:
    """Leave the other report again."""
    return _reply(reference, "joinings/end", lambda complaint, _words: merging.part(complaint), locked=False)


def _add(complaint: Complaint, words: str) -> None:
    additions.expect_open(complaint)
    files = [file for file in request.files.getlist("photos") if file.filename]
    added = 0
    for file in files:
        added += album.keep_addition(
            cast("BinaryIO", file.stream),
            filename=file.filename or "",
            complaint_id=complaint.id,
            most=additions.MOST_PHOTOS,
        )
    if words or added or not files:
        additions.add(complaint, words=words, photos=added)


def _reply(reference: str, noun: str, verb: Verb, *, locked: bool = True) -> ResponseReturnValue:
    """Do it and go back to the page, or show the page as it is now with what was typed and why not."""
    words = forms.typed("words")
    complaint = own.one(reference, locked=locked)
    try:
        with db.session.begin_nested():
            _expect_length(words)
            verb(complaint, words)
    except (Invalid, Refused) as error:
        status = status_of(error)
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
