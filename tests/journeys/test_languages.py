"""Scripts that need more room than Latin have it, and counts that scripts write have their digits."""

import pytest
from playwright.sync_api import Page, expect

PAGES = ["/", "/complaints?reference=7K3M", "/desk/sign-in"]

# Text of the page's language whose lines stand too close or whose letters are spaced; marks would collide.
_CROWDED = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.closest('[lang]') === document.documentElement)
  .filter((e) => [...e.childNodes].some((n) => n.nodeType === Node.TEXT_NODE && n.data.trim()))
  .filter((e) => {
    const style = getComputedStyle(e);
    const spaced = parseFloat(style.letterSpacing) || 0;
    return parseFloat(style.lineHeight) / parseFloat(style.fontSize) < 1.599 || spaced; // 1.6, as floats go
  })
  .map((e) => e.tagName + '.' + e.className)"""

_BREAKING = """() => [...document.querySelectorAll('body *')]
  .filter((e) => e.closest('[lang]') === document.documentElement)
  .filter((e) => getComputedStyle(e).wordBreak !== 'keep-all')
  .map((e) => e.tagName + '.' + e.className)"""


def _in_language(page: Page, code: str) -> None:
    page.evaluate("(code) => { document.documentElement.lang = code; }", code)


@pytest.mark.parametrize("address", PAGES)
def test_lines_of_devanagari_stand_far_enough_apart(phone: Page, address):
    phone.goto(address)

    _in_language(phone, "ne")

    assert phone.evaluate(_CROWDED) == []


@pytest.mark.parametrize("address", PAGES)
def test_korean_words_are_not_broken_within(phone: Page, address):
    phone.goto(address)

    _in_language(phone, "ko")

    assert phone.evaluate(_BREAKING) == []


@pytest.mark.parametrize(
    ("code", "count"), [("en", "100"), ("vi", "100"), ("ko", "100"), ("fil", "100"), ("ne", "१००")]
)
def test_a_count_that_is_written_by_script_has_the_digits_of_the_language(phone: Page, code, count):
    phone.goto("/")
    _in_language(phone, code)

    phone.get_by_label("Anything to add?").fill("x" * 1900)

    expect(phone.get_by_text(f"{count} characters left")).to_be_visible()


def test_the_dates_of_two_calendars_fit_a_small_phone(phone: Page, running_city):
    phone.set_viewport_size({"width": 320, "height": 600})
    phone.goto(running_city.facts["citizen"]["tracking"])

    phone.evaluate(
        """() => {
          document.querySelector('.steps').classList.add('steps-dated-twice');
          document.querySelectorAll('time').forEach((e) => { e.textContent = '28 Mangsir 2083 (14 December 2026)'; });
        }"""
    )

    beyond = """() => [...document.querySelectorAll('time')].filter((e) =>
      e.getBoundingClientRect().right > e.closest('section, .card').getBoundingClientRect().right).length"""
    assert phone.locator("time").count() > 3
    assert phone.evaluate(beyond) == 0
