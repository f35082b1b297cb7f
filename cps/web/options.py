"""The options of a list, written as HTML: those of the city once, those of one page when it is made."""

from collections.abc import Iterable, Iterator
from functools import lru_cache

from markupsafe import Markup, escape

from cps.city.queries import CityInForce


class Options:
    """Options in order, each with a value of its own; which one is chosen is said when they are printed."""

    __slots__ = ("_pairs", "_written")

    def __init__(self, pairs: Iterable[tuple[object, str]]) -> None:
        self._pairs = [(str(value), text) for value, text in pairs]
        self._written = {
            value: f'<option value="{escape(value)}">{escape(text)}</option>' for value, text in self._pairs
        }

    def __iter__(self) -> Iterator[tuple[str, str]]:
        return iter(self._pairs)

    def without(self, value: str) -> "Options":
        """Return the same options but for one."""
        others = Options(())
        others._pairs = [pair for pair in self._pairs if pair[0] != value]
        others._written = {code: option for code, option in self._written.items() if code != value}
        return others

    def printed(self, chosen: object) -> Markup:
        """Return the HTML of all options, with the one of this value chosen."""
        written, wanted = self._written, str(chosen)
        if wanted in written:
            # The first quote and bracket end the value: within it both are escaped.
            written = {**written, wanted: written[wanted].replace('">', '" selected>', 1)}
        return Markup("\n".join(written.values()))  # noqa: S704 - each part is escaped


@lru_cache(maxsize=32)
def departments(city: CityInForce, language: str) -> Options:
    """Return the departments of a city: code and name, those of the whole city first, each by name."""
    return Options(city.departments_by_name(language))


@lru_cache(maxsize=32)
def areas(city: CityInForce, language: str) -> Options:
    """Return the areas of a city: code and name, as if written without accents."""
    return Options(city.areas_by_name(language))


@lru_cache(maxsize=32)
def categories(city: CityInForce, language: str) -> Options:
    """Return the categories of a city: code and name, in its own order."""
    return Options((one.code, city.named(one.names, language)) for one in city.profile.categories)
