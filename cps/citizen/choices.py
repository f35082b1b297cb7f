"""What the report form offers to choose from: kinds of problem as pictures, found by words; wards by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from cps.city.profile import Category
from cps.city.search import keys_of
from cps.web import language


@dataclass(frozen=True)
class Categories:
    """The kinds shown at once, and the rest; `found`: how many fit what was looked for, None if nothing was."""

    featured: Sequence[Category]
    others: Sequence[Category]
    found: int | None = None


def categories(find: str = "") -> Categories:
    """Return all kinds of problem in the city's order; those that fit what was looked for are shown at once."""
    known = language.city().profile.categories
    found = [category for category in known if find and keys_of(category).match(find)]
    shown = found or [category for category in known if category.featured]
    return Categories(
        featured=shown,
        others=[category for category in known if category not in shown],
        found=len(found) if find else None,
    )


def areas() -> list[tuple[str, str]]:
    """Return code and name of every ward, sorted as if written without accents."""
    return list(language.city().areas_by_name(language.current()))
