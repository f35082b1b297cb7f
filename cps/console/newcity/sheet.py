"""The hand-over sheet: one printable page in the city's languages and English, complete in itself, without scripts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from io import BytesIO
from typing import Final
from zoneinfo import ZoneInfo

import segno
from flask import Flask
from markupsafe import Markup

from cps.city.profile import Names, Profile
from cps.city.queries import CityInForce, in_force
from cps.console.newcity import ready
from cps.console.newcity.words import BY_HAND, CHECKS, ROLES, SAID, STATES
from cps.health.finding import Finding
from cps.kernel import clock, dates
from cps.kernel.catalogues import speaker
from cps.kernel.files import STATIC
from cps.kernel.text import Text
from cps.people.models import Person

TEMPLATE: Final = "console/handover.html"
_STYLE: Final = STATIC / "css" / "handover.css"
# What is done, by which command, and where that is described.
_WAYS: Final = (
    ("start", "systemctl start cps@{city}", "docs/install.md"),
    ("stop", "systemctl stop cps@{city}", "docs/install.md"),
    ("well", "cps @{city} doctor", "docs/operate.md"),
    ("version", "git pull · deploy/bin/install", "docs/install.md"),
    ("restore", "", "docs/backup.md"),
    ("change", "deploy/bin/install", "docs/city_profile.md"),
    ("leave", "", "docs/new_city.md"),
)


@dataclass(frozen=True)
class Sheet:
    """What the template fills in: everything is said once for each language."""

    city: CityInForce
    languages: Sequence[str]
    address: str
    version: str
    findings: Sequence[Finding]

    @property
    def profile(self) -> Profile:
        """The city's profile."""
        return self.city.profile

    def said(self, text: str | Text) -> list[tuple[str, str]]:
        """Say something of ours in each language, each wording once."""
        sentence = SAID[text] if isinstance(text, str) else text
        found: dict[str, str] = {}
        for language in self.languages:
            found.setdefault(sentence.rendered(speaker(language)), language)
        return [(language, words) for words, language in found.items()]

    def named(self, names: Names) -> list[tuple[str, str]]:
        """Say a name of the city's in each language, each wording once."""
        found: dict[str, str] = {}
        for language in self.languages:
            found.setdefault(self.city.named(names, language), language)
        return [(language, words) for words, language in found.items()]

    def department(self, code: str | None) -> list[tuple[str, str]]:
        """Say what a department is called; nothing for none."""
        found = self.city.department(code) if code else None
        return self.named(found.names) if found else []

    def day(self, day: date) -> list[tuple[str, str]]:
        """Write a date in each language, in the calendars of the city."""
        found: dict[str, str] = {}
        for language in self.languages:
            words = dates.date_in_words(day, language=language, calendars=self.profile.dates)
            found.setdefault(words, language)
        return [(language, words) for words, language in found.items()]

    def today(self) -> date:
        """Return the day where the city is."""
        return clock.now().astimezone(ZoneInfo(self.profile.time_zone)).date()

    def holidays_until(self) -> date | None:
        """Return the last day whose public holidays are known."""
        known = self._figure("holidays", "known_until")
        return date.fromisoformat(str(known)) if known else None

    def certificate_until(self) -> date | None:
        """Return the last day of the certificate."""
        days = self._figure("certificate", "days_left")
        return self.today() + timedelta(days=float(str(days))) if days is not None else None

    def _figure(self, name: str, key: str) -> object:
        found = next((one for one in self.findings if one.name == name), None)
        return found.figures.get(key) if found else None

    def answering(self) -> list[str]:
        """Return the departments of the city that get reports."""
        return ready.answering(self.city)

    def people(self) -> list[tuple[Person, str | None]]:
        """Return who has an account, and in which department."""
        return ready.people_of(self.city)

    def signed_in(self, person: Person) -> list[tuple[str, str]]:
        """Say when somebody last signed in."""
        if person.signed_in_at is None:
            return self.said("never")
        return self.day(person.signed_in_at.astimezone(ZoneInfo(self.profile.time_zone)).date())

    def role(self, person: Person) -> list[tuple[str, str]]:
        """Say what somebody may do."""
        return self.said(ROLES[person.role])

    def check(self, finding: Finding) -> list[tuple[str, str]]:
        """Say what a line of the check-list is about."""
        return self.said(CHECKS[finding.name])

    def state(self, finding: Finding) -> list[tuple[str, str]]:
        """Say how it is."""
        return self.said(BY_HAND if finding.name in ready.BY_HAND_NAMES else STATES[finding.state])

    def is_by_hand(self, finding: Finding) -> bool:
        """Whether somebody has to sign for it."""
        return finding.name in ready.BY_HAND_NAMES

    def ways(self) -> Sequence[tuple[str, str, str]]:
        """Return what is done how, and where that is described."""
        code = self.profile.code
        return tuple((name, command.format(city=code), document) for name, command, document in _WAYS)


def written(app: Flask, findings: Sequence[Finding], *, address: str, version: str) -> str:
    """Write the sheet as HTML; inside the application, with a city in force."""
    city = in_force()
    languages = tuple(dict.fromkeys((*city.profile.languages, "en")))
    sheet = Sheet(city, languages, address, version, findings)
    return app.jinja_env.get_template(TEMPLATE).render(
        sheet=sheet,
        code=Markup(_code(address)),  # noqa: S704 - drawn here, from the operator's address
        style=Markup(_STYLE.read_text(encoding="utf-8")),  # noqa: S704 - our own file
    )


def _code(address: str) -> str:
    drawn = BytesIO()
    segno.make(address, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=False, border=2, scale=4, light="#fff"
    )
    return drawn.getvalue().decode()
