"""How often something may be tried from one address: sign-in, and links that open nothing."""

from flask import Flask
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address

limiter = Limiter(key_func=get_remote_address, default_limits=[], storage_uri="memory://")


def init_app(app: Flask) -> None:
    """Count attempts in this process."""
    limiter.init_app(app)
