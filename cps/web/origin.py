"""Forms are accepted from our own pages only.

The browser says where a request comes from (`Sec-Fetch-Site`, or `Origin` in older ones); a forged
form cannot lie about it. A client that says neither has no cookies worth stealing on the citizens'
pages; the desk asks for a token besides.
"""

from urllib.parse import urlsplit

from flask import Flask, request

from cps.kernel.errors import Told
from cps.kernel.text import _

_SAFE = {"GET", "HEAD", "OPTIONS", "TRACE"}


class Forged(Told):
    """A form that another site made the browser send."""

    def __init__(self) -> None:
        super().__init__(
            _("This form came from another site, so we did not take it. Open our page and send it there.")
        )


def init_app(app: Flask) -> None:
    """Check every request that changes something."""
    app.before_request(_refuse_foreign)


def _refuse_foreign() -> None:
    if request.method in _SAFE:
        return
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        if site not in ("same-origin", "none"):
            raise Forged
        return
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        raise Forged
