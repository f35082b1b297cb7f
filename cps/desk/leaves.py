"""Who is away and who stands in: the list of an official, of a department or of the city, and a form to enter a leave.

What somebody has who goes away can be handed over at once, by the pages of many reports.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.city.queries import today
from cps.complaints import load
from cps.desk import colleagues, denials, many
from cps.desk.door import desk
from cps.kernel.db import db
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people import leaves as verbs
from cps.people import queries as people
from cps.people.models import Leave, Person
from cps.web import forms, language, options
from cps.web.signin import current_person


@dataclass(frozen=True, slots=True)
class Line:
    """A leave, and how many open reports the official has.

    `is_begun`: that they are away now. `lapsed`: who was named to stand in and does not. `may_end`: whether the reader may end it.
    """

    leave: Leave
    department: str
    is_begun: bool
    lapsed: str
    reports: int
    may_end: bool


@dataclass(frozen=True)
class _Typed:
    """What was typed to enter a leave, and what stood against it."""

    fields: Mapping[str, str] = field(default_factory=dict)
    faults: Mapping[str, Text] = field(default_factory=dict)
    refusal: Text | None = None


_NOTHING = _Typed()


@desk.get("/leaves")
def leaves() -> ResponseReturnValue:
    """List who is away now and later, as far as it concerns this official, with a form to enter a leave."""
    return _page()


@desk.post("/leaves")
def create_leave() -> ResponseReturnValue:
    """Enter a leave."""
    by = _by()
    fields = {name: forms.typed(name) for name in ("person", "first", "last", "cover")}
    try:
        with db.session.begin_nested():
            first, last = _day("first"), _day("last")
            verbs.plan(_person(by), first=first, last=last, cover=_cover(), by=by)
    except Invalid as invalid:
        return _page(_Typed(fields, invalid.faults)), 422
    except Refused as refused:
        return _page(_Typed(fields, refusal=refused.sentence)), 409
    return _back()


@desk.post("/leaves/<int:number>/ending")
def end_leave(number: int) -> ResponseReturnValue:
    """End a leave, or take back one that has not begun."""
    by = current_person()
    try:
        verbs.end(verbs.one_of(by, number), by=by)
    except Refused as refused:
        return _page(_Typed(refusal=refused.sentence)), 409
    return _back()


def _by() -> Person:
    person = current_person()
    denials.expect(person.works)
    return person


def _page(typed: _Typed = _NOTHING) -> str:
    person, city, code = _by(), language.city(), _asked_department()
    found = verbs.ahead(person, department_id=city.department_ids.get(code))
    counts = load.open_of({leave.person_id for leave in found})
    of = city.department_ids[code] if code else person.department_id
    known = people.colleagues_in(of)
    return render_template(
        "desk/leaves.html",
        person=person,
        asked=code,
        departments=options.departments(city, language.current()),
        lines=[_line(leave, counts.get(leave.person_id, 0), person) for leave in found],
        is_more=len(found) == verbs.SHOWN,
        until=colleagues.until,
        typed=typed,
        officials=colleagues.listed((one for one in known if verbs.may_enter(person, one)), person),
        covers=colleagues.listed((one for one in known if not one.is_auditor), person),
        today=today(),
    )


def _line(leave: Leave, reports: int, person: Person) -> Line:
    city, number = language.city(), leave.person.department_id
    return Line(
        leave=leave,
        department=city.named(city.department_names[number], language.current()) if number else "",
        is_begun=leave.first_day <= today(),
        lapsed=leave.cover.name if leave.cover and leave.stand_in is None else "",
        reports=reports,
        may_end=verbs.may_enter(person, leave.person),
    )


def _asked_department() -> str:
    """Return the department that a coordinator asks for, by its code; empty for none, and for others."""
    code = request.args.get("department", "") if current_person().is_city_wide else ""
    if code and code not in language.city().department_ids:
        raise NotFound
    return code


def _person(by: Person) -> Person:
    """Return who will be away: oneself, if the form does not ask."""
    found = _official("person") if forms.typed("person") else by
    if found is None or not verbs.may_enter(by, found):
        raise Invalid({"person": _("Choose a colleague from the list.")})
    return found


def _cover() -> Person | None:
    found = _official("cover")
    if found is None and forms.typed("cover"):
        raise Invalid({"cover": _("Choose a colleague from the list.")})
    return found


def _official(name: str) -> Person | None:
    number = many.number(forms.typed(name))
    return people.active(number) if number is not None else None


def _day(name: str) -> date:
    try:
        return date.fromisoformat(forms.typed(name))
    except ValueError:
        raise Invalid({name: _("Choose the day.")}) from None


def _back() -> ResponseReturnValue:
    return redirect(url_for("desk.leaves", department=_asked_department() or None), 303)
