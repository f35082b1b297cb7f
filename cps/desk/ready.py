"""Templates as they are offered on a report: filled in, in the language of who reported it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cps.city.queries import CityInForce
from cps.complaints import templates, visibility
from cps.complaints.models import Complaint
from cps.complaints.templates import Gap, ReplyTemplate, Use
from cps.web import language


@dataclass(frozen=True)
class Ready:
    """A reply that can be sent as it is, or be changed first; `fields`: its texts by name."""

    number: int
    title: str
    use: Use
    fields: Mapping[str, str]


def of(complaint: Complaint) -> Sequence[Ready]:
    """Return the replies that fit a report."""
    city = language.city()
    return [_ready(one, complaint, city) for one in templates.fitting(complaint)]


def _ready(template: ReplyTemplate, complaint: Complaint, city: CityInForce) -> Ready:
    values = values_of(complaint, city)
    texts = template.texts[complaint.language]
    fields = {name: templates.filled(texts.get(name, ""), values) for name in templates.FIELDS[template.use]}
    return Ready(template.id, template.title, template.use, fields)


def values_of(complaint: Complaint, city: CityInForce) -> dict[Gap, str]:
    """Return what fills the gaps of a text about this report, in the language of who reported it."""
    spoken, profile = complaint.language, city.profile
    area = city.named(complaint.area.names, spoken) if complaint.area else ""
    return {
        Gap.NUMBER: complaint.reference,
        Gap.CATEGORY: city.named(complaint.category.names, spoken),
        Gap.PLACE: ", ".join(
            part for part in (visibility.seen_words(complaint.landmark, city), area) if part
        ),
        Gap.DEPARTMENT: city.named(complaint.department.names, spoken),
        Gap.RECEIVED: profile.day(complaint.received_at, language=spoken),
        Gap.DEADLINE: profile.day(complaint.due_at, language=spoken),
    }
