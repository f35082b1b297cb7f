"""What is taken in is told by its content, measured as it flows, and durable; the rest is refused."""

import hashlib
import io
from pathlib import Path

import pytest

from cps.kernel.errors import Refused
from cps.photos.intake import MOST_BYTES, NoPhoto, TooLarge, take_in
from cps.photos.kinds import Kind, recognised
from cps.photos.storage import FolderStorage

JPEG = b"\xff\xd8\xff\xe0" + b"\x00\x10JFIF" + bytes(100)
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
WEBP = b"RIFF\x64\x00\x00\x00WEBPVP8 " + bytes(100)


def heif(major: bytes, *compatible: bytes) -> bytes:
    brands = major + bytes(4) + b"".join(compatible)
    return (len(brands) + 8).to_bytes(4, "big") + b"ftyp" + brands + bytes(100)


TAKEN = [
    (JPEG, Kind.JPEG),
    (PNG, Kind.PNG),
    (WEBP, Kind.WEBP),
    *(
        (heif(brand, b"mif1"), Kind.HEIF)
        for brand in (b"heic", b"heix", b"hevc", b"mif1", b"msf1", b"heim", b"heis")
    ),
]
NOT_TAKEN = [
    b"",
    b"\xff\xd8",
    b"GIF89a" + bytes(100),
    b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>',
    b"<!doctype html><script>alert(1)</script>",
    b"push graphic-context\nviewbox 0 0 640 480\nimage over 0,0 0,0 'https://example.org/'",
    b"%PDF-1.7" + bytes(100),
    b"RIFF\x64\x00\x00\x00AVI LIST" + bytes(100),
    heif(b"avif", b"mif1"),
    heif(b"mif1", b"avif"),
    heif(b"isom", b"mp42"),
]


@pytest.fixture
def storage(tmp_path: Path) -> FolderStorage:
    return FolderStorage(tmp_path / "photos")


def files(storage: FolderStorage) -> list[Path]:
    return [path for path in storage.root.rglob("*") if path.is_file()]


@pytest.mark.parametrize(("data", "kind"), TAKEN)
def test_photos_are_taken_in_whatever_they_are_called(storage, data, kind):
    intake = take_in(io.BytesIO(data), filename="page.html", storage=storage)

    assert (intake.sha256, intake.size, intake.kind) == (hashlib.sha256(data).hexdigest(), len(data), kind)
    assert storage.path(intake.sha256).read_bytes() == data


@pytest.mark.parametrize("data", NOT_TAKEN)
def test_everything_else_is_refused_though_it_is_called_a_photo(storage, data):
    with pytest.raises(NoPhoto, match="We could not open this photo"):
        take_in(io.BytesIO(data), filename="photo.jpg", storage=storage)

    assert files(storage) == []


def test_a_photo_of_exactly_the_limit_is_taken_in(storage):
    data = JPEG + bytes(MOST_BYTES - len(JPEG))

    assert take_in(io.BytesIO(data), filename="a.jpg", storage=storage).size == MOST_BYTES


def test_one_byte_more_is_refused_naming_the_limit_and_the_file_and_keeps_nothing(storage):
    data = JPEG + bytes(MOST_BYTES - len(JPEG) + 1)

    with pytest.raises(TooLarge) as refused:
        take_in(io.BytesIO(data), filename="lamp\u202egpj.jpg", storage=storage)

    assert isinstance(refused.value, Refused)
    assert str(refused.value.sentence).startswith("The photo “lampgpj.jpg” is larger than 12 MB.")
    assert files(storage) == []


def test_an_endless_upload_is_read_hardly_beyond_the_limit(storage):
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            self.given += size
            return (JPEG + bytes(size))[:size]

    endless = Endless()

    with pytest.raises(TooLarge):
        take_in(endless, filename="a.jpg", storage=storage)  # type: ignore[arg-type]

    assert endless.given < MOST_BYTES + 1_000_000


def test_a_stream_that_drips_is_recognised_all_the_same(storage):
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(min(size, 3))

    assert take_in(Dripping(heif(b"heic")), filename="a", storage=storage).kind is Kind.HEIF


def test_a_brand_list_that_lies_about_its_length_is_read_within_bounds():
    assert recognised(b"\xff\xff\xff\xffftypheic" + bytes(20)) is Kind.HEIF
    assert recognised(b"\x00\x00\x00\x00ftypheic") is Kind.HEIF
