"""What the city decided, to learn from; and the model in use, kept in each process."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from weakref import WeakKeyDictionary

from sqlalchemy import Engine, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import undefer

from cps.city.queries import in_force
from cps.complaints.models import Complaint
from cps.complaints.status import Status
from cps.kernel import clock
from cps.kernel.db import db
from cps.suggesting import model
from cps.suggesting.model import Model
from cps.suggesting.models import SuggestionModel

MOST_REPORTS = 50_000
FEWEST_LETTERS = 10
SURE = 0.6
_SECONDS_TRUSTED = 60.0


@dataclass(frozen=True)
class _Kept:
    made_at: datetime | None
    model: Model | None
    looked_at: float


_KEPT: WeakKeyDictionary[Engine, _Kept] = WeakKeyDictionary()


def decided() -> Sequence[tuple[str, str]]:
    """Return words and category code of the newest reports that a department resolved, oldest first."""
    codes = in_force().category_codes
    newest = (
        select(Complaint.id, Complaint.words, Complaint.category_id)
        .where(Complaint.status == Status.RESOLVED, func.length(Complaint.words) >= FEWEST_LETTERS)
        .order_by(Complaint.id.desc())
        .limit(MOST_REPORTS)
    )
    rows = db.session.execute(newest).all()
    return [(row.words, codes[row.category_id]) for row in reversed(rows)]


def suggested(words: str) -> str | None:
    """Return the code of the category that these words probably mean; None where nobody could be sure.

    Nothing is suggested until the city has a model that did well, nor for a category that has ended.
    """
    if len(words) < FEWEST_LETTERS:
        return None
    learned = _in_use()
    if learned is None:
        return None
    city = in_force()
    for code, share in learned.likely(words)[:1]:
        if share >= SURE and city.category(code) is not None:
            return code
    return None


def keep(data: bytes, **figures: float) -> SuggestionModel:
    """Put a model in use in place of the one before."""
    kept = {"made_at": clock.now(), "weights": data, **figures}
    db.session.execute(
        insert(SuggestionModel)
        .values(id=1, **kept)
        .on_conflict_do_update(index_elements=[SuggestionModel.id], set_=kept)
    )
    return db.session.scalars(select(SuggestionModel)).one()


def forget() -> None:
    """Read the model anew the next time it is asked for."""
    _KEPT.clear()


def _in_use() -> Model | None:
    engine, now = db.engine, time.monotonic()
    kept = _KEPT.get(engine)
    if kept is not None and now - kept.looked_at < _SECONDS_TRUSTED:
        return kept.model
    found = db.session.scalar(select(SuggestionModel))
    made_at = found.made_at if found is not None and found.is_good_enough else None
    if kept is None or kept.made_at != made_at:
        kept = _Kept(made_at, _read() if made_at else None, now)
    else:
        kept = _Kept(made_at, kept.model, now)
    _KEPT[engine] = kept
    return kept.model


def _read() -> Model:
    whole = select(SuggestionModel).options(undefer(SuggestionModel.weights))
    return model.from_bytes(
        db.session.scalars(whole, execution_options={"populate_existing": True}).one().weights
    )
