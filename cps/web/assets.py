"""Where styles, scripts and icons are: bundled at set-up by `bundles`, and served as they are."""

from functools import cache

from flask import url_for
from markupsafe import Markup

from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC


def url(name: str) -> str:
    """Return the address of a bundle (`citizen.css`, `leaflet.js`) or of a module (`js/behaviours.js`)."""
    return url_for("static", filename=_built_file(name))


@cache
def icon(name: str) -> Markup:
    """Return an icon as inline SVG; it is decoration, the words beside it say the same."""
    drawing = (STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8").strip()
    opening = '<svg class="icon" width="24" height="24" aria-hidden="true" focusable="false" '
    return Markup(drawing.replace("<svg ", opening, 1))  # noqa: S704 - our own file


@cache
def _built_file(name: str) -> str:
    stem, _, suffix = name.rpartition(".")
    pattern = (
        f"{stem.replace('js/', 'js.*/', 1)}.{suffix}" if stem.startswith("js/") else f"{stem}.*.{suffix}"
    )
    found = sorted((STATIC / "built").glob(pattern))
    if not found:
        raise Unusable(f"The asset {name} has not been built: run `cps assets build`.")
    return found[0].relative_to(STATIC).as_posix()
