"""ES modules put into one: each part keeps its names to itself, and what is loaded later is still found."""

import re

import pytest

from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC
from cps.web.modules import alone, whole


def written(folder, **modules):
    for name, text in modules.items():
        path = folder / f"{name.replace('__', '/')}.js"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return folder / "page.js"


def test_a_whole_has_in_it_what_it_imports_once_and_in_order(tmp_path):
    page = written(
        tmp_path,
        page='import { start as one } from "./parts/one.js";\nimport { two } from "./parts/two.js";\none(two);\n',
        parts__one='import { two } from "./two.js";\nexport function start(x) { return [x, two]; }\n',
        parts__two="export const two = 2;\n",
    )

    text = whole(page)

    assert "import" not in text
    assert "export" not in text
    assert text.count("two=2") == 1
    assert text.index("two=2") < text.index("function start")
    assert "{start:one}=part1" in re.sub(r"\s", "", text)


def test_what_is_loaded_later_is_looked_for_from_where_the_whole_lies(tmp_path):
    page = written(
        tmp_path,
        page='import { start } from "./parts/one.js";\nstart();\n',
        parts__one='export const start = (n) => [import("../later/map.js"), import("./" + n + ".js")];\n',
    )

    text = whole(page)

    assert 'import("./later/map.js")' in text
    assert 'import("./parts/"+n+".js")' in text


@pytest.mark.parametrize(
    "text",
    [
        'import start from "./one.js";\n',
        'export { start } from "./one.js";\n',
        "export default 3;\n",
    ],
)
def test_a_module_written_otherwise_is_refused_rather_than_broken(tmp_path, text):
    with pytest.raises(Unusable, match="cannot be put into a whole"):
        whole(written(tmp_path, page=text, one="export const start = 1;\n"))


def test_a_circle_is_refused(tmp_path):
    page = written(
        tmp_path,
        page='import { one } from "./one.js";\n',
        one='import { page } from "./page.js";\nexport const one = 1;\n',
    )

    with pytest.raises(Unusable, match="imports itself"):
        whole(page)


def test_alone_a_module_keeps_its_imports(tmp_path):
    page = written(tmp_path, page='// Why.\nimport { one } from "./one.js";\n')

    assert alone(page) == 'import{one}from"./one.js";'


def test_the_report_form_starts_with_every_behaviour_its_templates_name():
    text = whole(STATIC / "js/report.js")
    names = set()
    for template in (STATIC.parent / "templates/citizen").glob("report*.html"):
        for found in re.findall(r'data-behaviour="([a-z ]+)"', template.read_text(encoding="utf-8")):
            names.update(found.split())

    known = re.search(r"Object\.assign\(ready,\{([a-z,]+)\}", text)[1].split(",")

    assert names - {"evidence"} <= set(known)  # evidence comes with the questions that ask for it
