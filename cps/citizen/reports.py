"""The report form, which is the landing page: shown, judged, shown again with everything that was typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from uuid import UUID, uuid4

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import asking, choices, confirming, lasting, looking, places, sentences, uploads
from cps.citizen.confirming import Proof
from cps.citizen.looking import Look
from cps.city.queries import in_force
from cps.complaints import answers, filing, reporters, tracking
from cps.complaints.filing import Filed, Report, Unconfirmed
from cps.complaints.reporters import Contact
from cps.geo import point
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.text import Text, _, cleaned
from cps.notify import channels
from cps.photos import drafts
from cps.photos import uploads as coming
from cps.photos.models import Photo
from cps.web import forms, language, watching
from cps.web.filters import says

_FIELDS = (
    "category",
    "find",
    "coordinates",
    "latitude",
    "longitude",
    "landmark",
    "area",
    "words",
    "contact",
    "name",
    "visibility",
    "asked",
)
_FIND_PLACE = "place"
_ONLY_SHOWN = ("find", _FIND_PLACE, confirming.ANOTHER_ADDRESS)
_WANTS = {"public": True, "private": False}


def show() -> str:
    """Show an empty form with a key of its own; an address may name the category, or words to find it by."""
    typed = {name: cleaned(request.args.get(name, "")) for name in ("category", "find")}
    return _page(_Attempt(uuid4(), typed))


def empty_page() -> str:
    """Show an empty form without a key, for use without a network; its links of languages lead to the form itself."""
    return _page(
        _Attempt(uuid4(), {"category": "", "find": ""}),
        is_offline=True,
        in_language=lambda code: url_for("citizen.report", language=code),
    )


def file() -> ResponseReturnValue:
    """File the report and open its private link, or show the form again with every fault of it.

    A script that asks for JSON is told the link's `address` and the `reference` (201), or the `faults` by field (422).
    While the storage of photos does not answer, a form that has nothing else wrong is answered with 503.

    It is shown again too when no script could say at once what there is to say: further questions about the
    category, numbers to call, another office. The form of the page has a field `asked`; programs that send none
    are not stopped for what a person should see.
    """
    key = forms.submission_key()
    kept = uploads.keep(key, most=in_force().profile.limits.photos)
    typed = places.with_choice({name: forms.typed(name) for name in _FIELDS}, forms.typed(places.CHOICE))
    faults: dict[str, Text] = {}
    if kept.fault:
        faults["photos"] = kept.fault
    attempt = _Attempt(key, typed, asking.typed_answers(request.form), faults)
    action = request.form.get("action")
    if action in _ONLY_SHOWN:
        return _page(_only_shown(attempt, action))
    if looking.is_asked():
        return _page(_looked_at(attempt))
    proof = confirming.proven(_read(attempt, has_photos=kept.any))
    _expect_seen(typed, faults)
    attempt = replace(attempt, notice=_unseen_notice(typed))
    try:
        filed = _filed(proof.report, faults, is_held=bool(attempt.notice))
    except Unconfirmed as unconfirmed:
        return _asked_for_code(attempt, proof, unconfirmed)
    if filed is None:
        return _refused(attempt, 503 if kept.has_no_room and attempt.faults.keys() <= {"photos"} else 422)
    watching.filing("stored" if filed.is_new else "repeated")
    address = url_for("citizen.track", secret=tracking.secret_for(key), new=1)
    if _is_script():
        return {"address": address, "reference": filed.reference}, 201
    return redirect(address, 303)


def _refused(attempt: "_Attempt", status: int = 422) -> ResponseReturnValue:
    watching.filing("refused", _reason(attempt))
    if _is_script():
        return {"faults": {name: says(fault) for name, fault in attempt.faults.items()}}, status
    return _page(replace(attempt, photos=drafts.kept(attempt.key))), status


def _reason(attempt: "_Attempt") -> str:
    """Name the first field with a fault, or `notice` where there was more to say first; never what was typed."""
    field = next(iter(attempt.faults), "notice")
    return "questions" if field.startswith(answers.FIELD) else field


def _asked_for_code(attempt: "_Attempt", proof: Proof, unconfirmed: Unconfirmed) -> ResponseReturnValue:
    """Send a code and ask for it; where none can be sent, show the form again."""
    faults = confirming.ask(proof)
    if _is_script() or "contact" in faults:
        return _refused(replace(attempt, faults=dict(faults or unconfirmed.faults)))
    watching.filing("refused", "code")
    return confirming.page(proof, faults), 422 if faults else 200


def _is_script() -> bool:
    return request.accept_mimetypes.best == "application/json"


@dataclass(frozen=True)
class _Attempt:
    """A form as it came: what was typed and kept, what is wrong with it, what was not said yet.

    `is_back`: from the page that asks for a code, with photos that may wait on the phone.
    """

    key: UUID
    typed: Mapping[str, str]
    answers: asking.Answers = field(default_factory=dict)
    faults: dict[str, Text] = field(default_factory=dict)
    photos: Sequence[Photo] = ()
    notice: asking.Notice | None = None
    look: Look | None = None
    found: places.Found | None = None
    is_back: bool = False


def _only_shown(attempt: _Attempt, action: str | None) -> _Attempt:
    """Return the form for another look: for kinds or places found by words, or to change what was typed."""
    typed = attempt.typed
    return replace(
        attempt,
        faults={},
        photos=drafts.kept(attempt.key),
        found=places.found(typed["landmark"], typed["area"]) if action == _FIND_PLACE else None,
        is_back=action == confirming.ANOTHER_ADDRESS,
    )


def _looked_at(attempt: _Attempt) -> _Attempt:
    """Return the form with the place that was tapped or nudged on its picture."""
    look = looking.looked(attempt.typed, in_force())
    return replace(
        attempt,
        typed={**attempt.typed, **look.place},
        faults={**attempt.faults, **look.faults},
        photos=drafts.kept(attempt.key),
        look=look,
    )


def _read(attempt: _Attempt, *, has_photos: bool) -> Report:
    typed, faults = attempt.typed, attempt.faults
    return Report(
        submission_key=attempt.key,
        category=typed["category"] or None,
        point=_point(typed, faults),
        area=typed["area"] or None,
        landmark=" ".join(typed["landmark"].split()),
        words=typed["words"],
        contact=_contact(typed["contact"], faults),
        language=language.current(),
        has_photos=has_photos,
        answers=attempt.answers,
        wants_public=_WANTS.get(typed["visibility"]),
        consent=forms.typed("consent"),
        name=" ".join(typed["name"].split()) if language.city().profile.asks.has_name else "",
        waited=forms.waited(),
    )


def _expect_seen(typed: Mapping[str, str], faults: dict[str, Text]) -> None:
    """Note it as a fault if there is more to ask about the category than the page has shown."""
    asked = asking.chosen(typed["category"])
    is_unseen = "asked" in request.form and typed["asked"] != typed["category"]
    if asked.category is not None and asked.asks.has_more and is_unseen:
        faults["questions"] = _(
            "There is a little more to say about this. Answer what you can, then send again."
        )


def _unseen_notice(typed: Mapping[str, str]) -> asking.Notice | None:
    if "asked" not in request.form or forms.typed("sure"):
        return None
    return asking.notice(typed["category"], f"{typed['words']} {typed['landmark']}")


def _point(typed: Mapping[str, str], faults: dict[str, Text]) -> Point | None:
    """Read the place; what is typed by hand goes before what the phone or the map filled in."""
    try:
        if typed["coordinates"]:
            return places.typed_point(typed["coordinates"])
        if typed["latitude"] or typed["longitude"]:
            return point.parse(typed["latitude"], typed["longitude"])
    except Invalid as error:
        faults.update(error.faults)
    return None


def _contact(typed: str, faults: dict[str, Text]) -> Contact | None:
    try:
        return reporters.contact_from(typed)
    except Invalid as error:
        faults.update(error.faults)
        return None


def _filed(report: Report, faults: dict[str, Text], *, is_held: bool) -> Filed | None:
    """File the report unless it `is_held`, or add its faults to those found in reading it and file nothing.

    A report with faults is judged too, so that the citizen hears of all of them at once. One that was
    filed before stays filed, whatever the form says now. Raises Unconfirmed if nothing else is in the way.
    """
    try:
        filed = filing.file(report)
    except Unconfirmed:
        db.session.rollback()
        if not (faults or is_held):
            raise
    except Invalid as error:
        faults.update({name: fault for name, fault in error.faults.items() if name not in faults})
    else:
        if not (faults or is_held) or not filed.is_new:
            return filed
    db.session.rollback()
    return None


def _page(attempt: _Attempt, **more: object) -> str:
    """Render the form; faults in the order of its fields."""
    chosen = asking.chosen(attempt.typed["category"])
    questions = [f"{answers.FIELD}{question.code}" for question in chosen.asks.questions]
    order = ("photos", "place", "landmark", "area", "category", "questions", *questions)
    order += ("words", "contact", "name", "consent")
    return render_template(
        "citizen/report.html",
        key="" if more else attempt.key,
        typed=attempt.typed,
        answers=attempt.answers,
        faults={name: attempt.faults[name] for name in order if name in attempt.faults},
        photos=attempt.photos,
        came_by=coming.names(attempt.photos) if attempt.photos else {},
        look=attempt.look,
        found=attempt.found,
        places_address=places.address(),
        is_again=attempt.is_back or bool(attempt.faults) or bool(attempt.notice),
        codes_by=channels.ways(),
        notice=attempt.notice,
        chosen=chosen,
        categories=choices.categories(attempt.typed["find"]),
        areas=choices.areas(),
        asks=language.city().profile.asks,
        questions_address=asking.address_of_questions(),
        sentences_address=sentences.address(),
        map_address=url_for("citizen.map_opening", v=lasting.version()),
        words_address=url_for("citizen.words", v=lasting.version()),
        **more,
    )
