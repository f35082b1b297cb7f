"""`make messages`: collect the sentences to translate and merge them into the catalogues."""

from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from cps.kernel.files import TEMPLATES, TRANSLATIONS

_ROOT = Path(__file__).resolve().parents[2]
_JINJA = {"extensions": "", "silent": "false", "trimmed": "true"}
_KEYWORDS = {"_": None, "gettext": None, "ngettext": (1, 2), "_n": (1, 2), "lazy_gettext": None}


def collected() -> Catalog:
    """Return a catalogue of every sentence marked in code and templates."""
    catalogue = Catalog(charset="utf-8", project="cps")
    for folder, method, options in (
        (_ROOT / "cps", [("**.py", "python")], {}),
        (TEMPLATES, [("**.html", "jinja2")], {"**.html": _JINJA}),
    ):
        for filename, line, message, comments, context in extract_from_dir(
            str(folder), method, options, keywords=_KEYWORDS
        ):
            place = (folder / filename).relative_to(_ROOT).as_posix()
            catalogue.add(message, locations=[(place, line)], auto_comments=comments, context=context)
    return catalogue


def catalogues() -> dict[str, Path]:
    """Map each language that has a catalogue to its file."""
    return {path.parts[-3]: path for path in sorted(TRANSLATIONS.glob("*/LC_MESSAGES/messages.po"))}


def read(path: Path) -> Catalog:
    """Read a catalogue file."""
    with path.open("rb") as source:
        return read_po(source, locale=path.parts[-3])


def update(path: Path) -> None:
    """Bring a catalogue file up to date; what is no longer said is dropped."""
    known = read(path)
    known.update(collected(), no_fuzzy_matching=True, update_creation_date=False)
    known.obsolete.clear()
    known.revision_date = datetime(2026, 1, 1, tzinfo=UTC)  # a date that moves would be noise in every diff
    out = BytesIO()
    write_po(
        out, known, width=110, sort_by_file=False, omit_header=False, include_lineno=False, sort_output=True
    )
    path.write_bytes(out.getvalue())


if __name__ == "__main__":
    for path in catalogues().values():
        update(path)
