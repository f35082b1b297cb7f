"""The letters a demo keeps instead of sending them; there is no such page anywhere else."""

from flask import render_template, request

from cps.notify import queries

_SHOWN = 50


def show() -> str:
    """Show the letters to citizens that were written last, or with `?to=officials` the mails to officials."""
    to_officials = request.args.get("to") == "officials"
    letters = queries.latest(_SHOWN, to_officials=to_officials)
    return render_template("citizen/outbox.html", letters=letters, to_officials=to_officials)
