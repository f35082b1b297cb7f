"""What the operator set up for backups, checked before anything is run with it."""

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path

from cps.backup.base import Base
from cps.backup.media import Media
from cps.backup.mirror import Mirror
from cps.kernel.db import sqlalchemy_url
from cps.kernel.errors import Unusable
from cps.kernel.postgres_programs import Account, account_of
from cps.photos.bucket import BucketStorage
from cps.photos.storage import FolderStorage
from cps.settings import Settings


@dataclass(frozen=True)
class Backups:
    """Both halves of a city's backups, and the user of the first."""

    base: Base
    media: Media
    account: Account


def backups_of(settings: Settings) -> Backups:
    """Return what is set up; raise Unusable where nothing is, or where others could read a passphrase."""
    if not settings.backup_stanza or settings.backup_password_file is None:
        raise Unusable(
            "No backup is set up: set CPS_BACKUP_STANZA, CPS_BACKUP_MEDIA and CPS_BACKUP_PASSWORD_FILE, as "
            "docs/backup.md says step by step."
        )
    if settings.database_url is None:
        raise Unusable(
            "The private cluster under CPS_VAR has no archive: backups need a PostgreSQL server of the city's own. "
            "Set CPS_DATABASE_URL."
        )
    _refuse_unless_secret(settings.backup_password_file)
    account = _account(settings.backup_user)
    return Backups(
        Base(settings.backup_stanza, settings.backup_config, account),
        Media(
            settings.backup_stanza,
            settings.backup_media,
            settings.backup_password_file,
            settings.var,
            _mirror(settings, settings.database_url),
        ),
        account,
    )


def _mirror(settings: Settings, database_url: str) -> Mirror | None:
    """Return what copies the photos of a bucket to where the files are kept from; None where there they are."""
    if settings.media is None:
        return None
    url = sqlalchemy_url(database_url).replace("postgresql+psycopg", "postgresql", 1)
    return Mirror(url, BucketStorage(settings.media), FolderStorage(settings.photos))


def _account(name: str) -> Account:
    """Return the user that owns the database's files: whom root becomes; anybody else stays who they are."""
    if os.geteuid() != 0:
        return account_of(os.geteuid(), os.getegid())
    try:
        entry = pwd.getpwnam(name)
    except KeyError:
        raise Unusable(f"CPS_BACKUP_USER names {name}, but there is no such user on this machine.") from None
    return Account(entry.pw_uid, entry.pw_gid, entry.pw_name)


def _refuse_unless_secret(path: Path) -> None:
    try:
        found = path.stat()
        path.open("rb").close()
    except OSError as error:
        raise Unusable(
            f"The passphrase of the backups cannot be read from {path}: {error.strerror}."
        ) from error
    if found.st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise Unusable(f"Others can read the passphrase of the backups: run `chmod 600 {path}`.")
    if not found.st_size:
        raise Unusable(f"The passphrase of the backups in {path} is empty.")
