"""The front desk: an official writes down what somebody says on the phone, at the counter, in a letter or elsewhere.

It is filed as every other report is, once for each form, with the way it came and who wrote it down.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from uuid import UUID, uuid4

import segno
from flask import Response, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from cps.city.gazetteer import CityGazetteer
from cps.complaints import answers, channels, filing, history, reporters, visibility
from cps.complaints.channels import Channel
from cps.complaints.filing import Report
from cps.complaints.models import Complaint
from cps.complaints.reporters import Contact
from cps.desk import alike, denials
from cps.desk.door import desk
from cps.geo import plus_code
from cps.geo import point as points
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text, _, cleaned
from cps.notify.letters import tracking_link
from cps.people.models import Person
from cps.web import filters, forms, language, options, watching
from cps.web.signin import current_person

_FIELDS = (
    *("channel", "category", "landmark", "area", "coordinates", "words"),
    *("name", "contact", "language", "visibility"),
)
_FIND_PLACE = "place"
_OFFERED = 5
_CHANNELS = [channel for channel in Channel if channel is not Channel.WEB]
# For so long whoever wrote it down may hand the private link over.
_AT_THE_COUNTER = timedelta(hours=1)


@dataclass(frozen=True)
class _Attempt:
    """A form as it came: what was typed, what is wrong with it, and the places found by name (title, what it sets)."""

    key: UUID
    typed: Mapping[str, str]
    answers: Mapping[str, list[str]] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)
    places: list[tuple[str, str]] | None = None


@desk.get("/reports/new")
def new_report() -> str:
    """Show an empty form with a key of its own."""
    denials.expect(current_person().works)
    return _page(
        _Attempt(uuid4(), {"channel": Channel.PHONE, "language": language.city().profile.languages[0]})
    )


@desk.post("/reports")
def create_report() -> ResponseReturnValue:
    """File the report and show its receipt, or show the form again with every fault of it."""
    person, typed = current_person(), {name: forms.typed(name) for name in _FIELDS}
    denials.expect(person.works)
    if spot := forms.typed("spot"):
        typed["coordinates"] = spot
    attempt = _Attempt(forms.submission_key(), typed, _answers())
    if request.form.get("action") == _FIND_PLACE:
        return _page(_with(attempt, places=_places(typed["landmark"])))
    faults: dict[str, Text] = {}
    try:
        report = _read(attempt, person, faults)
        with db.session.begin_nested():
            filed = filing.file(report)
            if faults and filed.is_new:
                raise Invalid(faults)
    except Invalid as invalid:
        watching.filing("refused", "desk")
        return _page(_with(attempt, faults={**invalid.faults, **faults})), 422
    watching.filing("stored" if filed.is_new else "repeated")
    return redirect(url_for("desk.receipt", reference=filed.reference), 303)


@desk.get("/complaints/<reference>/receipt")
def receipt(reference: str) -> str:
    """Show what somebody at the counter is told, to be read out or printed."""
    person = current_person()
    complaint = _written_down(reference, person)
    return render_template(
        "desk/receipt.html",
        person=person,
        complaint=complaint,
        link=tracking_link(complaint) if _may_hand_over(complaint, person) else "",
        contact=reporters.kind_of_contact(complaint),
        may_read=complaint.reference in visibility.for_official(person).numbers([complaint.reference]),
        alike=alike.of(complaint, person),
    )


@desk.get("/complaints/<reference>/receipt.svg")
def receipt_code(reference: str) -> Response:
    """Send the private link as a picture that phones read."""
    person = current_person()
    complaint = _written_down(reference, person)
    if not _may_hand_over(complaint, person):
        raise NotFound
    drawn = BytesIO()
    segno.make(tracking_link(complaint), error="m").save(drawn, kind="svg", scale=4, border=2, light="#fff")
    drawn.seek(0)
    response = send_file(drawn, mimetype="image/svg+xml")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _written_down(reference: str, person: Person) -> Complaint:
    """Find a report that this official may read or, at the counter still, wrote down for another department."""
    return visibility.for_writer(person, since=clock.now() - _AT_THE_COUNTER).one(reference)


def _may_hand_over(complaint: Complaint, person: Person) -> bool:
    """Whether this official wrote it down just now, and its reporter stands before them."""
    first = history.of(complaint)[0]
    return first.by_id == person.id and clock.now() - first.at <= _AT_THE_COUNTER


def _read(attempt: _Attempt, person: Person, faults: dict[str, Text]) -> Report:
    typed = attempt.typed
    if typed["channel"] not in _CHANNELS:
        faults["channel"] = _("Choose how the report came in.")
    if typed["language"] not in language.city().profile.languages:
        faults["language"] = _("Choose one from the list.")
    channel = Channel(typed["channel"]) if "channel" not in faults else Channel.PHONE
    return Report(
        submission_key=attempt.key,
        category=typed["category"] or None,
        point=_point(typed["coordinates"], faults),
        area=typed["area"] or None,
        landmark=" ".join(typed["landmark"].split()),
        words=typed["words"],
        contact=_contact(typed["contact"], faults),
        language=typed["language"] if "language" not in faults else language.current(),
        answers=attempt.answers,
        wants_public={"public": True, "private": False}.get(typed["visibility"]),
        name=" ".join(typed["name"].split()) if typed["contact"] or typed["name"] else "",
        can_confirm=False,
        channel=channel,
        entered_by=person.id,
    )


def _point(typed: str, faults: dict[str, Text]) -> Point | None:
    if not typed:
        return None
    try:
        if not plus_code.is_meant(typed):
            return points.parse_pair(typed)
        view = language.city().profile.map
        found = plus_code.read(typed, near=Point(view.latitude, view.longitude))
    except Invalid as invalid:
        faults["place"] = next(iter(invalid.faults.values()))
        return None
    if found is None:
        faults["place"] = _("We could not read this plus code.")
    return found


def _contact(typed: str, faults: dict[str, Text]) -> Contact | None:
    try:
        return reporters.contact_from(typed)
    except Invalid as invalid:
        faults.update(invalid.faults)
        return None


def _answers() -> dict[str, list[str]]:
    names = [name for name in request.form if name.startswith(answers.FIELD)]
    return {
        name.removeprefix(answers.FIELD): [cleaned(text) for text in request.form.getlist(name)]
        for name in names
    }


def _places(query: str) -> list[tuple[str, str]]:
    """List places of this name: what they are called, and the point that choosing one sets."""
    found = CityGazetteer().geocode(query, exactly_one=False, limit=_OFFERED) if query else None
    return [
        (one.address, f"{one.latitude:.6f}, {one.longitude:.6f}")
        for one in found or []
        if one.raw.get("kind") != "area"
    ]


def _with(
    attempt: _Attempt,
    *,
    faults: Mapping[str, Text] | None = None,
    places: list[tuple[str, str]] | None = None,
) -> _Attempt:
    return _Attempt(attempt.key, attempt.typed, attempt.answers, faults or {}, places)


def _page(attempt: _Attempt) -> str:
    city, spoken = language.city(), language.current()
    asks = city.profile.asks.of(attempt.typed.get("category"))
    questions = [f"{answers.FIELD}{question.code}" for question in asks.questions]
    order = ("channel", "category", *questions, "place", "landmark", "area", "words")
    order += ("contact", "name", "language")
    return render_template(
        "desk/intake.html",
        person=current_person(),
        key=attempt.key,
        typed={**dict.fromkeys(_FIELDS, ""), **attempt.typed},
        answers=attempt.answers,
        asks=asks,
        faults={name: attempt.faults[name] for name in order if name in attempt.faults},
        places=attempt.places,
        channels=[(one.value, filters.says(channels.NAMES[one])) for one in _CHANNELS],
        categories=options.categories(city, spoken),
        areas=options.areas(city, spoken),
        spoken=[(code, language.CHIPS.get(code, code)) for code in city.profile.languages],
    )
