"""A citizen and a passer-by of a city that was installed, coming from another machine."""

import http.client
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlencode

from tests.install.root import INSIDE
from tests.makers import a_report_form

_PATIENCE_SECONDS = 60


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: http.client.HTTPMessage
    text: str


def ask(domain: str, path: str, *, form: dict[str, str] | None = None, **headers: str) -> Answer:
    """Send a request to the city over TLS; its certificate is not looked at, for it may be signed by nobody."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(domain, timeout=_PATIENCE_SECONDS)
    plain = socket.create_connection((INSIDE, 443), timeout=_PATIENCE_SECONDS)
    connection.sock = context.wrap_socket(plain, server_hostname=domain)
    try:
        body = None if form is None else urlencode(form)
        kind = {} if form is None else {"Content-Type": "application/x-www-form-urlencoded"}
        connection.request("GET" if form is None else "POST", path, body, {**kind, **headers})
        answer = connection.getresponse()
        return Answer(answer.status, answer.headers, answer.read().decode())
    finally:
        connection.close()


def file(domain: str, **changes: str) -> Answer:
    """File a report as Ana does."""
    return ask(domain, "/complaints", form=a_report_form(**changes))


def may_connect(port: int) -> bool:
    """Whether anything can be reached at this port from another machine."""
    try:
        socket.create_connection((INSIDE, port), timeout=2).close()
    except OSError:
        return False
    return True
