"""The page that says who looked at reporters, and why, and who tried what is not theirs: for auditors and coordinators."""

from dataclasses import dataclass
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue

from cps.complaints import reveal_log
from cps.complaints.reveal_log import PAGE_LENGTH, Look
from cps.desk import denials, finding
from cps.desk.door import desk
from cps.kernel.errors import NotFound
from cps.kernel.text import Text, _
from cps.people import denials as denied
from cps.people import queries as people
from cps.people.denials import Kind, Tried
from cps.web import filters, language
from cps.web.signin import current_person

_LONGEST_NUMBER: Final = 18


KINDS: Final[dict[Kind, Text]] = {
    Kind.READ: _("Wanted to read a report that they do not see"),
    Kind.CHANGE: _("Wanted to change a report that is not theirs"),
    Kind.REPORTER: _("Wanted to see who reported"),
    Kind.PAGE: _("Wanted a page that is for other roles"),
    Kind.THING: _("Wanted what others keep: a template, a saved view, a batch or a recurring problem"),
}
_OF_REPORTS: Final = {Kind.READ, Kind.CHANGE, Kind.REPORTER}


@dataclass(frozen=True, slots=True)
class Line:
    """One look at a reporter, in the language of the page."""

    look: Look
    category: str
    department: str
    reason: str


@dataclass(frozen=True, slots=True)
class Denied:
    """What an official tried in vain on a day, in words; `reference`: the last report it was about, if it was about one."""

    tried: Tried
    what: Text
    reference: str


@desk.get("/reveals")
def reveals() -> ResponseReturnValue:
    """Show who looked at reporters, latest first, of one official if the address names one."""
    person = current_person()
    denials.expect(reveal_log.may_read(person))
    by = _number("official")
    official = people.with_number(by) if by is not None else None
    if by is not None and official is None:
        raise NotFound
    before = _number("before")
    looks = reveal_log.page(by=by, before=before)
    return render_template(
        "desk/reveals.html",
        person=person,
        lines=[_line(look) for look in looks[:PAGE_LENGTH]],
        official=official,
        officials=reveal_log.by_official(),
        days=reveal_log.DAYS,
        denied=[_denied(tried) for tried in denied.lately(by=by)],
        denied_days=denied.DAYS,
        is_further=before is not None,
        before=looks[PAGE_LENGTH - 1].number if len(looks) > PAGE_LENGTH else None,
    )


def _line(look: Look) -> Line:
    city, spoken = language.city(), language.current()
    return Line(
        look,
        category=city.named(city.category_names[look.category_id], spoken),
        department=city.named(city.department_names[look.department_id], spoken),
        reason=_reason(look.reason),
    )


def _denied(tried: Tried) -> Denied:
    return Denied(tried, KINDS[tried.kind], tried.thing if tried.kind in _OF_REPORTS else "")


def _reason(reason: str) -> str:
    """Return a reason as it was written; what the system wrote itself, in the language of the page."""
    return filters.says(finding.WHY) if reason == finding.WHY.msgid else reason


def _number(name: str) -> int | None:
    """Read a number of the address; what is none is not there."""
    typed = request.args.get(name, "")
    if not typed:
        return None
    if not (typed.isascii() and typed.isdigit() and len(typed) <= _LONGEST_NUMBER):
        raise NotFound
    return int(typed)
