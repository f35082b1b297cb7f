"""What phones send: a report as the page's script sends it, a photo already shrunk by it, and what junk looks like."""

import random
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from typing import Final
from urllib.parse import urlencode
from uuid import UUID

from PIL import Image

from tests.photographs import a_photograph
from tests.storm.day import Seen

PIECE_BYTES: Final = 32 * 1024  # as static/js/sending/chunks.js
_BOUNDARY: Final = "----WebKitFormBoundarystormstormst"
_KINDS_OF_PHOTOS: Final = 12
_WORDS: Final = (
    "Đèn đường không sáng ba đêm nay, ngõ tối, người già đi lại khó khăn.",
    "Rác để ở đầu ngõ từ hôm qua, bốc mùi, nhờ đơn vị vệ sinh đến thu gom.",
    "Ổ gà lớn giữa đường, xe máy hay ngã vào giờ cao điểm.",
    "Nước tràn ra vỉa hè, mong sớm được sửa.",
    "Có người đổ trộm vật liệu xây dựng ban đêm.",
    "",
)
_SPAM: Final = "Vay tiền nhanh, kèo bóng, nhà cái uy tín nhất https://{0}.bet và www.{0}.xyz, gọi ngay để nhận thưởng lớn hôm nay!"
_LANDMARKS: Final = ("cạnh tháp bút", "trước số 12", "gần chợ", "đầu ngõ 45", "đối diện trường học")


@dataclass(frozen=True, slots=True)
class Phone:
    """What a phone says with everything it sends."""

    host: str
    address: str

    def head(self, method: str, path: str, kind: str, length: int, *more: str) -> bytes:
        lines = [f"{method} {path} HTTP/1.1", f"Host: {self.host}", f"X-Forwarded-For: {self.address}"]
        lines += [
            "Sec-Fetch-Site: same-origin",
            "Accept-Encoding: gzip, br",
            "Accept-Language: vi-VN,vi;q=0.9,en;q=0.8",
        ]
        lines += [
            "User-Agent: Mozilla/5.0 (Linux; Android 12) AppleWebKit/537.36 Chrome/131.0 Mobile Safari/537.36"
        ]
        if method != "GET":
            lines += [f"Content-Type: {kind}", f"Content-Length: {length}"]
        return ("\r\n".join([*lines, *more]) + "\r\n\r\n").encode()

    def get(self, path: str, *more: str) -> bytes:
        """Ask for a page."""
        return self.head("GET", path, "", 0, *more)

    def post(self, body: bytes, kind: str) -> bytes:
        """Send a report by the page's script, which asks for JSON."""
        return self.head("POST", "/complaints", kind, len(body), "Accept: application/json") + body


def report(seen: Seen, key: UUID, *, consent: str, chance: random.Random) -> dict[str, str]:
    """Return the fields of an honest report: six in ten with an e-mail address, two with a phone number, two with nothing."""
    who = chance.random()
    number = chance.randrange(10**7)
    contact = f"ana{number}@citizen.example" if who < 0.6 else f"09{number:08d}" if who < 0.8 else ""
    return {
        "key": str(key),
        "latitude": f"{seen.point.latitude:.6f}",
        "longitude": f"{seen.point.longitude:.6f}",
        "coordinates": "",
        "landmark": chance.choice(_LANDMARKS),
        "area": "",
        "category": seen.category,
        "asked": seen.category,
        "words": chance.choice(_WORDS),
        "contact": contact,
        "name": "",
        "consent": consent,
    }


def as_form_data(fields: dict[str, str]) -> tuple[bytes, str]:
    """Write fields as FormData is sent."""
    parts = [
        f'--{_BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'
        for name, value in fields.items()
    ]
    return ("".join(parts) + f"--{_BOUNDARY}--\r\n").encode(), f"multipart/form-data; boundary={_BOUNDARY}"


def spam(seen: Seen, key: UUID, *, consent: str, chance: random.Random) -> tuple[bytes, str]:
    """Write advertising as if it were a report."""
    fields = report(seen, key, consent=consent, chance=chance)
    return as_form_data({**fields, "words": _SPAM.format(chance.randrange(1000)), "sure": "yes"})


def garbage(key: UUID, chance: random.Random) -> tuple[bytes, str]:
    """Write what is no report: cut short, without a place, of a wrong kind, of wrong bytes, too long."""
    match chance.randrange(6):
        case 0:
            return chance.randbytes(chance.randrange(1, 4000)), f"multipart/form-data; boundary={_BOUNDARY}"
        case 1:
            return urlencode({"key": str(key)}).encode(), "application/x-www-form-urlencoded"
        case 2:
            return b'{"key": [1, 2, 3]}', "application/json"
        case 3:
            return b"category=%ff%fe&latitude=1e999&longitude=NaN&key=" + chance.randbytes(
                20
            ), "application/x-www-form-urlencoded"
        case 4:
            body = as_form_data({"key": str(key), "words": "x" * 60_000, "category": "none"})
            return body[0], body[1]
    return b"", "text/plain"


def photo(mark: UUID, chance: random.Random) -> bytes:
    """Return a photo of about 180 kB as the page's script has shrunk it, unlike every other one."""
    made = _made(chance.randrange(_KINDS_OF_PHOTOS))
    return made[:2] + b"\xff\xfe\x00\x12" + mark.bytes + made[2:]  # a comment tells it from the others


@cache
def _made(number: int) -> bytes:
    picture = a_photograph(number, (1600, 1200)).resize((1280, 960), Image.Resampling.LANCZOS)
    data = BytesIO()
    for quality in (80, 70, 60, 50):  # as static/js/sending/shrink.js
        data = BytesIO()
        picture.save(data, "JPEG", quality=quality)
        if data.tell() <= 180_000:
            break
    return data.getvalue()


def warm_up() -> None:
    """Make all photographs before time is taken."""
    for number in range(_KINDS_OF_PHOTOS):
        _made(number)
