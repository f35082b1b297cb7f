"""What is odd about a city, and does no harm today: for `cps city check` to tell, in English."""

from collections.abc import Iterable
from datetime import date

from cps.city.profile import Profile
from cps.city.rule import ANY


def warnings_of(profile: Profile, today: date) -> list[str]:
    """Say which rules are over, which reports would go to the fallback desk for want of a rule, and what will end."""
    return [*_over(profile, today), *_left_to_the_fallback(profile), *_ending(profile, today)]


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


def _ending(profile: Profile, today: date) -> Iterable[str]:
    kinds = (
        ("Area", profile.areas, "go to the area that holds their place then"),
        ("Department", profile.departments, "go where the rules send them then, else to the fallback desk"),
    )
    for what, things, fate in kinds:
        for thing in things:
            if thing.last_day is not None and thing.last_day >= today:
                yield f"{what} {thing.code!r} ends on {thing.last_day}: reports that are still open {fate}."
