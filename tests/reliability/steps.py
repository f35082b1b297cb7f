"""Every step by which the program touches the world outside of it, seen from outside: statements, commits, files, mail.

Where a process can die or a machine can fail is between two such steps, so nothing of this stands in the program: the
libraries it calls are looked at instead. Points that are written into code by hand name only what their author thought
of, cost something in production, and could be switched on there; these follow the code whatever becomes of it.
"""

import os
import smtplib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from unittest.mock import patch

import psycopg

Call = Callable[[], Any]

DATABASE, DISK, MAIL = "database", "disk", "mail"


class Eye:
    """Looks at steps: is handed each with its kind and its name, and does it, or something else."""

    def step(self, kind: str, name: str, call: Call, connection: Any = None) -> Any:
        """Do the step; `connection`: psycopg's, of a step of the database."""
        raise NotImplementedError


class Recording(Eye):
    """Does every step and writes down what it was."""

    def __init__(self) -> None:
        self.seen: list[tuple[str, str]] = []

    def step(self, kind: str, name: str, call: Call, connection: Any = None) -> Any:
        """Do it and write it down."""
        self.seen.append((kind, name))
        return call()

    def of(self, kind: str) -> list[str]:
        """Return the names of the steps of a kind, in their order."""
        return [name for seen, name in self.seen if seen == kind]


@contextmanager
def watched(eye: Eye, *, storage: Path | None = None) -> Iterator[None]:
    """Let the eye look at every step within the block; of files, at those below `storage`."""
    with ExitStack() as stack:
        for holder, name, told in _DATABASE:
            stack.enter_context(_seen(eye, DATABASE, holder, name, told))
        stack.enter_context(_seen_async(eye))
        for name, told in _SMTP:
            stack.enter_context(_seen(eye, MAIL, smtplib.SMTP, name, told))
        if storage is not None:
            for name in _OS:
                stack.enter_context(_seen_file(eye, name, storage))
        yield


def _said(statement: Any) -> str:
    """Say in a few words what a statement does."""
    text = statement.decode() if isinstance(statement, bytes) else str(statement)
    words = " ".join(text.replace("(", " ").split())
    if "procrastinate_" in words:
        return words.partition("procrastinate_")[2].split()[0].replace("_", " ")
    for begin in ("FROM ", "INTO ", "UPDATE "):
        if begin in words and not words.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
            return f"{words.split()[0]} {words.partition(begin)[2].split()[0].strip(',')}"
    return " ".join(words.split()[:2])


def _line(arguments: tuple[Any, ...]) -> str:
    command = arguments[0] if arguments else b""
    text = command if isinstance(command, str) else bytes(command).decode("ascii", "replace")
    word = text.split(maxsplit=1)[0].strip().upper() if text.strip() else ""
    return word if word in ("EHLO", "HELO", "MAIL", "RCPT", "DATA", "QUIT", "RSET") else "the letter"


_DATABASE: tuple[tuple[type, str, Callable[[tuple[Any, ...]], str]], ...] = (
    (psycopg.Cursor, "execute", lambda arguments: _said(arguments[0])),
    (psycopg.Cursor, "executemany", lambda arguments: _said(arguments[0])),
    (psycopg.Connection, "commit", lambda _arguments: "COMMIT"),
)
_SMTP: tuple[tuple[str, Callable[[tuple[Any, ...]], str]], ...] = (
    ("connect", lambda _arguments: "connect"),
    ("send", _line),
    ("getreply", lambda _arguments: "answer"),
)
_OS = ("open", "write", "fsync", "replace", "utime", "unlink", "mkdir")


@contextmanager
def _seen(
    eye: Eye, kind: str, holder: type, name: str, told: Callable[[tuple[Any, ...]], str]
) -> Iterator[None]:
    real = getattr(holder, name)

    def step(self: Any, *arguments: Any, **more: Any) -> Any:
        connection = getattr(self, "connection", self) if kind == DATABASE else None
        return eye.step(kind, told(arguments), lambda: real(self, *arguments, **more), connection)

    with patch.object(holder, name, step):
        yield


@contextmanager
def _seen_async(eye: Eye) -> Iterator[None]:
    """What the worker asks its queue: seen when it is answered."""
    real = psycopg.AsyncCursor.execute

    async def execute(self: Any, query: Any, *arguments: Any, **more: Any) -> Any:
        result = await real(self, query, *arguments, **more)
        if "_job_v" in str(query):  # it fetches one, finishes it, or puts it off
            eye.step("queue", _said(query), lambda: None)
        return result

    with patch.object(psycopg.AsyncCursor, "execute", execute):
        yield


@contextmanager
def _seen_file(eye: Eye, name: str, storage: Path) -> Iterator[None]:
    real = getattr(os, name)

    def step(first: Any, *arguments: Any, **more: Any) -> Any:
        if not _is_below(first, storage):
            return real(first, *arguments, **more)
        return eye.step(DISK, name, lambda: real(first, *arguments, **more))

    with patch.object(os, name, step):
        yield


def _is_below(thing: Any, storage: Path) -> bool:
    try:
        path = f"/proc/self/fd/{thing}" if isinstance(thing, int) else os.fspath(thing)
        return os.path.realpath(path).startswith(str(storage))
    except (OSError, TypeError):
        return False
