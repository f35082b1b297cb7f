"""What search engines may read: the public pages, not the private ones."""

from flask import Response

_RULES = "User-agent: *\nDisallow: /my/\nDisallow: /alerts\nDisallow: /track/\nDisallow: /desk/\nDisallow: /demo/\n"


def show() -> Response:
    """Say it in the words of the Robots Exclusion Protocol (RFC 9309)."""
    response = Response(_RULES, mimetype="text/plain")
    response.headers["Cache-Control"] = "public, max-age=86400"
    return response
