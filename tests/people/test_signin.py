"""Passwords: the right one opens, nothing else does."""

import pytest

from cps.people import signin
from tests.makers import PASSWORD, an_official


def test_the_right_password_opens(city):
    bo = an_official()

    assert signin.with_credentials(f"  {bo.email.upper()} ", PASSWORD) is bo


@pytest.mark.parametrize("password", ["", "wrong", PASSWORD + " ", "x" * 5000])
def test_a_wrong_password_does_not(city, password):
    assert signin.with_credentials(an_official().email, password) is None


def test_nobody_signs_in_to_a_closed_account(city):
    assert signin.with_credentials(an_official(is_active=False).email, PASSWORD) is None


def test_an_unknown_address_costs_a_hash_all_the_same(city, monkeypatch):
    checked = []
    monkeypatch.setattr(signin, "_matches", lambda stored, _password: checked.append(stored) or False)

    assert signin.with_credentials("nobody@hanoi.example", PASSWORD) is None
    assert checked == [signin._NOBODY]


def test_passwords_are_kept_as_argon2id():
    assert signin.hashed(PASSWORD).startswith("$argon2id$")
