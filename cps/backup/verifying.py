"""A restored city, looked at from all sides: each row against the living one, each page, each photo.

Whatever is wrong goes into the report as a sentence; one thing that is wrong hides no other.
"""

from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.conninfo import conninfo_to_dict

from cps.backup import checks, mark, programs, tables
from cps.backup.mark import Mark
from cps.backup.media import Media
from cps.backup.report import Asked, Report
from cps.backup.scratch import Scratch
from cps.kernel.postgres_programs import of_major
from cps.photos.copying import named
from cps.photos.storage import Away, FolderStorage


@dataclass(frozen=True)
class Restored:
    """A restored city that answers at `url`, and the mark of the living one, if it was restored to that."""

    url: str
    place: Scratch
    media: Media
    asked: Asked
    living: Mark | None = None

    def verify(self, report: Report) -> None:
        """Look at everything, and write into the report what is there and what is wrong."""
        with tables.connected(self.url, autocommit=True) as connection:
            self._compare(connection, report)
            try:
                self._look(connection, report)
            except psycopg.Error as error:
                report.faults.append(f"It cannot be read: {_first_line(error)}.")
        report.faults += self._damage()

    def _compare(self, connection: psycopg.Connection[Any], report: Report) -> None:
        """Compare what every table holds with the living city at the mark, else only see that it can be read."""
        found = tables.sums(connection, tables.tables(connection))
        report.version = connection.info.parameter_status("server_version") or ""
        report.tables, report.rows = len(found), sum(one.rows for one in found.values())
        report.faults += tables.differences(found if self.living is None else self.living.sums, found)
        with suppress(psycopg.Error):  # a table that cannot be read is told already
            report.migration = mark.migration(connection)
        needed = self.asked.needed_migration if self.living is None else self.living.migration
        if report.migration != needed:
            report.faults.append(f"It was restored at migration {report.migration}, not {needed}.")

    def _look(self, connection: psycopg.Connection[Any], report: Report) -> None:
        report.database_bytes = figure(connection, "SELECT pg_database_size(current_database())")
        report.reports = figure(connection, "SELECT count(*) FROM public.complaint")
        report.newest_change = checks.newest_change(connection)
        report.faults += checks.untruths(connection)
        if self.living is None:
            report.faults += checks.broken_references(connection)
        if self.asked.at is not None:
            self._compare_until(connection, report)
        self._look_at_photos(connection, report)

    def _compare_until(self, connection: psycopg.Connection[Any], report: Report) -> None:
        """Compare with the living city what an earlier moment allows: which reports were there by then."""
        at, newest = self.asked.at, report.newest_change
        if newest is not None and at is not None and newest > at:
            report.faults.append(f"It holds an event of {newest.isoformat()}, after the moment asked for.")
        if not report.is_living:
            return
        query = "SELECT count(*) FROM public.complaint WHERE received_at <= %s"
        with tables.connected(self.asked.url) as living:
            ours, theirs = figure(living, query, at), figure(connection, query, at)
        report.compared = (
            f"{theirs:,} reports received until then; the living city has {ours:,} of them today"
        )

    def _look_at_photos(self, connection: psycopg.Connection[Any], report: Report) -> None:
        keys, storage = named(connection), FolderStorage(self.place.media / "photos")
        missing = checks.missing_photos(keys, storage)
        if missing:  # somebody may have removed them between the moment and the snapshot
            self.media.restore_from_any(missing, self.place.media)
            missing = checks.missing_photos(keys, storage)
        removed = {key for key in missing if report.is_living and self._is_gone(key)}
        if missing - removed:
            report.faults.append(f"Photos are missing: {checks.some_of(missing - removed)}.")
        damaged = checks.damaged_photos(keys, storage)
        if damaged:
            report.faults.append(f"Photos are damaged: {checks.some_of(damaged)}.")
        report.photos, report.removed_meanwhile = len(keys), len(removed)
        files = (path for path in self.place.media.rglob("*") if path.is_file())
        report.media_bytes = sum(path.stat().st_size for path in files)
        if not (self.place.media / "secret_key").is_file():
            report.not_compared.append("The secret key: it is not a file of CPS_VAR, so keep it elsewhere.")

    def _is_gone(self, key: str) -> bool:
        """Whether the living city removed this photo too: it has neither the file nor a row that names it."""
        with suppress(Away):  # then the rows alone tell
            if self.asked.photos.has(key):
                return False
        with tables.connected(self.asked.url) as living:
            return key not in named(living)

    def _damage(self) -> list[str]:
        """Let pg_amcheck look at every table and index, page by page."""
        major = int((self.place.data / "PG_VERSION").read_text(encoding="ascii").strip())
        program = of_major(major, self.asked.bindir) / "pg_amcheck"
        where = conninfo_to_dict(self.url)
        options = (f"--host={where['host']}", f"--port={where['port']}", f"--username={where['user']}")
        ended = programs.run(
            [program, "--install-missing", *options, str(where["dbname"])],
            account=self.place.account,
            environment={},
        )
        if not ended.code:
            return []
        lines = [line.strip() for line in (ended.wrote + ended.complained).splitlines() if line.strip()]
        return [f"pg_amcheck found damage: {' '.join(lines[:3]).rstrip('.')}."]


def figure(connection: psycopg.Connection[Any], query: str, *values: Any) -> int:
    """Return the one number that a query gives."""
    row = connection.execute(query, values).fetchone()
    assert row is not None
    return int(row[0])


def _first_line(error: psycopg.Error) -> str:
    return str(error).strip().splitlines()[0]
