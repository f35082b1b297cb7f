"""What the operator decides: every CPS_* variable, read once and checked all together.

Nothing else reads the environment; a part that needs a setting is handed its value. Each variable
stands in docs/settings.md too.
"""

import os
import re
import secrets
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from cps.kernel.errors import Unusable

_SHORTEST_KEY_BYTES = 16
_DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
_YES_OR_NO = {"yes": True, "no": False}
_ARCHIVES = (".mbtiles", ".pmtiles")
_GEOCODERS = ("nominatim", "photon")
_LOGS = ("json", "text")
_STANZA = re.compile(r"[a-z0-9][a-z0-9_-]*")
_REPOSITORIES = ("/", "sftp:", "s3:", "rest:")


@dataclass(frozen=True)
class Settings:
    """The operator's decisions, checked."""

    database_url: str | None
    pg_bindir: Path | None
    var: Path
    base_url: str
    given_secret_key: str | None
    mail_url: str
    mail_from: str
    is_demo: bool
    tile_url: str
    basemap: Path | None
    tile_attribution: str
    geocoder: str
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

    def __repr__(self) -> str:
        return f"Settings(var={str(self.var)!r}, base_url={self.base_url!r})"  # no passwords in logs


def from_environment(environ: Mapping[str, str]) -> Settings:
    """Read the settings; an empty variable counts as not set.

    Raises Unusable with everything that is wrong, one line per variable.
    """
    read = _Reading(environ)
    is_demo = read.yes_or_no("CPS_DEMO")
    mail_url = read.mail_url("CPS_MAIL_URL", otherwise="outbox:" if is_demo else "")
    settings = Settings(
        database_url=read.database_url("CPS_DATABASE_URL"),
        pg_bindir=read.folder("CPS_PG_BINDIR"),
        var=Path(read.text("CPS_VAR", "var")).expanduser().absolute(),
        base_url=read.base_url("CPS_BASE_URL", "http://127.0.0.1:8000"),
        given_secret_key=read.secret_key("CPS_SECRET_KEY"),
        mail_url=mail_url,
        mail_from=read.mail_from("CPS_MAIL_FROM", is_needed=mail_url not in ("", "outbox:")),
        is_demo=is_demo,
        tile_url=read.tile_url("CPS_TILE_URL"),
        basemap=read.archive("CPS_BASEMAP"),
        tile_attribution=read.text("CPS_TILE_ATTRIBUTION"),
        geocoder=read.geocoder("CPS_GEOCODER"),
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
    if read.faults:
        raise Unusable("These settings cannot be used:\n" + "\n".join(f"  {fault}" for fault in read.faults))
    return settings


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
    if len(key) < _SHORTEST_KEY_BYTES:
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


class _Reading:
    """Reads one variable after another and notes what is wrong with each."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ
        self.faults: list[str] = []

    def text(self, name: str, otherwise: str = "") -> str:
        return self._environ.get(name, "").strip() or otherwise

    def yes_or_no(self, name: str, otherwise: str = "no") -> bool:
        value = self.text(name, otherwise).lower()
        if value not in _YES_OR_NO:
            self._refuse(name, f"must be yes or no, not {value}")
        return _YES_OR_NO.get(value, False)

    def one_of(self, name: str, known: Sequence[str], *, otherwise: str) -> str:
        value = self.text(name, otherwise).lower()
        if value not in known:
            self._refuse(name, f"must be {' or '.join(known)}, not {value}")
        return value

    def number(self, name: str, otherwise: int, *, most: int, least: int = 1) -> int:
        value = self.text(name, str(otherwise))
        if not (value.isascii() and value.isdigit() and least <= int(value) <= most):
            self._refuse(name, f"must be a whole number from {least} to {most}, not {value}")
            return otherwise
        return int(value)

    def database_url(self, name: str) -> str | None:
        value = self.text(name)
        if value and value.partition("://")[0] not in _DATABASE_SCHEMES:
            self._refuse(
                name, "must be the URL of a PostgreSQL server, such as postgresql://user@host/database"
            )
        return value or None

    def base_url(self, name: str, otherwise: str) -> str:
        value = self.text(name, otherwise).rstrip("/")
        url = _split(value)
        is_address = url is not None and url.scheme in ("http", "https") and url.hostname
        if not is_address or value.count("/") != 2 or "@" in value or "?" in value or "#" in value:
            self._refuse(name, "must be the address alone, such as https://report.example.org")
        return value

    def secret_key(self, name: str) -> str | None:
        return self.token(name) or None

    def token(self, name: str) -> str:
        value = self.text(name)
        if value and len(value.encode()) < _SHORTEST_KEY_BYTES:
            self._refuse(name, f"must be {_SHORTEST_KEY_BYTES} characters or longer")
        return value

    def mail_url(self, name: str, *, otherwise: str) -> str:
        value = self.text(name, otherwise)
        url = _split(value)
        if value not in ("", "outbox:") and not (url and url.scheme in _MAIL_SCHEMES and url.hostname):
            self._refuse(
                name,
                "must be smtp://, smtps:// or smtp+starttls:// and a server, such as "
                "smtps://user:password@mail.example.org, or outbox: to keep letters on the demo's page",
            )
        return value

    def mail_from(self, name: str, *, is_needed: bool) -> str:
        value = self.text(name)
        local, at, host = parseaddr(value)[1].rpartition("@")
        if is_needed and not value:
            self._refuse(
                name, "is needed where CPS_MAIL_URL names a server: the address that letters come from"
            )
        elif value and not (local and at and host and value.isprintable()):
            self._refuse(name, "must be an e-mail address, such as City of Hanoi <reports@example.org>")
        return value

    def tile_url(self, name: str) -> str:
        value = self.text(name)
        url = _split(value)
        parts_are_there = all(part in value for part in ("{z}", "{x}", "{y}"))
        if value and not (url and url.scheme in ("http", "https") and url.netloc and parts_are_there):
            self._refuse(name, "must be like https://tiles.example.org/{z}/{x}/{y}.png")
        return value

    def geocoder(self, name: str) -> str:
        value = self.text(name)
        kind, _colon, address = value.partition(":")
        url = _split(address)
        is_address = url is not None and url.scheme in ("http", "https") and url.hostname
        if value and not (kind in _GEOCODERS and is_address and not set("@?#") & set(address)):
            self._refuse(
                name,
                f"must be {' or '.join(f'{known}:' for known in _GEOCODERS)} and an address, "
                "such as photon:https://photon.example.org",
            )
        return value

    def collector(self, name: str) -> str:
        value = self.text(name).rstrip("/")
        url = _split(value)
        is_address = url is not None and url.scheme in ("http", "https") and url.hostname
        if value and not (is_address and not set("@?#") & set(value)):
            self._refuse(name, "must be where a collector takes OTLP by HTTP, such as http://127.0.0.1:4318")
        return value

    def archive(self, name: str) -> Path | None:
        value = self.text(name)
        path = Path(value).expanduser().absolute()
        if value and not (path.suffix in _ARCHIVES and path.is_file()):
            self._refuse(
                name, f"must be the path of a {' or '.join(_ARCHIVES)} file that is there, not {value}"
            )
        return path if value else None

    def folder(self, name: str) -> Path | None:
        value = self.text(name)
        path = Path(value).expanduser().absolute()
        if value and not path.is_dir():
            self._refuse(name, f"must be a folder that is there, not {value}")
        return path if value else None

    def path(self, name: str) -> Path | None:
        """Read the path of a file that this user may not be able to see: who needs it looks."""
        value = self.text(name)
        if value and not value.startswith("/"):
            self._refuse(name, f"must be a path from the root on, not {value}")
        return Path(value) if value else None

    def stanza(self, name: str) -> str:
        value = self.text(name)
        if value and not _STANZA.fullmatch(value):
            self._refuse(name, "must be a name of small letters, digits, - and _, such as hanoi")
        return value

    def repository(self, name: str) -> str:
        value = self.text(name)
        if value and not value.startswith(_REPOSITORIES):
            self._refuse(
                name,
                "must be a folder from the root on, or a repository of restic's, such as "
                "sftp:backup@example.org:/hanoi or s3:https://s3.example.org/hanoi",
            )
        return value

    def all_or_none(self, *names: str) -> None:
        """Refuse each of these variables that is missing beside others of them."""
        missing = [name for name in names if not self.text(name)]
        if len(missing) < len(names):
            for name in missing:
                self._refuse(name, "is needed for backups too; see docs/backup.md")

    def _refuse(self, name: str, reason: str) -> None:
        self.faults.append(f"{name} {reason}.")


def _split(url: str) -> SplitResult | None:
    """Take a URL apart; None where it is none (a port that is no number, half an IPv6 address)."""
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018 - looking is what finds the fault
    except ValueError:
        return None
    return parts
