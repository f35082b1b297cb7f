"""Who else has a report open, told to the pages that show it, with the version it has now."""

from collections.abc import Sequence

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from cps.complaints import presence, visibility
from cps.complaints.models import Complaint
from cps.complaints.presence import Other
from cps.desk.door import desk
from cps.kernel.text import Text, _n
from cps.people.models import Person
from cps.web import filters, forms
from cps.web.signin import current_person

_LEAVING = "leaving"
_TYPING = "typing"
_NAMED = 3


@desk.post("/complaints/<reference>/presence")
def create_presence(reference: str) -> ResponseReturnValue:
    """Note that this official has a report open, is typing or leaves; say who else is there, and its version."""
    person = current_person()
    visible = visibility.for_official(person)
    number, version = visible.version_of(reference)
    if forms.typed("act") == _LEAVING:
        presence.leave(number, person)
        return Response(status=204, mimetype="text/plain")
    others = presence.beat(number, person, is_typing=forms.typed("act") == _TYPING)
    return jsonify(
        words=" ".join(filters.says(sentence) for sentence in sentences(others)),
        is_typing=any(other.is_typing for other in others),
        version=version,
    )


def here(complaint: Complaint, person: Person) -> tuple[str, bool]:
    """Note that this official opens a report; say who else has it open, and whether one of them types."""
    others = presence.beat(complaint.id, person)
    words = " ".join(filters.says(sentence) for sentence in sentences(others))
    return words, any(other.is_typing for other in others)


def sentences(others: Sequence[Other]) -> list[Text]:
    """Say who is there and who types, in at most two sentences."""
    typing = [other.name for other in others if other.is_typing]
    looking = [other.name for other in others if not other.is_typing]
    found = []
    if typing:
        found.append(_n("%(names)s is typing.", "%(names)s are typing.", len(typing), names=_listed(typing)))
    if looking:
        found.append(
            _n(
                "%(names)s has this report open too.",
                "%(names)s have this report open too.",
                len(looking),
                names=_listed(looking),
            )
        )
    return found


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" +{more}" if more > 0 else "")
