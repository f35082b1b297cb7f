"""A real mail server on this machine, for letters that really leave."""

from collections.abc import Iterator
from contextlib import contextmanager
from email import message_from_bytes, policy

from aiosmtpd.controller import Controller

from cps.notify import channels
from tests.living import free_port

SENDER = "city@hanoi.example"


class Inbox:
    """A mail server's memory; answers what it is told to."""

    def __init__(self) -> None:
        self.mails: list = []
        self.answer = "250 OK"
        self.port = 0
        self.answer_to_sender = "250 OK"

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.answer_to_sender.startswith("250"):
            envelope.mail_from = address
        return self.answer_to_sender

    async def handle_DATA(self, server, session, envelope):
        if self.answer.startswith("250"):
            self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return self.answer


@contextmanager
def taking_mail() -> Iterator[Inbox]:
    """Let letters leave to a server of ours."""
    inbox = Inbox()
    inbox.port = free_port()
    controller = Controller(inbox, hostname="127.0.0.1", port=inbox.port)
    controller.start()
    with sending_by(f"smtp://127.0.0.1:{inbox.port}"):
        yield inbox
    controller.stop()


@contextmanager
def sending_by(url: str) -> Iterator[None]:
    before = channels.current()
    channels.use(url, sender=SENDER)
    yield
    channels._CHANNEL[:] = [before]
