"""Building at set-up what is only served at run time: asset bundles and compiled catalogues."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from cps.kernel.files import TRANSLATIONS
from cps.web import bundles


def build() -> list[str]:
    """Build everything; return what was made, for people to read."""
    return [*bundles.build(), *map(_compiled, sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po")))]


def _compiled(catalogue: Path) -> str:
    with catalogue.open("rb") as source:
        messages = read_po(source, locale=catalogue.parts[-3])
    target = catalogue.with_suffix(".mo")
    with target.open("wb") as out:
        write_mo(out, messages)
    return str(target.relative_to(TRANSLATIONS))
