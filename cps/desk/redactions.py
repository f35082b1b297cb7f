"""Covering faces, number plates and names in a photo: by brush, by keys, or field by field without scripts."""

from flask import redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import redactions, visibility
from cps.desk.door import desk
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text
from cps.photos import album, redaction
from cps.web.signin import current_person


@desk.get("/complaints/<reference>/photos/<key>/redactions")
def redaction_form(reference: str, key: str) -> str:
    """Show the photo as it was taken, to mark what nobody should see."""
    return _page(reference, key)


@desk.post("/complaints/<reference>/photos/<key>/redactions")
def create_redaction(reference: str, key: str) -> ResponseReturnValue:
    """Cover the fields that were marked, and no others."""
    person = current_person()
    complaint = visibility.for_action(person).one(reference, locked=True)
    photo = redactions.photo_of(complaint, key)
    try:
        redactions.cover(complaint, photo, fields=_marked(), by=person)
    except Invalid as invalid:
        return _page(reference, key, fault=next(iter(invalid.faults.values()))), 422
    except Refused as refused:
        return _page(reference, key, fault=refused.sentence), 409
    return redirect(url_for("desk.complaint", reference=reference), 303)


@desk.post("/complaints/<reference>/photos/<key>/redactions/end")
def end_redaction(reference: str, key: str) -> ResponseReturnValue:
    """Show the photo as it was taken again."""
    person = current_person()
    complaint = visibility.for_action(person).one(reference, locked=True)
    photo = redactions.photo_of(complaint, key)
    redactions.uncover(complaint, photo, by=person)
    return redirect(url_for("desk.complaint", reference=reference), 303)


@desk.get("/complaints/<reference>/photos/<key>/clear")
def clear_photo(reference: str, key: str) -> ResponseReturnValue:
    """Send the photo as it was taken, to who may cover it."""
    complaint = visibility.for_action(current_person()).one(reference)
    photo = redactions.photo_of(complaint, key)
    blob = photo.clear_large or photo.large
    if blob is None:
        raise NotFound
    response = send_file(album.storage().open(blob), mimetype="image/jpeg")
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _marked() -> set[int]:
    typed = request.form.getlist("field")[: redaction.FIELDS]
    return {int(text) if text.isascii() and text.isdigit() and len(text) < 5 else -1 for text in typed}


def _page(reference: str, key: str, *, fault: Text | None = None) -> str:
    person = current_person()
    complaint = visibility.for_action(person).one(reference)
    photo = redactions.photo_of(complaint, key)
    if photo.large is None:
        raise NotFound
    return render_template(
        "desk/redaction.html",
        person=person,
        complaint=complaint,
        photo=photo,
        covered=frozenset(photo.covered or ()),
        columns=redaction.COLUMNS,
        rows=redaction.ROWS,
        fault=fault,
    )
