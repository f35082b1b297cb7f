"""All looks at an installation, in the order of what stands on what; none of them changes anything."""

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

import psycopg
from sqlalchemy.exc import DBAPIError

from cps.health import backup, late, machine, photos, place, store, ways, work
from cps.health.finding import Finding, State
from cps.kernel.db import db
from cps.settings import Settings

_LOG = logging.getLogger(__name__)

Look = Callable[[Settings], Finding]

_ALONE: Final[Sequence[tuple[str, Look]]] = (
    ("clock", machine.clock),
    ("disk", machine.disk),
    ("certificate", ways.certificate),
    ("base_map", place.base_map),
    ("sms", ways.sms),
    ("photos", photos.photos),
)
_AT_THE_DATABASE: Final[Sequence[tuple[str, Look]]] = (
    ("database", store.database),
    ("migrations", store.migrations),
    ("replica", store.replica),
    ("city", place.city),
    ("holidays", place.holidays),
    ("worker", work.worker),
    ("queue", work.queue),
    ("escalations", late.escalations),
    ("mail", ways.mail),
    ("backup", backup.backup),
)
NAMES: Final = tuple(name for name, _look in (*_ALONE, *_AT_THE_DATABASE))
"""What is looked at."""


def everything(settings: Settings) -> list[Finding]:
    """Look at everything; what needs the database is left out where that does not answer. Inside the application."""
    return [*alone(settings), *at_the_database(settings)]


def alone(settings: Settings) -> list[Finding]:
    """Look at what can be seen without the database."""
    return [_looked(name, look, settings) for name, look in _ALONE]


def at_the_database(settings: Settings) -> list[Finding]:
    """Look at the database, and at what it knows if it answers and is at the right state."""
    found: list[Finding] = []
    for name, look in _AT_THE_DATABASE:
        found.append(_looked(name, look, settings))
        if name in ("database", "migrations", "city") and _stops(found[-1]):
            break
    return found


def ready(settings: Settings) -> bool:
    """Whether requests can be answered: the database does, at the state of this version, and a city is in force."""
    looks = (store.migrations, place.city)
    return all(_looked("", look, settings).state is State.OK for look in looks)


def _stops(finding: Finding) -> bool:
    # A database that only lacks something still knows the rest; one without its tables or its city knows nothing.
    return finding.state is State.FAULT and (finding.name != "database" or not finding.figures)


def _looked(name: str, look: Look, settings: Settings) -> Finding:
    try:
        return look(settings)
    except (DBAPIError, psycopg.Error) as error:
        with suppress(DBAPIError):
            db.session.rollback()
        reason = str(getattr(error, "orig", error)).strip().splitlines()
        told = f"The database does not answer: {reason[-1] if reason else type(error).__name__}."
        todo = "Start it, or check CPS_DATABASE_URL: `systemctl status postgresql`."
        return Finding(name, State.FAULT, told, todo)
    except Exception as error:  # noqa: BLE001 - one look that fails must not hide what the others see
        _LOG.exception("the look at %s failed", name)
        return Finding(
            name, State.FAULT, f"This could not be looked at: {error}.", "Please report this with the log."
        )
