"""What is left is told line by line, a citizen's way is tried over HTTP, and the sheet that is signed says all of it."""

import json
from datetime import timedelta
from threading import Thread

import html5lib
import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner
from sqlalchemy import select
from werkzeug.serving import make_server

from cps.city.load import load
from cps.city.queries import in_force
from cps.complaints.models import Complaint, Event
from cps.complaints.status import Status
from cps.console.checking import checked
from cps.console.command import main
from cps.console.newcity import ready, sheet
from cps.console.newcity.words import CHECKS
from cps.evaluate import queries
from cps.health import looks
from cps.health.finding import State
from cps.kernel import clock
from cps.kernel.db import db
from cps.kernel.files import CITIES
from cps.people.models import Person, Role
from tests.city import town


@pytest.fixture
def lalitpur(own_city):
    """Lalitpur on a database of its own, with a coordinator and one head."""
    with own_city.app_context():
        load(checked(CITIES / "lalitpur"))
        db.session.commit()
        city = in_force()
        desk, roads = city.department_ids["sahayata"], city.department_ids["purwadhar"]
        for name, role, department in (
            ("Dee <b>Rai</b>", Role.COORDINATOR, desk),
            ("Bo Thapa", Role.HEAD, roads),
        ):
            email = f"{role}@lalitpur.example"
            db.session.add(
                Person(
                    name=name, email=email, role=role, department_id=department, password_hash="s3cret-hash"
                )
            )
        db.session.commit()
        db.session.remove()
    return own_city


@pytest.fixture
def address(lalitpur):
    """Where the city answers over HTTP."""
    server = make_server("127.0.0.1", 0, lalitpur, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


def run(*arguments):
    return CliRunner().invoke(main, ["city", *map(str, arguments)])


def found(app):
    result = run("checklist", "--json")
    return {part["name"]: part for part in json.loads(result.stdout)["parts"]}, result.exit_code


def test_every_line_says_how_it_is_and_what_to_do(lalitpur):
    lines = run("checklist").output.splitlines()

    assert any(line.startswith("warning  outlines") and "29 of 29 outlines" in line for line in lines)
    assert any(line.startswith("ok       routing") and "Each of 630 pairs" in line for line in lines)
    assert any(line.startswith("by hand  numbers") for line in lines)
    assert any(line.startswith("FAULT    worker") for line in lines)


def test_the_looks_of_the_doctor_are_all_there_and_every_line_has_a_title():
    of_the_city = {look.__name__.removeprefix("_") for look in ready._LOOKS}

    assert of_the_city | set(looks.NAMES) | set(ready.BY_HAND_NAMES) == set(CHECKS)


def test_departments_without_people_or_heads_are_named(lalitpur):
    parts, code = found(lalitpur)

    assert code == 2  # nobody works here
    assert parts["accounts"]["state"] == "warning"
    assert "watawaran" in parts["accounts"]["told"]
    assert "purwadhar" not in parts["accounts"]["told"]
    assert parts["heads"]["state"] == "warning"
    assert "2 of 2 officials have never signed in." in parts["signed_in"]["told"]


def test_without_a_coordinator_or_anybody_it_is_a_fault(lalitpur):
    with lalitpur.app_context():
        for person in db.session.scalars(select(Person)):
            person.is_active = person.role is Role.HEAD
        db.session.commit()
        assert {one.name: one.state for one in ready.everything_of(in_force())}["heads"] is State.FAULT
        for person in db.session.scalars(select(Person)):
            person.is_active = False
        auditor = Person(name="Lan", email="lan@lalitpur.example", role=Role.AUDITOR, password_hash="x")
        db.session.add(auditor)  # looks on, and answers nothing
        db.session.commit()
        assert {one.name: one.state for one in ready.everything_of(in_force())}["accounts"] is State.FAULT


def test_bodies_outside_the_city_need_no_accounts(lalitpur):
    with lalitpur.app_context():
        city = in_force()

        assert {"kukl", "nea", "traffic"}.isdisjoint(ready.answering(city))
        assert "sahayata" in ready.answering(city)


def test_a_small_city_tells_what_its_profile_lacks(own_city, tmp_path):
    folder = town.a_town(tmp_path / "town")
    town.spoil(folder, "routing.csv", "pothole,*,roads\n", "")
    (folder / "report.toml").write_text(
        '[consent]\nversion = "sample"\n[consent.sentence]\nvi = "x"\nen = "x"\n[consent.text]\nvi = "x"\nen = "x"\n',
        encoding="utf-8",
    )
    assert run("load", folder).exit_code == 0

    with own_city.app_context():
        parts = {one.name: one for one in ready.everything_of(in_force())}

    assert "For want of a rule the fallback desk gets: pothole." in parts["routing"].told
    assert parts["routing"].state is State.WARNING
    assert (parts["consent"].state, parts["consent"].told) == (
        State.WARNING,
        "The text of consent is the sample.",
    )
    assert parts["outlines"].told == "1 of 2 outlines are not official: west."
    assert parts["accounts"].told == "No official has an account."


def test_a_name_that_nobody_translated_is_found(lalitpur):
    with lalitpur.app_context():
        profile = in_force().profile
    names = {"ne": "Ward 1", "en": "Ward 1"}

    assert ready.is_untranslated(names)
    assert not ready.is_untranslated(profile.areas[0].names)
    assert not ready.is_untranslated({"vi": "Hue", "en": "Hue"})


def test_without_a_city_the_checklist_says_so(own_city):
    result = run("checklist")

    assert result.exit_code == 1
    assert "cps city load" in result.output


def test_the_sheet_is_one_valid_page_that_needs_nothing_else(lalitpur):
    page = run("handover").stdout

    html5lib.HTMLParser(strict=True).parse(page)
    soup = BeautifulSoup(page, "html5lib")
    assert soup.html["lang"] == "ne"
    assert not soup.find_all(["script", "link", "img", "iframe", "object"])
    assert not soup.find_all(src=True)
    assert not soup.find_all(href=True)
    assert "url(" not in page
    assert "@import" not in page
    assert "@page" in soup.style.string
    assert soup.svg.path["d"]


def test_the_sheet_speaks_the_languages_of_the_city_and_english(lalitpur):
    soup = BeautifulSoup(run("handover").stdout, "html5lib")

    heading = [(span["lang"], span.text) for span in soup.h1.find_all("span")]
    assert heading == [("ne", "हस्तान्तरण पत्र"), ("en", "Hand-over sheet")]
    assert "ललितपुर महानगरपालिका" in soup.find(class_="city").text
    assert "Lalitpur Metropolitan City" in soup.find(class_="city").text


def test_the_sheet_names_people_roles_and_numbers_but_no_password(lalitpur):
    page = run("handover").stdout
    soup = BeautifulSoup(page, "html5lib")

    rows = [
        [cell.text for cell in row.find_all("td")] for row in soup.find(class_="people").find_all("tr")[1:]
    ]
    assert [row[:2] for row in rows] == [
        ["Dee <b>Rai</b>", "coordinator@lalitpur.example"],
        ["Bo Thapa", "head@lalitpur.example"],
    ]
    assert "संयोजक" in rows[0][2]
    assert "s3cret-hash" not in page
    assert {"100", "101", "102", "1098"} <= {strong.text for strong in soup.find_all("strong")}


def test_the_sheet_has_every_line_of_the_checklist_and_room_to_sign(lalitpur):
    soup = BeautifulSoup(run("handover").stdout, "html5lib")

    rows = soup.find(class_="checks").find_all("tr")[1:]
    assert len(rows) == len(CHECKS)
    assert len(soup.find(class_="checks").find_all(class_="line")) == len(ready.BY_HAND_NAMES)
    assert len(soup.find(class_="signatures").find_all(class_="tall")) == 2


def test_the_documents_that_the_sheet_names_are_there():
    root = CITIES.parent.parent

    assert all((root / document).is_file() for _key, _command, document in sheet._WAYS)


def test_a_report_is_filed_followed_and_taken_back(lalitpur, address):
    result = run("smoke", "--address", address)

    assert result.exit_code == 0, result.output
    assert "it went to नगर प्रहरी (prahari)" in result.output
    assert "nobody else sees it" in result.output
    with lalitpur.app_context():
        complaint = db.session.scalars(select(Complaint)).one()
        assert complaint.reference in result.output
        assert complaint.status is Status.WITHDRAWN
        assert "परीक्षण गुनासो" in complaint.words
        last = db.session.scalars(select(Event).order_by(Event.position.desc())).first()
        assert (last.kind.value, last.note) == ("withdrawn", "प्रणालीको परीक्षण")


def test_a_report_that_was_taken_back_is_in_no_measure(lalitpur, address):
    run("smoke", "--address", address, "--category", "pothole")

    with lalitpur.app_context():
        assert db.session.scalars(select(Complaint)).one().is_public
        now = clock.now()
        assert queries.counted(now - timedelta(days=1), now + timedelta(days=1)).total.received == 0


@pytest.mark.parametrize(
    ("file", "here", "there", "fault"),
    [
        (
            "routing.csv",
            "noise,*,prahari",
            "noise,*,watawaran",
            "it went to वातावरण व्यवस्थापन शाखा (watawaran)",
        ),
        (
            "categories.csv",
            "noise,noise,5 working days,private",
            "noise,noise,5 working days,public",
            "others see it",
        ),
    ],
)
def test_another_profile_than_the_one_in_force_is_noticed_and_the_report_taken_back_all_the_same(
    lalitpur, address, tmp_path, file, here, there, fault
):
    other = tmp_path / "lalitpur"
    other.mkdir()
    for path in (CITIES / "lalitpur").iterdir():
        if path.is_file():
            (other / path.name).write_bytes(path.read_bytes())
    town.spoil(other, file, here, there)

    result = run("smoke", "--address", address, "--city", other, "--category", "noise")

    assert result.exit_code == 1
    assert f"FAULT    {fault}" in result.output
    assert "ok       it is taken back" in result.output
    with lalitpur.app_context():
        assert db.session.scalars(select(Complaint)).one().status is Status.WITHDRAWN


def test_a_report_that_still_stands_on_the_public_list_is_noticed(lalitpur):
    def listing_all(environ, start):
        if environ["PATH_INFO"] != "/reports":
            return lalitpur(environ, start)
        with lalitpur.app_context():
            shown = " ".join(db.session.scalars(select(Complaint.reference)))
        start("200 OK", [("Content-Type", "text/html")])
        return [f"<p>{shown}</p>".encode()]

    server = make_server("127.0.0.1", 0, listing_all, threaded=True)
    Thread(target=server.serve_forever, daemon=True).start()

    result = run("smoke", "--address", f"http://127.0.0.1:{server.server_port}")

    server.shutdown()
    server.server_close()
    assert result.exit_code == 1
    assert "FAULT    it is on no public list" in result.output


def test_a_report_that_is_not_taken_says_why(lalitpur, address):
    result = run("smoke", "--address", address, "--category", "parking")

    assert result.exit_code == 1
    assert "The report is not taken: questions:" in result.output
    with lalitpur.app_context():
        assert db.session.scalars(select(Complaint)).all() == []


@pytest.mark.parametrize(
    ("where", "sentence"),
    [
        ("http://127.0.0.1:9", "does not answer: Connection refused."),
        ("ftp://127.0.0.1", "is no address"),
    ],
)
def test_an_address_without_a_system_is_told(lalitpur, where, sentence):
    result = run("smoke", "--address", where)

    assert result.exit_code == 1
    assert sentence in result.output


def test_a_server_that_is_not_cps_is_told(lalitpur):
    def other(_environ, start):
        start("200 OK", [("Content-Type", "text/html")])
        return [b"<h1>It works!</h1>"]

    server = make_server("127.0.0.1", 0, other)
    Thread(target=server.serve_forever, daemon=True).start()

    result = run("smoke", "--address", f"http://127.0.0.1:{server.server_port}")

    server.shutdown()
    server.server_close()
    assert result.exit_code == 1
    assert "Is it the address of CPS?" in result.output
