"""Objections to a refusal: told with the last day to make one, and only until it has passed."""

from dataclasses import replace
from datetime import timedelta

import pytest

from cps.city.promise import Promise
from cps.complaints import objections
from cps.kernel import clock
from tests.makers import MONDAY
from tests.rounds import OBJECTION

LAST_MINUTE = MONDAY.replace(hour=23, minute=59) + timedelta(days=60)


IN_ENGLISH = (
    "If you disagree, you can object until 8 March 2030. The city decides within 10 working days. "
    "Write to the department that answered."
)
IN_VIETNAMESE = (
    "Nếu không đồng ý, ông/bà có thể đề nghị xem xét lại chậm nhất ngày 08/03/2030. "
    "Thành phố quyết định trong vòng 10 ngày làm việc. Gửi đơn đến phòng đã trả lời."
)


@pytest.mark.parametrize(("language", "words"), [("en", IN_ENGLISH), ("vi", IN_VIETNAMESE)])
def test_the_notice_says_until_when_how_long_and_how(city, clocks, language, words):
    clocks(objection=OBJECTION)

    said = objections.notice(MONDAY, language=language)

    assert said == words


def test_the_day_is_counted_from_the_refusal_by_the_citys_calendar(city, clocks):
    clocks(objection=replace(OBJECTION, within=Promise(5, "working_days")))

    said = objections.notice(MONDAY + timedelta(days=1), language="en")

    assert "until 15 January 2030" in said  # the weekend is left out


@pytest.mark.parametrize(
    ("moment", "is_said"), [(LAST_MINUTE, True), (LAST_MINUTE + timedelta(minutes=1), False)]
)
def test_after_its_last_day_nothing_is_said_of_it(city, clocks, moment, is_said):
    clocks(objection=OBJECTION)

    with clock.standing_at(moment):
        said = objections.notice(MONDAY, language="en")

    assert bool(said) is is_said


def test_a_city_without_objections_says_nothing(city):
    said = objections.notice(MONDAY, language="en")

    assert said == ""
