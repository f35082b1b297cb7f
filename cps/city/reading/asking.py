"""`report.toml`: what is asked of those who report beside what and where; all of it may be left out."""

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Final

from cps.city.asking import (
    Asks,
    CategoryAsks,
    Consent,
    Datatype,
    Elsewhere,
    Evidence,
    Question,
    Recurring,
    Value,
    Wanted,
)
from cps.city.phrases import Phrases
from cps.city.reading.abuse import abuse_from
from cps.city.reading.sections import Section

FILE: Final = "report.toml"

_CATEGORY = (
    "code",
    "choice",
    "contact",
    "name",
    "confirm_contact",
    "emergency",
    "result_photo",
    "example",
    "picture",
    "evidence",
    "question",
)
_QUESTION = ("code", "datatype", "required", "public", "description", "hint", "value", "least", "most")
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LINK = re.compile(r"https?://[^\s<>\"]+")
# The least and the most of each number.
_RECURRING = {"times": (0, 1000), "days": (1, 3650), "metres": (5, 1000), "plan_days": (1, 250)}
_MOST_MINUTES = 7 * 24 * 60
_FARTHEST = 1e12


def asks_from(
    section: Section,
    languages: Sequence[str],
    *,
    categories: Collection[str],
    photos: int,
    pictures: Collection[str] | None,
) -> Asks:
    """Read what is asked, noting what is wrong.

    `categories`: the codes there are; `photos`: how many a report may have; `pictures`: names of the examples
    there are, None leaves them unchecked.
    """
    section.only(("consent", "reporter", "emergency", "elsewhere", "recurring", "abuse", "category"))
    reader = _Reader(languages, categories, photos, pictures)
    reporter = section.table("reporter", optional=True)
    reporter.only(("contact", "name", "confirm_contact"))
    emergency = section.table("emergency", optional=True)
    emergency.only(("words",))
    return Asks(
        categories=reader.categories_from(section.tables("category")),
        emergency=reader.phrases(emergency),
        elsewhere=tuple(reader.elsewhere(item) for item in section.tables("elsewhere")),
        consent=reader.consent(section.table("consent")) if "consent" in section.values else None,
        contact=_wanted(reporter, "contact", (Wanted.OPTIONAL, Wanted.REQUIRED)),
        name=_wanted(reporter, "name", tuple(Wanted)),
        abuse=abuse_from(section.table("abuse", optional=True), reader.phrases),
        confirms_contact=_flag(reporter, "confirm_contact"),
        recurring=reader.recurring(section.table("recurring", optional=True)),
    )


class _Reader:
    """Reads the tables of the file, knowing what else the profile has."""

    def __init__(
        self,
        languages: Sequence[str],
        categories: Collection[str],
        photos: int,
        pictures: Collection[str] | None,
    ) -> None:
        self._languages = languages
        self._categories = categories
        self._photos = photos
        self._pictures = pictures

    def categories_from(self, sections: Sequence[Section]) -> Mapping[str, CategoryAsks]:
        found: dict[str, CategoryAsks] = {}
        for section in sections:
            code = section.text("code")
            if code in found:
                section.fault(f"The category {code!r} stands here twice.", "code")
            self._known(section, code, "code")
            found[code] = self._category(section)
        for section in sections:
            fallback = found[section.text("code")].evidence
            if fallback and found.get(fallback.fallback, CategoryAsks()).evidence:
                section.fault("The fallback asks for evidence itself.", "evidence", "fallback")
        return found

    def phrases(self, section: Section, key: str = "words") -> Phrases:
        """Read lists of words by language; a language may have none."""
        if key not in section.values:
            return Phrases()
        words = section.table(key)
        if self._languages:
            words.only(self._languages)
        return Phrases({language: _words(words, language) for language in words.values})

    def elsewhere(self, section: Section) -> Elsewhere:
        section.only(("name", "text", "words", "categories", "phone", "link"))
        link = section.text("link", optional=True)
        if link and not _LINK.fullmatch(link):
            section.fault(f"{link!r} is no address; it must begin with https:// or http://.", "link")
        codes = _words(section, "categories") if "categories" in section.values else ()
        for code in codes:
            self._known(section, code, "categories")
        return Elsewhere(
            names=section.names("name", self._languages, of="What another office decides"),
            texts=section.names("text", self._languages, of="Where to go"),
            phrases=self.phrases(section),
            categories=codes,
            phone=section.text("phone", optional=True),
            link=link,
        )

    def consent(self, section: Section) -> Consent:
        section.only(("version", "sentence", "text"))
        return Consent(
            version=section.text("version"),
            sentences=section.names("sentence", self._languages, of="The sentence of consent"),
            texts=section.names("text", self._languages, of="The text of consent"),
        )

    def recurring(self, section: Section) -> Recurring:
        """Read when a problem comes back; what is left out is as everywhere."""
        section.only((*_RECURRING, "without"))
        numbers = {
            key: section.whole(key, least=least, most=most)
            for key, (least, most) in _RECURRING.items()
            if key in section.values
        }
        if numbers.get("times") == 1:
            section.fault("Once is not again: 'times' is 0 for never, or 2 and more.", "times")
        codes = _words(section, "without") if "without" in section.values else ()
        for code in codes:
            self._known(section, code, "without")
        return Recurring(**numbers, without=codes)

    def _category(self, section: Section) -> CategoryAsks:
        section.only(_CATEGORY)
        picture = section.text("picture", optional=True)
        if picture and self._pictures is not None and picture not in self._pictures:
            section.fault(
                f"There is no picture {picture!r}; there are {', '.join(sorted(self._pictures))}.", "picture"
            )
        if picture and "example" not in section.values:
            section.fault("A picture needs an [example] in words, for those who do not see it.", "picture")
        return CategoryAsks(
            questions=self._questions(section.tables("question")),
            evidence=self._evidence(section.table("evidence")) if "evidence" in section.values else None,
            may_choose=_flag(section, "choice"),
            needs_contact=_flag(section, "contact"),
            needs_name=_flag(section, "name"),
            confirms_contact=_flag(section, "confirm_contact"),
            is_emergency=_flag(section, "emergency"),
            shows_result=_flag(section, "result_photo"),
            example=self._optional_names(section, "example", "The example"),
            picture=picture,
        )

    def _evidence(self, section: Section) -> Evidence:
        section.only(("photos", "interval", "fresh", "fallback"))
        fallback = section.text("fallback")
        self._known(section, fallback, "fallback")
        return Evidence(
            photos=section.whole("photos", least=1, most=max(self._photos, 1)),
            interval=_minutes(section, "interval"),
            fresh=_minutes(section, "fresh"),
            fallback=fallback,
        )

    def _questions(self, sections: Sequence[Section]) -> tuple[Question, ...]:
        codes: set[str] = set()
        for section in sections:
            code = section.text("code")
            if code and not _CODE.fullmatch(code):
                section.fault(f"{code!r} is no code: use a-z, 0-9 and -.", "code")
            if code in codes:
                section.fault(f"The question {code!r} stands here twice.", "code")
            codes.add(code)
        return tuple(self._question(section) for section in sections)

    def _question(self, section: Section) -> Question:
        section.only(_QUESTION)
        code, datatype = section.text("code"), _datatype(section)
        is_number = datatype is Datatype.NUMBER
        for key in ("least", "most"):
            if key in section.values and not is_number:
                section.fault(f"{key!r} is for numbers only.", key)
        least, most = _limit(section, "least"), _limit(section, "most")
        if least is not None and most is not None and least > most:
            section.fault("'least' is greater than 'most'.", "least")
        return Question(
            code=code,
            datatype=datatype,
            is_required=_flag(section, "required"),
            is_public=_flag(section, "public"),
            descriptions=section.names("description", self._languages, of=f"The question {code!r}"),
            hints=self._optional_names(section, "hint", f"The hint of question {code!r}"),
            values=self._values(section, datatype),
            least=least,
            most=most,
        )

    def _values(self, section: Section, datatype: Datatype) -> tuple[Value, ...]:
        values = tuple(self._value(item) for item in section.tables("value"))
        if datatype.has_values and len(values) < 2:
            section.fault("A question with a list needs two [[category.question.value]] or more.")
        if values and not datatype.has_values:
            section.fault(f"A question of datatype {datatype.value!r} has no values.", "value")
        keys = [value.key for value in values]
        for key in {key for key in keys if keys.count(key) > 1}:
            section.fault(f"The value {key!r} stands here twice.", "value")
        return values

    def _value(self, section: Section) -> Value:
        section.only(("key", "name"))
        key = section.text("key")
        if key and not _CODE.fullmatch(key):
            section.fault(f"{key!r} is no key: use a-z, 0-9 and -.", "key")
        return Value(key, section.names("name", self._languages, of=f"The value {key!r}"))

    def _optional_names(self, section: Section, key: str, of: str) -> dict[str, str]:
        return section.names(key, self._languages, of=of) if key in section.values else {}

    def _known(self, section: Section, code: str, key: str) -> None:
        if code and code not in self._categories:
            section.fault(f"There is no category {code!r} in categories.csv.", key)


def _wanted(section: Section, key: str, allowed: Sequence[Wanted]) -> Wanted:
    if key not in section.values:
        return allowed[0]
    text = section.text(key)
    if text not in allowed:
        section.fault(f"{key!r} is {text!r}; it must be one of {', '.join(allowed)}.", key)
        return allowed[0]
    return Wanted(text)


def _flag(section: Section, key: str) -> bool:
    value = section.values.get(key, False)
    if not isinstance(value, bool):
        section.fault(f"{key!r} must be true or false, without quotes.", key)
    return value is True


def _datatype(section: Section) -> Datatype:
    text = section.text("datatype")
    known = {datatype.value: datatype for datatype in Datatype}
    if text and text not in known:
        section.fault(f"There is no datatype {text!r}; there are {', '.join(known)}.", "datatype")
    return known.get(text, Datatype.STRING)


def _minutes(section: Section, key: str) -> int:
    return section.whole(key, least=1, most=_MOST_MINUTES) if key in section.values else 0


def _limit(section: Section, key: str) -> float | None:
    return section.number(key, least=-_FARTHEST, most=_FARTHEST) if key in section.values else None


def _words(section: Section, key: str) -> tuple[str, ...]:
    value = section.values[key]
    if not isinstance(value, list) or not all(isinstance(word, str) and word.strip() for word in value):
        section.fault(f"{key!r} must be a list of texts.", key)
        return ()
    return tuple(value)
