"""A translator of the operator's own, asked when an official wants to read a report in another language: LibreTranslate's
way of asking, which other servers speak too; nobody where none is set.

What it says is shown beside the words as written, and never kept: it proves nothing.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from http.client import HTTPException
from typing import Any, Final
from urllib.error import HTTPError
from urllib.request import Request, urlopen

from cps.kernel.errors import Refused
from cps.kernel.text import _

_TIMEOUT_SECONDS: Final = 8  # a sentence takes a small server a second or two; an official waits for it
_LARGEST_ANSWER_BYTES: Final = 1_000_000
_ELSEWHERE: Final = {"fil": "tl"}  # how the service calls a language of ours
_UNKNOWN_LANGUAGE: Final = "is not supported"  # in the service's own English, with 400

_log = logging.getLogger(__name__)


@dataclass
class _Service:
    """Who is asked, with which key, and what we call ourselves."""

    address: str = ""
    key: str = ""
    user_agent: str = ""


_service = _Service()


def use(setting: str, *, key: str, user_agent: str) -> None:
    """Ask the server of a setting like `libretranslate:https://translate.example.org` from now on; nobody if it is empty."""
    _kind, _colon, address = setting.partition(":")
    _service.address, _service.key, _service.user_agent = address.rstrip("/"), key, user_agent


def is_set() -> bool:
    """Whether there is anybody to ask."""
    return bool(_service.address)


def translated(texts: Sequence[str], *, source: str, target: str) -> list[str]:
    """Return these texts in another language, in their order; languages are codes as the city's profile has them.

    Raises Refused, with a sentence to show, where the service does not know a language or does not answer as it should.
    """
    try:
        with urlopen(_request(texts, source, target), timeout=_TIMEOUT_SECONDS) as answer:  # noqa: S310 - the operator's address
            found = json.loads(answer.read(_LARGEST_ANSWER_BYTES))["translatedText"]
        return _expected(found, len(texts))
    except HTTPError as error:
        if error.code == HTTPStatus.BAD_REQUEST and _UNKNOWN_LANGUAGE in _reason(error):
            raise Refused(_("The translator does not know this language.")) from None
        raise _failed(f"status {error.code}") from None
    except (OSError, HTTPException, ValueError, KeyError, TypeError) as error:
        raise _failed(type(error).__name__) from None


def _request(texts: Sequence[str], source: str, target: str) -> Request:
    asked: dict[str, Any] = {
        "q": list(texts),
        "source": _ELSEWHERE.get(source, source),
        "target": _ELSEWHERE.get(target, target),
        "format": "text",
    }
    if _service.key:
        asked["api_key"] = _service.key
    headers = {"Content-Type": "application/json", "User-Agent": _service.user_agent}
    return Request(f"{_service.address}/translate", json.dumps(asked).encode(), headers)  # noqa: S310


def _expected(found: Any, count: int) -> list[str]:
    """Return the texts of an answer; ValueError if it is not one text for each that was asked."""
    if not (isinstance(found, list) and len(found) == count and all(isinstance(one, str) for one in found)):
        raise ValueError(found)
    return found


def _reason(error: HTTPError) -> str:
    try:
        return str(json.loads(error.read(_LARGEST_ANSWER_BYTES))["error"])
    except (OSError, HTTPException, ValueError, KeyError, TypeError):
        return ""


def _failed(why: str) -> Refused:
    _log.warning(
        "The translator of CPS_TRANSLATOR failed (%s).", why
    )  # never the words: they are a citizen's
    return Refused(_("The translator does not answer. Please try again in a minute."))
