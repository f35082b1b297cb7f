"""Putting right: what was done, and if there is one, a photo of how it looks now."""

from typing import BinaryIO, cast

from flask import request
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import FileStorage

from cps.complaints import lifecycle, templates
from cps.complaints.models import Complaint
from cps.desk.acting import act
from cps.desk.door import desk
from cps.desk.permissions import Action
from cps.kernel.errors import Invalid, Refused
from cps.people.models import Person
from cps.photos import album
from cps.web import forms


@desk.post("/complaints/<reference>/resolutions")
def create_resolution(reference: str) -> ResponseReturnValue:
    """Close the complaint as put right."""
    return act(reference, Action.RESOLUTION, _resolve)


def _resolve(complaint: Complaint, person: Person) -> None:
    result = forms.typed("result")
    templates.expect_filled({"result": result})
    photo = request.files.get("photo")
    has_photo = photo is not None and bool(photo.filename)
    lifecycle.resolve(complaint, by=person, result=result, has_photo=has_photo)
    if photo is not None and has_photo:
        _keep(photo, complaint)


def _keep(photo: FileStorage, complaint: Complaint) -> None:
    try:
        album.keep_after(
            cast("BinaryIO", photo.stream), filename=photo.filename or "", complaint_id=complaint.id
        )
    except Refused as refused:
        raise Invalid({"photo": refused.sentence}) from refused
