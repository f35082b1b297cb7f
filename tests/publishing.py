"""Other rules of the city for a while: categories made private or rounded, photos that wait, contacts confirmed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import update

from cps.city import models
from cps.city.queries import forget
from cps.kernel.db import db


@contextmanager
def categories(*codes: str, **flags: bool) -> Iterator[None]:
    """Set these flags (`is_public`, `is_rounded`) of some categories within the block."""
    _set(codes, flags)
    try:
        yield
    finally:
        db.session.rollback()
        _set(codes, {name: not value for name, value in flags.items()})


@contextmanager
def waiting_photos() -> Iterator[None]:
    """Let everybody see photos after a look only, within the block."""
    _limit(photos_wait=True)
    try:
        yield
    finally:
        db.session.rollback()
        _limit(photos_wait=False)


@contextmanager
def confirmed_contacts() -> Iterator[None]:
    """Have contacts confirmed by a code within the block."""
    _ask(confirms_contact=True)
    try:
        yield
    finally:
        db.session.rollback()
        _ask(confirms_contact=False)


def _set(codes: tuple[str, ...], flags: dict[str, bool]) -> None:
    db.session.execute(update(models.Category).where(models.Category.code.in_(codes)).values(**flags))
    db.session.commit()
    forget()


def _limit(**limits: bool) -> None:
    city = db.session.get_one(models.City, 1)
    city.settings = {**city.settings, "limits": {**city.settings["limits"], **limits}}
    db.session.commit()
    forget()


def _ask(**asks: bool) -> None:
    city = db.session.get_one(models.City, 1)
    city.settings = {**city.settings, "asks": {**city.settings["asks"], **asks}}
    db.session.commit()
    forget()
