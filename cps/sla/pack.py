"""Rule packs: what the law of a country says about periods, with the article beside each figure.

A pack is an example, not legal advice, and says so wherever it is shown.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from cps.city.calendar import Calendar
from cps.city.promise import Promise
from cps.city.reading import working_time
from cps.city.reading.findings import Findings
from cps.city.reading.sections import Section, read_sections
from cps.kernel.errors import Unusable
from cps.kernel.text import Text, _

_FOLDER: Final = Path(__file__).parent / "packs"
NOTE: Final[Text] = _("An example, not legal advice.")


@dataclass(frozen=True)
class LegalPromise:
    """A period with its source; `law` is empty where none was found and the figure is a proposal."""

    code: str
    promise: Promise
    law: str
    article: str
    names: dict[str, str]


@dataclass(frozen=True)
class Pack:
    """The periods of a country and an office calendar to count them by."""

    country: str
    calendar: Calendar
    promises: tuple[LegalPromise, ...]

    def promise(self, code: str) -> LegalPromise | None:
        """Return the period with this code, if there is one."""
        return next((promise for promise in self.promises if promise.code == code), None)


def countries() -> list[str]:
    """List the countries that have a pack."""
    return sorted(path.stem.upper() for path in _FOLDER.glob("*.toml"))


@lru_cache(maxsize=16)
def of(country: str) -> Pack:
    """Return the pack of a country (ISO code); raise Unusable if there is none."""
    path = _FOLDER / f"{country.lower()}.toml"
    if country.upper() not in countries():
        raise Unusable(f"There is no rule pack {country!r}; there are {', '.join(countries())}.")
    findings = Findings()
    section = read_sections(path, findings)
    pack = _pack(section) if section else None
    if pack is None or findings.faults:
        raise Unusable("\n".join(map(str, findings.faults)))
    return pack


def _pack(section: Section) -> Pack:
    section.only(("country", "calendar", "promise"))
    written = section.table("calendar")
    return Pack(
        country=section.text("country"),
        calendar=working_time.calendar_from(written, time_zone=written.text("time_zone"), languages=()),
        promises=tuple(_promise(item) for item in section.tables("promise")),
    )


def _promise(section: Section) -> LegalPromise:
    section.only(("code", "promise", "law", "article", "name"))
    return LegalPromise(
        code=section.text("code"),
        promise=Promise.parse(section.text("promise")),
        law=section.text("law", optional=True),
        article=section.text("article"),
        names=section.names("name", (), of="The name of a promise"),
    )
