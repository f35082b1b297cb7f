"""The sign-ins of the demo: a fixed set of officials with passwords that outlive a restart.

Passwords are random and known only to whoever keeps what `make_accounts` returns.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from cps.city.queries import in_force
from cps.console.demonstration import officials
from cps.people import signin
from cps.people.models import Person


@dataclass(frozen=True)
class Account:
    """What a person needs to sign in; `department` is a code."""

    role: str
    email: str
    password: str
    department: str
    name: str


def make_accounts(known: Mapping[str, str]) -> list[Account]:
    """Make sure the demo's officials can sign in: with the password known for their address, or a new one.

    The first officer and the first head of the list work in the same busy department.
    """
    city = in_force()
    people = officials.take_seats(city)
    return [
        _account(seat, people[seat.email], known.get(seat.email))
        for seat in officials.seats(city.profile)
        if seat.has_account
    ]


def _account(seat: officials.Seat, person: Person, known_password: str | None) -> Account:
    password = known_password or secrets.token_urlsafe(9)
    person.password_hash = signin.hashed(password)
    return Account(seat.role.value, seat.email, password, seat.department or "", seat.name)
