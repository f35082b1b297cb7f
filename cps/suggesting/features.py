"""Words as numbers: how often each short run of letters occurs, by a place that its letters decide.

Runs of letters need no dictionary and no grammar: they work for every language the city writes in, for
what is misspelt, and for what is written without accents, as most people do on a phone.
"""

import zlib
from collections import Counter
from collections.abc import Mapping
from math import log, sqrt

from cps.kernel.text import folded

PLACES = 2**15
_RUNS = range(2, 5)
_LONGEST = 400  # letters: what matters is said first, and nobody keeps a server busy with a novel


def features(words: str) -> Mapping[int, float]:
    """Return weight by place, of length 1 together; nothing for words without letters.

    Runs of two to four letters within words, as scikit-learn's `char_wb` takes them; of each word with and
    of each without accents, counted by their logarithm.
    """
    text = " ".join(words.casefold().split())[:_LONGEST]
    runs = Counter(_runs(text))
    bare = folded(text)
    if bare != text:
        runs.update(_runs(bare))
    found: dict[int, float] = {}
    for run, count in runs.items():
        place = zlib.crc32(run.encode()) % PLACES
        found[place] = found.get(place, 0.0) + 1 + log(count)
    length = sqrt(sum(weight * weight for weight in found.values()))
    return {place: weight / length for place, weight in found.items()}


def _runs(text: str) -> list[str]:
    return [
        padded[start : start + length]
        for word in text.split()
        if any(character.isalnum() for character in word)
        for padded in (f" {word} ",)
        for length in _RUNS
        for start in range(len(padded) - length + 1)
    ]
