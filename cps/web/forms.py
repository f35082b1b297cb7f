"""What people typed, made safe to keep; every form reads its fields through here."""

from datetime import timedelta
from uuid import UUID, uuid4

from flask import Flask, request
from flask_wtf import CSRFProtect

from cps.kernel.text import cleaned

protection = CSRFProtect()


def init_app(app: Flask) -> None:
    """Ask for a token with every form of a signed-in official; citizens' forms carry a key instead."""
    protection.init_app(app)


def typed(name: str) -> str:
    """Return a field as text to keep: one form of every letter, nothing invisible that deceives."""
    return cleaned(request.form.get(name, ""))


def typed_version() -> int:
    """Return the version of the thing the form was made from; -1 if it does not say."""
    text = request.form.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def typed_count(name: str) -> int:
    """Return a small whole number that was typed; 0 for anything else."""
    text = typed(name)
    return int(text) if text.isascii() and text.isdigit() and len(text) < 5 else 0


def waited() -> timedelta:
    """Return for how long the phone says it has kept what it sends, in whole seconds; nothing if it does not say."""
    text = typed("waited")
    return timedelta(seconds=int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0)


def submission_key() -> UUID:
    """Return the key the form carries, or a new one for a form without a usable key."""
    try:
        return UUID(request.form.get("key", ""))
    except ValueError:
        return uuid4()
