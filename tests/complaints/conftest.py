"""The small town, for stories that change the city itself; nothing of it outlives the test."""

from tests.city.conftest import no_city, profile

__all__ = ["no_city", "profile"]
