"""What scripts say about reports that wait on a phone. The scripts know the sentences by these names."""

from collections.abc import Mapping

from cps.kernel.text import Text, _
from cps.web.filters import says

PURPOSE = _("Report a problem to the city, follow it, and see how it is put right.")

_SENTENCES: Mapping[str, Text] = {
    "title": _("Kept on this phone – not sent yet"),
    "arrived": _("Sent from this phone"),
    "explained": _("It is sent by itself when you are online. Until you see a number, it is not received."),
    "count": _("Kept on this phone, not sent yet: %(count)s", count="{count}"),
    "when": _("Written %(time)s", time="{time}"),
    "photo": _("Photo"),
    "waiting": _("Waiting to send"),
    "sending": _("Sending…"),
    "photoSending": _(
        "Sending photo %(number)s of %(count)s: %(percent)s%%",
        number="{number}",
        count="{count}",
        percent="{percent}",
    ),
    "refused": _("Could not send"),
    "received": _("Received: %(number)s", number="{number}"),
    "photos": _("Photo still being sent"),
    "send": _("Send now"),
    "edit": _("Edit"),
    "delete": _("Delete"),
    "sureDelete": _("Delete this report from this phone? It has not been sent."),
    "open": _("Open my report"),
    "hide": _("Hide"),
    "another": _("Write another report"),
    "broughtBack": _("We brought back what you had typed."),
    "afresh": _("Start afresh"),
    "shared": _("Others use this phone too: keep nothing on it"),
    "sureShared": _("Delete the reports kept on this phone? They have not been sent."),
}

_REASONS: Mapping[str, Text] = {
    "connection": _("No connection."),
    "busy": _("The city cannot take it just now. It is sent again by itself."),
    "look": _("There is something to read or answer first. Edit it, then send it again."),
    "large": _("The photos are too large together. Send fewer or smaller ones."),
    "other": _("The city did not take it. Edit it, then send it again."),
    "unreadable": _("This phone can no longer read it. Delete it and write it again."),
    "expired": _("It is older than 7 days. Send it now, or it is deleted tomorrow."),
    "photo": _("We could not send this photo. It stays on this phone."),
}


def said() -> dict[str, object]:
    """Say all of them in the language of this request."""
    told: dict[str, object] = {name: says(sentence) for name, sentence in _SENTENCES.items()}
    return {**told, "reasons": {name: says(sentence) for name, sentence in _REASONS.items()}}
