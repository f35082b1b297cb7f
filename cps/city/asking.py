"""What a city asks of those who report, beside what and where: questions, photos, consent, who they are.

A question is defined as Open311 GeoReport v2 defines an attribute of a service: `code`, `datatype`, `required`,
`description`, `values`. Everything here may be left out of a profile; then nothing more is asked.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256
from typing import Final

from cps.city.abuse import Abuse
from cps.city.phrases import Phrases

Names = Mapping[str, str]


class Datatype(StrEnum):
    """What kind of answer a question has; Open311's words, and `date`, which it does not know."""

    STRING = "string"
    TEXT = "text"
    NUMBER = "number"
    DATE = "date"
    DATETIME = "datetime"
    ONE = "singlevaluelist"
    MANY = "multivaluelist"

    @property
    def has_values(self) -> bool:
        """Whether an answer is chosen from a list."""
        return self in (Datatype.ONE, Datatype.MANY)


class Wanted(StrEnum):
    """Whether something is asked for, and must be given."""

    NO = "no"
    OPTIONAL = "optional"
    REQUIRED = "required"


@dataclass(frozen=True, slots=True)
class Value:
    """One answer to choose."""

    key: str
    names: Names


@dataclass(frozen=True, slots=True)
class Question:
    """A further question about a kind of problem; `is_public`: everybody may read the answer.

    `least`, `most`: of a number.
    """

    code: str
    datatype: Datatype
    is_required: bool
    is_public: bool
    descriptions: Names
    hints: Names = field(default_factory=dict)
    values: tuple[Value, ...] = ()
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """What photos of a kind of problem must prove; without them it is filed under the category `fallback`.

    `interval`: minutes between the first photo and the last; `fresh`: minutes within which all were taken before
    they were sent; 0 asks for neither.
    """

    photos: int
    interval: int
    fresh: int
    fallback: str


@dataclass(frozen=True, slots=True)
class CategoryAsks:
    """What is asked, said and allowed for one kind of problem.

    `may_choose`: the reporter may choose who reads the report. `confirms_contact`: a contact that is given must be
    confirmed by a code. `shows_result`: it is not resolved without a photo of the place afterwards. `example`: what a good photo shows, with the name of a `picture` in `static/examples/`, or
    without.
    """

    questions: tuple[Question, ...] = ()
    evidence: Evidence | None = None
    may_choose: bool = False
    needs_contact: bool = False
    needs_name: bool = False
    confirms_contact: bool = False
    is_emergency: bool = False
    shows_result: bool = False
    example: Names = field(default_factory=dict)
    picture: str = ""

    @property
    def has_more(self) -> bool:
        """Whether choosing the category brings anything to answer, to choose or to show."""
        return bool(self.questions or self.evidence or self.may_choose or self.example)


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A matter another office decides: which words or categories mean it, and where to go with it."""

    names: Names
    texts: Names
    phrases: Phrases
    categories: tuple[str, ...] = ()
    phone: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class Consent:
    """What the reporter agrees to by sending: one sentence, and the full text it stands for."""

    version: str
    sentences: Names
    texts: Names

    @property
    def mark(self) -> str:
        """Return what a report keeps of it: the version, and a digest that changes with every letter of it."""
        words = repr((sorted(self.sentences.items()), sorted(self.texts.items())))
        return f"{self.version} {sha256(words.encode()).hexdigest()[:12]}"


@dataclass(frozen=True, slots=True)
class Recurring:
    """When a problem is one that comes back: so many `times` within so many `days` and `metres`; 0 times: never.

    `plan_days`: working days within which somebody says what will be done. `without`: categories that do not count.
    """

    times: int = 3
    days: int = 90
    metres: int = 50
    plan_days: int = 5
    without: tuple[str, ...] = ()


_NOTHING: Final = CategoryAsks()


@dataclass(frozen=True, slots=True)
class Asks:
    """Everything a city asks; `categories` by code, those of which nothing is asked left out."""

    categories: Mapping[str, CategoryAsks] = field(default_factory=dict)
    emergency: Phrases = field(default_factory=Phrases)
    elsewhere: tuple[Elsewhere, ...] = ()
    consent: Consent | None = None
    contact: Wanted = Wanted.OPTIONAL
    name: Wanted = Wanted.NO
    confirms_contact: bool = False
    recurring: Recurring = field(default_factory=Recurring)
    abuse: Abuse = field(default_factory=Abuse)

    def of(self, category: str | None) -> CategoryAsks:
        """Return what is asked about one kind of problem."""
        return self.categories.get(category or "", _NOTHING)

    def needs_contact(self, category: str | None) -> bool:
        """Whether a report of this kind needs an e-mail address or a phone number."""
        return self.contact is Wanted.REQUIRED or self.of(category).needs_contact

    def needs_name(self, category: str | None) -> bool:
        """Whether a report of this kind needs a name."""
        return self.name is Wanted.REQUIRED or self.of(category).needs_name

    def confirms(self, category: str | None, words: str) -> bool:
        """Whether the contact given with such a report must be confirmed by a code; never where help may be needed."""
        is_asked = self.confirms_contact or self.of(category).confirms_contact
        return is_asked and not self.is_emergency(category, words)

    @property
    def has_name(self) -> bool:
        """Whether there is a field for the name at all."""
        return self.name is not Wanted.NO or any(asks.needs_name for asks in self.categories.values())

    def is_emergency(self, category: str | None, words: str) -> bool:
        """Whether a report sounds as if somebody should call for help at once."""
        return self.of(category).is_emergency or self.emergency.are_in(words)

    def decided_elsewhere(self, category: str | None, words: str) -> tuple[Elsewhere, ...]:
        """Return the other offices that a report sounds to be for."""
        return tuple(one for one in self.elsewhere if category in one.categories or one.phrases.are_in(words))
