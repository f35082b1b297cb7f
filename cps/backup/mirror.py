"""The copy of a bucket's photos on the host that makes the backups, where restic finds them as it finds a folder's.

It holds what rows of the database name, and nothing that they ceased to name an hour ago.
"""

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from cps.backup.tables import connected
from cps.kernel.errors import Unusable
from cps.photos import copying
from cps.photos.storage import Away, FolderStorage, Storage

_MARGIN: Final = timedelta(hours=1)
_SHOWN: Final = 3


@dataclass(frozen=True)
class Mirror:
    """A copy, in `folder`, of the photos that the database of `url` names."""

    url: str
    bucket: Storage
    folder: FolderStorage

    def renew(self) -> None:
        """Fetch what is new and drop what is gone; Unusable where that cannot be done whole."""
        with connected(self.url) as connection:
            named = copying.named(connection)
        try:
            done = copying.copy(named, source=self.bucket, target=self.folder, after_each=self._hand_over)
            removed = self._drop(set(self.folder.keys()) - named)
        except Away as error:
            raise Unusable(
                "The bucket of CPS_MEDIA does not answer, so its photos cannot be backed up: see `cps doctor`."
            ) from error
        lost = [*done.missing, *done.damaged]
        still_named = self._still_named(lost)
        if still_named:
            some = ", ".join(sorted(still_named)[:_SHOWN])
            raise Unusable(
                f"{len(still_named)} of the city's photos are not whole in the bucket of CPS_MEDIA: {some}. The "
                f"last backup that held them has them: `cps restore-drill --keep`. {removed} were dropped."
            )

    def _still_named(self, keys: list[str]) -> set[str]:
        """Return which of these are named yet: others were removed while we copied."""
        if not keys:
            return set()
        with connected(self.url) as connection:
            return copying.named(connection).intersection(keys)

    def _drop(self, keys: set[str]) -> int:
        return sum(self.folder.remove(key, untouched_for=_MARGIN) for key in sorted(keys))

    def _hand_over(self, key: str) -> None:
        """Give what root fetched to the city's user, whose folder it is."""
        if os.geteuid() != 0:
            return
        path, root = self.folder.path(key), self.folder.root
        owner = root.parent.stat()
        for place in (path, path.parent, path.parent.parent, root, *root.glob("incoming")):
            os.chown(place, owner.st_uid, owner.st_gid)
