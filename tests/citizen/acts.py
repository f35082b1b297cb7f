"""What citizens do in these tests: send the form, open a private link."""

from typing import Any

from bs4 import BeautifulSoup
from werkzeug.datastructures import FileStorage, MultiDict
from werkzeug.test import TestResponse, encode_multipart

from cps.complaints import tracking
from cps.complaints.models import Complaint
from cps.kernel.db import db
from cps.photos import album
from cps.photos.develop import develop
from cps.photos.models import Photo, Purpose
from tests.makers import a_photo, a_report_form
from tests.pageclient import PageClient

OWN = {"Sec-Fetch-Site": "same-origin"}


def send(browser: PageClient, *, photos: Any = (), accept: str = "text/html", **fields: Any) -> TestResponse:
    """Send the report form with these fields and (stream, name) photos; a script would `accept` JSON."""
    # Encoded here: the client would leave a temporary file open for a large photo.
    files = [FileStorage(stream, filename=name) for stream, name in photos]
    boundary, body = encode_multipart(MultiDict({**a_report_form(**fields), "photos": files}))
    content_type = f'multipart/form-data; boundary="{boundary}"'
    return browser.post(
        "/complaints", data=body, content_type=content_type, headers={**OWN, "Accept": accept}
    )


def send_again(browser: PageClient, page: BeautifulSoup, **fields: Any) -> TestResponse:
    """Send the report form as it stands on the page, as a browser without scripts would."""
    for other in page.select("form[method=get]"):
        other.decompose()
    return browser.submit(page, "/complaints", **fields)


def reply(browser: PageClient, complaint: Complaint, noun: str, words: str) -> TestResponse:
    """Send one of the forms of the tracking page."""
    return browser.post(f"/my/{complaint.reference}/{noun}", data={"words": words}, headers=OWN)


def link_of(complaint: Complaint) -> str:
    """Return the path of the complaint's private link."""
    return f"/track/{tracking.secret_for(complaint.submission_key)}"


def open_link(browser: PageClient, complaint: Complaint) -> None:
    """Open the private link, as from a letter."""
    assert browser.get(link_of(complaint)).status_code == 303


def a_shown_photo(complaint: Complaint, purpose: Purpose = Purpose.BEFORE) -> Photo:
    """Give the complaint a photo that is ready to be seen; committed."""
    photo = album.keep_after(a_photo(), filename="lamp.jpg", complaint_id=complaint.id)
    photo.purpose = purpose
    develop(photo, storage=album.storage())
    db.session.commit()
    return photo
