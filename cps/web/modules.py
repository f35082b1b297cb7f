"""ES modules made ready for browsers: alone, minified; or whole, with everything they import at the top.

Understood is what our own modules are written in: `import { a, b as c } from "./x.js";` and `export` before a
declaration, each on a line of its own. In a whole module each part keeps a scope of its own and runs once, as a
module would; what is loaded later, with `import("…")`, stays a file and gets its own copy of what it shares.
"""

import os
import re
from pathlib import Path

from rjsmin import jsmin

from cps.kernel.errors import Unusable

_IMPORT = re.compile(r'^import \{([^}]*)\} from "(\.[^"]+)";$', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:function|class|const|let)) (\w+)", re.MULTILINE)
_LATER = re.compile(r'\bimport\("(\.[^"]+)"')
_LEFT = re.compile(r"^(?:import|export)\b.*$", re.MULTILINE)


def alone(source: Path) -> str:
    """Return a module minified; its imports stay as they are."""
    return _minified(source.read_text(encoding="utf-8"))


def whole(source: Path) -> str:
    """Return a module, minified, that has in it what it imports at the top. Raises Unusable for a circle of imports."""
    parts: dict[Path, str] = {}
    _add(source.resolve(), parts, source.resolve().parent, above=())
    return _minified("\n".join(parts.values()))


def _add(module: Path, parts: dict[Path, str], home: Path, *, above: tuple[Path, ...]) -> None:
    """Add a module to the `parts`, after everything it imports."""
    if module in above:
        raise Unusable(f"{module.name} imports itself, by way of others.")
    text = module.read_text(encoding="utf-8")
    for _names, address in _IMPORT.findall(text):
        imported = (module.parent / address).resolve()
        if imported not in parts:
            _add(imported, parts, home, above=(*above, module))
    parts[module] = _scoped(text, module, home, list(parts))


def _scoped(text: str, module: Path, home: Path, before: list[Path]) -> str:
    def import_(found: re.Match[str]) -> str:
        number = before.index((module.parent / found[2]).resolve())
        return f"const {{{found[1].replace(' as ', ': ')}}} = part{number};"

    def later(found: re.Match[str]) -> str:
        address = os.path.relpath((module.parent / found[1]).resolve(), home)
        rest = "/" if found[1].endswith("/") else ""  # a folder, whose file is named when it is known
        return f'import("./{Path(address).as_posix()}{rest}"'

    exported = ", ".join(name for _kind, name in _EXPORT.findall(text))
    body = _LATER.sub(later, _EXPORT.sub(r"\1 \2", _IMPORT.sub(import_, text)))
    if left := _LEFT.search(body):
        raise Unusable(f"{module.name} cannot be put into a whole: {left[0]}")
    return f"const part{len(before)} = (() => {{\n{body}\nreturn {{{exported}}};\n}})();"


def _minified(text: str) -> str:
    return str(jsmin(text, keep_bang_comments=True))
