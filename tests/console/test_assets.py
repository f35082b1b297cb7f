"""What is built once, and what a proxy shows while nobody is there to answer."""

from click.testing import CliRunner

from cps.console.command import main


def test_the_page_while_the_city_does_not_answer_needs_nothing_else():
    page = CliRunner().invoke(main, ["assets", "away"], catch_exceptions=False).output

    assert all(f'lang="{language}"' in page for language in ("en", "vi", "ko", "fil", "ne"))
    assert "<style>" in page
    assert "/static/" not in page
