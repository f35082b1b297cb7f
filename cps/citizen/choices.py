"""What the report form offers to choose from: kinds of problem as pictures, wards by name."""

from collections.abc import Sequence
from dataclasses import dataclass

from cps.city.profile import Category
from cps.web import language


@dataclass(frozen=True)
class Categories:
    """The kinds shown at once, and the rest."""

    featured: Sequence[Category]
    others: Sequence[Category]


def categories() -> Categories:
    """Return all kinds of problem in the city's order."""
    known = language.city().profile.categories
    return Categories(
        featured=[category for category in known if category.featured],
        others=[category for category in known if not category.featured],
    )


def areas() -> list[tuple[str, str]]:
    """Return code and name of every ward, sorted as if written without accents."""
    return list(language.city().areas_by_name(language.current()))
