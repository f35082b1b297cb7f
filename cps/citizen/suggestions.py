"""A kind of problem suggested from the words: offered beside them, chosen by nobody but the citizen."""

from flask import Response, jsonify

from cps.suggesting import queries
from cps.web import forms, language
from cps.web.limits import limiter


@limiter.limit("60/minute")
def suggest() -> Response:
    """Answer with code and name of the category that the words probably mean; with nothing, where nobody is sure.

    The words come in the body, not in the address: what people write belongs in no log.
    """
    code = queries.suggested(forms.typed("words"))
    category = language.city().category(code) if code else None
    if category is None:
        return Response(status=204, mimetype="application/json")
    name = language.city().named(category.names, language.current())
    response = jsonify({"category": category.code, "name": name})
    response.headers["Cache-Control"] = "no-store"
    return response
