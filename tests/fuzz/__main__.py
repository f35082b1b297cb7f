"""`make fuzz-photos`: CASES pictures that were tampered with, by HANDS processes, from SEED on; CORPUS: a folder of more pictures.

Each batch of a thousand has a seed of its own, which is printed with what it found; a picture that did what none may do is
kept in `build/fuzz`.
"""

import os
import time
from collections.abc import Iterator
from hashlib import sha256
from multiprocessing import Pool
from pathlib import Path
from typing import Final

from tests.fuzz.seeds import seeds
from tests.fuzz.trying import Tried, tried

CASES, HANDS = int(os.environ.get("CASES") or 1_000_000), int(os.environ.get("HANDS") or 2)
SEED, CORPUS = int(os.environ.get("SEED") or 20150401), os.environ.get("CORPUS")
_BATCH: Final = 1000
_KEPT: Final = Path(__file__).resolve().parents[2] / "build/fuzz"
_PICTURES: list[bytes] = []


def main() -> None:
    """Try them all and print the figures; exit code 1 if any did what none may do."""
    pictures = _pictures()
    print(f"{len(pictures)} pictures to begin with, {CASES:,} cases, seed {SEED}", flush=True)
    whole, begun = Tried(), time.perf_counter()
    with Pool(HANDS) as pool:
        for turn, one in enumerate(pool.imap_unordered(_batch, _seeds()), start=1):
            _add(whole, one)
            if turn % 20 == 0 or whole.count >= CASES:
                print(_told(whole, time.perf_counter() - begun), flush=True)
    for why, picture in whole.bad:
        _KEPT.mkdir(parents=True, exist_ok=True)
        path = _KEPT / sha256(picture).hexdigest()[:16]
        path.write_bytes(picture)
        print(f"{why}: {path}")
    raise SystemExit(1 if whole.bad else 0)


def _pictures() -> list[bytes]:
    if not _PICTURES:
        _PICTURES.extend(seeds(Path(CORPUS) if CORPUS else None))
    return _PICTURES


def _seeds() -> Iterator[int]:
    return iter(range(SEED, SEED + -(-CASES // _BATCH)))


def _batch(seed: int) -> Tried:
    found = tried(_pictures(), min(_BATCH, CASES), seed=seed)
    found.bad = [(f"seed {seed}: {why}", picture) for why, picture in found.bad]
    return found


def _add(whole: Tried, one: Tried) -> None:
    whole.count += one.count
    whole.outcomes += one.outcomes
    whole.signals += one.signals
    whole.seconds += one.seconds
    whole.longest, whole.megabytes = max(whole.longest, one.longest), max(whole.megabytes, one.megabytes)
    whole.bad += one.bad


def _told(whole: Tried, elapsed: float) -> str:
    return (
        f"{whole.count:,} tried in {elapsed:.0f} s: {dict(whole.outcomes.most_common())}, ended by signals {dict(whole.signals)}; "
        f"{1000 * whole.seconds / whole.count:.1f} ms each, the longest {whole.longest:.2f} s, the most {whole.megabytes:.0f} MB; bad: {len(whole.bad)}"
    )


if __name__ == "__main__":
    main()
