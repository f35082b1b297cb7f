"""Who tries what is not theirs: written down, shown to auditors and coordinators, and no honest slip among it."""

import pytest
from sqlalchemy import select

from cps.complaints import lifecycle
from cps.complaints.status import Status
from cps.kernel.db import db
from cps.people.denials import Denial
from cps.people.models import Role
from tests.desk.reports import screen_of
from tests.makers import DRAINAGE, LIGHTING, a_complaint, an_official
from tests.pageclient import soup_of, text_of


@pytest.fixture
def private(city):
    return a_complaint(category="staff-conduct")


@pytest.fixture
def chi(city):
    return an_official("Chi", department=DRAINAGE)


def written_down():
    db.session.rollback()
    return [(row.route, row.kind, row.thing, row.times) for row in db.session.scalars(select(Denial))]


def told_to_auditor(signed_in, address="/desk/reveals"):
    browser = signed_in(an_official("Aud", department=None, role=Role.AUDITOR))
    return browser.page(address).select_one("section[aria-labelledby=denied-title]")


def test_who_reads_on_and_on_is_seen_by_the_auditor(signed_in, private, chi):
    browser = signed_in(chi)
    for _time in range(3):
        assert browser.get(screen_of(private)).status_code == 404

    told = told_to_auditor(signed_in)

    assert written_down() == [("GET /desk/complaints/<reference>", "read", private.reference, 3)]
    line = text_of(told.select_one("li"))
    assert line.startswith("Chi · ")
    assert "Wanted to read a report that they do not see 3 times · " + private.reference in line
    assert told.select_one("li a")["href"] == f"/desk/reveals?official={chi.id}"


def test_coordinators_see_it_too_and_nobody_else(signed_in, city):
    coordinator = signed_in(an_official("Dee", department="pcc", role=Role.COORDINATOR))

    assert "Nobody has tried that." in text_of(coordinator.page("/desk/reveals"))
    assert signed_in(an_official("Hue", role=Role.HEAD)).get("/desk/reveals").status_code == 404
    assert written_down() == [("GET /desk/reveals", "page", "", 1)]


def test_of_one_official_only_theirs_is_shown(signed_in, private, chi):
    signed_in(chi).get(screen_of(private))
    signed_in(bo := an_official()).get(screen_of(private))

    assert len(told_to_auditor(signed_in).select("li")) == 2
    assert [
        text_of(name)
        for name in told_to_auditor(signed_in, f"/desk/reveals?official={bo.id}").select("strong")
    ] == ["Bo"]


def test_a_number_that_was_mistyped_and_another_sites_form_are_no_tries(signed_in, private, chi):
    browser = signed_in(chi)

    assert browser.get("/desk/complaints/7K3M-9QAZ").status_code == 404
    assert browser.get("/desk?category=no-such").status_code == 404
    forged = {"Sec-Fetch-Site": "cross-site"}
    assert browser.post(f"{screen_of(private)}/notes", headers=forged).status_code == 403
    without_token = {"Sec-Fetch-Site": "same-origin"}
    assert browser.post(f"{screen_of(private)}/notes", headers=without_token).status_code == 400

    assert written_down() == []


def test_an_address_with_line_ends_leaves_none_in_what_is_kept(signed_in, private, chi):
    browser = signed_in(chi)

    browser.get(f"/desk/complaints/%20{private.reference.lower()}%0d%0aroot%20signed%20in")
    browser.get(f"/desk/complaints/%20{private.reference.lower()}%0d%0a")

    kept = [thing for _route, _kind, thing, _times in written_down()]
    assert set(kept) <= {private.reference}


def test_an_open_page_whose_report_went_out_of_sight_is_no_try(signed_in, private, chi):
    browser = signed_in(chi)
    token = browser.page("/desk").find("input", attrs={"name": "csrf_token"})["value"]

    for noun in ("presence", "looks", "drafts"):
        answer = browser.post(
            f"{screen_of(private)}/{noun}",
            data={"csrf_token": token},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status_code == 404

    assert written_down() == []


def test_what_was_taken_away_from_a_batch_is_no_try_but_what_was_slipped_in_is(signed_in, private, chi):
    own, gone = a_complaint(category="drains"), a_complaint()
    browser = signed_in(chi)
    token = browser.page("/desk").find("input", attrs={"name": "csrf_token"})["value"]

    def noted(*reports):
        return browser.post(
            "/desk/batches",
            data={
                "csrf_token": token,
                "action": "notes",
                "note": "Seen.",
                "report": [f"{one.reference}:{one.version}" for one in reports],
            },
            headers={"Sec-Fetch-Site": "same-origin"},
        )

    assert noted(own, gone).status_code == 303
    assert written_down() == []
    db.session.refresh(own)
    assert noted(own, private).status_code == 303
    assert written_down() == [("POST /desk/batches", "change", private.reference, 1)]


def test_who_does_not_handle_a_report_and_wants_its_reporter_is_written_down(signed_in, city):
    complaint = a_complaint(Status.ASSIGNED, by=an_official())
    browser = signed_in(an_official("Kim"))
    token = browser.page("/desk").find("input", attrs={"name": "csrf_token"})["value"]

    answer = browser.post(
        f"{screen_of(complaint)}/reveals",
        data={"csrf_token": token, "reason": "To call."},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 409
    assert "Only who handles a report may see who reported it." in text_of(answer)
    assert [row[1:] for row in written_down()] == [("reporter", complaint.reference, 1)]


def test_what_is_refused_reads_in_the_language_of_the_official(signed_in, private, chi):
    public = a_complaint()
    browser = signed_in(chi)
    token = browser.page("/desk").find("input", attrs={"name": "csrf_token"})["value"]

    hidden = browser.get(f"{screen_of(private)}?language=vi")
    refused = browser.post(
        f"{screen_of(public)}/notes?language=vi",
        data={"csrf_token": token, "version": str(public.version), "note": "x"},
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert soup_of(hidden).html["lang"] == "vi"
    assert text_of(soup_of(hidden).h1) == "Không tìm thấy phản ánh có mã này. Hãy kiểm tra lại mã."
    assert refused.status_code == 409
    assert "Chỉ đơn vị đó được thay đổi" in text_of(soup_of(refused).select_one("[role=alert]"))


def test_an_auditor_is_offered_no_page_of_those_who_work(signed_in, city):
    browser = signed_in(an_official("Aud", department=None, role=Role.AUDITOR))

    page = browser.page("/desk")
    offered = {link["href"] for link in page.select("header a[href^='/desk'], nav a[href^='/desk']")}

    assert "Enter a report" not in text_of(page.header)
    assert page.select("[data-enter]") == []
    assert {browser.get(address).status_code for address in offered} == {200}


@pytest.mark.parametrize("role", Role)
def test_the_bar_leads_nobody_to_what_they_may_not_see(signed_in, city, role):
    department = None if role is Role.AUDITOR else LIGHTING
    browser = signed_in(an_official("Bo", department=department, role=role))

    for link in browser.page("/desk").select("a[href^='/desk']"):
        assert browser.get(link["href"]).status_code == 200, link["href"]
    assert written_down() == []


def test_officials_read_the_words_of_the_office_where_an_act_is_impossible(signed_in, city):
    bo = an_official()
    complaint = a_complaint(Status.WAITING, by=bo)
    for_citizens = lifecycle.ImpossibleMove(complaint).sentence
    browser = signed_in(bo)
    token = browser.page("/desk").find("input", attrs={"name": "csrf_token"})["value"]

    answer = browser.post(
        f"{screen_of(complaint)}/pauses",
        data={
            "csrf_token": token,
            "version": str(complaint.version),
            "cause": "inspection",
            "reason": "The ladder is needed.",
        },
        headers={"Sec-Fetch-Site": "same-origin"},
    )

    assert answer.status_code == 409
    assert "is at “Waiting for citizen”" in text_of(answer)
    assert "Waiting for you" not in text_of(answer)
    assert "Waiting for you" in str(for_citizens)
