"""Answers to a city's questions: judged by their kind, kept by code, told in words."""

from dataclasses import replace

import pytest

from cps.city.asking import CategoryAsks, Datatype, Question, Value
from cps.city.queries import in_force
from cps.complaints import answers, history
from cps.kernel.text import Text
from tests.makers import a_complaint

VALUES = (Value("bar", {"en": "Bar"}), Value("dog", {"en": "Dog"}))


def a_question(datatype, **changes):
    values = VALUES if datatype.has_values else ()
    said = {"code": "q", "is_required": False, "is_public": False, "descriptions": {"en": "What?"}}
    return Question(**{**said, "datatype": datatype, "values": values, **changes})


def judged(question, *texts):
    asks = CategoryAsks(questions=(question,))
    return answers.judged(asks, {"q": texts}, profile=in_force().profile, language="en")


@pytest.mark.parametrize(
    ("datatype", "texts", "kept"),
    [
        (Datatype.STRING, ["two  lines\nof it"], "two lines of it"),
        (Datatype.TEXT, ["two\nlines"], "two\nlines"),
        (Datatype.NUMBER, ["12"], 12),
        (Datatype.NUMBER, ["१२"], 12),
        (Datatype.NUMBER, ["1,5"], 1.5),
        (Datatype.DATE, ["2030-01-07"], "2030-01-07"),
        (Datatype.DATETIME, ["2030-01-07T09:00"], "2030-01-07T09:00:00+07:00"),
        (Datatype.DATETIME, ["2030-01-07T02:00Z"], "2030-01-07T09:00:00+07:00"),
        (Datatype.ONE, ["dog"], "dog"),
        (Datatype.MANY, ["dog", "bar"], ["bar", "dog"]),
    ],
)
def test_a_good_answer_is_kept(city, datatype, texts, kept):
    assert judged(a_question(datatype), *texts) == ({"q": kept}, {})


@pytest.mark.parametrize(
    ("datatype", "texts"),
    [
        (Datatype.STRING, ["x" * 201]),
        (Datatype.TEXT, ["x" * 4001]),
        (Datatype.NUMBER, ["many"]),
        (Datatype.NUMBER, ["nan"]),
        (Datatype.NUMBER, ["1e999"]),
        (Datatype.DATE, ["7 January"]),
        (Datatype.DATE, ["2030-02-30"]),
        (Datatype.DATETIME, ["9999-12-31T23:00Z"]),
        (Datatype.ONE, ["cat"]),
        (Datatype.MANY, ["dog", "cat"]),
    ],
)
def test_a_bad_answer_is_a_fault_of_its_field(city, datatype, texts):
    kept, faults = judged(a_question(datatype), *texts)

    assert kept == {}
    assert list(faults) == ["question-q"]


@pytest.mark.parametrize(("text", "is_good"), [("0", False), ("1", True), ("9", True), ("9.5", False)])
def test_a_number_keeps_its_limits(city, text, is_good):
    _kept, faults = judged(a_question(Datatype.NUMBER, least=1, most=9), text)

    assert (faults == {}) is is_good


def test_only_a_required_question_must_be_answered(city):
    required, optional = a_question(Datatype.TEXT, is_required=True), a_question(Datatype.TEXT)

    fault = judged(required, "")[1]["question-q"]

    assert isinstance(fault, Text)
    assert str(fault) == "Please answer: What?"
    assert judged(optional, "") == ({}, {})


def test_what_nobody_asked_is_left_out(city):
    asks = CategoryAsks()

    assert answers.judged(asks, {"q": ["x"]}, profile=in_force().profile, language="en") == ({}, {})


def test_what_was_told_at_length_is_in_the_citizens_language_alone(city):
    complaint = a_complaint(category="public-transport", answers={"route": ["32"]})
    (receipt, *_later), profile = history.of(complaint), in_force().profile

    def written(datatype):
        categories = {"public-transport": CategoryAsks(questions=(a_question(datatype, code="route"),))}
        asks = replace(profile.asks, categories=categories)
        return answers.written(
            complaint, receipt, replace(in_force(), profile=replace(profile, asks=asks)), language="en"
        )

    assert written(Datatype.TEXT) == [("What?", "32")]
    assert written(Datatype.STRING) == []
    assert written(Datatype.ONE) == []
