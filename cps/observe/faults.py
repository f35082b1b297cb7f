"""What may be said of an error: its kind, its code and the places in the code, and never its words.

The words of an error quote what it stumbled over: a row, a parameter, an address. What a program can tell apart, the
SQLSTATE and the constraint, the answer of a mail server, the number of a system's error, says enough.
"""

import errno
from pathlib import Path
from smtplib import SMTPRecipientsRefused, SMTPResponseException
from traceback import walk_tb
from types import TracebackType
from typing import Any, Final

_HERE: Final = f"{Path(__file__).resolve().parents[2]}/"
_PACKAGES: Final = "/site-packages/"
_MOST_PLACES, _MOST_CAUSES = 40, 3


def described(error: BaseException, *, causes: int = _MOST_CAUSES) -> dict[str, Any]:
    """Return kind, code, places (the innermost last) and cause of an error, for programs."""
    cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    return {
        "type": _kind(error),
        "code": code(error),
        "stack": places(error.__traceback__),
        "cause": described(cause, causes=causes - 1) if cause is not None and causes else None,
    }


def named(error: BaseException) -> str:
    """Return kind and code of an error, or the code of what caused it, in a few words."""
    found = code(error) or (code(error.__cause__) if error.__cause__ is not None else None)
    return " ".join(part for part in (_kind(error), found) if part)


def code(error: BaseException) -> str | None:
    """Return what tells errors of this kind apart, as far as it quotes nothing."""
    driver = getattr(error, "orig", None) or error  # SQLAlchemy's errors hold the driver's
    state = getattr(driver, "sqlstate", None)
    if isinstance(state, str):
        constraint = getattr(getattr(driver, "diag", None), "constraint_name", None)
        return f"{state} {constraint}" if constraint else state
    if isinstance(error, SMTPRecipientsRefused):
        return " ".join(sorted({str(answer) for answer, _words in error.recipients.values()}))
    if isinstance(error, SMTPResponseException):
        return str(error.smtp_code)
    if isinstance(error, OSError) and isinstance(error.errno, int):
        return errno.errorcode.get(error.errno, str(error.errno))
    return None


def places(traceback: TracebackType | None) -> list[str]:
    """Return where in the code it happened, as file:line and function."""
    found = [
        f"{short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(traceback)
    ]
    return found[-_MOST_PLACES:]


def short(filename: str) -> str:
    """Return a file's name from its package on."""
    if _PACKAGES in filename:
        return filename.rpartition(_PACKAGES)[2]
    return filename.removeprefix(_HERE) if filename.startswith(_HERE) else "/".join(Path(filename).parts[-2:])


def _kind(error: BaseException) -> str:
    kind = type(error)
    return kind.__qualname__ if kind.__module__ == "builtins" else f"{kind.__module__}.{kind.__qualname__}"
