"""Bundling at set-up what is served as it is: styles, scripts, and ES modules, with hashes of their content.

Leaflet comes from its package; it is copied to the git-ignored `static/vendor` first, since bundling
a file from outside `static` writes broken addresses into the style sheet. Nothing is built at run time,
and a server that only serves loads none of this.
"""

import re
import shutil
from hashlib import sha256
from importlib.util import find_spec
from pathlib import Path

from flask import Flask
from flask_assets import Bundle, Environment

from cps.kernel.errors import Unusable
from cps.kernel.files import STATIC
from cps.web import compression, home_icons, modules

_SHARED_STYLES = ("css/tokens.css", "css/layout.css", "css/components.css")
_SHOWN_STYLES = ("css/notes.css", "css/shown.css")
_STYLES = {
    "citizen": (*_SHARED_STYLES, "css/citizen.css"),
    "asked": ("css/asked.css",),
    "shown": _SHOWN_STYLES,
    "statistics": (*_SHOWN_STYLES, "css/figures.css", "css/statistics.css"),
    "follow": (*_SHOWN_STYLES, "css/asked.css", "css/standing.css", "css/follow.css"),
    "desk": (*_SHARED_STYLES, "css/notes.css", "css/figures.css", "css/desk.css"),
    "listing": (*_SHOWN_STYLES, "css/listing.css"),
    "reports": (*_SHOWN_STYLES, "css/reports.css"),
    "kept": ("css/kept.css",),
    "leaflet": ("vendor/leaflet/leaflet.css", "css/map.css"),
}
_SCRIPTS = {"leaflet": ("vendor/leaflet/leaflet.js",)}
_MODULES = "js"
_WHOLE = ("report.js",)
_SHAPES = re.compile(r"</?svg[^>]*>")  # what stands around the shapes of an icon
_LEAFLET = "js_lib_leaflet"  # the import name of django-js-lib-leaflet


def build() -> list[str]:
    """Make every bundle afresh; return the names of the files made, relative to `static`."""
    shutil.rmtree(STATIC / "built", ignore_errors=True)
    (STATIC / "built").mkdir(parents=True)
    _copy_leaflet()
    app = Flask("assets", static_folder=str(STATIC))
    with app.app_context():
        environment = _environment(app)
        made = [bundle.resolve_output(environment) for bundle in environment if _built(bundle, environment)]
    names = (str(Path(name).relative_to(STATIC)) for name in made)
    made_too = [_build_modules(), _build_pictures(), *home_icons.build()]
    compression.build(STATIC / "built")
    return [*names, *made_too]


def _environment(app: Flask) -> Environment:
    environment = Environment(app)
    environment.auto_build = False
    environment.cache = False
    environment.manifest = None
    environment.url_expire = False
    environment.versions = "hash"
    for name, sources in _STYLES.items():
        filters = "cssrewrite,rcssmin"
        environment.register(
            f"{name}_css", Bundle(*sources, filters=filters, output=f"built/{name}.%(version)s.css")
        )
    for name, sources in _SCRIPTS.items():
        environment.register(f"{name}_js", Bundle(*sources, output=f"built/{name}.%(version)s.js"))
    return environment


def _built(bundle: Bundle, environment: Environment) -> bool:
    with bundle.bind(environment):
        return bool(bundle.build(force=True))


def _copy_leaflet() -> None:
    package = find_spec(_LEAFLET)
    if package is None or not package.submodule_search_locations:
        raise Unusable("The package django-js-lib-leaflet is missing: install it to build the assets.")
    source = Path(package.submodule_search_locations[0]) / "static" / _LEAFLET
    shutil.copytree(source, STATIC / "vendor" / "leaflet", dirs_exist_ok=True)


def _build_modules() -> str:
    """Copy the ES modules, minified, to a folder named after their content, so that imports stay relative.

    The modules of `_WHOLE` have in them what they import.
    """
    sources = sorted((STATIC / _MODULES).rglob("*.js"))
    digest = sha256()
    for source in sources:
        digest.update(source.read_bytes())
    folder = STATIC / "built" / f"js.{digest.hexdigest()[:8]}"
    for source in sources:
        target = folder / source.relative_to(STATIC / _MODULES)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(_module(source), encoding="utf-8")
    return folder.relative_to(STATIC).as_posix()


def _build_pictures() -> str:
    """Put all icons into one picture, which shows the one its address ends in, for icons that are seen late.

    Styles do not reach into it: the accents of light and dark are written down here too.
    """
    light, dark = re.findall(r"--accent: (#\w+)", (STATIC / "css/tokens.css").read_text(encoding="utf-8"))
    drawings = "".join(
        f'<g id="{source.stem}">{_SHAPES.sub("", source.read_text(encoding="utf-8")).strip()}</g>'
        for source in sorted((STATIC / "icons").glob("*.svg"))
    )
    style = (
        f"svg{{stroke:{light}}}g{{display:none}}g:target{{display:inline}}"
        f"@media(prefers-color-scheme:dark){{svg{{stroke:{dark}}}}}"
    )
    text = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 24 24" fill="none" stroke-width="2" '
        f'stroke-linecap="round" stroke-linejoin="round"><style>{style}</style>{drawings}</svg>'
    )
    target = STATIC / "built" / f"icons.{sha256(text.encode()).hexdigest()[:8]}.svg"
    target.write_text(text, encoding="utf-8")
    return target.relative_to(STATIC).as_posix()


def _module(source: Path) -> str:
    name = source.relative_to(STATIC / _MODULES).as_posix()
    return modules.whole(source) if name in _WHOLE else modules.alone(source)
