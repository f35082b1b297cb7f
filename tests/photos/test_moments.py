"""When a photo was taken stands in its EXIF, or nowhere; nothing in it can do harm."""

from datetime import datetime
from io import BytesIO

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from cps.photos.moments import taken_at
from tests.makers import HANOI, MONDAY, a_photo


def a_photo_of(written: str, zone: str = "") -> BytesIO:
    exif = Image.Exif()
    exif.get_ifd(0x8769)[0x9003] = written
    if zone:
        exif.get_ifd(0x8769)[0x9011] = zone
    return a_photo((40, 30), exif=exif)


def test_the_moment_is_the_citys_time():
    moment = taken_at(a_photo_of("2030:01:07 09:00:00"), zone=HANOI)

    assert moment == MONDAY


def test_a_zone_of_the_photo_goes_before_the_citys():
    moment = taken_at(a_photo_of("2030:01:07 02:00:00", "+00:00"), zone=HANOI)

    assert moment == MONDAY


def test_a_photo_that_does_not_say_has_no_moment():
    assert taken_at(a_photo((40, 30)), zone=HANOI) is None
    assert taken_at(a_photo((40, 30), kind="PNG"), zone=HANOI) is None
    assert taken_at(a_photo_of("yesterday"), zone=HANOI) is None


@given(st.data())
def test_a_spoiled_photo_is_a_photo_without_a_moment(data):
    good = a_photo_of("2030:01:07 09:00:00").getvalue()[:2000]
    at = data.draw(st.integers(0, 400))
    piece = data.draw(st.binary(max_size=12))
    spoiled = good[:at] + piece + good[at + len(piece) :]

    moment = taken_at(BytesIO(spoiled[: data.draw(st.integers(0, 2000))]), zone=HANOI)

    assert moment is None or isinstance(moment, datetime)
