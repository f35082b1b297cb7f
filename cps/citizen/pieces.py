"""Photos piece by piece: of a report, from the page of its private link, or of a form, from whoever holds its key.

Each answer is JSON: from which `offset` to go on and whether the photo is `complete`, or why not, in a
`sentence`. A piece that was cut short on its way counts as far as it came.
"""

import re
from collections.abc import Callable, Collection
from contextlib import suppress
from socket import socket
from uuid import UUID

from flask import Response, abort, jsonify, request
from werkzeug.exceptions import ClientDisconnected

from cps.citizen import own
from cps.complaints import enclosures
from cps.complaints.enclosures import Filed
from cps.kernel.errors import Refused
from cps.kernel.text import Text, _, cleaned
from cps.photos.storage import Away, NoRoom
from cps.photos.uploads import MOST_PIECE_BYTES, Announced, Progress
from cps.web import transactions
from cps.web.filters import says
from cps.web.limits import limiter

_AT_ONCE_BYTES = 1024
_PATIENCE_SECONDS = 30.0  # without a single byte: a phone that went out of reach never says so
_HASH = re.compile(r"[0-9a-f]{64}")
_INSUFFICIENT_STORAGE = 507  # RFC 4918, 11.5: worth another try later
_FORMS_OFTEN = "300/hour"  # photos begun from one address, which a whole district may share


def show(reference: str, upload: UUID) -> Response:
    """Say how far a photo of a report has come."""
    return _told(enclosures.progress(own.one(reference), upload))


def show_before(key: UUID, upload: UUID) -> Response:
    """Say how far a photo of a form has come."""
    return _told(enclosures.progress_before(key, upload))


def take(reference: str, upload: UUID) -> Response:
    """Take a piece of a photo of a report."""
    # Read before the database is asked: no transaction waits for a slow phone.
    piece = _arrived()
    complaint = own.one(reference)
    return _taken(lambda at, of: enclosures.add_piece(complaint, piece, at=at, of=of), upload)


@limiter.limit(_FORMS_OFTEN, exempt_when=lambda: not _begins())
def take_before(key: UUID, upload: UUID) -> Response:
    """Take a piece of a photo of a form that is not filed yet."""
    piece = _arrived()
    try:
        return _taken(
            lambda at, of: enclosures.add_piece_before(key, piece, at=at, of=of, among=_among()), upload
        )
    except Filed as refusal:
        return _refusal(refusal.sentence, 410)


def _told(progress: Progress) -> Response:
    """Answer how far a photo has come; where the line was cut (`?cut`), the server ends the connection (`serve`)."""
    again = {"again": True} if progress.was_again else {}
    return jsonify(offset=progress.offset, complete=progress.is_complete, **again)


def _taken(add: Callable[[int, Announced], Progress], upload: UUID) -> Response:
    announced = Announced(
        key=upload,
        size=_number("size"),
        filename=cleaned(request.args.get("name", "")),
        sha256=_hash(),
    )
    try:
        return _told(add(_number("offset"), announced))
    except NoRoom as no_room:
        sentence = _(
            "We cannot keep photos at the moment. The photo stays on this phone: send it again later."
        )
        return _refusal(sentence, 503 if isinstance(no_room, Away) else _INSUFFICIENT_STORAGE)
    except Filed:
        raise
    except Refused as refusal:
        transactions.keep_so_far()
        return _refusal(refusal.sentence, 409)


def _arrived() -> bytes:
    if connection := _connection():
        connection.settimeout(_PATIENCE_SECONDS)  # for this request: gunicorn sets it anew for the next
    piece = bytearray()
    for _once_more in range(2):  # a server hands out the last bytes before a cut when it is asked again
        with suppress(OSError, ClientDisconnected):
            while len(piece) <= MOST_PIECE_BYTES and (more := request.stream.read(_AT_ONCE_BYTES)):
                piece += more
    if len(piece) > MOST_PIECE_BYTES:
        abort(413)
    return bytes(piece)


def _connection() -> socket | None:
    found: socket | None = request.environ.get("gunicorn.socket")
    return found


def _begins() -> bool:
    return not request.args.get("offset", "").strip("0")


def _among() -> Collection[UUID]:
    with suppress(ValueError):
        return {UUID(name) for name in request.args.get("among", "").split(",")}
    return ()


def _number(name: str) -> int:
    text = request.args.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        abort(400)
    return int(text)


def _hash() -> str | None:
    text = request.args.get("sha256", "")
    return text if _HASH.fullmatch(text) else None


def _refusal(sentence: Text, status: int) -> Response:
    response = jsonify(sentence=says(sentence))
    response.status_code = status
    return response
