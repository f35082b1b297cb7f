"""Traces, where the operator wants them; elsewhere nothing is traced, nor the packages for it loaded."""

from contextlib import AbstractContextManager, nullcontext
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

from cps.kernel.errors import Unusable

if TYPE_CHECKING:
    from cps.observe.tracing import Tracing

_TRACING: "list[Tracing]" = []


def check(url: str) -> None:
    """Raise Unusable if traces are wanted and their packages are not there."""
    if url:
        _tracing()


def use(url: str, *, process: str) -> None:
    """Send traces to this collector from now on; nothing if there is none. Once per process, after it has forked."""
    _TRACING[:] = [_tracing().Tracing(url, process=process)] if url else []


def end() -> None:
    """Send what was traced and not sent yet."""
    for tracing in _TRACING:
        tracing.end()


def request() -> AbstractContextManager[None]:
    """Trace a request until the block ends."""
    return _TRACING[0].request() if _TRACING else nullcontext()


def name_request(endpoint: str, method: str, status: int) -> None:
    """Say of the request that is traced what it was."""
    for tracing in _TRACING:
        tracing.name_request(endpoint, method, status)


def job(task: str, number: int | None) -> AbstractContextManager[None]:
    """Trace a job until the block ends."""
    return _TRACING[0].job(task, number) if _TRACING else nullcontext()


def letter() -> AbstractContextManager[None]:
    """Trace handing a letter to the mail server until the block ends."""
    return _TRACING[0].letter() if _TRACING else nullcontext()


def _tracing() -> ModuleType:
    try:
        return import_module("cps.observe.tracing")
    except ImportError as error:
        raise Unusable("CPS_TRACES needs packages that are not there: install `cps[traces]`.") from error
