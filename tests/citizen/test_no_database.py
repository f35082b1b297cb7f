"""While the database is away: a calm page that asks to try again, in both languages."""

from cps.app import create_app
from tests.pageclient import PageClient, text_of


def test_without_a_database_the_page_says_to_try_again(settings, tmp_path):
    app = create_app(settings, database_url=f"postgresql://nobody@/nothing?host={tmp_path}")
    app.test_client_class = PageClient

    answer = app.test_client().get("/")

    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert "Please try again in a few seconds" in text_of(answer)
    assert "Vui lòng thử lại" in text_of(answer)
