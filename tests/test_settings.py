"""What the operator decides: read, checked all at once, and the key that is made where none is given."""

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cps.kernel.errors import Unusable
from cps.photos.bucket import Bucket
from cps.settings import Settings, from_environment, secret_key

_BESIDE = {
    "CPS_MAIL_URL": {"CPS_MAIL_FROM": "a@example.org"},
    "CPS_MEDIA": {"CPS_MEDIA_KEY": "the-key", "CPS_MEDIA_SECRET": "the-secret"},
}


def faults(environ: dict[str, str]) -> list[str]:
    """The variables that are refused, in the order of the lines that say so."""
    with pytest.raises(Unusable) as reason:
        from_environment(environ)
    return [line.split()[0] for line in str(reason.value).splitlines()[1:]]


def settings_in(var: Path, **environ: str) -> Settings:
    return from_environment({"CPS_VAR": str(var), **environ})


def test_nothing_set_is_a_city_on_this_machine() -> None:
    settings = from_environment({})

    assert settings.database_url is None
    assert settings.var == Path("var").absolute()
    assert settings.base_url == "http://127.0.0.1:8000"
    assert (settings.mail_url, settings.mail_from, settings.is_demo) == ("", "", False)
    assert (settings.tile_url, settings.basemap, settings.tile_attribution) == ("", None, "")
    assert (settings.web_workers, settings.web_threads) == (2, 4)
    assert settings.has_service_worker


def test_an_empty_variable_counts_as_not_set() -> None:
    names = (
        "DATABASE_URL",
        "VAR",
        "BASE_URL",
        "SECRET_KEY",
        "MAIL_URL",
        "DEMO",
        "TILE_ARCHIVE",
        "WEB_WORKERS",
    )

    assert from_environment({f"CPS_{name}": " " for name in names}) == from_environment({})


def test_everything_decided_is_taken(tmp_path: Path) -> None:
    archive = tmp_path / "hanoi.pmtiles"
    archive.touch()

    settings = from_environment(
        {
            "CPS_DATABASE_URL": "postgresql://cps:geheim@db/cps",
            "CPS_DATABASE_POOL_URL": "postgresql://cps@pool:6432/cps",
            "CPS_DATABASE_REPLICA_URL": "postgresql://cps:geheim@db2/cps",
            "CPS_DATABASE_REPLICA_SECONDS": "20",
            "CPS_PG_BINDIR": str(tmp_path),
            "CPS_VAR": str(tmp_path / "var"),
            "CPS_MEDIA": "s3://photos/hanoi/2030?endpoint=https://s3.example.org/&region=eu-1",
            "CPS_MEDIA_KEY": "the-key",
            "CPS_MEDIA_SECRET": "the-secret",
            "CPS_BASE_URL": "https://report.example.org/",
            "CPS_SECRET_KEY": "0123456789abcdef",
            "CPS_MAIL_URL": "smtp+starttls://u:p@mail.example.org:587",
            "CPS_MAIL_FROM": "Hanoi <reports@example.org>",
            "CPS_DEMO": "YES",
            "CPS_TILE_URL": "https://tiles.example.org/{z}/{x}/{y}.png",
            "CPS_BASEMAP": str(archive),
            "CPS_TILE_ATTRIBUTION": "© OpenStreetMap contributors",
            "CPS_GEOCODER": "photon:https://photon.example.org/city",
            "CPS_TRANSLATOR": "libretranslate:https://translate.example.org",
            "CPS_TRANSLATOR_KEY": "a-key",
            "CPS_WEB_WORKERS": "8",
            "CPS_WEB_THREADS": "1",
            "CPS_PROXIES": "2",
            "CPS_SERVICE_WORKER": "no",
            "CPS_UNDO_SECONDS": "0",
            "CPS_HEALTH_TOKEN": "a-token-to-look-in",
            "CPS_LOG": "JSON",
            "CPS_METRICS_TOKEN": "a-token-to-count-by",
            "CPS_TRACES": "http://127.0.0.1:4318/",
            "CPS_BACKUP_STANZA": "hanoi",
            "CPS_BACKUP_CONFIG": "/etc/pgbackrest.conf",
            "CPS_BACKUP_USER": "postgres",
            "CPS_BACKUP_MEDIA": "sftp:backup@example.org:/hanoi",
            "CPS_BACKUP_PASSWORD_FILE": "/etc/cps/backup.password",
        }
    )

    assert settings == Settings(
        database_url="postgresql://cps:geheim@db/cps",
        database_pool_url="postgresql://cps@pool:6432/cps",
        database_replica_url="postgresql://cps:geheim@db2/cps",
        database_replica_seconds=20,
        pg_bindir=tmp_path,
        var=tmp_path / "var",
        media=Bucket("photos", "hanoi/2030", "https://s3.example.org", "eu-1", "the-key", "the-secret"),
        base_url="https://report.example.org",
        given_secret_key="0123456789abcdef",
        mail_url="smtp+starttls://u:p@mail.example.org:587",
        mail_from="Hanoi <reports@example.org>",
        is_demo=True,
        tile_url="https://tiles.example.org/{z}/{x}/{y}.png",
        basemap=archive,
        tile_attribution="© OpenStreetMap contributors",
        geocoder="photon:https://photon.example.org/city",
        translator="libretranslate:https://translate.example.org",
        translator_key="a-key",
        web_workers=8,
        web_threads=1,
        proxies=2,
        has_service_worker=False,
        undo_seconds=0,
        health_token="a-token-to-look-in",
        log="json",
        metrics_token="a-token-to-count-by",
        traces="http://127.0.0.1:4318",
        backup_stanza="hanoi",
        backup_config=Path("/etc/pgbackrest.conf"),
        backup_user="postgres",
        backup_media="sftp:backup@example.org:/hanoi",
        backup_password_file=Path("/etc/cps/backup.password"),
    )


def test_a_log_is_for_programs_and_in_a_demo_for_people() -> None:
    assert from_environment({}).log == "json"
    assert from_environment({"CPS_DEMO": "yes"}).log == "text"
    assert from_environment({"CPS_DEMO": "yes", "CPS_LOG": "json"}).log == "json"


def test_a_demo_keeps_its_letters_unless_told_otherwise() -> None:
    server = {"CPS_MAIL_URL": "smtp://localhost:1025", "CPS_MAIL_FROM": "a@example.org"}

    assert from_environment({"CPS_DEMO": "yes"}).mail_url == "outbox:"
    assert from_environment({"CPS_DEMO": "yes", **server}).mail_url == "smtp://localhost:1025"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CPS_DATABASE_URL", "mysql://db/cps"),
        ("CPS_DATABASE_URL", "db.example.org"),
        ("CPS_DATABASE_REPLICA_URL", "postgresql://db2/cps"),  # of what would it be one?
        ("CPS_DATABASE_POOL_URL", "postgresql://pool/cps"),
        ("CPS_DATABASE_REPLICA_SECONDS", "0"),
        ("CPS_DATABASE_REPLICA_SECONDS", "301"),
        ("CPS_PG_BINDIR", "/there/is/none"),
        ("CPS_BASE_URL", "report.example.org"),
        ("CPS_BASE_URL", "https://report.example.org/hanoi"),
        ("CPS_BASE_URL", "http://localhost:port"),
        ("CPS_BASE_URL", "ftp://localhost"),
        ("CPS_SECRET_KEY", "too short"),
        ("CPS_MAIL_URL", "mail.example.org"),
        ("CPS_MAIL_URL", "smtp://"),
        ("CPS_MAIL_URL", "http://mail.example.org"),
        ("CPS_MAIL_URL", "smtp://mail.example.org:many"),
        ("CPS_MAIL_FROM", "the city"),
        ("CPS_MAIL_FROM", "a@example.org\nBcc: b@example.org"),
        ("CPS_DEMO", "perhaps"),
        ("CPS_TILE_URL", "https://tiles.example.org/map.png"),
        ("CPS_TILE_URL", "file:///{z}/{x}/{y}.png"),
        ("CPS_BASEMAP", "/there/is/none.pmtiles"),
        ("CPS_LOG", "xml"),
        ("CPS_METRICS_TOKEN", "too short"),
        ("CPS_TRACES", "127.0.0.1:4318"),
        ("CPS_TRACES", "https://user:password@traces.example.org"),
        ("CPS_TRACES", "grpc://traces.example.org"),
        ("CPS_GEOCODER", "https://photon.example.org"),
        ("CPS_GEOCODER", "google:https://maps.example.org"),
        ("CPS_GEOCODER", "photon:ftp://photon.example.org"),
        ("CPS_GEOCODER", "nominatim:https://user:password@example.org"),
        ("CPS_TRANSLATOR", "https://translate.example.org"),
        ("CPS_TRANSLATOR", "photon:https://translate.example.org"),
        ("CPS_TRANSLATOR", "libretranslate:translate.example.org"),
        ("CPS_BASEMAP", __file__),
        ("CPS_BACKUP_CONFIG", "pgbackrest.conf"),
        ("CPS_MEDIA", "photos"),
        ("CPS_MEDIA", "https://s3.example.org/photos"),
        ("CPS_MEDIA", "s3://key:secret@photos"),
        ("CPS_MEDIA", "s3://Photos"),
        ("CPS_MEDIA", "s3://photos/../other"),
        ("CPS_MEDIA", "s3://photos?endpoint=s3.example.org"),
        ("CPS_MEDIA", "s3://photos?endpoint=https://key:secret@s3.example.org"),
        ("CPS_MEDIA", "s3://photos?endpoint=https://s3.example.org/path"),
        ("CPS_MEDIA", "s3://photos?secret=x"),
        ("CPS_WEB_WORKERS", "0"),
        ("CPS_WEB_WORKERS", "-1"),
        ("CPS_WEB_THREADS", "65"),
        ("CPS_WEB_THREADS", "four"),
        ("CPS_WEB_THREADS", "²"),
    ],
)
def test_what_cannot_be_used_is_refused(name: str, value: str) -> None:
    environ = {name: value} | _BESIDE.get(name, {})

    assert faults(environ) == [name]


def test_everything_wrong_is_said_at_once() -> None:
    environ = {"CPS_DEMO": "1", "CPS_MAIL_URL": "carrier pigeon", "CPS_WEB_WORKERS": "x", "CPS_BASE_URL": "x"}

    assert set(faults(environ)) == {*environ, "CPS_MAIL_FROM"}


BACKUP = {
    "CPS_BACKUP_STANZA": "hanoi",
    "CPS_BACKUP_MEDIA": "/var/backups/hanoi",
    "CPS_BACKUP_PASSWORD_FILE": "/etc/cps/backup.password",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("CPS_BACKUP_STANZA", "Hà Nội"),
        ("CPS_BACKUP_STANZA", "--config=x"),
        ("CPS_BACKUP_MEDIA", "backups/hanoi"),
        ("CPS_BACKUP_MEDIA", "ftp://example.org/hanoi"),
        ("CPS_BACKUP_PASSWORD_FILE", "backup.password"),
        ("CPS_BACKUP_STANZA", ""),
        ("CPS_BACKUP_MEDIA", ""),
        ("CPS_BACKUP_PASSWORD_FILE", ""),
    ],
)
def test_a_backup_is_set_up_whole_or_not_at_all(name: str, value: str) -> None:
    assert from_environment(BACKUP).backup_user == "postgres"
    assert faults(BACKUP | {name: value}) == [name]


def test_a_mail_server_needs_an_address_to_send_from() -> None:
    assert faults({"CPS_MAIL_URL": "smtp://mail.example.org"}) == ["CPS_MAIL_FROM"]


def test_refusals_and_logs_keep_passwords_to_themselves(tmp_path: Path) -> None:
    mail = {"CPS_MAIL_URL": "smtp://u:geheim@h", "CPS_MAIL_FROM": "a@example.org"}
    settings = settings_in(tmp_path, CPS_DATABASE_URL="postgresql://u:geheim@h/d", **mail)
    with pytest.raises(Unusable) as reason:
        from_environment({"CPS_DATABASE_URL": "mysql://u:geheim@h", "CPS_MAIL_URL": "http://u:geheim@h"})

    assert "geheim" not in repr(settings)
    assert "geheim" not in str(reason.value)


def test_the_operators_key_is_the_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, CPS_SECRET_KEY="the operator's own key")

    assert secret_key(settings) == "the operator's own key"
    assert not (tmp_path / "secret_key").exists()


def test_without_one_a_key_is_made_for_its_user_alone_and_kept(tmp_path: Path) -> None:
    settings = settings_in(tmp_path / "var")

    key = secret_key(settings)

    assert len(key) >= 32
    assert secret_key(settings) == key
    assert stat.S_IMODE((tmp_path / "var" / "secret_key").stat().st_mode) == 0o600
    assert [path.name for path in (tmp_path / "var").iterdir()] == ["secret_key"]
    assert secret_key(settings_in(tmp_path / "another")) != key


def test_processes_that_start_at_once_agree_on_one_key(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)

    with ThreadPoolExecutor(16) as starts:
        keys = set(starts.map(lambda _start: secret_key(settings), range(64)))

    assert len(keys) == 1


@pytest.mark.parametrize("content", ["", "short\n"])
def test_half_a_key_is_refused_not_used(tmp_path: Path, content: str) -> None:
    (tmp_path / "secret_key").write_text(content)

    with pytest.raises(Unusable, match="too short"):
        secret_key(settings_in(tmp_path))


def test_a_key_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file where the folder should be")

    with pytest.raises(Unusable, match=f"{tmp_path}/var/secret_key"):
        secret_key(settings_in(tmp_path / "var"))


def test_a_bucket_is_entered_with_a_key_and_a_secret_that_nobody_is_shown() -> None:
    bucket = {"CPS_MEDIA": "s3://photos", **_BESIDE["CPS_MEDIA"]}

    assert faults({"CPS_MEDIA": "s3://photos"}) == ["CPS_MEDIA_KEY", "CPS_MEDIA_SECRET"]
    assert from_environment(bucket).media == Bucket("photos", "", "", "us-east-1", "the-key", "the-secret")
    assert "the-secret" not in repr(from_environment(bucket))
