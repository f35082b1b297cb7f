"""The letters a demo keeps instead of sending them; there is no such page anywhere else."""

from flask import render_template

from cps.notify import queries

_SHOWN = 50


def show() -> str:
    """Show the letters written last."""
    return render_template("citizen/outbox.html", letters=queries.latest(_SHOWN))
