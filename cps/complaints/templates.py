"""Replies that are written once and sent often: per kind of reply, category and language, with gaps of a closed list.

A gap is a word in braces, like {number}. Nothing else in a text means anything: it is never a program. What a report
has no value for stays a gap, and no text with a gap is sent.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import ForeignKey, Identity, select
from sqlalchemy.orm import Mapped, mapped_column

from cps.complaints.models import Complaint
from cps.kernel import clock
from cps.kernel.columns import words
from cps.kernel.db import Base, db
from cps.kernel.errors import Invalid, NotFound
from cps.kernel.text import Text, _
from cps.people.models import Person

LONGEST_TITLE: Final = 60
LONGEST_TEXT: Final = 2000
_GAP = re.compile(r"\{([^{}\n]*)\}")


class Use(StrEnum):
    """What a template answers with; named as the action that sends it."""

    RESOLUTION = "resolutions"
    REFUSAL = "refusals"
    QUESTION = "questions"


class Gap(StrEnum):
    """What can stand in braces."""

    NUMBER = "number"
    CATEGORY = "category"
    PLACE = "place"
    DEPARTMENT = "department"
    RECEIVED = "received"
    DEADLINE = "deadline"


FIELDS: Final[Mapping[Use, tuple[str, ...]]] = {
    Use.RESOLUTION: ("result",),
    Use.REFUSAL: ("reason", "remedy"),
    Use.QUESTION: ("question",),
}
"""The fields of each use, named as those of the action's form."""

Texts = Mapping[str, Mapping[str, str]]
"""Texts by language and field."""


class ReplyTemplate(Base):
    """A template of a department, or of the whole city; for one category or for all."""

    __tablename__ = "reply_template"

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    department_id: Mapped[int | None] = mapped_column(ForeignKey("department.id"), index=True)
    category_id: Mapped[int | None] = mapped_column(ForeignKey("category.id"))
    use: Mapped[Use] = mapped_column(words(Use))
    title: Mapped[str]
    texts: Mapped[dict[str, Any]]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    retired_at: Mapped[datetime | None]


def may_write(person: Person) -> bool:
    """Whether this official writes templates: heads for their department, coordinators for the whole city."""
    return person.leads


def kept_by(person: Person) -> Sequence[ReplyTemplate]:
    """Return the templates that this official may change."""
    return _in_use(ReplyTemplate.department_id == _home(person))


def one_of(person: Person, number: int) -> ReplyTemplate:
    """Return a template that this official may change, or raise NotFound."""
    found = next((one for one in kept_by(person) if one.id == number), None) if may_write(person) else None
    if found is None:
        raise NotFound
    return found


def fitting(complaint: Complaint) -> Sequence[ReplyTemplate]:
    """Return what can be sent about a complaint in the language of who reported it; the own department's first."""
    found = _in_use(
        ReplyTemplate.department_id.is_(None) | (ReplyTemplate.department_id == complaint.department_id),
        ReplyTemplate.category_id.is_(None) | (ReplyTemplate.category_id == complaint.category_id),
    )
    spoken = [one for one in found if complaint.language in one.texts]
    return sorted(spoken, key=lambda one: (one.department_id is None, one.category_id is None))


def usable_by(person: Person, use: Use) -> Sequence[ReplyTemplate]:
    """Return what this official can answer many reports with: what is the city's, and the own department's."""
    if person.is_city_wide:
        return _in_use(ReplyTemplate.use == use)
    own = ReplyTemplate.department_id.is_(None) | (ReplyTemplate.department_id == person.department_id)
    return _in_use(ReplyTemplate.use == use, own)


def fits(template: ReplyTemplate, complaint: Complaint) -> bool:
    """Whether it can be sent about this complaint, in the language of who reported it."""
    return (
        template.department_id in (None, complaint.department_id)
        and template.category_id in (None, complaint.category_id)
        and complaint.language in template.texts
    )


def write(
    template: ReplyTemplate | None, *, use: Use, category_id: int | None, title: str, texts: Texts, by: Person
) -> ReplyTemplate:
    """Write a template, or write it anew; languages without any text are left out.

    Raises Invalid for a missing title, a text that is missing beside another, one that is too long, or an unknown gap;
    the field of a text is `<field>-<language>`.
    """
    kept = {
        code: dict(fields) for code, fields in texts.items() if any(text.strip() for text in fields.values())
    }
    faults = _faults(title, kept, use)
    if faults:
        raise Invalid(faults)
    template = template or ReplyTemplate(department_id=_home(by))
    template.use, template.category_id, template.title, template.texts = use, category_id, title, kept
    template.changed_at, template.changed_by_id = clock.now(), by.id
    db.session.add(template)
    return template


def retire(template: ReplyTemplate, *, by: Person) -> None:
    """Offer a template no more; what was sent with it stays as it was sent."""
    template.retired_at, template.changed_by_id = clock.now(), by.id


def filled(text: str, values: Mapping[Gap, str]) -> str:
    """Put values into the gaps of a text; a gap without one stays."""

    def value(found: re.Match[str]) -> str:
        known = Gap(found[1]) if found[1] in set(Gap) else None
        return (values.get(known) if known else None) or found[0]

    return _GAP.sub(value, text)


def expect_filled(texts: Mapping[str, str]) -> None:
    """Raise Invalid, by field, for a text in which a gap is still open."""
    faults = {
        name: _("Write something in the place of {%(gap)s}.", gap=found[1])
        for name, text in texts.items()
        for found in _GAP.finditer(text)
        if found[1] in set(Gap)
    }
    if faults:
        raise Invalid(faults)


def _home(person: Person) -> int | None:
    return None if person.is_city_wide else person.department_id


def _in_use(*conditions: Any) -> Sequence[ReplyTemplate]:
    query = select(ReplyTemplate).where(ReplyTemplate.retired_at.is_(None), *conditions)
    return db.session.scalars(query.order_by(ReplyTemplate.use, ReplyTemplate.title, ReplyTemplate.id)).all()


def _faults(title: str, texts: Texts, use: Use) -> dict[str, Text]:
    faults: dict[str, Text] = {}
    if not title.strip() or len(title) > LONGEST_TITLE:
        faults["title"] = _("Write a title of at most %(most)s letters.", most=LONGEST_TITLE)
    if not texts:
        faults["texts"] = _("Write the text in at least one language.")
    for code, fields in texts.items():
        for field in FIELDS[use]:
            fault = _fault(fields.get(field, ""))
            if fault is not None:
                faults[f"{field}-{code}"] = fault
    return faults


def _fault(text: str) -> Text | None:
    if not text.strip():
        return _("Write this text too, or leave the language out.")
    if len(text) > LONGEST_TEXT:
        return _("This is too long: at most %(most)s letters.", most=LONGEST_TEXT)
    unknown = next((found[1] for found in _GAP.finditer(text) if found[1] not in set(Gap)), None)
    if unknown is not None:
        return _("{%(gap)s} means nothing. Gaps are: %(known)s.", gap=unknown, known=_KNOWN)
    return None


_KNOWN = ", ".join(f"{{{gap}}}" for gap in Gap)
