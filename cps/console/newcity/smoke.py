"""`cps city smoke`: files a report with a running system as a citizen would, follows it, and takes it back.

There is no mark for test reports, and no way in that citizens do not have: the report says that it is a test, is
private where the city has a private category, and is withdrawn at the end, which leaves it out of every measure. It
stays in the desk's archive as withdrawn, with the reason.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from cps.city.profile import Category, Profile
from cps.city.queries import in_force
from cps.complaints.lifecycle import STATUS_NAMES
from cps.complaints.status import Status
from cps.console.checking import checked
from cps.console.newcity.visitor import Unexpected, Visitor
from cps.console.session import application, settings_in_use
from cps.kernel import clock
from cps.kernel.catalogues import speaker
from cps.kernel.errors import Unusable
from cps.kernel.text import Text, _
from cps.routing.route import router_for

_WORDS = _("This is a test report. Nothing needs to be done: it is taken back at once.")
_REASON = _("Test of the installation")


@click.command()
@click.option("--address", metavar="URL", help="Where citizens reach the system; CPS_BASE_URL without it.")
@click.option(
    "--city",
    "folder",
    type=click.Path(path_type=Path),
    metavar="PATH",
    help="The profile to expect, where the database is not at hand; without it the city in force.",
)
@click.option("--category", "code", metavar="CODE", help="What to report; without it a private category.")
def smoke(address: str | None, folder: Path | None, code: str | None) -> None:
    """File a report as a citizen would, follow it, see who answers, and take it back.

    It says that it is a test, and nobody gets a letter about it but officials. Leaves with 1 if something is not
    as expected.
    """
    settings = settings_in_use()
    address = (address or settings.base_url).rstrip("/")
    if not address.startswith(("https://", "http://")):
        raise Unusable(f"{address!r} is no address; it must begin with https:// or http://.")
    if folder is not None:
        profile = checked(folder)
    else:
        with application(settings, lambda words: click.echo(words, err=True)):
            profile = in_force().profile
    _Smoke(profile, _category(profile, code), Visitor(address)).run()
    click.echo(f"\nCitizens can report at {address}/.")


def _category(profile: Profile, code: str | None) -> Category:
    """Return what is reported: the one named, else a private one that asks for nothing, else any that asks for nothing."""
    if code is not None:
        found = next((one for one in profile.categories if one.code == code), None)
        if found is None:
            raise Unusable(
                f"There is no category {code!r}; there are {', '.join(one.code for one in profile.categories)}."
            )
        return found
    plain = [one for one in profile.categories if _asks_nothing(profile, one)]
    if not plain:
        raise Unusable("Every category asks for something. Name one with --category.")
    return min(plain, key=lambda one: (one.is_public, one.code != "other"))


def _asks_nothing(profile: Profile, category: Category) -> bool:
    asked = profile.asks.categories.get(category.code)
    return asked is None or not (asked.has_more or asked.evidence or asked.is_emergency)


class _Smoke:
    """The steps, in the order a citizen takes them."""

    def __init__(self, profile: Profile, category: Category, visitor: Visitor) -> None:
        self._profile = profile
        self._category = category
        self._visitor = visitor
        self._language = profile.languages[0]
        self._reference = ""

    def run(self) -> None:
        """Take every step; the report is taken back even if one fails after it was filed."""
        with _step("the report form opens"):
            form = self._visitor.form(f"/?language={self._language}")
        with _step(f"a report about '{self._category.code}' is taken"):
            self._reference, link = self._visitor.file(self._report(form))
        click.echo(f"         its number is {self._reference}")
        try:
            self._follow(link)
        finally:
            self._take_back()
        with _step("it is on no public list"):
            self._expect(self._reference not in self._visitor.text("/reports"), "The public list shows it.")

    def _report(self, form: dict[str, str]) -> dict[str, str]:
        area = self._profile.areas[0].code
        return {
            **form,
            "category": self._category.code,
            "area": area,
            "words": self._said(_WORDS),
            "sure": "yes",
        }

    def _follow(self, link: str) -> None:
        with _step("its private link opens"):
            page = self._visitor.text(link)
            self._expect(self._reference in page, "The page of the private link does not show its number.")
        area = self._profile.areas[0].code
        match = router_for(self._profile).send(self._category.code, area=area, point=None, at=clock.now())
        department = next(one for one in self._profile.departments if one.code == match.department)
        name = department.names[self._language]
        with _step(f"it went to {name} ({department.code})"):
            self._expect(
                name in page, f"The page does not name {name}. Is the profile in force the one expected?"
            )
        with _step("others see it" if self._category.is_public else "nobody else sees it"):
            shown = Visitor(self._visitor.address).status(f"/complaints/{self._reference}")
            self._expect(shown == (200 if self._category.is_public else 404), f"Others are answered {shown}.")

    def _take_back(self) -> None:
        with _step("it is taken back"):
            own = f"/my/{self._reference}"
            self._visitor.send(f"{own}/withdrawal", {"words": self._said(_REASON)})
            withdrawn = self._said(STATUS_NAMES[Status.WITHDRAWN])
            self._expect(
                withdrawn in self._visitor.text(own),
                f"{self._reference} is still open: withdraw it on its page, or decline it at the desk.",
            )

    def _said(self, text: Text) -> str:
        return text.rendered(speaker(self._language))

    @staticmethod
    def _expect(is_so: bool, sentence: str) -> None:
        if not is_so:
            raise Unexpected(sentence)


@contextmanager
def _step(told: str) -> Iterator[None]:
    """Print how a step ended and how long it took; one that fails ends the command."""
    began = time.monotonic()
    try:
        yield
    except Unexpected as reason:
        click.echo(f"FAULT    {told}")
        raise Unusable(f"         → {reason}") from None
    click.echo(f"ok       {told} ({(time.monotonic() - began) * 1000:.0f} ms)")
