"""The verb that makes a photo fit to be seen.

It may run any number of times: only a waiting photo is touched. It does not commit.
"""

from cps.kernel import clock
from cps.observe import counts
from cps.photos.decode import Renditions, Unreadable, renditions
from cps.photos.fingerprint import fingerprint
from cps.photos.models import Photo, State
from cps.photos.storage import Storage


def develop(photo: Photo, *, storage: Storage) -> None:
    """Decode a waiting photo and keep its renditions; leave it ready or unreadable.

    Raises NotFound when its original is gone, Refused when there is no room for the renditions
    and DarkroomClosed when no decoder starts; the photo then still waits.
    """
    if photo.state is not State.WAITING:
        return
    with storage.open(photo.original) as original:
        result = renditions(original)
    if isinstance(result, Unreadable):
        photo.unreadable_reason = result.reason
        photo.state = State.UNREADABLE
    else:
        _keep(photo, result, storage)
    photo.decoded_at = clock.now()
    counts.photo(photo.state.value)


def _keep(photo: Photo, made: Renditions, storage: Storage) -> None:
    photo.large = storage.put(made.large.data)
    photo.small = storage.put(made.small.data)
    photo.fingerprint = fingerprint(made.small.data)
    photo.width, photo.height = made.large.width, made.large.height
    photo.state = State.READY
