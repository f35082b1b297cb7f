"""What a department finds in the morning: reports of all kinds an officer meets, filed as citizens do, and what becomes of each."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import Final
from uuid import uuid4

from sqlalchemy import select

from cps.complaints import filing, templates
from cps.complaints.contacts import Reporter
from cps.complaints.filing import Report
from cps.complaints.kinds import EventKind
from cps.complaints.models import Complaint, Event
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.complaints.templates import Use
from cps.geo.point import Point
from cps.kernel.db import db
from cps.notify import tasks
from cps.notify.models import Message
from cps.people.models import Person, Role
from tests import truths
from tests.makers import an_official

ROADS, DRAINAGE = "so-xay-dung", "hsdc"
_SEED = 2030
_SOUTH_WEST, _STEP, _IN_A_ROW = (
    Point(20.98, 105.75),
    0.005,
    20,
)  # half a kilometre: nothing looks alike by chance
_POTHOLE, _BUS = ("pothole", "Ổ gà lớn giữa đường."), ("public-transport", "Xe buýt không dừng ở bến.")


@dataclass(frozen=True)
class Kind:
    """What an officer makes of a report: `acts`, as history calls them, and where it stands then.

    `letters`: about which of them its reporter is written to, after the first letter. `said`: category and words, if
    they matter.
    """

    status: Status
    acts: tuple[EventKind, ...]
    letters: tuple[EventKind, ...]
    said: tuple[str, str] | None = None


_DONE = (EventKind.RESOLVED,)
MERGED, _TWIN = "merged, then done", "the same again"
KINDS: Final[Mapping[str, Kind]] = {
    "routine": Kind(Status.RESOLVED, _DONE, _DONE),
    "declined": Kind(Status.DECLINED, (EventKind.DECLINED,), (EventKind.DECLINED,)),
    "asked": Kind(Status.WAITING, (EventKind.ASKED,), (EventKind.ASKED,)),
    "asked in own words": Kind(Status.WAITING, (EventKind.ASKED,), (EventKind.ASKED,)),
    "noted, then done": Kind(Status.RESOLVED, (EventKind.NOTED, *_DONE), _DONE),
    "sent on": Kind(Status.RECEIVED, (EventKind.TRANSFERRED,), (EventKind.TRANSFERRED,)),
    "begun and paused": Kind(
        Status.IN_PROGRESS,
        (EventKind.STARTED, EventKind.PAUSED),
        (EventKind.STARTED, EventKind.PAUSED),
    ),
    "not urgent, then done": Kind(
        Status.RESOLVED, (EventKind.CALMED, *_DONE), _DONE, ("pothole", "Suýt tai nạn vì ổ gà.")
    ),
    MERGED: Kind(Status.RESOLVED, (EventKind.ABSORBED, *_DONE), _DONE, _POTHOLE),
    _TWIN: Kind(Status.MERGED, (EventKind.MERGED,), (EventKind.MERGED, *_DONE), _POTHOLE),
}
TWO_HUNDRED: Final[Mapping[str, int]] = {
    "routine": 106,
    "declined": 16,
    "asked": 12,
    "asked in own words": 6,
    "noted, then done": 14,
    "sent on": 14,
    "begun and paused": 10,
    "not urgent, then done": 8,
    MERGED: 7,  # and as many that say the same again
}


@dataclass(frozen=True)
class Inbox:
    """Who works, of which kind each report is, by its number, and which other one says the same as one does."""

    officer: str
    kinds: Mapping[str, str]
    twins: Mapping[str, str]


def filled(counts: Mapping[str, int]) -> Inbox:
    """File so many reports of each kind, write what is often replied, and make an officer of their department.

    Those that say the same again come last; no two inboxes of one process have a place in common.
    """
    names = [name for name, times in counts.items() for _time in range(times)]
    random.Random(_SEED).shuffle(names)
    places = list(zip(names, _PLACES, strict=False))
    kinds = {_filed(number, *place): place[0] for number, place in enumerate(places)}
    firsts = [reference for reference, name in kinds.items() if name == MERGED]
    spots = [point for name, point in places if name == MERGED]
    twins = {
        first: _filed(len(kinds) + number, _TWIN, point)
        for number, (first, point) in enumerate(zip(firsts, spots, strict=True))
    }
    kinds |= dict.fromkeys(twins.values(), _TWIN)
    _write_templates()
    officer = an_official("Bo", department=ROADS)
    _announce(kinds)
    return Inbox(officer.email, kinds, twins)


def faults(inbox: Inbox) -> list[str]:
    """Tell what did not become of the reports what should: where they stand, by which acts, and who was written to."""
    _announce(inbox.kinds)
    officer = db.session.scalars(select(Person).where(Person.email == inbox.officer)).one()
    found = [f"{what}: {numbers}" for what, numbers in truths.untrue().items()]
    for reference, name in inbox.kinds.items():
        complaint = db.session.scalars(select(Complaint).where(Complaint.reference == reference)).one()
        stands = (complaint.status, _acts(complaint, officer), _letters(complaint))
        kind = KINDS[name]
        should = (kind.status, list(kind.acts), [EventKind.RECEIVED, *kind.letters])
        found += [f"{reference} ({name}): {stands}"] if stands != should else []
    return found


def _places() -> Iterator[Point]:
    for number in count():
        row, column = divmod(number, _IN_A_ROW)
        yield Point(_SOUTH_WEST.latitude + row * _STEP, _SOUTH_WEST.longitude + column * _STEP)


_PLACES: Final = _places()


def _filed(number: int, name: str, point: Point) -> str:
    category, words = KINDS[name].said or (_BUS if number % 3 == 0 else _POTHOLE)
    report = Report(
        submission_key=uuid4(),
        category=category,
        point=point,
        area=None,
        landmark="cạnh chợ",
        words=words,
        contact=Contact(email=f"{uuid4()}@citizen.example"),
        language=("vi", "en")[number % 2],
        answers={"route": ["32"]} if category == _BUS[0] else {},
    )
    reference = filing.file(report).complaint.reference
    db.session.commit()
    return reference


def _write_templates() -> None:
    """Write one reply of each kind, as the coordinator of the city."""
    writer = an_official("Dee", role=Role.COORDINATOR, department=ROADS)
    for use, fields in templates.FIELDS.items():
        texts = {code: dict.fromkeys(fields, f"{use}: {{number}}, {{place}}.") for code in ("vi", "en")}
        templates.write(None, use=Use(use), category_id=None, title=use, texts=texts, by=writer)
    db.session.commit()


def _announce(references: Mapping[str, str]) -> None:
    """Write the letters about all that happened to these reports, as the worker does."""
    of_these = select(Complaint.id).where(Complaint.reference.in_(references))
    tasks.write(
        db.session.scalars(select(Event.id).where(Event.complaint_id.in_(of_these)).order_by(Event.id)).all()
    )
    db.session.commit()


def _acts(complaint: Complaint, officer: Person) -> Sequence[EventKind]:
    query = select(Event.kind).where(Event.complaint_id == complaint.id, Event.by_id == officer.id)
    return list(db.session.scalars(query.order_by(Event.position)))


def _letters(complaint: Complaint) -> Sequence[EventKind]:
    """Return what its reporter was written to about, of this report or another."""
    address = select(Reporter.email).where(Reporter.complaint_id == complaint.id).scalar_subquery()
    query = select(Event.kind).join(Message, Message.event_id == Event.id).where(Message.address == address)
    return list(db.session.scalars(query.order_by(Event.id)))
