"""Answers that any cache may keep: they depend on their address alone, whose `v` tells one state from another.

The `v` ends in the language that is to be spoken, so that neither a cookie nor the browser's wish decides.
"""

from flask import Response, g, request

from cps.web import assets, language

_ONE_DAY = 86_400


def version() -> str:
    """Return what tells one state of the answers from another: of the program, the city, the language."""
    return f"{assets.state()}-{language.city().version}-{language.current()}"


def speak_as_asked() -> None:
    """Answer this request in the language its address ends in."""
    spoken = request.args.get("v", "").rpartition("-")[2]
    if spoken in language.city().profile.languages:
        g.language = spoken


def answer(text: str, *, mimetype: str) -> Response:
    """Answer a text that may be kept for a day."""
    response = Response(text, mimetype=mimetype)
    response.cache_control.public = True
    response.cache_control.max_age = _ONE_DAY
    return response
