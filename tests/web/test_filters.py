"""What filters write into a page is escaped, whoever named the thing; days are written as the city reads them."""

from dataclasses import replace

from flask import g

from cps.city.queries import in_force
from cps.kernel.dates import OtherCalendar
from cps.web.filters import as_options, day
from tests.makers import MONDAY


def test_a_page_writes_days_in_the_calendars_of_the_city(city):
    there = in_force()

    with city.test_request_context("/?language=en"):
        gregorian = day(MONDAY)
        g.city = replace(there, profile=replace(there.profile, dates=(OtherCalendar.BIKRAM_SAMBAT,)))
        both = day(MONDAY)

    assert (gregorian, both) == ("7 January 2030", "23 Poush 2086 (7 January 2030)")


def test_the_options_of_a_list_are_escaped_and_one_is_chosen():
    written = as_options([("a", "<b>Ana</b>"), ('"x', "B & C"), (7, "Seven")], "7")

    assert written.split("\n") == [
        '<option value="a">&lt;b&gt;Ana&lt;/b&gt;</option>',
        '<option value="&#34;x">B &amp; C</option>',
        '<option value="7" selected>Seven</option>',
    ]
