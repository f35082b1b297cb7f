"""What citizens and officials read of a report that was re-homed: one line, with old and new names."""

from cps.city.queries import in_force
from cps.complaints import history
from cps.complaints.kinds import EventKind
from cps.kernel import clock
from cps.kernel.db import db
from tests.citizen.acts import link_of
from tests.makers import a_complaint, a_department, an_official
from tests.pageclient import text_of


def a_rehomed_report(*, guessed=False, ended=(), **new):
    """File a report in Hoàn Kiếm, and let a reform have brought it elsewhere."""
    city, complaint = in_force(), a_complaint(category="dumping")
    details = {
        "old_area": complaint.area_id,
        "new_area": city.area_ids[new.get("area", complaint.area.code)],
        "old_department": complaint.department_id,
        "new_department": city.department_ids[new.get("department", complaint.department.code)],
        "guessed": guessed,
        **({"ended": list(ended)} if ended else {}),
    }
    complaint.department_id, complaint.area_id = details["new_department"], details["new_area"]
    history.record(complaint, EventKind.REHOMED, by=None, at=clock.now(), details=details)
    db.session.commit()
    return complaint


def test_citizens_read_old_and_new_names_in_one_line(city, ana):
    complaint = a_rehomed_report(area="00082", department="ubnd-00082")
    ana.get(link_of(complaint))

    page = ana.page(f"/my/{complaint.reference}?language=en")

    line = next(text_of(item) for item in page.select("li") if "reorganised" in text_of(item))
    assert "Hoan Kiem" in line
    assert "Cua Nam" in line
    assert "). The place now belongs to" in line
    assert "guess" not in line


def test_what_did_not_change_is_not_told(city, client):
    complaint = a_rehomed_report(department="so-xay-dung")

    page = text_of(client.page(f"/complaints/{complaint.reference}?language=en"))

    assert "Department of Construction has this report now (before:" in page
    assert "The place now belongs" not in page


def test_officials_are_asked_to_check_a_guess(city, signed_in):
    bo = an_official(department="ubnd-00082")
    guessed = a_rehomed_report(area="00082", department="ubnd-00082", guessed=True)
    known = a_rehomed_report(area="00082", department="ubnd-00082")
    desk = signed_in(bo)

    read = [text_of(desk.page(f"/desk/complaints/{one.reference}?language=en")) for one in (guessed, known)]

    assert a_department("ubnd-00082").names["en"] in read[0]
    assert ["please check the area" in words for words in read] == [True, False]
    assert "System" in read[0]


def test_what_ended_by_itself_is_named_and_no_reorganisation_is(city, ana, signed_in):
    bo, old = an_official(department="so-xay-dung"), in_force()
    office = a_rehomed_report(department="so-xay-dung", ended=["department"])
    area = a_rehomed_report(department="so-xay-dung", area="00082", ended=["area"])
    ended = history.of(area)[-1].details["old_area"]
    ana.get(link_of(office))

    own = text_of(ana.page(f"/my/{office.reference}?language=en"))
    desk = text_of(signed_in(bo).page(f"/desk/complaints/{area.reference}?language=en"))

    assert "no longer exists. Department of Construction has this report now (before:" in own
    assert "which had it before, no longer exists" in own
    assert f"The area {old.area_names[ended]['en']} no longer exists." in desk
    assert "reorganised" not in own + desk
