"""A place is read from what people and phones send, or refused with a sentence that helps."""

import pytest

from cps.geo.point import Point, metres_between, parse, parse_pair, square
from cps.kernel.errors import Invalid


def sentence_about(fault: pytest.ExceptionInfo[Invalid]) -> str:
    return str(fault.value.faults["place"])


def test_two_numbers_are_a_place():
    assert parse("21.0278", " 105.8342 ") == Point(21.0278, 105.8342)


@pytest.mark.parametrize("bad", ["nan", "NaN", "inf", "-inf", "1e999", "", "north", "21,0278", "\x00"])
def test_what_is_no_number_is_no_place(bad):
    with pytest.raises(Invalid) as fault:
        parse(bad, "105.8342")

    assert "could not read this place" in sentence_about(fault)


def test_swapped_numbers_are_told_apart_from_wrong_ones():
    with pytest.raises(Invalid) as swapped:
        parse("105.8342", "21.0278")
    with pytest.raises(Invalid) as wrong:
        parse("95", "200")

    assert "look swapped" in sentence_about(swapped)
    assert "does not exist" in sentence_about(wrong)


@pytest.mark.parametrize(
    "text",
    [
        "21.0278, 105.8342",
        "21.0278 105.8342",
        " 21.0278;105.8342 ",
        "२१.०२७८, १०५.८३४२",
        "21°1'40.08\"N 105°50'3.12\"E",
        "21 1m 40.08s N 105 50m 3.12s E",
    ],
)
def test_a_pair_is_read_as_people_write_it(text):
    place = parse_pair(text)

    assert metres_between(place, Point(21.0278, 105.8342)) < 1


@pytest.mark.parametrize("text", ["", "here", "21.0278", "1" * 101, "nan, nan"])
def test_what_is_no_pair_is_refused(text):
    with pytest.raises(Invalid) as fault:
        parse_pair(text)

    assert "could not read this place" in sentence_about(fault)


def test_a_swapped_pair_is_said_to_be_swapped():
    with pytest.raises(Invalid) as fault:
        parse_pair("105.8342, 21.0278")

    assert "look swapped" in sentence_about(fault)


def test_a_degree_of_latitude_is_about_111_kilometres():
    assert metres_between(Point(21, 105), Point(22, 105)) == pytest.approx(110_700, abs=100)


def test_a_square_reaches_as_far_to_each_side():
    middle = Point(21.0287, 105.8523)

    south_west, north_east = square(middle, half_m=100)

    assert metres_between(south_west, north_east) == pytest.approx(200 * 2**0.5, rel=0.01)
    assert metres_between(middle, Point(middle.latitude, north_east.longitude)) == pytest.approx(
        100, rel=0.01
    )
