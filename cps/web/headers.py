"""Headers of every answer: nothing inline but one style sheet of ours, nothing from elsewhere, framed by nobody.

`same-origin` and not `no-referrer`: with the latter browsers send `Origin: null` even to ourselves.
"""

from urllib.parse import urlsplit

from flask import Flask, Response, request

from cps.web import assets

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'{style}; img-src 'self' data: blob:{tiles}; "
    "connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def init_app(app: Flask, *, tile_url: str = "") -> None:
    """Send the security headers with every answer; `tile_url` is the one other origin maps may load."""
    host = urlsplit(tile_url)
    tiles = f" {host.scheme}://{host.netloc.replace('{s}', '*')}" if host.netloc else ""

    def send(response: Response) -> Response:
        headers = response.headers
        style = f" {assets.inline_style_mark()}" if response.mimetype == "text/html" else ""
        headers.setdefault("Content-Security-Policy", _POLICY.format(tiles=tiles, style=style))
        headers.setdefault("X-Content-Type-Options", "nosniff")
        headers.setdefault("Referrer-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
        headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        headers.setdefault("Permissions-Policy", "geolocation=(self), camera=(), microphone=()")
        if request.endpoint != "static":
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("Vary", "Accept-Language, Cookie")
        return response

    app.after_request(send)
