"""How much two reports look like one problem, and how pictures are told apart."""

from datetime import timedelta
from io import BytesIO

import pytest
from PIL import Image

from cps.complaints import likeness
from cps.complaints.likeness import Seen
from cps.geo.point import Point
from cps.photos.fingerprint import fingerprint
from cps.photos.fingerprint import likeness as alike
from tests.makers import HOAN_KIEM, MONDAY, a_photo


def _seen(**changes) -> Seen:
    values = {"category_id": 1, "point": HOAN_KIEM, "received_at": MONDAY, "words": "Đèn không sáng"}
    return Seen(**{**values, **changes})


def _score(**changes) -> float:
    return likeness.between(_seen(), _seen(**changes)).score


@pytest.mark.parametrize(
    "worse",
    [
        {"point": Point(HOAN_KIEM.latitude + 0.001, HOAN_KIEM.longitude)},
        {"received_at": MONDAY - timedelta(days=4)},
        {"category_id": 2},
        {"words": "Rác chất đống ngoài chợ"},
    ],
)
def test_every_difference_makes_two_reports_less_alike(worse):
    assert _score(**worse) < _score()


def test_words_are_compared_without_accents_and_in_any_order():
    assert _score(words="sang khong den") == pytest.approx(_score())


def test_a_report_without_words_is_not_held_against_it():
    assert _score(words="") == pytest.approx(1)


def test_it_is_the_same_whoever_is_asked_about_whom():
    one, other = _seen(), _seen(category_id=2, words="Lamp", received_at=MONDAY - timedelta(hours=5))

    assert likeness.between(one, other) == likeness.between(other, one)


def test_a_picture_packed_anew_and_smaller_is_alike_and_another_is_not():
    scene = Image.effect_noise((12, 9), 90).resize((640, 480), Image.Resampling.BICUBIC)
    picture, smaller, other_scene = (BytesIO() for _one in range(3))
    scene.save(picture, "JPEG", quality=90)
    scene.resize((320, 240)).save(smaller, "JPEG", quality=50)
    Image.linear_gradient("L").resize((640, 480)).rotate(90).save(other_scene, "JPEG")

    same = alike(fingerprint(picture.getvalue()), fingerprint(smaller.getvalue()))
    other = alike(fingerprint(picture.getvalue()), fingerprint(other_scene.getvalue()))

    assert same > 0.8
    assert other < 0.6


def test_a_fingerprint_fits_a_signed_number_of_64_bits():
    assert all(-(1 << 63) <= fingerprint(a_photo((64, 64)).getvalue()) < 1 << 63 for _one in range(20))
