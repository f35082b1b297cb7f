"""Pages speak the language chosen by link, the one kept, the browser's, the city's first, in this order."""

import pytest

from cps.web import language
from tests.pageclient import soup_of


@pytest.mark.parametrize(
    ("accepts", "speaks"),
    [("vi-VN,vi;q=0.9", "vi"), ("en-US", "en"), ("fr-FR,fr", "vi"), ("fr,en;q=0.5", "en"), ("", "vi")],
)
def test_the_browser_is_listened_to(client, accepts, speaks):
    page = client.page("/", headers={"Accept-Language": accepts})

    assert page.html["lang"] == speaks


def test_a_choice_by_link_is_kept(client):
    client.get("/?language=en", headers={"Accept-Language": "vi"})

    assert client.page("/", headers={"Accept-Language": "vi"}).html["lang"] == "en"


def test_a_language_the_city_does_not_speak_is_not_chosen(client):
    assert client.page("/?language=xx", headers={"Accept-Language": "vi"}).html["lang"] == "vi"


def test_each_language_is_offered_in_its_own_words(client):
    chips = {
        link["hreflang"]: link.get_text(strip=True)
        for link in client.page("/?language=vi").find_all("a", hreflang=True)
    }

    other = {
        link["hreflang"]: link.get_text(strip=True)
        for link in client.page("/?language=en").find_all("a", hreflang=True)
    }
    assert {**chips, **other} == {"vi": "Tiếng Việt", "en": "English"}


def test_another_language_of_the_same_page_keeps_what_it_shows(client):
    link = client.page("/desk/sign-in?language=vi").find("a", hreflang="en")

    assert link["href"] == "/desk/sign-in?language=en"


def test_the_link_never_leads_to_another_host(app):
    with app.test_request_context(environ_overrides={"PATH_INFO": "//evil.example/"}):
        assert language.link("en") == "/evil.example/?language=en"


def test_after_a_refused_form_the_link_leads_to_the_page_of_the_form(client):
    answer = client.post(
        "/complaints", data={}, headers={"Sec-Fetch-Site": "same-origin", "Referer": "http://localhost/"}
    )

    assert soup_of(answer).find("a", hreflang="vi")["href"] == "/?language=vi"


def test_what_is_put_into_a_sentence_is_text_and_nothing_else(app):
    with app.test_request_context(headers={"Accept-Language": "en"}):
        said = app.jinja_env.from_string(
            "{{ _('Sent to %(department)s. Reason:', department='<b>us</b>') }}"
            " {{ ngettext('%(num)s photo is kept.', '%(num)s photos are kept.', 2, num='<i>2</i>') }}"
        ).render()

    assert said == "Sent to &lt;b&gt;us&lt;/b&gt;. Reason: &lt;i&gt;2&lt;/i&gt; photos are kept."


@pytest.mark.parametrize(
    ("code", "said"),
    [("en", "1,234"), ("vi", "1.234"), ("ne", "१,२३४")],
)
def test_a_count_is_written_as_its_language_writes_it(app, monkeypatch, code, said):
    monkeypatch.setattr(language, "current", lambda: code)
    with app.test_request_context():
        written = app.jinja_env.from_string(
            "{{ ngettext('%(num)s photo is kept.', '%(num)s photos are kept.', 1234) }}"
        ).render()

    assert said in written
