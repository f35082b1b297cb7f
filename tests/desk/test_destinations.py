"""Where a sign-in may lead: to a page of the desk and nowhere else."""

import pytest

from cps.desk.session import safe_destination


@pytest.mark.parametrize(
    "page", ["/desk", "/desk?view=mine", "/desk/complaints/7K3M-9QAZ", "/desk?view=open&after=2"]
)
def test_pages_of_the_desk_are_led_to(page):
    assert safe_destination(page) == page


@pytest.mark.parametrize(
    "elsewhere",
    [
        "",
        "/",
        "/track/secret",
        "/desktop",
        "//evil.example/desk",
        "///evil.example",
        "/\\evil.example",
        "/desk/\\evil.example",
        "/desk//evil.example",
        "/desk/../..//evil.example",
        "/desk/..",
        "https://evil.example/desk",
        "javascript:alert(1)",
        "/desk\t//evil.example",
        "/desk/\n",
        "/desk\n",
        "/desk/\x00",
        "/desk?\r\nSet-Cookie: a=b",
        "/desk/\u202eevil",
        " /desk",
    ],
)
def test_nothing_else_is_led_to(elsewhere):
    assert safe_destination(elsewhere) is None
