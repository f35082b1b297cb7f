"""Only pixels leave the darkroom, and nothing a photo contains can do more than make it unreadable."""

import io
import struct
import subprocess
import sys
import zlib

import piexif
import pillow_heif
import pytest
from PIL import Image, ImageCms, PngImagePlugin

from cps.photos import decode
from cps.photos.decode import DarkroomClosed, Reason, Renditions, Unreadable, renditions

pillow_heif.register_heif_opener()

RED, BLUE = (200, 30, 30), (30, 30, 200)
GPS = {
    piexif.GPSIFD.GPSLatitudeRef: b"N",
    piexif.GPSIFD.GPSLatitude: ((21, 1), (1, 1), (4260, 100)),
    piexif.GPSIFD.GPSLongitudeRef: b"E",
    piexif.GPSIFD.GPSLongitude: ((105, 1), (51, 1), (1512, 100)),
}


def a_picture(width: int = 1600, height: int = 1200, mode: str = "RGB") -> Image.Image:
    """Red on its left half, blue on its right."""
    picture = Image.new("RGB", (width, height), BLUE)
    picture.paste(RED, (0, 0, width // 2, height))
    return picture.convert(mode)


def encoded(picture: Image.Image, kind: str, **options: object) -> bytes:
    if kind == "HEIF":  # how well it is packed is not what is looked at, and its best packing takes a minute
        options["enc_params"] = {"preset": "ultrafast"}
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def exif_bytes(orientation: int = 1) -> bytes:
    thumbnail = encoded(a_picture(160, 120), "JPEG")
    zeroth = {piexif.ImageIFD.Orientation: orientation, piexif.ImageIFD.Make: b"SecretPhone"}
    return piexif.dump({"0th": zeroth, "GPS": GPS, "1st": {}, "thumbnail": thumbnail})


def developed(data: bytes) -> Renditions:
    result = renditions(io.BytesIO(data))
    assert isinstance(result, Renditions)
    return result


def reason(data: bytes) -> Reason:
    result = renditions(io.BytesIO(data))
    assert isinstance(result, Unreadable)
    return result.reason


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data), formats=["JPEG"])
    image.load()
    return image


def is_near(pixel: object, colour: tuple[int, int, int], tolerance: int = 25) -> bool:
    return isinstance(pixel, tuple) and all(
        abs(a - b) <= tolerance for a, b in zip(pixel, colour, strict=True)
    )


def segments(data: bytes) -> list[int]:
    """List the markers of a JPEG up to its end, which must be the end of the data."""
    assert data[:2] == b"\xff\xd8"
    markers, at = [], 2
    while data[at + 1] != 0xD9:
        markers.append(data[at + 1])
        assert data[at] == 0xFF
        at += 2 + int.from_bytes(data[at + 2 : at + 4], "big")
        if markers[-1] == 0xDA:
            while data[at] != 0xFF or data[at + 1] in (0, *range(0xD0, 0xD8)):
                at += 1
    assert at + 2 == len(data), "bytes after the end"
    return markers


def png_header(width: int, height: int, *chunks: tuple[bytes, bytes], colour_type: int = 0) -> bytes:
    header = struct.pack(">IIBBBBB", width, height, 8, colour_type, 0, 0, 0)
    parts = [(b"IHDR", header), *chunks, (b"IEND", b"")]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        for name, body in parts
    )


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_every_kind_becomes_two_small_jpegs(kind):
    made = developed(encoded(a_picture(), kind))

    for rendition, size in ((made.large, (1280, 960)), (made.small, (320, 240))):
        image = opened(rendition.data)
        assert image.size == size == (rendition.width, rendition.height)
        assert image.mode == "RGB"
        assert is_near(image.getpixel((10, 10)), RED)
        assert is_near(image.getpixel((size[0] - 10, 10)), BLUE)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
def test_no_metadata_leaves_with_the_pixels(kind):
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    xmp = b'<x:xmpmeta xmlns:x="adobe:ns:meta/">SecretPlace</x:xmpmeta>'
    words = PngImagePlugin.PngInfo()
    words.add_itxt("XML:com.adobe.xmp", xmp.decode())
    own = {"JPEG": {"xmp": xmp, "comment": b"SecretComment"}, "PNG": {"pnginfo": words}}
    options = own.get(kind, {"xmp": xmp})
    data = encoded(a_picture(), kind, exif=exif_bytes(), icc_profile=profile, **options)
    assert b"SecretPhone" in data
    assert b"SecretPlace" in data

    made = developed(data)

    for rendition in (made.large, made.small):
        image = opened(rendition.data)
        assert not {"exif", "xmp", "icc_profile", "comment", "photoshop", "adobe"} & set(image.info)
        assert dict(image.getexif()) == {}
        assert set(segments(rendition.data)) <= {0xE0, 0xDB, 0xC2, 0xC4, 0xDA}
        assert rendition.data[6:11] == b"JFIF\0"
        assert rendition.data[18:20] == b"\0\0", "no JFIF thumbnail"
        assert b"Secret" not in rendition.data


# For a picture that is red on the left as it is to be seen: how a camera of that orientation stores it.
STORED = {
    1: None,
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_90,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_270,
}


@pytest.mark.parametrize("orientation", STORED)
def test_pictures_are_upright(orientation):
    seen = a_picture(400, 200)
    seen.paste((30, 200, 30), (0, 0, 100, 50))
    how = STORED[orientation]
    stored = seen if how is None else seen.transpose(how)

    made = developed(encoded(stored, "JPEG", exif=exif_bytes(orientation), quality=95))

    image = opened(made.large.data)
    assert image.size == (400, 200)
    assert is_near(image.getpixel((20, 20)), (30, 200, 30))
    assert is_near(image.getpixel((20, 180)), RED)
    assert is_near(image.getpixel((380, 20)), BLUE)


def test_a_heic_is_turned_once_not_twice():
    made = developed(encoded(a_picture(200, 400), "HEIF", exif=exif_bytes(6)))

    assert (made.large.width, made.large.height) == (400, 200)


def test_small_pictures_are_not_blown_up():
    made = developed(encoded(a_picture(40, 30), "PNG"))

    assert (made.large.width, made.large.height) == (made.small.width, made.small.height) == (40, 30)


def test_a_picture_one_pixel_high_stays_a_picture():
    made = developed(encoded(a_picture(20_000, 1), "PNG"))

    assert (made.large.width, made.large.height) == (1280, 1)


@pytest.mark.parametrize("mode", ["RGBA", "LA", "P", "L", "1", "I;16", "CMYK"])
def test_odd_pixels_become_plain_colours(mode):
    grey = Image.new("RGB", (64, 64), (128, 128, 128))
    picture = Image.new("I;16", (64, 64), 0x8000) if mode == "I;16" else grey.convert(mode)

    made = developed(encoded(picture, "JPEG" if mode == "CMYK" else "PNG"))

    image = opened(made.large.data)
    assert image.mode == "RGB"
    assert is_near(image.resize((1, 1), Image.Resampling.BOX).getpixel((0, 0)), (128, 128, 128), tolerance=6)


def test_what_is_transparent_is_white():
    made = developed(encoded(Image.new("RGBA", (64, 64), (255, 0, 0, 0)), "PNG"))

    assert is_near(opened(made.large.data).getpixel((32, 32)), (255, 255, 255), tolerance=2)


def test_a_colour_profile_is_honoured_before_it_is_dropped():
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB"))
    swapped = swapped_profile(lab.tobytes())

    made = developed(encoded(Image.new("RGB", (64, 64), (255, 0, 0)), "PNG", icc_profile=swapped))

    assert is_near(opened(made.large.data).getpixel((32, 32)), (0, 0, 255), tolerance=40)


def swapped_profile(profile: bytes) -> bytes:
    """Name red's column blue and blue's red, so that red stands for blue."""
    return profile.replace(b"rXYZ", b"????").replace(b"bXYZ", b"rXYZ").replace(b"????", b"bXYZ")


@pytest.mark.parametrize(
    "profile", [b"nonsense", ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()]
)
def test_a_colour_profile_that_makes_no_sense_is_passed_over(profile):
    made = developed(encoded(a_picture(), "PNG", icc_profile=profile))

    assert is_near(opened(made.large.data).getpixel((10, 10)), RED)


def test_broken_exif_does_not_break_the_photo():
    data = encoded(a_picture(), "JPEG", exif=b"Exif\0\0II*\0\xff\xff\xff\xff" + bytes(range(40)))

    assert developed(data).large.width == 1280


def test_a_jpeg_that_carries_a_second_picture_shows_its_first():
    data = encoded(a_picture(), "MPO", save_all=True, append_images=[Image.new("RGB", (800, 600), "lime")])

    assert is_near(opened(developed(data).large.data).getpixel((10, 10)), RED)


@pytest.mark.parametrize(
    "tail", [b"<script>alert(1)</script>", b"PK\x03\x04" + bytes(30), b"<?php system('id'); ?>"]
)
def test_what_hangs_on_a_photo_stays_behind(tail):
    made = developed(encoded(a_picture(), "JPEG") + tail)

    for rendition in (made.large, made.small):
        assert tail not in rendition.data
        assert segments(rendition.data)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_an_animation_of_ten_thousand_frames_only_the_first_is_decoded(kind):
    frames = [Image.new("L", (8, 8), shade % 200 + 50) for shade in range(10_000)]
    data = encoded(Image.new("L", (8, 8), 0), kind, save_all=True, append_images=frames, duration=20)

    made = developed(data)

    assert is_near(opened(made.large.data).getpixel((4, 4)), (0, 0, 0), tolerance=10)


def test_thirty_thousand_pixels_squared_in_a_hundred_kilobytes_are_refused_by_their_header():
    squeezer = zlib.compressobj(9)
    row = bytes(30_001)
    body = b"".join(squeezer.compress(row) for _ in range(3_000)) + squeezer.flush()
    data = png_header(30_000, 30_000, (b"IDAT", body))
    assert len(data) < 110_000

    assert reason(data) is Reason.TOO_MANY_PIXELS


def test_two_hundred_megapixels_are_refused():
    assert reason(png_header(20_000, 10_000, (b"IDAT", b""))) is Reason.TOO_MANY_PIXELS
    assert reason(encoded(Image.new("L", (20_000, 10_000)), "JPEG")) is Reason.TOO_MANY_PIXELS


def test_a_heic_of_too_many_pixels_is_refused():
    data = encoded(a_picture(64, 64), "HEIF")
    width_at = data.index(b"ispe") + 8
    data = data[:width_at] + struct.pack(">II", 10_000, 10_000) + data[width_at + 8 :]

    assert reason(data) is Reason.TOO_MANY_PIXELS


def test_a_webp_of_more_than_its_decoder_can_hold_is_refused():
    lossless = b"VP8L" + struct.pack("<I", 10) + b"\x2f" + struct.pack("<I", (4999 << 14) | 4999) + bytes(5)
    data = b"RIFF" + struct.pack("<I", len(lossless) + 4) + b"WEBP" + lossless

    assert reason(data) is Reason.TOO_MANY_PIXELS


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "HEIF"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_truncated_photo_is_broken(kind, part):
    data = encoded(Image.effect_noise((600, 400), 80).convert("RGB"), kind)

    assert reason(data[: int(len(data) * part)]) is Reason.BROKEN


@pytest.mark.parametrize("data", [b"", b"GIF89a" + bytes(100), b"<svg/>", b"<!doctype html>", bytes(1000)])
def test_what_is_no_photo_is_not_tried(data):
    assert reason(data) is Reason.NOT_A_PHOTO


def test_a_decoder_that_takes_too_long_is_stopped():
    data = encoded(a_picture(), "JPEG")

    assert renditions(io.BytesIO(data), seconds=0.0) == Unreadable(Reason.LIMITS)


def test_a_decoder_that_is_killed_makes_the_photo_unreadable_not_the_worker_fall(monkeypatch):
    in_the_place_of_the_darkroom(monkeypatch, "os.write(1, b'darkroom 1\\n'); os.kill(os.getpid(), 9)")

    assert reason(b"") is Reason.LIMITS


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"ready\n",
        b"ready 1 1 5 1 1 5\n<html><html>",
        b"ready 9999 1 6 1 1 6\n" + b"\xff\xd8\xff\xd9!!" * 2,
        b"ready 1 1 -3 1 1 9\n123456",
        b"unreadable because\n",
        b"unreadable \xff\xff\n",
    ],
)
def test_a_decoder_that_was_taken_over_is_not_believed(monkeypatch, answer):
    in_the_place_of_the_darkroom(monkeypatch, f"os.write(1, b'darkroom 1\\n' + {answer!r})")

    assert reason(b"") is Reason.BROKEN


def test_a_decoder_that_never_stops_talking_is_cut_short(monkeypatch):
    in_the_place_of_the_darkroom(monkeypatch, "\nwhile True: os.write(1, b'darkroom 1\\n' * 9999)")

    assert reason(b"") is Reason.LIMITS


def test_a_decoder_that_does_not_come_up_says_nothing_about_the_photo(monkeypatch):
    in_the_place_of_the_darkroom(monkeypatch, "sys.exit(1)")

    with pytest.raises(DarkroomClosed):
        renditions(io.BytesIO(encoded(a_picture(), "JPEG")))


def in_the_place_of_the_darkroom(monkeypatch: pytest.MonkeyPatch, program: str) -> None:
    started = subprocess.Popen

    def starting(arguments, **options):
        return started([sys.executable, "-c", f"import os, sys; {program}"], **options)

    monkeypatch.setattr(decode.subprocess, "Popen", starting)


CONFINED = """
import os, resource, socket, sys, threading
from cps.photos.confinement import confine
confine(threads=False)
def tried(what):
    try:
        what()
    except (OSError, RuntimeError, MemoryError, ValueError) as error:
        return type(error).__name__
    return "done"
sys.stdout.write(" ".join([
    tried(lambda: open("/etc/passwd")),
    tried(lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM)),
    tried(lambda: bytearray(400_000_000)),
    tried(lambda: (os.close(2), open("/etc/passwd"))),
    tried(lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (99, 99))),
    tried(lambda: threading.Thread(target=print).start()),
    str(os.geteuid() != 0),
]))
"""


def test_the_walls_hold_from_within():
    said = subprocess.run([sys.executable, "-c", CONFINED], capture_output=True, text=True, check=True).stdout

    assert said == "OSError OSError MemoryError OSError ValueError RuntimeError True"


def test_the_darkroom_loads_neither_the_web_nor_the_database():
    program = "import sys, cps.photos.darkroom; print(*{name.partition('.')[0] for name in sys.modules})"

    loaded = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    ).stdout.split()

    assert {"PIL", "pillow_heif"} <= set(loaded)
    assert not {"flask", "werkzeug", "jinja2", "sqlalchemy", "psycopg", "asyncio"} & set(loaded)


MEASURED = """
import resource, sys
from cps.photos.decode import renditions
made = renditions(sys.stdin.buffer)
print(made.large.width, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
"""


@pytest.mark.parametrize(
    ("kind", "size"), [("JPEG", (8064, 6048)), ("PNG", (8064, 6048)), ("HEIF", (4032, 3024))]
)
def test_large_photos_stay_within_three_hundred_megabytes(tmp_path, kind, size):
    photo = tmp_path / "photo"
    photo.write_bytes(encoded(a_picture(*size), kind))

    with photo.open("rb") as original:
        # From a small process, for a child's figure begins with the size of the one that started it.
        measured = subprocess.check_output([sys.executable, "-c", MEASURED], stdin=original, text=True)

    width, megabytes = map(int, measured.split())
    assert width == 1280
    assert megabytes < 300
