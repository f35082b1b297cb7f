"""The queues an official has kept under a name: beside the queue, and on a page where they are named, pinned and removed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from cps.complaints import saved_views
from cps.complaints.saved_views import DIGITS, SavedView, Sharing, Shown
from cps.complaints.views import Day, Sieve, View, is_for
from cps.desk import denials, narrowing
from cps.desk.door import desk
from cps.desk.narrowing import Filters
from cps.kernel.errors import Invalid, NotFound, Refused
from cps.kernel.text import Text, _
from cps.people.models import Person
from cps.web import forms
from cps.web.signin import current_person

SHARINGS: dict[Sharing, Text] = {
    Sharing.PERSONAL: _("Me alone"),
    Sharing.DEPARTMENT: _("My department"),
    Sharing.CITY: _("Everybody in the city"),
}


@dataclass(frozen=True, slots=True)
class Link:
    """A saved view beside the queue: where it leads, and how many reports it holds, where that is counted."""

    number: int
    name: str
    address: str
    digit: int | None
    count: int | None


@dataclass(frozen=True)
class _Typed:
    """What was typed to save a view, and what stood against it; `number`: to name one that is there already."""

    name: str = ""
    sharing: str = ""
    number: int | None = None
    faults: Mapping[str, Text] = field(default_factory=dict)


_NOTHING = _Typed()


def links(person: Person, *, day: Day) -> list[Link]:
    """List what this official has saved or is shared, with live numbers."""
    shown = [
        (one, sieve) for one in saved_views.of(person) if (sieve := _sieve(one.saved, person)) is not None
    ]
    numbers = saved_views.counted([(one.saved, sieve) for one, sieve in shown], person, day=day)
    return [
        Link(one.saved.id, one.saved.name, address(one.saved), one.digit, numbers.get(one.saved.id))
        for one, _sifts in shown
    ]


def address(saved: SavedView) -> str:
    """Return the address of the queue that was saved."""
    return url_for("desk.queue", view=saved.view, **saved.filters)


def _sieve(saved: SavedView, person: Person) -> Sieve | None:
    """Return what it asks for without its words, or None for what this official has not or the city has no more."""
    if not is_for(person, saved.view):
        return None
    filters = Filters(**{**saved.filters, "q": ""})
    return narrowing.sieve(filters, person) if narrowing.is_known(filters) else None


@desk.get("/views")
def saved_view_list() -> ResponseReturnValue:
    """Show what is saved, and a form to save the queue of this address."""
    return _page(_NOTHING)


@desk.post("/views")
def create_saved_view() -> ResponseReturnValue:
    """Save the queue of this address under a name."""
    person = current_person()
    typed = _Typed(forms.typed("name"), forms.typed("sharing"))
    if typed.sharing not in set(Sharing):
        raise NotFound
    denials.expect(Sharing(typed.sharing) in saved_views.sharings(person))
    try:
        saved = saved_views.save(
            typed.name,
            sharing=Sharing(typed.sharing),
            view=_view(person),
            filters=narrowing.asked(person).chosen,
            by=person,
        )
    except Invalid as invalid:
        return _page(_Typed(typed.name, typed.sharing, faults=invalid.faults)), 422
    except Refused as refused:
        return _page(_Typed(typed.name, typed.sharing, faults={"name": refused.sentence})), 409
    return redirect(address(saved), 303)


@desk.post("/views/<int:number>")
def change_saved_view(number: int) -> ResponseReturnValue:
    """Name it anew, where one may, and give it a digit."""
    person = current_person()
    saved = saved_views.one_of(person, number).saved
    if saved_views.may_change(person, saved):
        try:
            saved_views.rename(saved, forms.typed("name"), by=person)
        except Invalid as invalid:
            return _page(_Typed(forms.typed("name"), number=number, faults=invalid.faults)), 422
    digit = forms.typed("digit")
    saved_views.pin(saved, int(digit) if digit in map(str, DIGITS) else None, by=person)
    return redirect(url_for("desk.saved_view_list"), 303)


@desk.post("/views/<int:number>/removals")
def remove_saved_view(number: int) -> ResponseReturnValue:
    """Remove it, for everybody who was shown it."""
    person = current_person()
    saved_views.remove(saved_views.one_of(person, number).saved, by=person)
    return redirect(url_for("desk.saved_view_list"), 303)


def _view(person: Person) -> View:
    name = request.args.get("view", "")
    return View(name) if name in set(View) and is_for(person, View(name)) else View.OPEN


def _page(typed: _Typed) -> str:
    person = current_person()
    shown: Sequence[Shown] = saved_views.of(person)
    rows: list[dict[str, Any]] = [
        {
            "saved": one.saved,
            "digit": one.digit,
            "address": address(one.saved),
            "sharing": SHARINGS[one.saved.sharing],
            "is_ours": saved_views.may_change(person, one.saved),
        }
        for one in shown
    ]
    return render_template(
        "desk/saved_views.html",
        person=person,
        rows=rows,
        typed=typed,
        digits=DIGITS,
        asked={"view": _view(person), **narrowing.asked(person).chosen} if request.args else None,
        sharings=[(code, SHARINGS[code]) for code in saved_views.sharings(person)],
    )
