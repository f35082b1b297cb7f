"""A report as the pane beside the queue shows it: looked over without opening it, and fetched ahead.

Fetching is not seeing. The pane says so apart from it (`looks`), when a report has been before an official's eyes
for a moment, and only then is it no longer unseen.
"""

from collections.abc import Sequence
from typing import Any

from flask import Response, jsonify, render_template
from flask.typing import ResponseReturnValue

from cps.complaints import history, seeing, visibility
from cps.complaints.models import Complaint, Event
from cps.desk import colleagues, due, keyboard, listing, offers, permissions, planned
from cps.desk.door import desk
from cps.kernel import clock
from cps.kernel.text import Text
from cps.people.models import Person
from cps.photos import album
from cps.web import filters, language
from cps.web.signin import current_person

_LAST_EVENTS = 3
_FIRST_ACTIONS = 5
_FIRST_PHOTOS = 3


@desk.get("/complaints/<reference>/preview")
def preview(reference: str) -> Response:
    """Send what the pane shows of a report, with the version that it shows."""
    person = current_person()
    complaint = visibility.for_official(person).one(reference)
    html = render_template("desk/pane.html", **_shown(complaint, person))
    return jsonify(html=html, version=complaint.version)


@desk.post("/complaints/<reference>/looks")
def create_look(reference: str) -> ResponseReturnValue:
    """Note that an official has looked at a report in the pane."""
    person = current_person()
    seeing.see(visibility.for_official(person).one(reference), by=person)
    return Response(status=204, mimetype="text/plain")


def _shown(complaint: Complaint, person: Person) -> dict[str, Any]:
    events, city = history.of(complaint), language.city()
    near = due.of(complaint, now=clock.now(), zone=city.profile.calendar.zone)
    return {
        "complaint": complaint,
        "standing": due.standing(complaint.status),
        "due": near,
        "due_words": due.words(near, complaint.status),
        "away": colleagues.away(complaint.assignee),
        "plan": planned.now(complaint),
        "priority": offers.priority_name(complaint.priority, language.current()),
        "place": listing.place(filters.named(complaint.area) if complaint.area else "", complaint.landmark),
        "photos": [photo for photo in album.of(complaint.id) if photo.small][:_FIRST_PHOTOS],
        "events": events[-_LAST_EVENTS:],
        "actions": _actions(complaint, person, history.counting(events)),
    }


def _actions(complaint: Complaint, person: Person, events: Sequence[Event]) -> Sequence[tuple[str, Text]]:
    """List the first things that this official can do: what each is called in its address, and by its name."""
    clocks = language.city().profile.clocks
    offered = permissions.offered(person, complaint, clocks=clocks, turns=events)
    names = {command.code: command.name for command in keyboard.COMMANDS}
    return [(action, names[action]) for action in offered if action in names][:_FIRST_ACTIONS]
