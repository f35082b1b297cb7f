"""How a variable of the operator's is read: one kind of value after another, and what is wrong with each is noted."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import SplitResult, parse_qsl, urlsplit

from cps.photos.bucket import Bucket

SHORTEST_KEY_BYTES = 16
_DATABASE_SCHEMES = ("postgresql", "postgres", "postgresql+psycopg")
_MAIL_SCHEMES = ("smtp", "smtps", "smtp+starttls")
_YES_OR_NO = {"yes": True, "no": False}
_ARCHIVES = (".mbtiles", ".pmtiles")
_STANZA = re.compile(r"[a-z0-9][a-z0-9_-]*")
_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_PREFIX = re.compile(r"[A-Za-z0-9_-]+(?:/[A-Za-z0-9_-]+)*")
_FIRST_REGION = "us-east-1"
_REPOSITORIES = ("/", "sftp:", "s3:", "rest:")


class Reading:
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
        if value and len(value.encode()) < SHORTEST_KEY_BYTES:
            self._refuse(name, f"must be {SHORTEST_KEY_BYTES} characters or longer")
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

    def service(self, name: str, kinds: Mapping[str, str]) -> str:
        """Read who is asked, as `kind:address`; `kinds`: an example address of each kind."""
        value = self.text(name)
        kind, _colon, address = value.partition(":")
        url = _split(address)
        is_address = url is not None and url.scheme in ("http", "https") and url.hostname
        if value and not (kind in kinds and is_address and not set("@?#") & set(address)):
            known, example = list(kinds.items())[-1]
            self._refuse(
                name,
                f"must be {' or '.join(f'{one}:' for one in kinds)} and an address, such as {known}:{example}",
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

    def bucket(self, name: str, key: str, secret: str) -> Bucket | None:
        """Read the bucket of `name`, entered with the key and the secret of two other variables."""
        value = self.text(name)
        if not value:
            return None
        for other in (key, secret):
            if not self.text(other):
                self._refuse(other, f"is needed where {name} names a bucket")
        url, options = _split(value), {}
        if url is not None:
            options = dict(parse_qsl(url.query, keep_blank_values=True))
        endpoint = _split(options.get("endpoint", ""))
        is_right = (
            url is not None
            and url.scheme == "s3"
            and _BUCKET.fullmatch(url.netloc)
            and (_PREFIX.fullmatch(url.path.strip("/")) or not url.path.strip("/"))
            and options.keys() <= {"endpoint", "region"}
            and not url.fragment
            and endpoint is not None
            and (not options.get("endpoint") or _is_server(endpoint))
        )
        if url is None or not is_right:
            self._refuse(
                name,
                "must be a bucket such as s3://photos/hanoi?endpoint=https://s3.example.org&region=eu-1, "
                "without key and secret",
            )
            return None
        return Bucket(
            name=url.netloc,
            prefix=url.path.strip("/"),
            endpoint=options.get("endpoint", "").rstrip("/"),
            region=options.get("region") or _FIRST_REGION,
            key=self.text(key),
            secret=self.text(secret),
        )

    def all_or_none(self, *names: str) -> None:
        """Refuse each of these variables that is missing beside others of them."""
        missing = [name for name in names if not self.text(name)]
        if len(missing) < len(names):
            for name in missing:
                self._refuse(name, "is needed for backups too; see docs/backup.md")

    def needs(self, name: str, other: str) -> None:
        """Refuse a variable that says nothing without another."""
        if self.text(name) and not self.text(other):
            self._refuse(name, f"needs {other} beside it")

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


def _is_server(url: SplitResult) -> bool:
    """Whether a URL names a server alone, without a path, a user or more."""
    is_address = url.scheme in ("http", "https") and bool(url.hostname)
    return is_address and "@" not in url.netloc and not (url.path.strip("/") or url.query or url.fragment)
