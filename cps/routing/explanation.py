"""Why a report went where it went, in words: what the rule that decided names, clause by clause.

Who reads it may not know the city's offices: the sentence names the kind of problem and the area as the
city calls them, and says nothing of codes or rows.
"""

from collections.abc import Iterable
from functools import partial

from cps.city import season as seasons
from cps.city.profile import Names, Profile, named
from cps.city.rule import ANY, AREA_OFFICE, CLOSED_HOURS, OFFICE_HOURS, Rule
from cps.kernel import dates, numbers
from cps.kernel.catalogues import speaker
from cps.kernel.text import Text, _


def why(rule: Rule, profile: Profile, *, category: str, area: str | None, language: str) -> str:
    """Say in one sentence, without full stop, why the rule sent a report of this category and area."""
    says, counts = speaker(language), partial(numbers.number, language=language)
    texts = (_what_and_where(rule, profile, category, area, language), *_conditions(rule, profile, language))
    return "; ".join(text.rendered(says, counts) for text in texts)


def _what_and_where(rule: Rule, profile: Profile, category: str, area: str | None, language: str) -> Text:
    kind = _name(category, {c.code: c.names for c in profile.categories}, profile, language)
    if rule.department == AREA_OFFICE:
        return _to_office(rule, kind, _place(area or ANY, profile, language))
    if rule.area == ANY:
        return _to_department(rule, kind)
    place = _place(rule.area, profile, language)
    if rule.category == ANY:
        return _("what is reported in %(area)s goes to this department", area=place)
    return _("reports about “%(category)s” in %(area)s go to this department", category=kind, area=place)


def _to_office(rule: Rule, kind: str, place: str) -> Text:
    if rule.category == ANY:
        return _("what is reported in an area goes to the area's own office: %(area)s", area=place)
    return _(
        "reports about “%(category)s” go to the own office of the area they are in: %(area)s",
        category=kind,
        area=place,
    )


def _to_department(rule: Rule, kind: str) -> Text:
    if rule.is_fallback:
        return _("no other rule fits this report, so it goes to the desk that takes all others")
    if rule.category == ANY:
        return _("this department answers here")
    return _("reports about “%(category)s” go to this department", category=kind)


def _conditions(rule: Rule, profile: Profile, language: str) -> Iterable[Text]:
    if rule.owner != ANY:
        owners = {department.code: department.names for department in profile.departments}
        yield _("the place belongs to %(owner)s", owner=_name(rule.owner, owners, profile, language))
    if rule.hours == OFFICE_HOURS:
        yield _("it came in during office hours")
    elif rule.hours == CLOSED_HOURS:
        yield _("it came in outside office hours")
    elif rule.hours != ANY:
        begins, ends = rule.hours.split("-")
        digits = partial(numbers.in_digits, language=language)
        yield _("it came in between %(begins)s and %(ends)s", begins=digits(begins), ends=digits(ends))
    if rule.season != ANY:
        first, last = (dates.day_of_year(day, language=language) for day in seasons.parse(rule.season))
        yield _("from %(first)s to %(last)s of every year", first=first, last=last)
    written = partial(dates.date_in_words, language=language, calendars=profile.dates)
    if rule.first_day is not None:
        yield _("since %(day)s", day=written(rule.first_day))
    if rule.last_day is not None:
        yield _("until %(day)s", day=written(rule.last_day))


def _place(code: str, profile: Profile, language: str) -> str:
    areas = {area.code: area.names for area in profile.areas}
    groups = {group.code: group.names for group in profile.groups}
    return _name(code, {**areas, **groups}, profile, language)


def _name(code: str, known: dict[str, Names], profile: Profile, language: str) -> str:
    """Return what a code is called; one that is no longer in force is shown itself."""
    return named(known[code], language, profile.languages[0]) if code in known else code
