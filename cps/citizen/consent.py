"""The city's text on what happens with the data of those who report."""

from flask import render_template

from cps.kernel.errors import NotFound
from cps.web import language


def show() -> str:
    """Show the whole text with its version."""
    consent = language.city().profile.asks.consent
    if consent is None:
        raise NotFound
    return render_template("citizen/consent.html", consent=consent)
