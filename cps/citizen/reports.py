"""The report form, which is the landing page: shown, judged, shown again with everything that was typed."""

from collections.abc import Mapping
from uuid import UUID, uuid4

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from cps.citizen import choices, looking, uploads
from cps.citizen.looking import Look
from cps.city.queries import in_force
from cps.complaints import filing, reporters, tracking
from cps.complaints.filing import Filed, Report
from cps.complaints.reporters import Contact
from cps.geo import point
from cps.geo.point import Point
from cps.kernel.db import db
from cps.kernel.errors import Invalid
from cps.kernel.text import Text
from cps.photos import drafts
from cps.web import forms, language

_FIELDS = ("category", "coordinates", "latitude", "longitude", "landmark", "area", "words", "contact")


def show() -> str:
    """Show an empty form with a key of its own."""
    return _page(uuid4(), {}, {})


def file() -> ResponseReturnValue:
    """File the report and open its private link, or show the form again with every fault of it."""
    key = forms.submission_key()
    kept = uploads.keep(key, most=in_force().profile.limits.photos)
    typed = {name: forms.typed(name) for name in _FIELDS}
    faults: dict[str, Text] = {}
    if kept.fault:
        faults["photos"] = kept.fault
    if looking.is_asked():
        look = looking.looked(typed, in_force())
        return _page(
            key, {**typed, **look.place}, {**faults, **look.faults}, photos=drafts.kept(key), look=look
        )
    report = _read(key, typed, faults, has_photos=kept.any)
    filed = _filed(report, faults)
    if filed is None:
        return _page(key, typed, faults, photos=drafts.kept(key)), 422
    return redirect(url_for("citizen.track", secret=tracking.secret_for(key), new=1), 303)


def _read(key: UUID, typed: Mapping[str, str], faults: dict[str, Text], *, has_photos: bool) -> Report:
    return Report(
        submission_key=key,
        category=typed["category"] or None,
        point=_point(typed, faults),
        area=typed["area"] or None,
        landmark=" ".join(typed["landmark"].split()),
        words=typed["words"],
        contact=_contact(typed["contact"], faults),
        language=language.current(),
        has_photos=has_photos,
    )


def _point(typed: Mapping[str, str], faults: dict[str, Text]) -> Point | None:
    """Read the place; what is typed by hand goes before what the phone or the map filled in."""
    try:
        if typed["coordinates"]:
            return point.parse_pair(typed["coordinates"])
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


def _filed(report: Report, faults: dict[str, Text]) -> Filed | None:
    """File the report, or add its faults to those found in reading it and file nothing.

    A report with faults is judged too, so that the citizen hears of all of them at once. One that was
    filed before stays filed, whatever the form says now.
    """
    try:
        filed = filing.file(report)
    except Invalid as error:
        faults.update({name: fault for name, fault in error.faults.items() if name not in faults})
    else:
        if not faults or not filed.is_new:
            return filed
    db.session.rollback()
    return None


def _page(
    key: UUID,
    typed: Mapping[str, str],
    faults: Mapping[str, Text],
    *,
    photos: object = (),
    look: Look | None = None,
) -> str:
    """Render the form; faults in the order of its fields."""
    order = ("photos", "place", "landmark", "area", "category", "words", "contact")
    return render_template(
        "citizen/report.html",
        key=key,
        typed=typed,
        faults={name: faults[name] for name in order if name in faults},
        photos=photos,
        look=look,
        categories=choices.categories(),
        areas=choices.areas(),
    )
