"""Where styles, scripts and icons are: bundled at set-up by `bundles`, and served as they are."""

import re
from base64 import b64encode
from functools import cache
from hashlib import sha256

from flask import url_for
from markupsafe import Markup

from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC

_WITHIN = "citizen.css"
_OPENING = re.compile(r"<svg[^>]*>")
# The picture among the programs of a phone: name, side in pixels, whether phones may cut it to their shape.
HOME_ICONS = {"home-192": (192, False), "home-512": (512, False), "home-maskable": (512, True)}


def url(name: str) -> str:
    """Return the address of a bundle (`citizen.css`, `leaflet.js`) or of a module (`js/behaviours.js`)."""
    return url_for("static", filename=_built_file(name))


@cache
def state() -> str:
    """Return what tells one state of everything that was built from another."""
    names = sorted(path.name for path in (STATIC / "built").iterdir())
    return sha256("\n".join(names).encode()).hexdigest()[:8]


@cache
def modules() -> tuple[str, ...]:
    """Return the names of all modules, to be handed to `url`."""
    folder = STATIC / _built_file("js/behaviours.js")
    return tuple(
        sorted(f"js/{path.relative_to(folder.parent).as_posix()}" for path in folder.parent.rglob("*.js"))
    )


@cache
def text(name: str) -> str:
    """Return what is in a bundle or a module."""
    return (STATIC / _built_file(name)).read_text(encoding="utf-8")


@cache
def inline_style() -> Markup:
    """Return the style sheet of citizens to stand within a page that is mostly their first: it need not wait for a file."""
    return Markup(f"<style>{text(_WITHIN)}</style>")  # noqa: S704 - our own file


@cache
def inline_style_mark() -> str:
    """Return what a content security policy calls this very style sheet, so that no other may stand within a page."""
    return f"'sha256-{b64encode(sha256(text(_WITHIN).encode()).digest()).decode()}'"


@cache
def icon(name: str) -> Markup:
    """Return an icon as inline SVG; it is decoration, the words beside it say the same. The style sheet says how it is drawn."""
    drawing = (STATIC / "icons" / f"{name}.svg").read_text(encoding="utf-8").strip()
    opening = '<svg class="icon" width="24" height="24" viewBox="0 0 24 24" aria-hidden="true">'
    return Markup(_OPENING.sub(opening, drawing, count=1))  # noqa: S704 - our own file


def late_icon(name: str) -> Markup:
    """Return an icon that is loaded once it is to be seen, with all others of this kind: from one picture."""
    address = f"{url('icons.svg')}#{name}"
    return Markup('<img class="icon" src="{}" alt="" width="24" height="24" loading="lazy">').format(address)


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
