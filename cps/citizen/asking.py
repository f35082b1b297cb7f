"""What the report form asks about the chosen kind of problem, and what it says before a report is sent.

With JavaScript it comes when a picture is chosen or words are typed: the questions as a piece of the page, and all
words to look out for in one file. Both answers depend on their address alone, so that any cache may keep them.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from flask import Response, render_template, url_for
from werkzeug.datastructures import MultiDict

from cps.citizen import lasting
from cps.city.asking import CategoryAsks, Elsewhere
from cps.city.phrases import Phrases, wanted
from cps.city.profile import Category
from cps.city.queries import CityInForce
from cps.city.search import keys_of
from cps.complaints.answers import FIELD
from cps.kernel.errors import NotFound
from cps.kernel.text import cleaned
from cps.web import language

Answers = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Notice:
    """What is said before a report is sent: numbers to call, offices that decide this."""

    is_emergency: bool
    elsewhere: Sequence[Elsewhere]

    def __bool__(self) -> bool:
        return self.is_emergency or bool(self.elsewhere)


@dataclass(frozen=True)
class Chosen:
    """The kind of problem that was chosen, with what is asked about it; None if none is chosen."""

    category: Category | None
    asks: CategoryAsks
    fallback: Category | None


def chosen(code: str | None) -> Chosen:
    """Return what is asked about a category."""
    city = language.city()
    asks = city.profile.asks.of(code)
    fallback = city.category(asks.evidence.fallback) if asks.evidence else None
    return Chosen(city.category(code) if code else None, asks, fallback)


def typed_answers(form: MultiDict[str, str]) -> Answers:
    """Return what was typed or chosen, by the code of its question."""
    names = [name for name in form if name.startswith(FIELD)]
    return {name.removeprefix(FIELD): [cleaned(text) for text in form.getlist(name)] for name in names}


def notice(category: str | None, words: str) -> Notice:
    """Return what is to be said about a report before it is sent."""
    asks = language.city().profile.asks
    return Notice(asks.is_emergency(category, words), asks.decided_elsewhere(category, words))


def questions(code: str) -> Response:
    """Answer the piece of the page that asks about a category, in the language the address ends in."""
    lasting.speak_as_asked()
    asked = chosen(code)
    if asked.category is None or not asked.asks.has_more:
        raise NotFound
    piece = render_template("citizen/report_questions.html", chosen=asked, answers={}, typed={}, faults={})
    return _cached({"html": piece})


def words() -> Response:
    """Answer what categories are found by, and which words mean an emergency or another office."""
    lasting.speak_as_asked()
    return _cached(_words(language.city(), language.current()))


@lru_cache(maxsize=16)
def _words(city: CityInForce, spoken: str) -> dict[str, object]:
    asks = city.profile.asks
    return {
        "find": {category.code: _keys(category) for category in city.profile.categories},
        "emergency": {
            "words": _prepared(asks.emergency),
            "categories": [code for code, one in asks.categories.items() if one.is_emergency],
        },
        "elsewhere": [
            {
                "words": _prepared(one.phrases),
                "categories": list(one.categories),
                "name": city.named(one.names, spoken),
                "text": city.named(one.texts, spoken),
                "phone": one.phone,
                "link": one.link,
            }
            for one in asks.elsewhere
        ],
    }


def _keys(category: Category) -> list[str]:
    keys = keys_of(category)
    return [keys.words, keys.consonants, keys.sounds]


def _prepared(phrases: Phrases) -> list[str]:
    return [wanted(phrase) for phrase in phrases.all]


def address_of_questions() -> str:
    """Return where the questions about a category are, its code left to be filled in for `CODE`."""
    return url_for("citizen.questions", code="CODE", v=lasting.version())


def _cached(value: object) -> Response:
    return lasting.answer(
        json.dumps(value, ensure_ascii=False, separators=(",", ":")), mimetype="application/json"
    )
