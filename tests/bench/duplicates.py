"""`make duplicates`: how well the same problem is found among real records, if they are there.

Two records of one source are held to be the same problem if they have the same category, lie within SAME metres and
came on the same day. Each record is compared, as the desk does it, with all that came in the 30 days before it: which of
them are offered, and in which order. The records are not part of the project; without them there is nothing to measure.
"""

import csv
import gzip
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from cps.complaints import duplicates, likeness
from cps.complaints.likeness import Seen
from cps.geo.point import Point, metres_between

RECORDS: Final = Path(__file__).resolve().parents[3] / "shared/data/records/records.csv.gz"
SAME: Final = 30.0
_WRITTEN: Final = frozenset({"mmda_incidents"})  # elsewhere the text is a state of the work, the same for all
_KEPT: Final = timedelta(days=30)
_COMPARED: Final = 60
_CELL: Final = 0.003  # degrees: more than the 250 m of the desk, here up to 45 degrees north


@dataclass(frozen=True, slots=True)
class Record:
    """A real record, as it is compared."""

    source: str
    seen: Seen

    def is_same(self, other: "Record") -> bool:
        """Whether both are held to be the same problem."""
        return (
            self.seen.category_id == other.seen.category_id
            and self.seen.received_at.date() == other.seen.received_at.date()
            and metres_between(self.seen.point, other.seen.point) <= SAME
        )


@dataclass
class Found:
    """What was found of the records of one source."""

    asked: int = 0
    repeated: int = 0
    right_first: int = 0
    within_five: int = 0
    offered_in_vain: int = 0
    milliseconds: float = 0.0


def records() -> Iterator[Record]:
    """Read the records that say where and when, oldest first."""
    numbers: dict[str, int] = {}
    with gzip.open(RECORDS, "rt", encoding="utf-8", newline="") as lines:
        rows = [row for row in csv.DictReader(lines) if row["lat"] and row["lon"] and row["created_at"]]
    for row in sorted(rows, key=lambda row: (row["source"], row["created_at"])):
        kind = numbers.setdefault(row["category"], len(numbers))
        point = Point(float(row["lat"]), float(row["lon"]))
        words = row["text"] if row["source"] in _WRITTEN else ""
        yield Record(row["source"], Seen(kind, point, datetime.fromisoformat(row["created_at"]), words))


def measured() -> dict[str, Found]:
    """Compare each record with those before it."""
    cells: defaultdict[tuple[str, int, int], list[Record]] = defaultdict(list)
    found: defaultdict[str, Found] = defaultdict(Found)
    for record in records():
        x, y = int(record.seen.point.longitude / _CELL), int(record.seen.point.latitude / _CELL)
        around = [
            one
            for dx in (-1, 0, 1)
            for dy in (-1, 0, 1)
            for one in cells[record.source, x + dx, y + dy]
            if record.seen.received_at - one.seen.received_at <= _KEPT
        ]
        _compare(record, around, found[record.source])
        cells[record.source, x, y].append(record)
    return found


def _compare(record: Record, around: list[Record], found: Found) -> None:
    begun = time.perf_counter()
    # The nearest first, and of those at one place the latest, as the database is asked.
    latest_first = reversed(around)
    nearest = sorted(latest_first, key=lambda one: metres_between(record.seen.point, one.seen.point))[
        :_COMPARED
    ]
    compared = [(one, likeness.between(record.seen, one.seen)) for one in nearest]
    offered = [one for one, _likeness in duplicates.ranked(compared)[: duplicates.MOST]]
    found.milliseconds += (time.perf_counter() - begun) * 1000
    found.asked += 1
    if any(record.is_same(one) for one in around):
        found.repeated += 1
        found.right_first += bool(offered) and record.is_same(offered[0])
        found.within_five += any(record.is_same(one) for one in offered)
    else:
        found.offered_in_vain += bool(offered)


def main() -> None:
    """Print what was found, source by source."""
    if not RECORDS.is_file():
        print("There are no records to measure with.")
        return
    for source, found in measured().items():
        others = found.asked - found.repeated
        print(
            f"{source}: {found.asked} records, {found.repeated} repeat another of that day. "
            f"Of these precision@1 {found.right_first / max(found.repeated, 1):.1%}, "
            f"recall@5 {found.within_five / max(found.repeated, 1):.1%}. "
            f"Of the others {found.offered_in_vain / max(others, 1):.1%} are offered something. "
            f"{found.milliseconds / max(found.asked, 1):.2f} ms each."
        )


if __name__ == "__main__":
    main()
