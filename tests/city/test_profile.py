"""Names fall back visibly, and promises are read as they are written."""

import pytest

from cps.city.profile import named
from cps.city.promise import Promise


def test_a_name_falls_back_to_the_default_language_then_to_any():
    assert named({"vi": "Cây", "en": "Tree"}, "en", "vi") == "Tree"
    assert named({"vi": "Cây", "en": ""}, "en", "vi") == "Cây"
    assert named({"vi": "Cây"}, "ko", "en") == "Cây"
    assert named({}, "ko", "en") == ""


@pytest.mark.parametrize(
    "text", ["3 working days", "1 working day", "8 working hours", "1 hour", "20 calendar days"]
)
def test_a_promise_is_written_as_it_was_read(text):
    assert str(Promise.parse(text)) == text


@pytest.mark.parametrize(
    "text", ["", "0 hours", "-1 hours", "3 days", "three hours", "1.5 hours", "3 working days or so"]
)
def test_what_is_no_promise_is_refused(text):
    with pytest.raises(ValueError, match="not a promise"):
        Promise.parse(text)
