"""What is left before citizens may come: looks at the city in force, beside those of `cps doctor` at the installation.

Each look says how it was checked; what no program can see is left to be signed by hand.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from typing import Final

from sqlalchemy import select

from cps.city.letters.words import left_to_default
from cps.city.profile import Names, Profile
from cps.city.queries import CityInForce, in_force
from cps.city.survey.sections import SAMPLE
from cps.console.checking import counted, oddities
from cps.health import looks
from cps.health.finding import Finding, State
from cps.kernel import clock
from cps.kernel.db import db
from cps.people.models import Person, Role
from cps.routing.route import router_of
from cps.settings import Settings

BY_HAND: Final = "No program sees this: somebody signs for it."
_SHOWN: Final = 5

_HANDS: Final = (
    ("numbers", "Call the city's number and each emergency number once."),
    ("words", "A native speaker reads the letters, the names and the consent in each language."),
    ("test_report", "Run `cps city smoke` with the public address."),
)
BY_HAND_NAMES: Final = tuple(name for name, _todo in _HANDS)
"""What only people can look at."""


def everything(settings: Settings) -> list[Finding]:
    """Look at the city, the officials, the installation; inside the application, with a city in force."""
    by_hand = [Finding(name, State.OFF, BY_HAND, todo) for name, todo in _HANDS]
    return [*everything_of(in_force()), *looks.everything(settings), *by_hand]


def everything_of(city: CityInForce) -> list[Finding]:
    """Look at the city and its officials alone."""
    return [look(city) for look in _LOOKS]


def _profile(city: CityInForce) -> Finding:
    odd = [sentence.removeprefix("warning: ") for sentence in oddities(city.profile)]
    if odd:
        told = f"{counted(len(odd), 'thing is', 'things are')} odd about the profile: {odd[0]}"
        return Finding("profile", State.WARNING, told, "Run `cps city check PATH` and change the profile.")
    return Finding("profile", State.OK, "The profile in force was checked when it was loaded.")


def _names(city: CityInForce) -> Finding:
    """Names that are the same in two scripts were never translated: a Nepali name in Latin letters, say."""
    profile = city.profile
    alike = [code for code, names in _all_names(profile) if is_untranslated(names)]
    if alike:
        told = f"{counted(len(alike), 'name is', 'names are')} the same in languages of different scripts: {_some(alike)}."
        return Finding("names", State.WARNING, told, "Let a native speaker write them in the profile.")
    return Finding("names", State.OK, f"Every name is there in {', '.join(profile.languages)}.")


def _all_names(profile: Profile) -> Iterable[tuple[str, Names]]:
    yield "the city", profile.names
    for things in (profile.departments, profile.areas, profile.categories):
        for thing in things:
            yield thing.code, thing.names


def is_untranslated(names: Names) -> bool:
    """Whether a language with a script of its own has the name in Latin letters."""
    scripts = {"ko", "ne"} & set(names)
    return any(names[code] and all(ord(character) < 0x250 for character in names[code]) for code in scripts)


def _outlines(city: CityInForce) -> Finding:
    rough = [area.code for area in city.profile.areas if area.approximate]
    if rough:
        told = f"{len(rough)} of {counted(len(city.profile.areas), 'outline is', 'outlines are')} not official: {_some(rough)}."
        return Finding(
            "outlines",
            State.WARNING,
            told,
            "Load the official boundaries: `cps city load PATH --areas FILE`.",
        )
    return Finding(
        "outlines", State.OK, f"{counted(len(city.profile.areas), 'outline', 'outlines')}, all official."
    )


def _routing(city: CityInForce) -> Finding:
    """Ask for every category in every area, now, who would answer."""
    router, now, profile = router_of(city), clock.now(), city.profile
    answered = Counter[str]()
    fallback = set()
    for category in profile.categories:
        for area in (*(area.code for area in profile.areas), None):
            match = router.send(category.code, area=area, point=None, at=now)
            answered[match.department] += 1
            if match.rule.is_fallback:
                fallback.add(category.code)
    pairs = sum(answered.values())
    told = f"Each of {pairs:,} pairs of category and area has a department; {len(answered)} departments get reports."
    left = sorted(fallback - {"other"})
    if left:
        return Finding(
            "routing",
            State.WARNING,
            f"{told} For want of a rule the fallback desk gets: {_some(left)}.",
            "Add rules to routing.csv, if that is not meant.",
        )
    return Finding("routing", State.OK, told)


def answering(city: CityInForce) -> list[str]:
    """Return the codes of the city's own departments that get reports, in the order of the profile."""
    router, now, profile = router_of(city), clock.now(), city.profile
    found = {
        router.send(category.code, area=area, point=None, at=now).department
        for category in profile.categories
        for area in (*(area.code for area in profile.areas), None)
    }
    return [one.code for one in profile.departments if one.code in found and not one.is_outside]


def people_of(city: CityInForce) -> list[tuple[Person, str | None]]:
    """Return everybody with an account and the code of their department, by department and role."""
    found = db.session.scalars(select(Person).where(Person.is_active))
    order = {code: number for number, code in enumerate(city.department_ids)}
    listed = [(one, city.department_codes.get(one.department_id or 0)) for one in found]
    roles = list(Role)[::-1]
    return sorted(listed, key=lambda it: (order.get(it[1] or "", -1), roles.index(it[0].role), it[0].name))


def _accounts(city: CityInForce) -> Finding:
    staffed = {code for person, code in people_of(city) if person.works}
    without = [code for code in answering(city) if code not in staffed]
    if not staffed:
        return Finding("accounts", State.FAULT, "No official has an account.", "Make them: `cps people add`.")
    if without:
        told = f"{counted(len(without), 'department that gets reports has', 'departments that get reports have')} nobody with an account: {_some(without)}."
        return Finding(
            "accounts", State.WARNING, told, "Make accounts: `cps people add`, or route elsewhere."
        )
    return Finding("accounts", State.OK, "Every department that gets reports has somebody with an account.")


def _heads(city: CityInForce) -> Finding:
    people = people_of(city)
    headed = {code for person, code in people if person.role is Role.HEAD}
    without = [code for code in answering(city) if code not in headed]
    todo = "Make their accounts: `cps people add --role head` or `--role coordinator`."
    if not any(person.is_city_wide for person, _code in people):
        told = (
            "Nobody is coordinator: what nobody takes stays where it is, and late reports are told to nobody."
        )
        return Finding("heads", State.FAULT, told, todo)
    if without:
        told = f"No head hears of late reports of {_some(without)}; the coordinators do."
        return Finding("heads", State.WARNING, told, todo)
    return Finding(
        "heads", State.OK, "There is a coordinator, and a head for every department that gets reports."
    )


def _signed_in(city: CityInForce) -> Finding:
    people = [person for person, _code in people_of(city)]
    never = [person for person in people if person.signed_in_at is None]
    if never:
        told = f"{len(never)} of {counted(len(people), 'official has', 'officials have')} never signed in."
        return Finding("signed_in", State.WARNING, told, "Let each sign in once before citizens come.")
    return Finding("signed_in", State.OK, "Every official has signed in once.")


def _consent(city: CityInForce) -> Finding:
    consent = city.profile.asks.consent
    if consent is None:
        told = "The city has no text of consent."
    elif consent.version == SAMPLE:
        told = "The text of consent is the sample."
    else:
        return Finding("consent", State.OK, f"The text of consent is edition {consent.version}.")
    return Finding("consent", State.WARNING, told, "Let a lawyer of the city write it into report.toml.")


def _letters(city: CityInForce) -> Finding:
    left = left_to_default(city.profile)
    if not left:
        return Finding("letters", State.OK, "Every letter is in the city's own words.")
    return Finding(
        "letters", State.OFF, f"{counted(len(left), 'kind', 'kinds')} of letters are in default words."
    )


def _some(codes: Sequence[str]) -> str:
    more = f" and {len(codes) - _SHOWN} more" if len(codes) > _SHOWN else ""
    return f"{', '.join(codes[:_SHOWN])}{more}"


_LOOKS: Final[Sequence[Callable[[CityInForce], Finding]]] = (
    _profile,
    _names,
    _outlines,
    _routing,
    _consent,
    _letters,
    _accounts,
    _heads,
    _signed_in,
)
