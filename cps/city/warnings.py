"""What is odd about a city's rules, and does no harm today: for `cps city check` to tell, in English."""

from collections.abc import Iterable
from datetime import date

from cps.city.profile import Profile
from cps.city.rule import ANY


def warnings_of(profile: Profile, today: date) -> list[str]:
    """Say which rules are over, and which reports would go to the fallback desk for want of a rule."""
    return [*_over(profile, today), *_left_to_the_fallback(profile)]


def _over(profile: Profile, today: date) -> Iterable[str]:
    for rule in profile.rules:
        if rule.last_day is not None and rule.last_day < today:
            yield (
                f"The rule {rule.category},{rule.area},{rule.department} is over since {rule.last_day} "
                "and never decides."
            )


def _left_to_the_fallback(profile: Profile) -> Iterable[str]:
    for category in profile.categories:
        own = [rule for rule in profile.rules if rule.category == category.code]
        if own and not any(rule.is_unconditional for rule in own):
            yield (
                f"Not every report about {category.code!r} has a rule of its own: the rest follows the rules for "
                f"{ANY}, at last the fallback desk. Add {category.code},{ANY},DEPARTMENT if that is not meant."
            )
