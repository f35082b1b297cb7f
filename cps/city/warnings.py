"""What is odd about a city, and does no harm today: for `cps city check` to tell, in English."""

from collections.abc import Iterable
from datetime import date

from cps.city.profile import Profile
from cps.city.reading.asking import FILE as REPORT
from cps.city.rule import ANY


def warnings_of(profile: Profile, today: date) -> list[str]:
    """Say which rules are over, what goes to the fallback desk for want of a rule, what will end, who needs e-mail."""
    found = (
        _over(profile, today),
        _left_to_the_fallback(profile),
        _ending(profile, today),
        _by_mail_only(profile),
    )
    return [sentence for sentences in found for sentence in sentences]


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


def _by_mail_only(profile: Profile) -> Iterable[str]:
    """Tell a city that confirms contacts what it means for those who have no e-mail address."""
    asks = profile.asks
    codes = [repr(code) for code, one in asks.categories.items() if one.confirms_contact]
    if asks.confirms_contact or codes:
        about = "every report" if asks.confirms_contact else f"reports about {', '.join(codes)}"
        yield (
            f"'confirm_contact' in {REPORT} asks for a code with {about}. No SMS gateway can be set yet: a phone "
            "number cannot be confirmed, its owner is asked for an e-mail address."
        )
