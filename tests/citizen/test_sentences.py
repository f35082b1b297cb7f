"""What only scripts say comes in a file of its own, in the language its address ends in."""

import json
import re

import pytest

from cps.city.queries import in_force
from cps.kernel.files import STATIC, TEMPLATES


def test_the_language_is_that_of_the_address_and_not_of_the_browser(ana):
    answer = ana.get("/sentences.json?v=1-vi", headers={"Accept-Language": "en"})

    assert answer.json["sending"]["sending"] == "Đang gửi…"
    assert answer.cache_control.public


def test_every_group_that_the_form_asks_for_is_there(city, ana):
    groups = ana.get("/sentences.json?v=1-en").json
    asked = {tag["data-say"] for tag in ana.page("/").select("[data-say]")}

    assert asked == set(groups)
    assert in_force().profile.limits.photos == 3
    assert groups["photos"]["tooMany"] == "You can send at most 3 photos."


def test_every_sentence_is_one_that_a_script_says(ana):
    groups = ana.get("/sentences.json?v=1-en").json
    scripts = "".join(path.read_text(encoding="utf-8") for path in (STATIC / "js/behaviours").glob("*.js"))

    for key in {key for sentences in groups.values() for key in sentences}:
        assert re.search(rf"dataset\.{key}\b", scripts), key


def test_no_template_of_the_form_carries_a_sentence_for_scripts():
    """Only the piece with questions does: it is itself loaded by scripts."""
    for template in {*(TEMPLATES / "citizen").glob("report*.html")} - {
        TEMPLATES / "citizen/report_questions.html"
    }:
        assert not re.search(r'data-[a-z-]+="\{\{ _\(', template.read_text(encoding="utf-8")), template.name


@pytest.mark.parametrize("language", ["en", "vi"])
def test_the_map_opens_with_a_piece_in_the_language_of_its_address(ana, language):
    answer = ana.get(f"/map/opening.json?v=1-{language}")

    words = {"en": "Tap the map to set the pin", "vi": "Chạm vào bản đồ"}[language]
    assert words in answer.json["html"]
    assert answer.cache_control.public
    assert json.loads(answer.data).keys() == {"html"}
