"""The small named world of the tests, made of real rows with truthful defaults.

Ana files, Bo works at a desk of the lighting company, Chi works elsewhere, Dee looks after the city.
It is always Monday 7 January 2030, nine o'clock in Hanoi.
"""

from datetime import datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from PIL import Image
from sqlalchemy import select

from cps.city.models import Department
from cps.complaints import filing, lifecycle, subtasks, templates
from cps.complaints.attached import Subtask
from cps.complaints.filing import Report
from cps.complaints.models import Complaint
from cps.complaints.reply_dates import ReplyDate
from cps.complaints.reporters import Contact
from cps.complaints.status import Status
from cps.complaints.templates import ReplyTemplate, Use
from cps.geo.point import Point
from cps.kernel.db import db
from cps.people import signin
from cps.people.models import Person, Role

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
MONDAY = datetime(2030, 1, 7, 9, 0, tzinfo=HANOI)
HOAN_KIEM = Point(21.0287, 105.8523)  # the lake in the middle of the city
PASSWORD = "correct horse battery staple"
_HASH = signin.hashed(PASSWORD)

LIGHTING = "hapulico"
DRAINAGE = "hsdc"


def a_department(code: str = LIGHTING) -> Department:
    """Return a department of the loaded city."""
    return db.session.scalars(select(Department).where(Department.code == code)).one()


def an_official(
    name: str = "Bo", *, role: Role = Role.OFFICER, department: str | None = LIGHTING, is_active: bool = True
) -> Person:
    """Make an official with an account, of no department if that is None; the password is PASSWORD."""
    person = Person(
        email=f"{name.lower()}.{uuid4().hex[:8]}@hanoi.example",
        name=name,
        role=role,
        department_id=a_department(department).id if department else None,
        password_hash=_HASH,
        is_active=is_active,
    )
    db.session.add(person)
    db.session.commit()
    return person


def a_report(**changes: Any) -> Report:
    """Return what Ana hands in: a dark street lamp at the lake."""
    values: dict[str, Any] = {
        "submission_key": uuid4(),
        "category": "street-light",
        "point": HOAN_KIEM,
        "area": None,
        "landmark": "cạnh tháp bút",
        "words": "Đèn đường không sáng ba đêm nay.",
        "contact": Contact(email="ana@citizen.example"),
        "language": "vi",
    }
    return Report(**{**values, **changes})


def a_complaint(status: Status = Status.RECEIVED, *, by: Person | None = None, **changes: Any) -> Complaint:
    """File a report and bring it to `status` by the real verbs; committed."""
    complaint = filing.file(a_report(**changes)).complaint
    if status is not Status.RECEIVED:
        _bring(complaint, status, by or _handler(complaint))
    db.session.commit()
    return complaint


def a_subtask(complaint: Complaint, *, to: str = DRAINAGE, by: Person, **changes: Any) -> Subtask:
    """Ask a department about the complaint, for tomorrow evening; committed."""
    asked = {"question": "Is the cable in your duct?", "reply_by": later(days=1, hours=8), **changes}
    asked["reply_by"] = ReplyDate(asked["reply_by"], asked.pop("days", None))
    subtasks.ask(complaint, to=a_department(to), by=by, **asked)
    db.session.commit()
    return subtasks.open_one(complaint, to)


def a_template(*, by: Person | None = None, use: Use = Use.RESOLUTION, **changes: Any) -> ReplyTemplate:
    """Write a template, of the whole city unless an official of a department writes it; committed."""
    values: dict[str, Any] = {
        "title": "Lamp changed",
        "category_id": None,
        "texts": {
            "vi": {"result": "Đã thay đèn cho phản ánh {number}."},
            "en": {"result": "Changed. {number}"},
        },
    }
    writer = by or an_official("Dee", role=Role.COORDINATOR)
    template = templates.write(None, use=use, by=writer, **{**values, **changes})
    db.session.commit()
    return template


def a_report_form(**changes: Any) -> dict[str, Any]:
    """Return the fields of the report form as Ana fills it in."""
    values = {
        "key": str(uuid4()),
        "category": "street-light",
        "latitude": str(HOAN_KIEM.latitude),
        "longitude": str(HOAN_KIEM.longitude),
        "landmark": "cạnh tháp bút",
        "area": "",
        "words": "Đèn đường không sáng ba đêm nay.",
        "contact": "ana@citizen.example",
    }
    return {**values, **changes}


def a_photo(size: tuple[int, int] = (800, 600), *, kind: str = "JPEG", **saving: Any) -> BytesIO:
    """Make a picture that no two calls share."""
    image = Image.effect_noise(size, 40).convert("RGB")
    image.putpixel((0, 0), tuple(uuid4().bytes[:3]))
    data = BytesIO()
    image.save(data, kind, **saving)
    data.seek(0)
    return data


def a_key() -> UUID:
    """Return a new form key."""
    return uuid4()


def later(**parts: float) -> datetime:
    """Return a moment after Monday nine o'clock."""
    return MONDAY + timedelta(**parts)


def _handler(complaint: Complaint) -> Person:
    return an_official(department=complaint.department.code)


def _bring(complaint: Complaint, status: Status, by: Person) -> None:
    if status is Status.WITHDRAWN:
        lifecycle.withdraw(complaint)
        return
    if status is Status.DECLINED:
        lifecycle.decline(
            complaint, by=by, reason="Not the city's lamp.", remedy="Ask the owner of the house."
        )
        return
    lifecycle.assign(complaint, to=by, by=by)
    if status is Status.ASSIGNED:
        return
    lifecycle.start(complaint, by=by)
    if status is Status.WAITING:
        lifecycle.ask(complaint, by=by, question="Which lamp is it?")
    if status is Status.RESOLVED:
        lifecycle.resolve(complaint, by=by, result="We changed the lamp.")
