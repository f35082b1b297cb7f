"""The ways out and in: mail, SMS, and the certificate that browsers ask for."""

import socket
import ssl
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import func, select

from cps.health.finding import Finding, State, graded
from cps.kernel import clock
from cps.kernel.db import db
from cps.notify import channels
from cps.notify.channels import NoMail, Outbox, Undelivered
from cps.notify.models import Message, MessageState
from cps.settings import Settings

_LATE, _TOO_LATE = timedelta(hours=1), timedelta(hours=24)
_LATELY: Final = timedelta(days=7)
_PATIENCE_SECONDS: Final = 10
_SOON_DAYS, _TOO_SOON_DAYS = 21, 7
_AT_HOME: Final = ("localhost", "127.0.0.1", "::1")


def mail(_settings: Settings) -> Finding:
    """Look whether the mail server takes letters, and whether letters wait or were given up."""
    channel = channels.current()
    if isinstance(channel, Outbox):
        return Finding("mail", State.OFF, "The demo keeps its letters; none is sent.")
    waiting, seconds, failed = _letters()
    figures = {"waiting": waiting, "oldest_seconds": round(seconds), "failed_in_7_days": failed}
    if isinstance(channel, NoMail):
        told = f"No mail server is set: nobody gets letters ({waiting} wait)."
        return Finding("mail", State.WARNING, told, "Set CPS_MAIL_URL and CPS_MAIL_FROM.", figures)
    try:
        channel.try_out()
    except Undelivered as error:
        todo = "Check CPS_MAIL_URL and that server; letters wait and leave when it answers again."
        return Finding("mail", State.FAULT, f"The mail server does not take letters: {error}.", todo, figures)
    state = graded(seconds, warning=_LATE.total_seconds(), fault=_TOO_LATE.total_seconds())
    if state is not State.OK:
        told = (
            f"The mail server answers, but {waiting} letters wait, the oldest for {seconds / 3600:.0f} hours."
        )
        return Finding("mail", state, told, "See that the worker runs, and what its log says.", figures)
    if failed:
        told = f"The mail server refused {failed} letters for good in the last 7 days."
        todo = "Mostly these are addresses that do not exist; if there are many, see why in `message.last_error`."
        return Finding("mail", State.WARNING, told, todo, figures)
    return Finding(
        "mail", State.OK, "The mail server takes letters, and none waits for long.", figures=figures
    )


def _letters() -> tuple[int, float, int]:
    """Return how many letters wait, for how many seconds the oldest does, and how many were given up lately."""
    count, oldest = db.session.execute(
        select(func.count(), func.min(Message.written_at)).where(Message.state == MessageState.WAITING)
    ).one()
    failed = db.session.scalar(
        select(func.count())
        .select_from(Message)
        .where(Message.state == MessageState.FAILED, Message.ended_at > clock.now() - _LATELY)
    )
    return count, (clock.now() - oldest).total_seconds() if oldest else 0.0, failed or 0


def sms(_settings: Settings) -> Finding:
    """Say that no SMS leaves yet."""
    return Finding("sms", State.OFF, "No SMS gateway can be set yet.")


def certificate(settings: Settings) -> Finding:
    """Look at what people's browsers are shown under the address they use."""
    address = urlsplit(settings.base_url)
    host = address.hostname or ""
    if address.scheme != "https":
        if settings.is_demo or host in _AT_HOME:
            return Finding("certificate", State.OFF, f"{settings.base_url} is used without a certificate.")
        told = f"{settings.base_url} is used without a certificate: passwords and reports can be read on the way."
        return Finding("certificate", State.FAULT, told, "Get one, and begin CPS_BASE_URL with https.")
    try:
        ends = _ends(host, address.port or 443)
    except ssl.SSLCertVerificationError as error:
        told = f"Browsers refuse the certificate of {host}: {error.verify_message}."
        return Finding("certificate", State.FAULT, told, "Renew it: `certbot renew`, then reload nginx.")
    except OSError as error:
        told = f"{settings.base_url} cannot be reached from here: {error.strerror or error}."
        return Finding(
            "certificate", State.WARNING, told, "See that nginx runs and that the name leads here."
        )
    days = (ends - datetime.now(UTC)).total_seconds() / 86400
    figures = {"days_left": round(days, 1)}
    state = graded(-days, warning=-_SOON_DAYS, fault=-_TOO_SOON_DAYS)
    told = f"The certificate of {host} is good until {ends:%Y-%m-%d} ({days:.0f} days)."
    todo = "" if state is State.OK else "Renew it: `certbot renew`, then reload nginx."
    return Finding("certificate", state, told, todo, figures)


def _ends(host: str, port: int) -> datetime:
    """Return until when the certificate is good that a browser is shown; raises OSError."""
    context = ssl.create_default_context()
    with (
        socket.create_connection((host, port), timeout=_PATIENCE_SECONDS) as plain,
        context.wrap_socket(plain, server_hostname=host) as secured,
    ):
        found = secured.getpeercert()
    assert found is not None
    return datetime.fromtimestamp(ssl.cert_time_to_seconds(str(found["notAfter"])), UTC)
