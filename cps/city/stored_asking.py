"""What a city asks of those who report, as JSON, and back."""

from dataclasses import asdict
from typing import Any

from cps.city.abuse import Abuse
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

_NUMBERS = ("repeats", "hours", "threshold", "flags", "days", "a_day")


def asks_as_json(asks: Asks) -> dict[str, Any]:
    """Return everything a city asks as JSON can say it."""
    return {
        "categories": {code: _category_as_json(one) for code, one in asks.categories.items()},
        "emergency": _phrases_as_json(asks.emergency),
        "elsewhere": [_elsewhere_as_json(one) for one in asks.elsewhere],
        "consent": _consent_as_json(asks.consent) if asks.consent else None,
        "contact": asks.contact.value,
        "name": asks.name.value,
        "confirms_contact": asks.confirms_contact,
        "recurring": {**asdict(asks.recurring), "without": list(asks.recurring.without)},
        "abuse": _abuse_as_json(asks.abuse),
    }


def asks_from(stored: dict[str, Any] | None) -> Asks:
    """Put it together again; cities that were loaded before there was any of it ask nothing."""
    if stored is None:
        return Asks()
    return Asks(
        categories={code: _category_from(one) for code, one in stored["categories"].items()},
        emergency=_phrases_from(stored["emergency"]),
        elsewhere=tuple(_elsewhere_from(one) for one in stored["elsewhere"]),
        consent=Consent(**stored["consent"]) if stored["consent"] else None,
        contact=Wanted(stored["contact"]),
        name=Wanted(stored["name"]),
        confirms_contact=stored.get("confirms_contact", False),
        recurring=_recurring_from(stored.get("recurring", {})),
        abuse=_abuse_from(stored.get("abuse")),
    )


def _recurring_from(stored: dict[str, Any]) -> Recurring:
    return Recurring(**{**stored, "without": tuple(stored.get("without", ()))})


def _category_as_json(asks: CategoryAsks) -> dict[str, Any]:
    evidence = asks.evidence
    return {
        "questions": [_question_as_json(question) for question in asks.questions],
        "evidence": {
            "photos": evidence.photos,
            "interval": evidence.interval,
            "fresh": evidence.fresh,
            "fallback": evidence.fallback,
        }
        if evidence
        else None,
        "may_choose": asks.may_choose,
        "needs_contact": asks.needs_contact,
        "needs_name": asks.needs_name,
        "confirms_contact": asks.confirms_contact,
        "is_emergency": asks.is_emergency,
        "shows_result": asks.shows_result,
        "example": dict(asks.example),
        "picture": asks.picture,
    }


def _category_from(stored: dict[str, Any]) -> CategoryAsks:
    return CategoryAsks(
        **{
            **stored,
            "questions": tuple(_question_from(question) for question in stored["questions"]),
            "evidence": Evidence(**stored["evidence"]) if stored["evidence"] else None,
        }
    )


def _question_as_json(question: Question) -> dict[str, Any]:
    return {
        "code": question.code,
        "datatype": question.datatype.value,
        "is_required": question.is_required,
        "is_public": question.is_public,
        "descriptions": dict(question.descriptions),
        "hints": dict(question.hints),
        "values": [{"key": value.key, "names": dict(value.names)} for value in question.values],
        "least": question.least,
        "most": question.most,
    }


def _question_from(stored: dict[str, Any]) -> Question:
    return Question(
        **{
            **stored,
            "datatype": Datatype(stored["datatype"]),
            "values": tuple(Value(**value) for value in stored["values"]),
        }
    )


def _elsewhere_as_json(elsewhere: Elsewhere) -> dict[str, Any]:
    return {
        "names": dict(elsewhere.names),
        "texts": dict(elsewhere.texts),
        "phrases": _phrases_as_json(elsewhere.phrases),
        "categories": list(elsewhere.categories),
        "phone": elsewhere.phone,
        "link": elsewhere.link,
    }


def _elsewhere_from(stored: dict[str, Any]) -> Elsewhere:
    return Elsewhere(
        **{
            **stored,
            "phrases": _phrases_from(stored["phrases"]),
            "categories": tuple(stored["categories"]),
        }
    )


def _consent_as_json(consent: Consent) -> dict[str, Any]:
    return {
        "version": consent.version,
        "sentences": dict(consent.sentences),
        "texts": dict(consent.texts),
    }


def _abuse_as_json(abuse: Abuse) -> dict[str, Any]:
    return {
        **{name: getattr(abuse, name) for name in _NUMBERS},
        "insults": _phrases_as_json(abuse.insults),
        "spam": _phrases_as_json(abuse.spam),
    }


def _abuse_from(stored: dict[str, Any] | None) -> Abuse:
    if stored is None:
        return Abuse()
    words = {name: _phrases_from(stored[name]) for name in ("insults", "spam")}
    return Abuse(**{**stored, **words})


def _phrases_as_json(phrases: Phrases) -> dict[str, list[str]]:
    return {language: list(words) for language, words in phrases.by_language.items()}


def _phrases_from(stored: dict[str, list[str]]) -> Phrases:
    return Phrases({language: tuple(words) for language, words in stored.items()})
