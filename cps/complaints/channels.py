"""The way a report came in: by its reporter's own hand, or through an official who wrote it down."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

from cps.kernel.text import Text, _


class Channel(StrEnum):
    """How a report came in."""

    WEB = "web"
    PHONE = "phone"
    COUNTER = "counter"
    LETTER = "letter"
    SOCIAL = "social"


NAMES: Final[Mapping[Channel, Text]] = {
    Channel.WEB: _("on the web"),
    Channel.PHONE: _("by phone"),
    Channel.COUNTER: _("at the counter"),
    Channel.LETTER: _("by letter"),
    Channel.SOCIAL: _("on social media"),
}


def of(receipt: Mapping[str, Any]) -> Channel:
    """Return how a report came in, from the details of its first event; those that say nothing came on the web."""
    return Channel(receipt.get("channel", Channel.WEB))
