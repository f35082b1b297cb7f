"""What a load changed, in words for the operator."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["added", "changed", "removed", "revived"]

_LONGEST_SHOWN = 60


@dataclass(frozen=True, slots=True)
class Change:
    """One thing a load changed; `details` says field by field what it was and is."""

    kind: Kind
    what: str
    code: str
    details: tuple[str, ...] = ()


def changed_fields(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """Say field by field what differs; long values are not shown."""
    return tuple(
        _difference(name, before.get(name), value)
        for name, value in after.items()
        if before.get(name) != value
    )


def _difference(name: str, before: Any, after: Any) -> str:
    shown = f"{name}: {_shown(before)} → {_shown(after)}"
    return shown if len(shown) <= 2 * _LONGEST_SHOWN else name


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
