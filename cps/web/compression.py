"""Answers made small on their way: pages and JSON when they are asked for, bundles when they were built.

What is compressed tells by its length how alike its parts are (the attack called BREACH): where a page carries a
secret and also repeats what somebody else may put into its address, the length would spell the secret out. So no
answer is compressed but those of the endpoints that are named: they show what everybody may know, or a secret and
nothing of the address (the page of a private link). Left as they are: the desk (its pages repeat searches beside what
only officials read), the list of this device, `/alerts/<secret>`, a demo's outbox. The key in the report form is no
secret of any use to others: it is new with every page.

Some pages are compressed where they are asked for without a query, as the queue is that an official begins with: then
nobody else has a say in their address. What others may write into them, a report, is one try for each report; the token
of their forms is signed anew every second, so that no length tells more than a part that is worth nothing; and a header
of a random length makes one length many.
"""

import gzip
import secrets
from collections.abc import Callable, Iterable
from mimetypes import guess_type
from pathlib import Path

import brotli
from flask import Flask, Response, request, send_from_directory
from flask_compress import Compress

from cps.kernel.files import STATIC

# Brotli first: browsers offer it on encrypted connections only, and to this machine.
_SUFFIXES = {"br": ".br", "gzip": ".gz"}
_BUILT = "built/"
_WORTH_BYTES = 300
_MOST_PADDING = 100
_CONFIGURATION = {
    "COMPRESS_REGISTER": False,
    "COMPRESS_ALGORITHM": ["br", "gzip"],
    "COMPRESS_BR_LEVEL": 5,
    "COMPRESS_LEVEL": 6,
    "COMPRESS_MIMETYPES": [
        "text/html",
        "application/json",
        "application/atom+xml",
        "image/svg+xml",
    ],
    "COMPRESS_MIN_SIZE": _WORTH_BYTES,
    "COMPRESS_STREAMS": False,
    "COMPRESS_EVALUATE_CONDITIONAL_REQUEST": False,
}


def init_app(app: Flask, *, endpoints: Iterable[str], without_query: Iterable[str]) -> None:
    """Compress the answers of the endpoints named, and serve bundles as small as they were built.

    `without_query`: endpoints whose answers are compressed where the address has no query.
    """
    app.config.update(_CONFIGURATION)
    compress = Compress(app)
    always, bare = frozenset(endpoints), frozenset(without_query)

    def send(response: Response) -> Response:
        if request.endpoint in always:
            return _compressed(compress, response)
        if request.endpoint in bare and not request.query_string:
            response.headers["X-Padding"] = "x" * secrets.randbelow(_MOST_PADDING)
            return _compressed(compress, response)
        return response

    app.after_request(send)
    app.view_functions["static"] = _static_view(app)


def build(folder: Path) -> None:
    """Lay beside every file of a folder what it is when compressed, where that is smaller."""
    for file in [path for path in folder.rglob("*") if path.is_file()]:
        data = file.read_bytes()
        for suffix, small in (
            (".br", brotli.compress(data, quality=11)),
            (".gz", gzip.compress(data, 9, mtime=0)),
        ):
            if len(data) >= _WORTH_BYTES and len(small) < len(data):
                file.with_name(file.name + suffix).write_bytes(small)


def _compressed(compress: Compress, response: Response) -> Response:
    """Compress an answer; a form that comes back with its faults (422) too, which the library would leave.

    Nor does the library know that a quality of nought refuses an encoding.
    """
    if not any(request.accept_encodings.quality(name) > 0 for name in _SUFFIXES):
        response.vary.add("Accept-Encoding")
        return response
    status, response.status = response.status, "200 OK"
    response = compress.after_request(response)
    response.status = status
    return response


def _static_view(app: Flask) -> Callable[[str], Response]:
    def show(filename: str) -> Response:
        """Serve a file of `static`; those whose names change with their content are never asked for again."""
        if not filename.startswith(_BUILT):
            return app.send_static_file(filename)
        encoding = next((name for name in _SUFFIXES if _may_send(name, filename)), None)
        response = send_from_directory(
            STATIC,
            filename + _SUFFIXES[encoding] if encoding else filename,
            mimetype=guess_type(filename)[0],
            max_age=app.get_send_file_max_age(filename),
        )
        response.cache_control.immutable = True
        response.vary.add("Accept-Encoding")
        if encoding:
            response.content_encoding = encoding
        return response

    return show


def _may_send(encoding: str, filename: str) -> bool:
    is_asked_for = request.accept_encodings.quality(encoding) > 0
    # The name is looked at here only with what makes it a file of ours; the sending itself refuses to leave `static`.
    return is_asked_for and ".." not in filename and (STATIC / (filename + _SUFFIXES[encoding])).is_file()
