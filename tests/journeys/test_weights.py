"""What may be sent to a cheap phone: each budget of the front end, in every city and every language."""

import brotli
import pytest

from cps.kernel.files import STATIC
from tests.everywhere import SPOKEN
from tests.journeys import weights

EVERYWHERE = pytest.mark.parametrize(("name", "language"), SPOKEN)


@EVERYWHERE
def test_the_report_form_fits_into_its_first_eight_kilobytes(cities, name, language):
    assert weights.written(cities[name], "/", language) <= weights.WRITTEN


@EVERYWHERE
def test_the_report_form_is_usable_after_four_requests_to_nobody_else(browser, cities, name, language):
    sent = weights.opened(browser, cities[name], "/", language)

    assert sent.requests <= weights.REQUESTS, sent.sizes
    assert sent.bytes <= weights.REPORT, sent.sizes
    assert sent.foreign == set()


@EVERYWHERE
def test_following_a_report_and_the_list_are_light_too(browser, cities, name, language):
    tracking = weights.opened(browser, cities[name], cities[name].tracking, language)
    listing = weights.opened(browser, cities[name], "/reports", language)

    assert tracking.bytes <= weights.TRACKING, tracking.sizes
    assert listing.bytes <= weights.LISTING, listing.sizes
    assert tracking.foreign | listing.foreign == set()


def test_the_map_is_sent_when_it_is_asked_for_and_is_not_heavy(browser, cities):
    before = weights.opened(browser, cities["hanoi"], "/", "vi")
    shown = weights.map_shown(browser, cities["hanoi"], "vi")

    assert not [address for address in before.sizes if "leaflet" in address or "/map/" in address]
    assert any("leaflet" in address for address in shown.sizes)
    assert shown.code() <= weights.MAP_CODE, shown.sizes
    assert shown.foreign == set()


@EVERYWHERE
def test_the_desk_is_light_enough_for_an_office_on_a_bad_line(browser, cities, name, language):
    shown = weights.desk_shown(browser, cities[name], language)

    assert shown.bytes <= weights.DESK, shown.sizes
    assert shown.foreign == set()


@EVERYWHERE
def test_the_list_of_who_goes_out_is_light_enough_for_a_bad_line(browser, cities, name, language):
    shown = weights.field_shown(browser, cities[name], language)

    assert shown.bytes <= weights.DESK, shown.sizes
    assert shown.foreign == set()


def test_the_styles_of_the_desk_stay_small():
    [sheet] = (STATIC / "built").glob("desk.*.css")

    assert len(brotli.compress(sheet.read_bytes(), quality=11)) <= weights.DESK_STYLES
