"""The public list as a feed (Atom, RFC 4287, with places in GeoRSS-Simple): the same filters in the address.

The same for everybody who asks, so that any cache may keep it: its language stands in the address too.
"""

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Final
from urllib.parse import urlsplit
from xml.sax.saxutils import escape, quoteattr

from flask import Response, request, url_for

from cps.citizen import listing
from cps.citizen.listing import Filters
from cps.city.queries import CityInForce
from cps.complaints import published
from cps.complaints.published import Row
from cps.web import language
from cps.web.filters import says

_MOST: Final = 50
_FRESH_SECONDS: Final = 300
_STYLE = "1"  # of the feed itself: another one is another answer to the same reports


def show() -> Response:
    """Send the feed, or say that it is still what the reader has."""
    language.speak(request.args.get("lang"))
    filters = listing.asked()
    rows = published.latest(listing.wanted(filters), most=_MOST)
    response = Response("".join(_written(filters, rows)), mimetype="application/atom+xml")
    response.set_etag(_tag(rows))
    response.last_modified = _changed_at(rows)
    response.headers["Cache-Control"] = f"public, max-age={_FRESH_SECONDS}"
    response.headers["Vary"] = "Accept-Encoding"
    response.make_conditional(request)
    return response


def _tag(rows: Sequence[Row]) -> str:
    """Name what is sent by all that it depends on."""
    state = (_STYLE, language.city().version, request.full_path, [(row.id, row.version) for row in rows])
    return blake2b(repr(state).encode(), digest_size=12).hexdigest()


def _changed_at(rows: Sequence[Row]) -> datetime:
    """Return when one of the reports last came in or ended; of an empty list, the beginning of time."""
    return max((_moment(row) for row in rows), default=datetime(1970, 1, 1, tzinfo=UTC))


def _moment(row: Row) -> datetime:
    return max(row.received_at, row.closed_at or row.received_at)


def _written(filters: Filters, rows: Sequence[Row]) -> Iterator[str]:
    """Write the feed in pieces."""
    code, city = language.current(), language.city()
    here = listing.address({**filters.chosen, "lang": code}, "citizen.feed", is_whole=True)
    there = listing.address(filters.chosen, is_whole=True)
    yield '<?xml version="1.0" encoding="utf-8"?>\n'
    yield f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:georss="http://www.georss.org/georss" xml:lang="{code}">\n'
    yield f"<title>{escape(listing.title(filters))} – {escape(city.name(code))}</title>\n"
    yield f"<id>{escape(here)}</id>\n<updated>{_stamp(_changed_at(rows))}</updated>\n"
    yield f"<author><name>{escape(city.name(code))}</name></author>\n"
    yield f'<link rel="self" href={quoteattr(here)}/>\n<link rel="alternate" type="text/html" href={quoteattr(there)}/>\n'
    for row in rows:
        yield _entry(row, city, code)
    yield "</feed>\n"


def _entry(row: Row, city: CityInForce, code: str) -> str:
    address = url_for("citizen.complaint", reference=row.reference, _external=True)
    category = city.named(city.category_names[row.category_id], code)
    place = listing.place_of(row, city, code)
    host = urlsplit(address).hostname
    day = row.received_at.astimezone(UTC).date().isoformat()
    parts = [
        f"<id>tag:{host},{day}:report:{row.reference}</id>",  # RFC 4151: stays, whatever becomes of the address
        f"<title>{escape(' · '.join(part for part in (category, place) if part))}</title>",
        f"<updated>{_stamp(_moment(row))}</updated>",
        f"<published>{_stamp(row.received_at)}</published>",
        f'<link rel="alternate" type="text/html" href={quoteattr(address)}/>',
        f"<category term={quoteattr(city.category_codes[row.category_id])} label={quoteattr(category)}/>",
        f"<summary>{escape(_summary(row))}</summary>",
    ]
    if row.point is not None:
        parts.append(f"<georss:point>{row.point.latitude:.5f} {row.point.longitude:.5f}</georss:point>")
    return "<entry>" + "".join(parts) + "</entry>\n"


def _summary(row: Row) -> str:
    return " – ".join(part for part in (says(listing.status_of(row.status)), row.words) if part)


def _stamp(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
