"""Ways out of the system: mail by SMTP, or the demo's outbox that keeps every letter.

A channel sends or raises `Undelivered`; it never touches the database. The message's id becomes its
Message-ID, so that a letter sent twice after a crash can be recognised as one.
"""

import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr
from typing import ClassVar, Final, Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from cps.kernel import clock
from cps.kernel.errors import Unusable
from cps.notify.models import Message, MessageState
from cps.notify.resting import Rest
from cps.observe import spans

EMAIL: Final = "email"
SMS: Final = "sms"

_TIMEOUT_SECONDS = 20
_CLOSING = 421
_PATIENCE_SECONDS = 8  # of who only looks whether the server is there


class Undelivered(Exception):
    """The letter did not get out; `is_final` when trying again cannot help.

    `is_away`: no letter would have, for the server was not reached or let nobody in. `was_dropped`: it broke off.
    """

    def __init__(
        self, reason: str, *, is_final: bool = False, is_away: bool = False, was_dropped: bool = False
    ) -> None:
        super().__init__(reason)
        self.is_final, self.is_away, self.was_dropped = is_final, is_away, was_dropped


class Channel(Protocol):
    """A way out for letters."""

    @property
    def begins_as(self) -> MessageState:
        """The state of a letter just written: still to be sent, or kept already."""

    @property
    def rest(self) -> Rest:
        """For how long nothing is sent this way."""

    def send(self, message: Message) -> MessageState:
        """Send the message and return the state it is in now; raise Undelivered."""

    def try_out(self) -> None:
        """Go as far as can be gone without a letter; raise Undelivered if one could not leave."""


class Outbox:
    """Keeps letters where the demo shows them."""

    begins_as = MessageState.KEPT

    def __init__(self) -> None:
        self.rest = Rest()

    def send(self, message: Message) -> MessageState:  # noqa: ARG002 - kept by its state alone
        """Keep the message."""
        return MessageState.KEPT

    def try_out(self) -> None:
        """Find nothing wrong: nothing leaves."""


class NoMail:
    """No mail server is set: letters wait until the operator names one."""

    begins_as = MessageState.WAITING

    def __init__(self) -> None:
        self.rest = Rest()

    def send(self, message: Message) -> MessageState:  # noqa: ARG002
        """Refuse for now."""
        self.try_out()
        return MessageState.WAITING

    def try_out(self) -> None:
        """Refuse for now."""
        raise Undelivered("no mail server is set (CPS_MAIL_URL)", is_away=True)


@dataclass(frozen=True)
class Smtp:
    """Mail by SMTP: plain, STARTTLS or TLS from the first byte."""

    url: SplitResult
    sender: str
    rest: Rest = field(default_factory=Rest, compare=False)
    begins_as: ClassVar[MessageState] = MessageState.WAITING

    def send(self, message: Message) -> MessageState:
        """Hand the message to the server."""
        with spans.letter(), self._signed_in(_TIMEOUT_SECONDS) as connection:
            try:
                connection.send_message(_as_mail(message, self.sender))
            except smtplib.SMTPRecipientsRefused as error:
                codes = {code for code, _reason in error.recipients.values()}
                raise Undelivered(_said(error), is_final=all(code >= 550 for code in codes)) from error
            except (smtplib.SMTPException, OSError) as error:
                raise Undelivered(_said(error), was_dropped=_was_dropped(error)) from error
            except ValueError as error:  # a header that is none: no later attempt can change that
                raise Undelivered(_said(error), is_final=True) from error
        return MessageState.SENT

    def try_out(self) -> None:
        """Sign in at the server, and name the sender."""
        with self._signed_in(_PATIENCE_SECONDS) as connection:
            try:
                connection.ehlo_or_helo_if_needed()
                code, answer = connection.mail(parseaddr(self.sender)[1])
            except (smtplib.SMTPException, OSError) as error:
                raise Undelivered(_said(error)) from error
            if code >= 400:
                raise Undelivered(f"{code} {answer.decode(errors='replace')}")

    @contextmanager
    def _signed_in(self, timeout: int) -> Iterator[smtplib.SMTP]:
        try:
            connection = self._connection(timeout)
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(_said(error), is_away=True) from error
        try:
            self._sign_in(connection)
            yield connection
        finally:
            # What it took it has taken, whatever it says to the farewell.
            with suppress(smtplib.SMTPException, OSError):
                connection.quit()
            connection.close()

    def _sign_in(self, connection: smtplib.SMTP) -> None:
        try:
            if self.url.username:
                connection.login(unquote(self.url.username), unquote(self.url.password or ""))
            else:
                connection.ehlo_or_helo_if_needed()
        except (smtplib.SMTPException, OSError) as error:
            raise Undelivered(_said(error), is_away=True) from error

    def _connection(self, timeout: int) -> smtplib.SMTP:
        host, scheme = self.url.hostname or "localhost", self.url.scheme
        if scheme == "smtps":
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(host, self.url.port or 465, timeout=timeout, context=context)
        connection = smtplib.SMTP(host, self.url.port or 25, timeout=timeout)
        if scheme == "smtp+starttls":
            try:
                connection.starttls(context=ssl.create_default_context())
            except BaseException:
                connection.close()
                raise
        return connection


_CHANNEL: list[Channel] = [NoMail()]


def use(mail_url: str, *, sender: str) -> None:
    """Choose the way out by the operator's URL."""
    _CHANNEL[:] = [_channel(mail_url, sender)]


def current() -> Channel:
    """Return the way out in use."""
    return _CHANNEL[0]


def ways() -> frozenset[str]:
    """Return which kinds of message can be sent at all.

    No SMS gateway can be set yet: only the demo keeps SMS, in its outbox.
    """
    channel = current()
    if isinstance(channel, NoMail):
        return frozenset()
    return frozenset((EMAIL, SMS)) if isinstance(channel, Outbox) else frozenset((EMAIL,))


def _channel(mail_url: str, sender: str) -> Channel:
    if not mail_url:
        return NoMail()
    url = urlsplit(mail_url)
    if url.scheme == "outbox":
        return Outbox()
    if url.scheme in ("smtp", "smtps", "smtp+starttls"):
        return Smtp(url, sender)
    raise Unusable(f"CPS_MAIL_URL starts with {url.scheme}:, which is no way to send mail.")


def _as_mail(message: Message, sender: str) -> EmailMessage:
    mail = EmailMessage()
    mail["Message-ID"] = f"<{message.id}@{sender.rpartition('@')[2].strip('>') or 'localhost'}>"
    mail["Date"] = format_datetime(clock.now())
    mail["From"] = sender
    mail["To"] = message.address
    mail["Subject"] = message.subject
    mail["Content-Language"] = message.language
    mail["Auto-Submitted"] = "auto-generated"
    if message.unsubscribe:
        mail["List-Unsubscribe"] = f"<{message.unsubscribe}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    mail.set_content(message.body, cte="base64" if not message.body.isascii() else "7bit")
    return mail


def _was_dropped(error: Exception) -> bool:
    """Whether the server broke off, or says that it is about to (421), instead of refusing this letter."""
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else None
    return code == _CLOSING or (isinstance(error, (smtplib.SMTPServerDisconnected, OSError)) and code is None)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:500]
