"""What the operator decides: every CPS_* variable, read once and checked all together.

Nothing else reads the environment; a part that needs a setting is handed its value. Each variable
stands in docs/settings.md too.
"""

import os
import secrets
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from cps.kernel.errors import Unusable
from cps.photos.bucket import Bucket, BucketStorage
from cps.photos.storage import FolderStorage, Storage
from cps.variables import SHORTEST_KEY_BYTES, Reading

_LOGS = ("json", "text")
_GEOCODERS = {"nominatim": "https://nominatim.example.org", "photon": "https://photon.example.org"}
_TRANSLATORS = {"libretranslate": "https://translate.example.org"}


@dataclass(frozen=True)
class Settings:
    """The operator's decisions, checked."""

    database_url: str | None
    database_pool_url: str | None
    database_replica_url: str | None
    database_replica_seconds: int
    pg_bindir: Path | None
    var: Path
    media: Bucket | None
    base_url: str
    given_secret_key: str | None
    mail_url: str
    mail_from: str
    is_demo: bool
    tile_url: str
    basemap: Path | None
    tile_attribution: str
    geocoder: str
    translator: str
    translator_key: str
    web_workers: int
    web_threads: int
    proxies: int
    has_service_worker: bool
    undo_seconds: int
    health_token: str
    log: str
    metrics_token: str
    traces: str
    backup_stanza: str
    backup_config: Path | None
    backup_user: str
    backup_media: str
    backup_password_file: Path | None

    @property
    def photos(self) -> Path:
        """The folder of photos; of a city that keeps them in a bucket, their copy where backups are made."""
        return self.var / "photos"

    def __repr__(self) -> str:
        return f"Settings(var={str(self.var)!r}, base_url={self.base_url!r})"  # no passwords in logs


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as not set.

    Raises Unusable with everything that is wrong, one line per variable.
    """
    read = Reading(environ)
    is_demo = read.yes_or_no("CPS_DEMO")
    mail_url = read.mail_url("CPS_MAIL_URL", otherwise="outbox:" if is_demo else "")
    settings = Settings(
        database_url=read.database_url("CPS_DATABASE_URL"),
        database_pool_url=read.database_url("CPS_DATABASE_POOL_URL"),
        database_replica_url=read.database_url("CPS_DATABASE_REPLICA_URL"),
        database_replica_seconds=read.number("CPS_DATABASE_REPLICA_SECONDS", 10, most=300),
        pg_bindir=read.folder("CPS_PG_BINDIR"),
        var=Path(read.text("CPS_VAR", "var")).expanduser().absolute(),
        media=read.bucket("CPS_MEDIA", "CPS_MEDIA_KEY", "CPS_MEDIA_SECRET"),
        base_url=read.base_url("CPS_BASE_URL", "http://127.0.0.1:8000"),
        given_secret_key=read.secret_key("CPS_SECRET_KEY"),
        mail_url=mail_url,
        mail_from=read.mail_from("CPS_MAIL_FROM", is_needed=mail_url not in ("", "outbox:")),
        is_demo=is_demo,
        tile_url=read.tile_url("CPS_TILE_URL"),
        basemap=read.archive("CPS_BASEMAP"),
        tile_attribution=read.text("CPS_TILE_ATTRIBUTION"),
        geocoder=read.service("CPS_GEOCODER", _GEOCODERS),
        translator=read.service("CPS_TRANSLATOR", _TRANSLATORS),
        translator_key=read.text("CPS_TRANSLATOR_KEY"),
        web_workers=read.number("CPS_WEB_WORKERS", 2, most=64),
        web_threads=read.number("CPS_WEB_THREADS", 4, most=64),
        proxies=read.number("CPS_PROXIES", 0, least=0, most=5),
        has_service_worker=read.yes_or_no("CPS_SERVICE_WORKER", "yes"),
        undo_seconds=read.number("CPS_UNDO_SECONDS", 30, least=0, most=300),
        health_token=read.token("CPS_HEALTH_TOKEN"),
        log=read.one_of("CPS_LOG", _LOGS, otherwise="text" if is_demo else "json"),
        metrics_token=read.token("CPS_METRICS_TOKEN"),
        traces=read.collector("CPS_TRACES"),
        backup_stanza=read.stanza("CPS_BACKUP_STANZA"),
        backup_config=read.path("CPS_BACKUP_CONFIG"),
        backup_user=read.text("CPS_BACKUP_USER", "postgres"),
        backup_media=read.repository("CPS_BACKUP_MEDIA"),
        backup_password_file=read.path("CPS_BACKUP_PASSWORD_FILE"),
    )
    read.all_or_none("CPS_BACKUP_STANZA", "CPS_BACKUP_MEDIA", "CPS_BACKUP_PASSWORD_FILE")
    read.needs("CPS_DATABASE_POOL_URL", "CPS_DATABASE_URL")
    read.needs("CPS_DATABASE_REPLICA_URL", "CPS_DATABASE_URL")
    if read.faults:
        raise Unusable("These settings cannot be used:\n" + "\n".join(f"  {fault}" for fault in read.faults))
    return settings


def photos_of(settings: Settings) -> Storage:
    """Return where the city keeps its photos: in the operator's bucket, else in a folder."""
    folder = FolderStorage(settings.photos)
    return folder if settings.media is None else BucketStorage(settings.media, beside=folder)


def secret_key(settings: Settings) -> str:
    """Return the installation's master key: the operator's, else the one kept in var/secret_key.

    The first caller makes the file, readable for its user alone; of several at once, all get the
    same key. Raises Unusable if the file can be neither made nor read, or holds no whole key.
    """
    if settings.given_secret_key is not None:
        return settings.given_secret_key
    path = settings.var / "secret_key"
    try:
        if not path.exists():
            _make_key(path)
        key = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it holds no key"
        raise Unusable(f"The secret key cannot be kept in {path}: {reason}.") from error
    if len(key) < SHORTEST_KEY_BYTES:
        raise Unusable(
            f"The secret key in {path} is too short: restore the file, or remove it for a new key."
        )
    return key


def _make_key(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    # Written aside (mkstemp: O_EXCL, 0600) and linked: whoever sees the file sees the whole key.
    descriptor, aside = tempfile.mkstemp(dir=path.parent, prefix=".secret_key-")
    try:
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(48) + "\n")
            file.flush()
            os.fsync(file.fileno())
        with suppress(FileExistsError):
            os.link(aside, path)
    finally:
        Path(aside).unlink()
