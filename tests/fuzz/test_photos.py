"""A part of `make fuzz-photos`: no picture that was tampered with does more than be unreadable."""

import random
import zlib

from cps.photos import darkroom
from cps.photos.kinds import HEAD_BYTES, Kind, recognised
from tests.fuzz.mutating import mutated
from tests.fuzz.seeds import seeds
from tests.fuzz.trying import MOST_MEGABYTES, MOST_SECONDS, tried

CASES = 1200


def test_pictures_that_were_tampered_with_are_developed_or_unreadable_and_nothing_more():
    found = tried(seeds(), CASES, seed=20150401)

    assert found.bad == []
    assert found.count == sum(found.outcomes.values()) == CASES
    assert min(found.outcomes["ready"], found.outcomes["broken"]) > CASES / 10, (
        "they are neither all whole nor all broken"
    )
    assert found.longest < MOST_SECONDS
    assert found.megabytes < MOST_MEGABYTES


def test_every_kind_is_tampered_with():
    assert {recognised(picture[:HEAD_BYTES]) for picture in seeds()} == set(Kind)


def test_the_same_number_makes_the_same_pictures_and_another_one_others():
    def made(seed: int) -> list[bytes]:
        chance, pictures = random.Random(seed), seeds()[:4]
        return [mutated(pictures[0], pictures, chance) for _ in range(50)]

    assert made(1) == made(1)
    assert len(set(made(1))) > 45
    assert made(1) != made(2)


def test_most_checksums_of_a_png_are_put_right_for_decoders_stop_at_wrong_ones():
    chance, picture = random.Random(1), seeds()[7]
    assert picture.startswith(b"\x89PNG")

    right = [_is_right(mutated(picture, [picture], chance)) for _ in range(200)]

    assert sum(right) > 100


def _is_right(data: bytes) -> bool:
    length = int.from_bytes(data[8:12], "big")
    return int.from_bytes(data[16 + length : 20 + length], "big") == zlib.crc32(data[12 : 16 + length])


def test_what_takes_too_long_or_too_much_would_be_found(monkeypatch):
    monkeypatch.setattr("tests.fuzz.trying.MOST_SECONDS", 0.0)
    monkeypatch.setattr("tests.fuzz.trying.MOST_MEGABYTES", 0)

    found = tried(seeds()[:1], 1, seed=1)

    assert [why.split()[1] for why, _picture in found.bad] == ["s", "MB"]
    assert darkroom.MOST_PIXELS <= 50_000_000
