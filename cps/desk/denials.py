"""What is not an official's is answered as if it were not there, and that they tried it is written down.

Who is denied something learns nothing from it: neither that it exists nor that it is written down. What does not exist
was mistyped and is no try, nor is what an open page asks for by itself while its report goes out of sight.
"""

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Any, Final

from flask import Response, request
from sqlalchemy import select

from cps.complaints import visibility
from cps.complaints.batches import Batch
from cps.complaints.models import Complaint
from cps.complaints.recurring import RecurringProblem
from cps.complaints.saved_views import SavedView
from cps.complaints.templates import ReplyTemplate
from cps.desk.door import desk
from cps.kernel.db import db
from cps.kernel.errors import NotFound
from cps.people import denials
from cps.people.denials import Kind
from cps.people.models import Leave, Person
from cps.photos.models import Photo
from cps.web import transactions
from cps.web.signin import current_person, is_signed_in

_BY_ITSELF: Final = {"desk.create_presence", "desk.create_look", "desk.keep_draft"}
_READING: Final = {"GET", "HEAD"}


def note(kind: Kind, thing: str = "") -> None:
    """Write down that who is signed in was denied what this request asks for, whatever becomes of the request."""
    route = f"{request.method} {request.url_rule}"
    transactions.keep_anyway(partial(denials.note, current_person().id, kind, route=route, thing=thing))


def expect(may: bool) -> None:
    """Go on where this official has the page; else say that there is none."""
    if not may:
        note(Kind.PAGE)
        raise NotFound


def note_change(reference: str) -> None:
    """Write down that who is signed in wanted to do something to a report that is not theirs."""
    note(Kind.REPORTER if request.endpoint == "desk.create_reveal" else Kind.CHANGE, reference)


def note_unseen(references: Collection[str]) -> None:
    """Write down once that who is signed in wanted to do something to reports that they do not see, if one of these is there."""
    if (found := visibility.one_there(references)) is not None:
        note(Kind.CHANGE, found)


@desk.after_request
def note_hidden(response: Response) -> Response:
    """Look, where nothing was found, whether there is something that this official does not see."""
    if response.status_code == 404 and request.endpoint not in _BY_ITSELF and is_signed_in():
        _look(request.view_args or {}, current_person())
    return response


def _look(args: Mapping[str, Any], person: Person) -> None:
    if "reference" in args:
        _look_for_report(args, person)
    elif args and (found := _kept_by_others(args, person)):
        note(*found)


def _look_for_report(args: Mapping[str, Any], person: Person) -> None:
    for wanted in [args[name] for name in ("reference", "other") if name in args]:
        reach = visibility.reach(person, wanted)
        # What is merged into another it is enough to read.
        if reach is None or (reach.reads and (reach.changes or "other" in args)):
            continue
        if request.method in _READING:
            note(Kind.READ, reach.reference)
        else:
            note_change(reach.reference)
        return


def _kept_by_others(args: Mapping[str, Any], person: Person) -> tuple[Kind, str] | None:
    """Return what this address names, if it is there and somebody else's."""
    noun = str(request.url_rule).split("/")[2]
    if noun == "photos":
        reference = _report_of_photo(str(args["key"]), person)
        return (Kind.READ, reference) if reference else None
    exists = _EXISTS.get(noun)
    number = args.get("number", args.get("key"))
    return (Kind.THING, str(number)) if exists and number is not None and exists(number) else None


def _report_of_photo(key: str, person: Person) -> str | None:
    """Return the report of this photo, if this official does not see it."""
    query = select(Complaint.reference).join(Photo, Photo.complaint_id == Complaint.id)
    reference = db.session.scalar(query.where(Photo.key == key))
    return reference if reference and not visibility.for_official(person).numbers([reference]) else None


_IN_USE: Final = select(ReplyTemplate.id).where(ReplyTemplate.retired_at.is_(None))
_EXISTS: Final[Mapping[str, Callable[[Any], bool]]] = {
    "batches": lambda key: db.session.get(Batch, key) is not None,
    "views": lambda number: db.session.get(SavedView, number) is not None,
    "templates": lambda number: db.session.scalar(_IN_USE.where(ReplyTemplate.id == number)) is not None,
    "leaves": lambda number: db.session.get(Leave, number) is not None,
    "recurring": lambda number: db.session.get(RecurringProblem, number) is not None,
}
