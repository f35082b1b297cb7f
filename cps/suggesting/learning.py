"""Learning a model and measuring it honestly: on later reports than it learned from.

Only the command that learns imports this: scikit-learn takes 100 MB that no web process and no worker needs.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import SGDClassifier

from cps.suggesting.features import PLACES, features
from cps.suggesting.model import Model

FEWEST_REPORTS = 200
FEWEST_OF_A_KIND = 5
_LATER_SHARE = 0.2
# How strongly weights are held small, and in what order reports are taken: the same at every learning.
_HOLD, _ORDER = 1e-4, 20_150_401


@dataclass(frozen=True, slots=True)
class Decided:
    """A report whose kind is settled: its words and the code of its category."""

    words: str
    code: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a model did on reports that came after those it learned from; shares of `tested`."""

    learned: int
    tested: int
    accuracy: float
    in_three: float
    commonest: float


class TooFew(Exception):
    """There are too few decided reports to learn from."""


def learned(reports: Sequence[Decided]) -> tuple[Model, Outcome]:
    """Learn from reports, oldest first; raise TooFew.

    Measured is a model that learned from the older four fifths, on the newest fifth; returned is one that
    learned from all of them. Kinds with fewer than five reports are left out of learning, not of measuring.
    """
    if len(reports) < FEWEST_REPORTS:
        raise TooFew(f"{len(reports)} decided reports; {FEWEST_REPORTS} are needed.")
    border = round(len(reports) * (1 - _LATER_SHARE))
    earlier, later = reports[:border], reports[border:]
    return _fitted(reports), _measured(_fitted(earlier), earlier, later)


def _fitted(reports: Sequence[Decided]) -> Model:
    counts = Counter(report.code for report in reports)
    known = [report for report in reports if counts[report.code] >= FEWEST_OF_A_KIND]
    codes = sorted({report.code for report in known})
    if len(codes) < 2:
        raise TooFew(f"{len(codes)} kind with at least {FEWEST_OF_A_KIND} decided reports; 2 are needed.")
    learner = SGDClassifier(loss="log_loss", alpha=_HOLD, average=True, random_state=_ORDER)
    learner.fit(_matrix([report.words for report in known]), [report.code for report in known])
    weights, base = learner.coef_, learner.intercept_
    if len(codes) == 2:  # then scikit-learn keeps one row, for the second against the first
        weights, base = np.vstack([-weights / 2, weights / 2]), np.concatenate([-base / 2, base / 2])
    return Model(codes, weights.astype(np.float16), base.astype(np.float32))


def _matrix(texts: Sequence[str]) -> csr_matrix:
    values: list[float] = []
    places: list[int] = []
    ends = [0]
    for text in texts:
        found = features(text)
        places.extend(found)
        values.extend(found.values())
        ends.append(len(places))
    return csr_matrix((values, places, ends), shape=(len(texts), PLACES))


def _measured(model: Model, earlier: Sequence[Decided], later: Sequence[Decided]) -> Outcome:
    commonest, _count = Counter(report.code for report in earlier).most_common(1)[0]
    likely = [[code for code, _share in model.likely(report.words)[:3]] for report in later]
    return Outcome(
        learned=len(earlier),
        tested=len(later),
        accuracy=_share(code[:1] == [report.code] for code, report in zip(likely, later, strict=True)),
        in_three=_share(report.code in codes for codes, report in zip(likely, later, strict=True)),
        commonest=_share(report.code == commonest for report in later),
    )


def _share(hits: Iterable[bool]) -> float:
    kept = list(hits)
    return sum(kept) / len(kept)
