"""The evidence some kinds of problem need, such as two photos a minute apart: judged, and what lacks told in words.

A report that lacks it is not refused: it is filed under the category the city chose for that, and says why.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from cps.city.asking import Evidence
from cps.city.queries import CityInForce
from cps.kernel.text import Text, _
from cps.photos import album, drafts
from cps.photos.moments import taken_at

WAITED: Final = "waited_seconds"
"""Where the first event keeps for how long the report was on its way, by the phone's own clock."""

LONGEST_WAIT: Final = timedelta(days=7)
"""As long as phones send by themselves what they keep."""

_WORTH_TELLING: Final = timedelta(minutes=10)
_AHEAD: Final = timedelta(minutes=5)  # how far a phone's clock may run before ours


class Lack(StrEnum):
    """What a report's photos do not show."""

    PHOTOS = "photos"
    MOMENTS = "moments"
    INTERVAL = "interval"
    FRESH = "fresh"


LACKS: Final = {
    Lack.PHOTOS: _("There are fewer photos than needed."),
    Lack.MOMENTS: _("The photos do not say when they were taken."),
    Lack.INTERVAL: _("The photos were taken too soon after each other."),
    Lack.FRESH: _("The photos were not taken just before sending."),
}


def shows_result(category_id: int, city: CityInForce) -> bool:
    """Whether the city wants to see the result of this kind of problem before it is resolved."""
    return city.profile.asks.of(city.category_codes[category_id]).shows_result


def sent_off_at(received: datetime, receipt: Mapping[str, Any]) -> datetime | None:
    """Return when a report was sent off, if it was on its way for long; `receipt`: the details of its first event."""
    return given_at(received, timedelta(seconds=receipt.get(WAITED, 0)))


def given_at(now: datetime, waited: timedelta) -> datetime | None:
    """Return when something was given on a phone that kept it for long, and for no longer than phones do; `now` it came."""
    return now - min(waited, LONGEST_WAIT) if waited >= _WORTH_TELLING else None


def lacking(evidence: Evidence, key: UUID, city: CityInForce, at: datetime) -> list[Lack]:
    """Return what the photos kept for a form that was sent off `at` that moment lack."""
    zone = city.profile.calendar.zone
    moments = []
    for photo in drafts.kept(key):
        with album.storage().open(photo.original) as original:
            moments.append(taken_at(original, zone=zone))
    return judged(evidence, moments, at)


def judged(evidence: Evidence, moments: Sequence[datetime | None], at: datetime) -> list[Lack]:
    """Return what photos taken at these moments (None: they do not say) and sent `at` lack; pure."""
    if len(moments) < evidence.photos:
        return [Lack.PHOTOS]
    if not evidence.interval and not evidence.fresh:
        return []
    known = sorted(moment for moment in moments if moment is not None)
    if len(known) < evidence.photos:
        return [Lack.MOMENTS]
    lacks = []
    if evidence.interval and known[-1] - known[0] < timedelta(minutes=evidence.interval):
        lacks.append(Lack.INTERVAL)
    oldest = at - timedelta(minutes=evidence.fresh)
    if evidence.fresh and (known[0] < oldest or known[-1] > at + _AHEAD):
        lacks.append(Lack.FRESH)
    return lacks


def told(details: dict[str, object]) -> list[Text]:
    """Say what lacked, from the details of a receipt; nothing if nothing did."""
    lacks = details.get("lacking", ())
    return [LACKS[Lack(lack)] for lack in lacks] if isinstance(lacks, list) else []
