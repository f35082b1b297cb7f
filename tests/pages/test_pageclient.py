"""The test client refuses what no page may be: each rule, broken once."""

import pytest
from flask import Flask, Response

from tests.pageclient import PageClient, faults_of

GOOD = (
    '<!doctype html><html lang="en"><head><title>Report a problem · Hanoi</title></head><body>'
    '<h1>Report a problem</h1><form><label for="words">Words</label><textarea id="words" name="words">'
    '</textarea><input type="hidden" name="key" value="1"><button type="submit">Send</button></form>'
    "<ul><li>one</li></ul><details><summary>more</summary><p>text</p></details></body></html>"
)


def test_a_good_page_has_no_faults():
    assert faults_of(GOOD, "") == []


@pytest.mark.parametrize(
    ("good", "bad", "fault"),
    [
        ("<h1>Report a problem</h1>", "", "0 h1"),
        ("</h1>", "</h1><h1>Again</h1>", "2 h1"),
        ("<h1>Report a problem</h1>", "<h1>Something else</h1>", "lacks the h1"),
        (' lang="en"', "", "no lang"),
        (' for="words"', "", "no label for words"),
        ("<ul>", "<script>go()</script><ul>", "inline script"),
        ("<ul>", '<ul style="color:red">', "ul has style"),
        ("<ul>", '<ul onclick="go()">', "ul has onclick"),
        ("<title>", "<style>a{}</style><title>", "inline style element"),
        ("<li>one</li>", "<li>None</li>", "“None” in the text"),
        ("<li>one</li>", "<li>{{ one }}</li>", "“{{” in the text"),
        ("<ul>", '<ul id="words">', "id words twice"),
        ("<p>text</p>", "<p><div>text</div></p>", "HTML: No <p> tag to close"),
        ("<li>one</li>", "<li><b><i>one</b></i></li>", "HTML: "),
        ("<li>one</li>", "<li>one</div></li>", "HTML: Unexpected token"),
        ("<ul>", '<ul class="a" class="b">', "HTML: Duplicate attribute"),
        ("<form>", "<form><form></form>", "HTML: nested forms"),
        ("<li>one</li>", "<li><a href=a>one<a href=b>two</a></a></li>", "HTML: Unexpected token"),
        ("<li>one</li>", "<li>one &nosuch; two</li>", "HTML: Invalid character reference"),
        ("</ul>", "</ul><table><div>one</div></table>", "HTML: Unexpected token"),
        ("<!doctype html>", "", "HTML: Unexpected token"),
        ("</ul>", "", "HTML: "),
    ],
)
def test_each_rule_broken_is_a_fault(good, bad, fault):
    page = GOOD.replace(good, bad, 1)

    assert page != GOOD
    assert any(fault in one for one in faults_of(page, "")), faults_of(page, "")


def test_the_client_refuses_a_bad_page_however_often_it_is_given_one():
    app = Flask("pages")
    app.test_client_class = PageClient
    pages = {"good": GOOD, "bad": GOOD.replace("</ul>", "")}
    policy = {"Content-Security-Policy": ""}
    app.add_url_rule("/<name>", "page", view_func=lambda name: Response(pages[name], headers=policy))
    client = app.test_client()

    assert client.get("/good").status_code == client.get("/good").status_code == 200
    for _turn in range(2):
        with pytest.raises(AssertionError, match="/bad: HTML"):
            client.get("/bad")
