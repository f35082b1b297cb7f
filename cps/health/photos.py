"""Where photos are kept: the folder is looked at with its disk, a bucket is asked to keep something and to give it back."""

import time
from typing import Final

from cps.health.finding import Finding, State
from cps.photos.bucket import BucketStorage
from cps.photos.storage import Away
from cps.settings import Settings

_SLOW_MS: Final = 1000


def photos(settings: Settings) -> Finding:
    """Look whether the bucket takes and gives, and how quickly."""
    if settings.media is None:
        return Finding("photos", State.OK, f"Photos are kept in {settings.photos}, on this host alone.")
    begun = time.perf_counter()
    try:
        BucketStorage(settings.media).try_out()
    except Away as error:
        told = f"The bucket {settings.media.address} does not take and give: {_reason(error)}."
        todo = (
            "Start it, or check CPS_MEDIA, CPS_MEDIA_KEY and CPS_MEDIA_SECRET. Until then reports come in without "
            "photos; none that was kept is lost."
        )
        return Finding("photos", State.FAULT, told, todo)
    taken = (time.perf_counter() - begun) * 1000
    figures = {"answer_ms": round(taken, 1)}
    told = f"The bucket {settings.media.address} takes and gives in {taken:.0f} ms."
    if taken > _SLOW_MS:
        return Finding("photos", State.WARNING, told, "See what the network to it is busy with.", figures)
    return Finding("photos", State.OK, told, figures=figures)


def _reason(error: Away) -> str:
    cause = error.__cause__
    said = str(cause).partition("\n")[0]
    refusals = {
        "PermissionDeniedError": "it refuses the key and secret",
        "UnauthenticatedError": "it refuses the key",
    }
    if "NoSuchBucket" in str(cause):
        return "there is no bucket of this name"
    return refusals.get(
        type(cause).__name__, "it does not answer" if "error sending request" in said else said[:150]
    )
