"""The files for Prometheus and Grafana: they ask for figures that are there, and every alarm says what to do."""

import json
import re
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from cps.health import looks
from tests.mailserver import taking_mail
from tests.makers import a_photo, a_report_form
from tests.observe.running import Browser, running

pytestmark = pytest.mark.xdist_group("living")

ROOT = Path(__file__).resolve().parents[2]
OBSERVE = ROOT / "deploy" / "observe"
# Only where browsers use https, which no instance of these tests does.
ELSEWHERE = {"cps_health_certificate_days_left"}
_NAME = re.compile(r"\bcps_[a-z0-9_]+")


def rules():
    groups = yaml.safe_load((OBSERVE / "alerts.yaml").read_text())["groups"]
    return [rule for group in groups for rule in group["rules"]]


def panels():
    return json.loads((OBSERVE / "grafana.json").read_text())["panels"]


def expressions():
    asked = [target["expr"] for panel in panels() for target in panel.get("targets", ())]
    return [*asked, *(rule["expr"] for rule in rules())]


def test_everything_asked_for_is_shown_by_a_running_city(city, database_url, tmp_path):
    asked = {name for expression in expressions() for name in _NAME.findall(expression)}
    with taking_mail() as inbox:
        mail = {"CPS_MAIL_URL": f"smtp://127.0.0.1:{inbox.port}", "CPS_MAIL_FROM": "a@hanoi.example"}
        with running(tmp_path, database_url, **mail) as instance:
            browser = Browser(instance.base_url)
            assert browser.send("/complaints", photos=[(a_photo(), "a.jpg")], **a_report_form()).status == 303
            instance.line("worker", job="develop", message="the job is done")
            shown = {name.partition("{")[0] for name in instance.metrics()}

    assert len(asked) > 20
    assert asked - shown == ELSEWHERE


def test_the_endpoints_and_parts_that_are_named_are_there(app):
    known = {rule.endpoint for rule in app.url_map.iter_rules()}
    named = {
        pattern
        for expression in expressions()
        for value in re.findall(r'endpoint[!=]~?"([^"]+)"', expression)
        for pattern in value.split("|")
    }
    parts = {
        part
        for expression in expressions()
        for value in re.findall(r'part=~?"([^"]+)"', expression)
        for part in value.split("|")
    }

    assert named
    assert {name for name in named if not any(fnmatch(one, name) for one in known)} == set()
    assert parts <= {*looks.NAMES}


def test_every_alarm_says_what_it_is_and_what_to_do():
    headings = re.findall(r"^### (\w+)", (ROOT / "docs" / "observe.md").read_text(), re.MULTILINE)

    assert len({rule["alert"] for rule in rules()}) == len(rules())
    for rule in rules():
        told = rule["annotations"]
        assert set(told) == {"summary", "description", "todo", "where"}, rule["alert"]
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert "$labels.city" in told["summary"]
        path, _mark, place = told["where"].partition("#")
        assert path == "docs/observe.md"
        assert place in {heading.lower() for heading in headings}
    assert {rule["alert"] for rule in rules()} == set(headings) | {"CpsMailServer"}


def test_the_promises_that_matter_have_an_alarm():
    asked = " ".join(rule["expr"] for rule in rules())

    for figure in (
        'cps_filings_total{outcome="failed"}',
        "cps_health_queue_oldest_seconds",
        'cps_health_state{part="backup"}',
        "cps_health_escalations_late",
        'up{job="cps"}',
    ):
        assert figure in asked


def test_the_dashboard_is_one_for_every_city():
    board = json.loads((OBSERVE / "grafana.json").read_text())
    shown = [panel for panel in panels() if panel["type"] != "row"]

    assert {variable["name"] for variable in board["templating"]["list"]} == {"source", "city"}
    assert len({panel["id"] for panel in panels()}) == len(panels())
    for panel in shown:
        assert panel["datasource"]["uid"] == "${source}"
        assert all('city="$city"' in target["expr"] for target in panel["targets"]), panel["title"]


def test_the_example_reads_the_alarms_and_names_the_city():
    example = yaml.safe_load((OBSERVE / "prometheus.yaml").read_text())
    unit = yaml.safe_load((OBSERVE / "alerts.test.yaml").read_text())
    [job] = example["scrape_configs"]

    assert example["rule_files"] == unit["rule_files"] == ["alerts.yaml"]
    assert job["job_name"] == "cps"
    assert job["static_configs"][0]["labels"] == {"city": "hanoi"}
