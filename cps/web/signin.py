"""Who is signed in at the desk: Flask-Login over our own officials.

`current_person()` is the only way the desk asks; a page of the desk without a person is never shown.
"""

from flask import Flask, abort, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from cps.kernel.text import _
from cps.people import queries as people
from cps.people import sessions
from cps.people.models import Person

_SESSION_LABEL = _("Sign in to see this page.")
_NUMBER = "number"


class _SignedIn(UserMixin):  # type: ignore[misc] # flask_login ships no types
    """The person of this session, as Flask-Login wants to see it."""

    def __init__(self, person: Person) -> None:
        self.person = person

    def get_id(self) -> str:
        return str(self.person.id)


def init_app(app: Flask, *, sign_in_endpoint: str) -> None:
    """Load the person of each session; send strangers to the sign-in page."""
    # Templates are handed the person; citizens' pages do not even look for a session.
    manager = LoginManager(app, add_context_processor=False)
    manager.session_protection = "basic"  # a phone changes its address on the way
    manager.login_view = sign_in_endpoint
    manager.login_message = _SESSION_LABEL

    def load(person_id: str) -> _SignedIn | None:
        number = session.get(_NUMBER)  # one that began before there were numbers has none
        if not person_id.isdigit() or (number is not None and sessions.is_over(number)):
            session.clear()  # and is not handed out anew
            return None
        person = people.active(int(person_id))
        return _SignedIn(person) if person else None

    manager.user_loader(load)


def sign_in(person: Person) -> None:
    """Begin a session for this person."""
    session[_NUMBER] = sessions.new_number()
    login_user(_SignedIn(person))


def sign_out() -> None:
    """End the session, on every host and for whoever copied it."""
    if number := session.get(_NUMBER):
        sessions.end(number)
    logout_user()


def current_person() -> Person:
    """Return who is signed in; 401 if nobody is."""
    if not current_user.is_authenticated:
        abort(401)
    person: Person = current_user.person
    return person


def is_signed_in() -> bool:
    """Whether an official is signed in."""
    return bool(current_user.is_authenticated)
