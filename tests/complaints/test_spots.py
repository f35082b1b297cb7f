"""Spots on the map, counted and found as quickly as by looking at each, and no differently."""

from collections import Counter

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from cps.complaints.spots import Spots, Wanted
from cps.geo import cells
from cps.geo.cells import DEEPEST, Cells, Window, covering

NAMES = ("ids", "keys", "categories", "areas", "days", "statuses")
EVERYWHERE = covering(Window(-180, -90, 180, 90), level=6, most_per_side=64)

A_SPOT = st.tuples(
    st.floats(20.9, 21.1), st.floats(105.7, 105.9), st.integers(1, 3), st.integers(0, 2), st.integers(1, 5), st.integers(0, 4)
)  # fmt: skip
MANY = st.lists(A_SPOT, max_size=40)
WANTED = st.builds(
    Wanted,
    category=st.none() | st.integers(1, 4),
    area=st.none() | st.integers(0, 2),
    statuses=st.none() | st.lists(st.integers(0, 4), min_size=1).map(tuple),
    since=st.none() | st.integers(1, 6),
)
BLOCKS = st.builds(
    lambda south, west, high, wide, level: covering(Window(west, south, west + wide, south + high), level=level, most_per_side=30),
    st.floats(20.8, 21.1), st.floats(105.6, 105.9), st.floats(0, 0.2), st.floats(0, 0.2), st.integers(8, 21),
)  # fmt: skip


def spots(rows, *, first=1):
    columns = np.array(rows, dtype=float).reshape(-1, 6).T
    whole = [column.astype(np.int64) for column in columns[2:]]
    return Spots.of(
        ids=np.arange(first, first + len(rows)),
        keys=cells.keys(columns[0], columns[1]),
        categories=whole[0],
        areas=whole[1],
        days=whole[2],
        statuses=whole[3],
    )


def one_by_one(found: Spots, block: Cells, wanted: Wanted):
    """Return cell and id of every wanted spot of a block, by a look at each."""
    x, y = cells.columns_rows(found.keys >> (2 * (DEEPEST - block.level)))
    return [
        ((int(x[n]), int(y[n])), int(found.ids[n]))
        for n in range(len(found))
        if block.west <= x[n] <= block.east
        and block.north <= y[n] <= block.south
        and wanted.category in (None, found.categories[n])
        and wanted.area in (None, found.areas[n])
        and (wanted.statuses is None or found.statuses[n] in wanted.statuses)
        and (wanted.since is None or found.days[n] >= wanted.since)
    ]


@given(MANY, BLOCKS, WANTED)
def test_clusters_count_what_a_look_at_each_spot_counts(rows, block, wanted):
    found = spots(rows)

    clusters = found.clusters(block, wanted)

    expected = Counter(cell for cell, _id in one_by_one(found, block, wanted))
    assert {(c.x, c.y): c.count for c in clusters} == expected


@given(MANY, BLOCKS, WANTED)
def test_a_cluster_stands_where_one_of_its_spots_is(rows, block, wanted):
    for cluster in spots(rows).clusters(block, wanted):
        key = cells.keys(np.array([cluster.latitude]), np.array([cluster.longitude]))
        x, y = cells.columns_rows(key >> (2 * (DEEPEST - block.level)))
        assert (int(x[0]), int(y[0])) == (cluster.x, cluster.y)


@given(MANY, BLOCKS, WANTED)
def test_the_newest_are_those_with_the_highest_numbers(rows, block, wanted):
    found = spots(rows)

    ids, total = found.newest(block, wanted, most=5)

    expected = sorted((number for _cell, number in one_by_one(found, block, wanted)), reverse=True)
    assert (ids, total) == (expected[:5], len(expected))


def test_the_newest_of_very_many_are_found_among_the_recent_ones_or_else_among_all():
    far, near = (20.95, 105.75, 1, 0, 1, 0), (21.05, 105.85, 1, 0, 1, 0)
    found = spots([far] * 30_000 + [near] * 30_000)
    there = covering(Window(105.74, 20.94, 105.76, 20.96), level=14, most_per_side=30)

    assert found.newest(there, Wanted(), most=2) == ([30_000, 29_999], 30_000)
    assert found.newest(EVERYWHERE, Wanted(), most=2) == ([60_000, 59_999], 60_000)


@given(MANY, MANY, st.sets(st.integers(1, 60)))
def test_changed_spots_are_as_if_all_were_read_anew(before, after, ids):
    old = spots(before)
    gone = np.array(sorted(ids), dtype=np.int64)
    new = spots(after[: len(ids)], first=100)

    found = old.changed(np.concatenate((gone, new.ids)), new)

    kept = [n for n in range(len(old)) if int(old.ids[n]) not in ids]
    expected = {tuple(int(getattr(old, name)[n]) for name in NAMES) for n in kept} | {
        tuple(int(getattr(new, name)[n]) for name in NAMES) for n in range(len(new))
    }
    assert {tuple(int(getattr(found, name)[n]) for name in NAMES) for n in range(len(found))} == expected
    assert len(found) == len(expected)
    assert (np.diff(found.keys) >= 0).all()
