"""Writes a kit: aside, then in one move to its place, so that a run that is cut off leaves no half kit.

Tables stream from the database to the disk, all as they are at one moment; memory does not grow with the city.
"""

import errno
import hashlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg import sql
from sqlalchemy import Table

from cps.city.letters.words import letter_text
from cps.city.profile import LETTER_KINDS, Profile
from cps.city.survey.toml_text import toml
from cps.console.exitkit import describing
from cps.console.exitkit.parting import Part, columns_in, handed_on
from cps.kernel.errors import NotFound, Unusable
from cps.photos.storage import CHUNK_BYTES, Storage

SUMS: Final = "SHA256SUMS"
MANIFEST: Final = "manifest.json"
_MARK: Final = "UNFINISHED"
_BATCH: Final = 2000
_FULL: Final = (errno.ENOSPC, errno.EDQUOT)

# Every report, its place only where everybody was told it exactly.
_COMPLAINTS: Final = """
SELECT c.id, c.reference, c.status, k.code, d.code, a.code, c.received_at, c.due_at, c.closed_at, c.is_public,
       CASE WHEN c.is_public AND NOT k.is_rounded THEN c.longitude END,
       CASE WHEN c.is_public AND NOT k.is_rounded THEN c.latitude END
FROM complaint c JOIN category k ON k.id = c.category_id JOIN department d ON d.id = c.department_id
LEFT JOIN area a ON a.id = c.area_id ORDER BY c.id
"""
_COMPLAINT_KEYS: Final = (
    *("id", "reference", "status", "category", "department", "area"),
    *("received_at", "due_at", "closed_at", "is_public"),
)
_AREAS: Final = "SELECT code, names::text, is_approximate, is_active, first_day, last_day, polygon::text FROM area ORDER BY id"
_PHOTOS: Final = "SELECT id, complaint_id, large, clear_large FROM photo ORDER BY id"


@dataclass
class Kit:
    """A kit being written: how many rows each file has, which photos were not there."""

    folder: Path
    rows: dict[str, int] = field(default_factory=dict)
    missing_photos: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Source:
    """What a kit is made from: the database, the photos, the city in force, and the folder its profile was loaded from."""

    url: str
    storage: Storage
    profile: Profile
    profile_folder: Path | None
    facts: Mapping[str, str]


def write(source: Source, folder: Path, *, has_personal: bool, say: Callable[[str], None]) -> Kit:
    """Write a kit into a new or empty folder; raise Unusable, leaving nothing behind, if that cannot be done."""
    with _aside(folder) as scratch:
        kit = Kit(scratch)
        with psycopg.connect(source.url) as connection:
            connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            connection.execute("SET LOCAL TimeZone = 'UTC'")
            _tables(kit, connection, Part.SHARED, say)
            _areas(kit, connection)
            _complaints(kit, connection)
            if has_personal:
                _tables(kit, connection, Part.PERSONAL, say)
                _photos(kit, connection, source.storage)
        _described(kit, source, has_personal=has_personal)
        (scratch / _MARK).unlink()
        _sums(scratch)
    return kit


@contextmanager
def _aside(folder: Path) -> Iterator[Path]:
    """Give a folder beside the one that is meant, and move it there in the end."""
    scratch = folder.with_name(f"{folder.name}.unfinished")
    try:
        _refuse_full(folder)
        if (scratch / _MARK).exists():
            shutil.rmtree(scratch)  # of a run that was cut off
        scratch.mkdir(parents=True, mode=0o700)
        (scratch / _MARK).touch()
        try:
            yield scratch
            if folder.exists():
                folder.rmdir()
            scratch.rename(folder)
        except BaseException:
            shutil.rmtree(scratch, ignore_errors=True)
            raise
    except OSError as error:
        if error.errno in _FULL:
            raise Unusable(f"The disk of {folder} is full: nothing was left there. Choose another.") from None
        raise Unusable(f"The kit cannot be written to {folder}: {error.strerror}.") from None


def _refuse_full(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise Unusable(f"{folder} is there and is no empty folder. Name a new one.")


def _tables(kit: Kit, connection: psycopg.Connection[Any], part: Part, say: Callable[[str], None]) -> None:
    (kit.folder / part).mkdir(parents=True)
    for table in handed_on():
        if columns_in(table, part):
            name = f"{part}/{table.name}.csv"
            kit.rows[name] = _copied(connection, table, part, kit.folder / name)
    say(f"{part}: {sum(kit.rows[name] for name in kit.rows if name.startswith(f'{part}/')):,} rows")


def _copied(connection: psycopg.Connection[Any], table: Table, part: Part, path: Path) -> int:
    """Stream a table into a file by its primary key, and return how many rows it has."""
    statement = sql.SQL("COPY (SELECT {} FROM {} ORDER BY {}) TO STDOUT WITH (FORMAT csv, HEADER)").format(
        sql.SQL(", ").join(sql.Identifier(column.name) for column in columns_in(table, part)),
        sql.Identifier(table.name),
        sql.SQL(", ").join(sql.Identifier(column.name) for column in table.primary_key.columns),
    )
    with path.open("wb") as opened, connection.cursor() as cursor:
        with cursor.copy(statement) as copy:
            for data in copy:
                opened.write(data)
        return cursor.rowcount


def _areas(kit: Kit, connection: psycopg.Connection[Any]) -> None:
    def feature(row: tuple[Any, ...]) -> str:
        code, names, is_approximate, is_active, first, last, polygon = row
        properties = {
            "code": code,
            "names": json.loads(names),
            "approximate": is_approximate,
            "in_force": is_active,
            "from": first.isoformat() if first else None,
            "until": last.isoformat() if last else None,
        }
        return _feature(properties, polygon)

    kit.rows["areas.geojson"] = _geojson(connection, _AREAS, kit.folder / "areas.geojson", feature)


def _complaints(kit: Kit, connection: psycopg.Connection[Any]) -> None:
    def feature(row: tuple[Any, ...]) -> str:
        *values, longitude, latitude = row
        said = (value.isoformat() if hasattr(value, "isoformat") else value for value in values)
        properties = dict(zip(_COMPLAINT_KEYS, said, strict=True))
        point = (
            None if longitude is None else json.dumps({"type": "Point", "coordinates": [longitude, latitude]})
        )
        return _feature(properties, point)

    kit.rows["complaints.geojson"] = _geojson(
        connection, _COMPLAINTS, kit.folder / "complaints.geojson", feature
    )


def _feature(properties: Mapping[str, Any], geometry: str | None) -> str:
    told = json.dumps(properties, ensure_ascii=False)
    return f'{{"type":"Feature","properties":{told},"geometry":{geometry or "null"}}}'


def _geojson(
    connection: psycopg.Connection[Any], query: str, path: Path, feature: Callable[[tuple[Any, ...]], str]
) -> int:
    """Stream rows into a FeatureCollection, one a line, and return how many there are."""
    count = 0
    with path.open("w", encoding="utf-8") as opened, connection.cursor("features") as cursor:
        cursor.itersize = _BATCH
        opened.write('{"type":"FeatureCollection","features":[')
        for row in cursor.execute(query):
            opened.write(f"{',' if count else ''}\n{feature(row)}")
            count += 1
        opened.write("\n]}\n")
    return count


def _photos(kit: Kit, connection: psycopg.Connection[Any], storage: Storage) -> None:
    """Copy the photos, and write down which file is whose and what its bytes say."""
    folder = kit.folder / "personal" / "photos"
    folder.mkdir(parents=True)
    with (
        (kit.folder / "personal" / "photos.csv").open("w", encoding="utf-8") as listed,
        connection.cursor("photos") as cursor,
    ):
        cursor.itersize = _BATCH
        listed.write("photo_id,complaint_id,file,bytes,sha256\n")
        for number, complaint, large, clear in cursor.execute(_PHOTOS):
            for blob, ending in ((large, ""), (clear, "-clear")):
                if blob is None:
                    continue
                name = f"{number}{ending}.jpg"
                try:
                    size, digest = _photo(storage, blob, folder / name)
                except NotFound:
                    kit.missing_photos.append(number)
                    continue
                listed.write(
                    f"{number},{'' if complaint is None else complaint},photos/{name},{size},{digest}\n"
                )
                kit.rows["personal/photos.csv"] = kit.rows.get("personal/photos.csv", 0) + 1


def _photo(storage: Storage, key: str, path: Path) -> tuple[int, str]:
    digest, size = hashlib.sha256(), 0
    with storage.open(key) as blob, path.open("wb") as opened:
        while chunk := blob.read(CHUNK_BYTES):
            opened.write(chunk)
            digest.update(chunk)
            size += len(chunk)
    return size, digest.hexdigest()


def _described(kit: Kit, source: Source, *, has_personal: bool) -> None:
    folder = kit.folder
    describing.write_dictionary(folder / describing.DICTIONARY)
    (folder / "letters.toml").write_text(toml(_letters(source.profile)), encoding="utf-8")
    if source.profile_folder is not None:
        _profile(source.profile_folder, folder / "profile")
    manifest = {
        **source.facts,
        "personal_data": has_personal,
        "rows": kit.rows,
        "missing_photos": kit.missing_photos,
    }
    (folder / MANIFEST).write_text(
        json.dumps(manifest, ensure_ascii=False, indent=2) + "\n", encoding="utf-8"
    )
    files = [path.relative_to(folder).as_posix() for path in _files(folder)]
    told = describing.readme(tuple(source.facts.items()), [*files, SUMS], has_personal=has_personal)
    (folder / describing.README).write_text(told, encoding="utf-8")


def _profile(given: Path, folder: Path) -> None:
    """Copy the files of a profile but for the scripts that made them and the list of officials."""
    folder.mkdir()
    for path in sorted(given.iterdir()):
        if (
            path.is_file()
            and path.suffix in (".toml", ".csv", ".geojson", ".md")
            and path.name not in _NOT_COPIED
        ):
            shutil.copyfile(path, folder / path.name)


_NOT_COPIED: Final = ("officials.csv", "answers.toml")


def _letters(profile: Profile) -> dict[str, dict[str, dict[str, str]]]:
    texts = {
        kind: {language: letter_text(profile, kind, language) for language in profile.languages}
        for kind in LETTER_KINDS
    }
    return {
        kind: {
            language: {"subject": text.subject, "body": text.body} for language, text in by_language.items()
        }
        for kind, by_language in texts.items()
    }


def _sums(folder: Path) -> None:
    lines = []
    for path in _files(folder):
        with path.open("rb") as opened:
            digest = hashlib.file_digest(opened, "sha256").hexdigest()
        lines.append(f"{digest}  {path.relative_to(folder).as_posix()}\n")
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")


def _files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file() and path.name != _MARK)
