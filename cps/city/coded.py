"""Rows that bear a code: brought to what a profile says, never deleted.

A code that something else bears from now on is borne anew: what bore it so far ends, under its old name.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from sqlalchemy import select

from cps.city import models
from cps.city.changes import Change, Kind, changed_fields
from cps.kernel.db import db

Row = TypeVar("Row", models.Department, models.Area, models.Category)
DatedRow = TypeVar("DatedRow", models.Department, models.Area)

_PLACE = "position"  # one newcomer moves all behind it: no news about each of them


@dataclass(frozen=True, slots=True)
class Opening:
    """When what is new opens (None: since ever), the last day of what vanishes, and codes that are borne anew."""

    first_day: date | None
    last_day: date
    anew: Collection[str] = ()


def load_dated(
    model: type[DatedRow], what: str, wanted: Mapping[str, dict[str, Any]], opening: Opening
) -> list[Change]:
    """Bring the rows of a table whose rows have days to what is wanted; what is new opens, what vanishes ends."""
    ended = _ended(model, what, opening)
    rows = rows_by_code(model, opening.anew)
    for code, values in wanted.items():
        if values["first_day"] is None:
            values["first_day"] = _opened(rows.get(code), opening)
    changes = load_rows(model, what, wanted, anew=opening.anew)
    for code, row in rows.items():
        if code not in wanted and (row.last_day is None or row.last_day > opening.last_day):
            row.last_day = opening.last_day
    return ended + changes


def load_rows(
    model: type[Row], what: str, wanted: Mapping[str, dict[str, Any]], *, anew: Collection[str] = ()
) -> list[Change]:
    """Bring the rows of a table to what is wanted, by code; what is gone becomes inactive and stays."""
    rows = rows_by_code(model, anew)
    order = [code for code, row in rows.items() if row.is_active and code in wanted]
    changes: list[Change] = []
    for code, values in wanted.items():
        row = rows.get(code)
        if row is None:
            db.session.add(model(code=code, is_active=True, **values))
            changes.append(Change("added", what, code))
        else:
            changes += _updated(row, what, values)
    if order != [code for code in wanted if code in order]:
        changes.append(Change("changed", what, "order"))
    return changes + [
        _retired(row, what) for code, row in rows.items() if row.is_active and code not in wanted
    ]


def rows_by_code(model: type[Row], anew: Collection[str] = ()) -> dict[str, Row]:
    """Return who bears each code, or did last, by position; of codes borne `anew` only who does."""
    latest = select(model).order_by(model.is_active, model.id)
    rows: dict[str, Row] = {
        row.code: row for row in db.session.scalars(latest) if row.is_active or row.code not in anew
    }
    return dict(sorted(rows.items(), key=lambda item: item[1].position))


def _ended(model: type[DatedRow], what: str, opening: Opening) -> list[Change]:
    """End what bears a code that something else bears from now on."""
    rows = [row for code, row in rows_by_code(model).items() if row.is_active and code in opening.anew]
    for row in rows:
        row.last_day = opening.last_day
    ended = [_retired(row, what) for row in rows]
    db.session.flush()  # its code is free for the next to bear it
    return ended


def _opened(row: models.Department | models.Area | None, opening: Opening) -> date | None:
    """Return since when something is in force whose file does not say it."""
    if row is None:
        return opening.first_day
    was_away = not row.is_active and row.last_day is not None and row.last_day < opening.last_day
    is_to_come = row.first_day is not None and row.first_day > (opening.first_day or date.max)
    return opening.first_day if was_away or is_to_come else row.first_day


def _updated(row: Row, what: str, values: Mapping[str, Any]) -> list[Change]:
    before = {name: getattr(row, name) for name in values if name != _PLACE}
    differences = changed_fields(before, {name: values[name] for name in before})
    kind: Kind = "changed" if row.is_active else "revived"
    is_news = differences or not row.is_active
    for name, value in values.items():
        setattr(row, name, value)
    row.is_active = True
    return [Change(kind, what, row.code, differences)] if is_news else []


def _retired(row: Row, what: str) -> Change:
    row.is_active = False
    return Change("removed", what, row.code)
