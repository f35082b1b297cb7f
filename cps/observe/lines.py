"""Lines of log: one on stderr for each thing that happened, as JSON for programs or as text for people.

A line has these `KEYS` and no others. Our own messages are written so that they hold nothing personal; of other
packages' messages only what stands in their code is said, with the numbers put into it.
"""

import json
import logging
import os
import sys
import threading
import warnings
from collections.abc import Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, TextIO

from cps.observe import doing, faults

KEYS: Final = (
    *("time", "level", "logger", "message", "process", "pid", "city"),
    *("request", "endpoint", "method", "status", "ms", "job", "job_id", "fault"),
)
"""What a line of JSON has, in this order; what is not known of it is null."""

JSON, TEXT = "json", "text"

_LOG = logging.getLogger(__name__)
_OWN: Final = "cps."
_MOST_CALLS_BACK: Final = 20
_LEFT_OUT: Final = "…"
# The outcome of each job; what else procrastinate says below a warning says nothing new.
_JOB_ENDS: Final = {
    "job_success": "the job is done",
    "job_error": "the job failed and is given up",
    "job_error_retry": "the job failed and is tried again",
    "job_aborted": "the job was broken off",
    "job_aborted_retry": "the job was broken off and is tried again",
}
_CITY: list[str] = []


def begin(style: str, *, process: str, stream: TextIO | None = None) -> None:
    """Write lines in this style from now on, whatever logs them; `process` says what this one is.

    As text, only what somebody should look at; as JSON also each request answered and each job done.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(_AsJson(process) if style == JSON else _AsText(process))
    handler.addFilter(_is_worth_a_line)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    for name in ("cps", "procrastinate"):
        logging.getLogger(name).setLevel(logging.INFO if style == JSON else logging.WARNING)
    logging.raiseExceptions = False  # it would print what could not be written, with all of its values
    _take_over_stderr()


def of_city(code: str) -> None:
    """Say in every line from now on which city this is."""
    _CITY[:] = [code]


def _take_over_stderr() -> None:
    """Let what Python itself would print of errors and warnings, with their words, be lines too."""
    warnings.showwarning = _warned
    sys.excepthook = _uncaught
    threading.excepthook = lambda end: _uncaught(end.exc_type, end.exc_value, end.exc_traceback)
    sys.unraisablehook = lambda lost: _uncaught(lost.exc_type, lost.exc_value, lost.exc_traceback)


def _warned(  # noqa: PLR0917 - as Python calls it
    message: Warning | str,  # noqa: ARG001 - its words are left out
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,  # noqa: ARG001
    line: str | None = None,  # noqa: ARG001
) -> None:
    _LOG.warning("the code warns: %s at %s:%s", category.__name__, faults.short(filename), lineno)


def _uncaught(
    kind: type[BaseException], error: BaseException | None, traceback: TracebackType | None
) -> None:
    if issubclass(kind, KeyboardInterrupt):
        return
    _LOG.critical("nobody caught an error", exc_info=(kind, error or kind(), traceback))


def _is_worth_a_line(record: logging.LogRecord) -> bool:
    if not record.name.startswith("procrastinate"):
        return True
    return record.levelno >= logging.WARNING or getattr(record, "action", None) in _JOB_ENDS


class _Line(logging.Formatter):
    """What is said of a record, by the keys of a line."""

    def __init__(self, process: str) -> None:
        super().__init__()
        self._process = process

    def line(self, record: logging.LogRecord) -> dict[str, Any]:
        error = record.exc_info[1] if record.exc_info else None
        known = {**doing.facts(), **_of_job(record), **getattr(record, "facts", {})}
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": _level(record),
            "logger": record.name,
            "message": _message(record),
            "process": self._process,
            "pid": os.getpid(),
            "city": _CITY[0] if _CITY else None,
            "fault": faults.described(error) if error is not None else None,
        }
        return {key: said[key] if key in said else known.get(key) for key in KEYS}


class _AsJson(_Line):
    def format(self, record: logging.LogRecord) -> str:
        return json.dumps(self.line(record), separators=(",", ":"), default=str)


class _AsText(_Line):
    def format(self, record: logging.LogRecord) -> str:
        line = self.line(record)
        known = " ".join(f"{key}={line[key]}" for key in KEYS[6:-1] if line[key] is not None)
        fault = line["fault"]
        why = f" {_in_words(fault)}" if fault else ""
        text = (
            f"{line['level'].upper()} {record.name}: {line['message']}{f' ({known})' if known else ''}{why}"
        )
        return "".join(letter if letter.isprintable() else " " for letter in text)


def _in_words(fault: Mapping[str, Any] | None) -> str:
    parts = []
    while fault is not None:
        name = " ".join(part for part in (fault["type"], fault["code"]) if part)
        parts.append(" < ".join((name, *reversed(fault["stack"]))))
        fault = fault["cause"]
    return "; because of ".join(parts)


def _level(record: logging.LogRecord) -> str:
    is_second_try = record.exc_info and record.levelno < logging.WARNING
    return "warning" if is_second_try else record.levelname.lower()


def _of_job(record: logging.LogRecord) -> dict[str, Any]:
    """Return which job a line of procrastinate is about: its name and number, never its arguments."""
    job = getattr(record, "job", None)
    if not isinstance(job, Mapping):
        return {}
    seconds = getattr(record, "duration", None)
    ms = round(seconds * 1000, 1) if isinstance(seconds, float) else None
    return {"job": job.get("task_name"), "job_id": job.get("id"), "ms": ms}


def _message(record: logging.LogRecord) -> str:
    if record.name.startswith(_OWN):
        return _filled(record, str)
    action = getattr(record, "action", None)
    if record.name.startswith("procrastinate") and isinstance(action, str):
        return _JOB_ENDS.get(action, action)
    if isinstance(record.msg, BaseException):
        return faults.named(record.msg)
    if record.args:
        return _filled(record, lambda _value: _LEFT_OUT)
    if _stands_in_code(record.msg):
        return str(record.msg)
    return f"{faults.short(record.pathname)}:{record.lineno} said something that is left out"


def _filled(record: logging.LogRecord, words_of: Any) -> str:
    """Put the values into a message: numbers as they are, errors by their kind, others as `words_of` says."""
    args = record.args or ()
    if isinstance(args, Mapping):
        args = tuple(args.values())
    values = tuple(_value(value, words_of) for value in args)
    try:
        return str(record.msg) % values if values else str(record.msg)
    except (TypeError, ValueError):
        return str(record.msg)


def _value(value: object, words_of: Any) -> Any:
    if isinstance(value, int | float):
        return value
    return faults.named(value) if isinstance(value, BaseException) else words_of(value)


def _stands_in_code(message: object) -> bool:
    """Whether these very words are written in the code that logs them, and nothing was put into them."""
    frame = sys._getframe(1)
    for _call in range(_MOST_CALLS_BACK):
        if frame.f_back is None:
            return False
        frame = frame.f_back
        if message in frame.f_code.co_consts:
            return True
    return False
