"""Every public report as a spot on the map, in columns: what is asked of a million is answered in milliseconds.

Pure: it knows no database. Spots never change; what changed makes new ones. They are in the order of their
keys (`geo.cells`), so that what lies in one cell stands together.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Any

import numpy as np

from cps.geo import cells
from cps.geo.cells import DEEPEST, Cells

_MANY = 20_000  # spots; the newest of so many are looked for among the recent ones first
_RECENT = 20_000  # numbers

_Array = np.ndarray[Any, Any]


@dataclass(frozen=True)
class Wanted:
    """Which spots are asked for, by numbers; None: all. `since`: the first day, as spots count days.

    `above`: reports with a higher id than that.
    """

    category: int | None = None
    area: int | None = None
    statuses: Sequence[int] | None = None
    since: int | None = None
    above: int | None = None


@dataclass(frozen=True, slots=True)
class Cluster:
    """What lies in one cell: how many, and where one of them is, degrees WGS84."""

    x: int
    y: int
    count: int
    latitude: float
    longitude: float


@dataclass(frozen=True, eq=False)
class Spots:
    """Columns of equal length, in the order of `keys`; areas nobody knows are 0."""

    keys: _Array
    ids: _Array
    categories: _Array
    areas: _Array
    days: _Array
    statuses: _Array

    @staticmethod
    def of(
        *, ids: _Array, keys: _Array, categories: _Array, areas: _Array, days: _Array, statuses: _Array
    ) -> "Spots":
        """Put spots in order."""
        order = np.argsort(keys, kind="stable")
        return Spots(
            keys=keys[order],
            ids=ids[order],
            categories=categories[order].astype(np.int32),
            areas=areas[order].astype(np.int32),
            days=days[order].astype(np.int32),
            statuses=statuses[order].astype(np.uint8),
        )

    @staticmethod
    def joined(parts: "Sequence[Spots]") -> "Spots":
        """Put several together, in order; one column after the other, so that few are there twice at any time."""
        if len(parts) == 1:
            return parts[0]
        order = np.argsort(np.concatenate([part.keys for part in parts]), kind="stable")
        return Spots(
            **{name: np.concatenate([getattr(part, name) for part in parts])[order] for name in _COLUMNS}
        )

    def __len__(self) -> int:
        return len(self.keys)

    def changed(self, ids: _Array, to: "Spots") -> "Spots":
        """Return them with what these reports are now; one that is no longer among `to` is gone."""
        gone = np.flatnonzero(np.isin(self.ids, ids, kind="table"))
        come = np.searchsorted(self.keys, to.keys)
        if not len(gone) and not len(come):
            return self
        # Long unchanged stretches are copied whole: twenty times as fast as moving each spot by itself.
        cuts = sorted(
            [(int(place), -1) for place in gone] + [(int(place), n) for n, place in enumerate(come)]
        )
        columns = {name: _patched(getattr(self, name), cuts, getattr(to, name)) for name in _COLUMNS}
        return Spots(**columns)

    def clusters(self, block: Cells, wanted: Wanted) -> list[Cluster]:
        """Count what is wanted in each cell of a block; cells without any are left out."""
        found = self._found(block, wanted)
        columns, rows = cells.columns_rows(found.cells)
        latitudes, longitudes = cells.middles(self.keys[found.places(found.firsts + found.counts // 2)])
        listed = (column.tolist() for column in (columns, rows, found.counts, latitudes, longitudes))
        return [Cluster(*values) for values in zip(*listed, strict=True)]

    def newest(self, block: Cells, wanted: Wanted, *, most: int) -> tuple[list[int], int]:
        """Return the ids of the newest in a block, newest first, and how many there are in all."""
        found = self._found(block, wanted)
        total = found.total
        if total > _MANY:
            recent = self._found(block, replace(wanted, above=int(self.ids.max()) - _RECENT))
            found = recent if recent.total >= most else found
        ids = self.ids[found.all_places()]
        if len(ids) > most:
            ids = np.partition(ids, len(ids) - most)[-most:]
        return sorted(ids.tolist(), reverse=True), total

    def _found(self, block: Cells, wanted: Wanted) -> "_Found":
        shift = 2 * (DEEPEST - block.level)
        numbers = block.keys()
        bounds = np.searchsorted(self.keys, np.concatenate((numbers, numbers + 1)) << shift)
        firsts, ends = bounds[: len(numbers)], bounds[len(numbers) :]
        is_any = firsts < ends
        numbers, firsts, ends = numbers[is_any], firsts[is_any], ends[is_any]
        if wanted == _ALL or not len(numbers):
            return _Found(numbers, firsts, ends - firsts, None)
        part = slice(int(firsts[0]), int(ends[-1]))
        kept = self._kept(part, wanted)
        firsts, ends = np.searchsorted(kept, firsts), np.searchsorted(kept, ends)
        is_any = firsts < ends
        return _Found(numbers[is_any], firsts[is_any], (ends - firsts)[is_any], kept)

    def _kept(self, part: slice, wanted: Wanted) -> _Array:
        """Return where the wanted ones of a part stand; what leaves few comes first, and then few are looked at."""
        tests: list[tuple[_Array, Callable[[_Array], _Array]]] = []
        if wanted.category is not None:
            tests.append((self.categories, partial(np.equal, wanted.category)))
        if wanted.area is not None:
            tests.append((self.areas, partial(np.equal, wanted.area)))
        if wanted.above is not None:
            tests.append((self.ids, partial(np.less, wanted.above)))
        if wanted.since is not None:
            tests.append((self.days, partial(np.less_equal, wanted.since)))
        if wanted.statuses is not None:
            is_wanted = np.zeros(256, dtype=bool)
            is_wanted[list(wanted.statuses)] = True
            tests.append((self.statuses, is_wanted.take))
        (column, holds), *others = tests
        kept: _Array = np.flatnonzero(holds(column[part])) + part.start
        for column, holds in others:
            kept = kept[holds(column[kept])]
        return kept


@dataclass(frozen=True)
class _Found:
    """Runs of wanted spots, one for each cell that has any; `kept`: where each of them stands, if not all are."""

    cells: _Array
    firsts: _Array
    counts: _Array
    kept: _Array | None

    @property
    def total(self) -> int:
        return int(self.counts.sum())

    def places(self, numbers: _Array) -> _Array:
        """Return where the spots with these numbers in the runs stand."""
        return numbers if self.kept is None else self.kept[numbers]

    def all_places(self) -> _Array:
        """Return where all of them stand: each run's first, and from there on one by one."""
        begun = np.repeat(self.firsts - (np.cumsum(self.counts) - self.counts), self.counts)
        return self.places(begun + np.arange(self.total))


def _patched(column: _Array, cuts: Sequence[tuple[int, int]], more: _Array) -> _Array:
    """Leave out one value (-1) or put one of `more` in at each place, all counted as they were before."""
    pieces, begin = [], 0
    for place, number in cuts:
        pieces.append(column[begin:place])
        begin = place + 1 if number < 0 else max(begin, place)
        if number >= 0:
            pieces.append(more[number : number + 1])
    return np.concatenate((*pieces, column[begin:]))


_ALL = Wanted()
_COLUMNS = tuple(field.name for field in fields(Spots))
