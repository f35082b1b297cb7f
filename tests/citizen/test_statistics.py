"""The page of figures: fair to everybody, readable by everybody, counted before it is asked for."""

import pytest

from cps.city.queries import in_force
from cps.complaints.status import Status
from cps.console.demonstration import generate
from cps.evaluate import publishing
from cps.evaluate.publishing import Period
from cps.kernel import clock
from cps.kernel.db import db
from tests.makers import MONDAY, a_complaint, later
from tests.pageclient import text_of


@pytest.fixture
def counted(city):
    """A year of made-up reports, counted this morning."""
    generate(400, seed=3, now=MONDAY)
    publishing.count_all()
    db.session.commit()


def test_a_city_that_has_not_counted_yet_says_so(client):
    assert "The figures are being counted." in text_of(client.page("/statistics"))


def test_too_few_reports_are_told_as_such(client, city):
    for _number in range(4):
        a_complaint(Status.RESOLVED)
    with clock.standing_at(later(minutes=1)):
        publishing.count_all()
    db.session.commit()

    page = text_of(client.page("/statistics"))

    assert "too few reports in this period" in page
    assert "Reports received" not in page


@pytest.mark.parametrize("period", list(Period))
def test_each_figure_stands_with_how_many_it_is_made_of(client, counted, period):
    page = client.page(f"/statistics?period={period}")

    total = publishing.figures(period).figures["total"]
    assert f"{total['received']}" in text_of(page.find(class_="headlines"))
    assert f"of {total['in_time']['of']} that were due" in text_of(page.find(class_="headlines"))
    assert page.find(class_="periods").find(attrs={"aria-current": "page"})["href"].endswith(period)


def test_the_chart_is_there_as_a_table_too(client, counted):
    page = client.page("/statistics?period=90-days")

    bars = page.find("svg", class_="chart").find_all("g")
    assert len(page.find(class_="plain").tbody.find_all("tr")) == len(bars) > 10


def test_groups_of_few_reports_stand_together_without_a_name(client, counted):
    page = client.page("/statistics?period=90-days")

    for table in page.find_all(class_="figures"):
        for row in table.tbody.find_all("tr"):
            received = int(text_of(row.find("td")).removeprefix("Received "))
            assert received >= 5
    assert "with few reports, together" in text_of(page)


@pytest.mark.parametrize(
    ("period", "listed"), [("30-days", "month"), ("90-days", "quarter"), ("12-months", "year")]
)
def test_figures_lead_to_the_lists_of_what_is_public(client, counted, period, listed):
    page = client.page(f"/statistics?period={period}")

    addresses = [link["href"] for link in page.select(".headlines a, .figures a")]
    assert f"/reports?period={listed}" in addresses
    assert "/reports?status=open" in addresses
    assert any("category=" in address for address in addresses)
    assert any("area=" in address for address in addresses)
    assert {client.get(address).status_code for address in addresses} == {200}


def test_what_is_private_or_small_or_has_no_list_leads_nowhere(client, counted):
    page = client.page("/statistics?period=12-months")

    for row in page.select(".figures tbody tr"):
        name, link = text_of(row.th), row.th.find("a")
        is_small, is_of_department = (
            "together" in name,
            row.find_parent("section")["aria-labelledby"] == "department-title",
        )
        assert link is None or not (is_small or is_of_department), name
    private = [category for category in in_force().profile.categories if not category.is_public]
    assert private
    assert not any(f"category={category.code}" in str(page) for category in private)


def test_an_unknown_period_is_the_usual_one(client, counted):
    page = client.page("/statistics?period=%27%22%5C")

    assert page.find(attrs={"aria-current": "page"})["href"].endswith("90-days")


def test_the_page_may_be_kept_for_minutes_only(client, counted):
    assert client.get("/statistics").headers["Cache-Control"] == "public, max-age=300"


def test_figures_are_counted_anew_by_the_hour(counted):
    before = publishing.figures(Period.YEAR).figures["total"]["received"]
    a_complaint()
    with clock.standing_at(later(hours=1)):
        publishing.count_statistics(timestamp=0)
    db.session.commit()
    db.session.expire_all()

    assert publishing.figures(Period.YEAR).figures["total"]["received"] == before + 1
    assert publishing.figures(Period.YEAR).counted_at == later(hours=1)
