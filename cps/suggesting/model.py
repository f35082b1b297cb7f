"""What was learned: a number per kind of problem and run of letters; small enough to keep in every web process."""

from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
import numpy.typing as npt

from cps.suggesting.features import PLACES, features


@dataclass(frozen=True, eq=False)
class Model:
    """`codes` of categories; `weights`: one row per code, one column per place; `base`: one number per code.

    Weights keep half the digits, which changes no order that matters and halves what each process holds.
    """

    codes: Sequence[str]
    weights: npt.NDArray[np.float16]
    base: npt.NDArray[np.float32]

    def likely(self, words: str) -> Sequence[tuple[str, float]]:
        """Return codes with how likely each is, judged by itself (0 to 1), the likeliest first; nothing without letters.

        Words that are about nothing the city knows make all of them unlikely.
        """
        found = features(words)
        if not found:
            return []
        places = np.fromiter(found, dtype=np.int64, count=len(found))
        values = np.fromiter(found.values(), dtype=np.float32, count=len(found))
        scores = self.weights[:, places].astype(np.float32) @ values + self.base
        shares = 1 / (1 + np.exp(-scores))
        return [(self.codes[index], float(shares[index])) for index in np.argsort(-shares)]

    def as_bytes(self) -> bytes:
        """Write it down."""
        out = BytesIO()
        np.savez_compressed(out, codes=np.array(self.codes), weights=self.weights, base=self.base)
        return out.getvalue()


def from_bytes(data: bytes) -> Model:
    """Read what `as_bytes` wrote; raise ValueError for anything else."""
    with np.load(BytesIO(data), allow_pickle=False) as kept:
        model = Model([str(code) for code in kept["codes"]], kept["weights"], kept["base"])
    if model.weights.shape != (len(model.codes), PLACES) or model.base.shape != (len(model.codes),):
        raise ValueError("these are not the weights of a model")
    return model
