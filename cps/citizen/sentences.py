"""What only scripts say on the report form: sentences in a file of their own, that the page need not carry them.

An element names its group with `data-say`; the scripts lend it the sentences as `data-` attributes before they
start. Without scripts nobody says any of this. Braces stay for the scripts to fill in.
"""

import json
from collections.abc import Mapping

from flask import Response, url_for

from cps.citizen import lasting
from cps.kernel.text import Text, _
from cps.web import language
from cps.web.filters import says


def address() -> str:
    """Return where the sentences are, in the language of this request."""
    return url_for("citizen.sentences", v=lasting.version())


def show() -> Response:
    """Answer all groups in the language the address ends in."""
    lasting.speak_as_asked()
    groups = _groups(language.city().profile.limits.photos)
    said = {group: {key: says(text) for key, text in texts.items()} for group, texts in groups.items()}
    return lasting.answer(
        json.dumps(said, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )


def _groups(photos: int) -> Mapping[str, Mapping[str, Text]]:
    return {
        "sending": {
            "sending": _("Sending…"),
            "offline": _("No connection. Everything you typed is kept here. Send again when you are online."),
        },
        "photos": {
            "remove": _("Remove photo"),
            "tooMany": _("You can send at most %(most)s photos.", most=photos),
            "placeUsed": _("The place of the photo is used."),
        },
        "place": {
            "found": _("Your place is set, to about ± %(metres)s m.", metres="{metres}"),
            "rough": _(
                "Your place is only known to ± %(metres)s m. Please describe it too.", metres="{metres}"
            ),
            "set": _("The place is set."),
            "searching": _("Looking for your place…"),
            "failed": _("We could not find your place. Describe it, or choose an area from the list."),
        },
        "search": {
            "found": _("Found: %(count)s", count="{count}"),
            "none": _("Nothing found. Try another word, or choose “Other”."),
        },
        "words": {
            "suggest": _("Is it “%(kind)s”? Choose it", kind="{kind}"),
            "chosen": _("Chosen: %(kind)s", kind="{kind}"),
            "left": _("%(count)s characters left", count="{count}"),
            "over": _("%(count)s characters too many", count="{count}"),
        },
        "notices": {
            "danger": _("Is anyone in danger? Call now."),
            "elsewhere": _("Another office may decide this"),
        },
    }
