"""The feed: the list for readers, with places, kept by caches."""

from xml.etree import ElementTree as ET

from cps.complaints import lifecycle
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import a_complaint, an_official, later

_NAMES = {"a": "http://www.w3.org/2005/Atom", "g": "http://www.georss.org/georss"}


def _fed(answer):
    assert answer.status_code == 200
    return ET.fromstring(answer.data)


def test_a_feed_tells_what_is_new_and_where(city, ana):
    complaint = a_complaint(words="Tối <quá> & nguy hiểm 😀")
    a_complaint(category="pothole")

    answer = ana.get("/reports.atom?category=street-light&lang=en")
    feed = _fed(answer)

    (entry,) = feed.findall("a:entry", _NAMES)
    assert answer.mimetype == "application/atom+xml"
    assert feed.findtext("a:title", None, _NAMES) == "Street light – Hanoi"
    assert entry.findtext("a:title", None, _NAMES) == "Street light · Hoan Kiem Ward · cạnh tháp bút"
    assert entry.findtext("g:point", None, _NAMES) == "21.02870 105.85230"
    assert "<quá> & nguy hiểm 😀" in entry.findtext("a:summary", None, _NAMES)
    assert entry.find("a:link", _NAMES).get("href") == f"http://localhost/complaints/{complaint.reference}"
    assert entry.findtext("a:published", None, _NAMES) == "2030-01-07T02:00:00Z"


def test_every_cache_may_keep_a_feed_and_ask_whether_it_changed(city, ana):
    complaint = a_complaint()
    first = ana.get("/reports.atom?lang=en")
    same = ana.get("/reports.atom?lang=en", headers={"If-None-Match": first.headers["ETag"]})
    as_old = ana.get("/reports.atom?lang=en", headers={"If-Modified-Since": first.headers["Last-Modified"]})

    with clock.standing_at(later(hours=2)):
        bo = an_official()
        lifecycle.assign(complaint, to=bo, by=bo)
        lifecycle.start(complaint, by=bo)
        lifecycle.resolve(complaint, by=bo, result="A new lamp.")
        db.session.commit()
    changed = ana.get("/reports.atom?lang=en", headers={"If-None-Match": first.headers["ETag"]})

    assert first.headers["Cache-Control"] == "public, max-age=300"
    assert "Accept-Language" not in first.headers["Vary"]
    assert "Set-Cookie" not in first.headers
    assert (same.status_code, as_old.status_code, same.data) == (304, 304, b"")
    assert (changed.status_code, changed.headers["Last-Modified"]) == (200, "Mon, 07 Jan 2030 04:00:00 GMT")


def test_a_feed_speaks_the_language_of_its_address_alone(city, ana):
    a_complaint(Status.RECEIVED)

    assert "Đèn đường hỏng" in ana.get("/reports.atom").text  # Ana's browser reads English
    assert "Street light" in ana.get("/reports.atom?lang=en").text
    assert ana.get("/reports.atom?lang=xx").data == ana.get("/reports.atom").data.replace(
        b"?lang=xx", b"?lang=vi"
    )


def test_an_empty_feed_is_a_feed(city, ana):
    assert _fed(ana.get("/reports.atom?q=zebra")).findall("a:entry", _NAMES) == []
