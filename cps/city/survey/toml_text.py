"""TOML as a person would write it: tables with a blank line between, long texts on lines of their own."""

import re
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

_BARE: Final = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPES: Final = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t"}


def toml(values: Mapping[str, Any]) -> str:
    """Write a file: its own values first, then the tables in it, then the lists of tables."""
    return "\n\n".join(_tables(values, (), "\n\n")) + "\n"


def _tables(values: Mapping[str, Any], path: tuple[str, ...], between: str) -> list[str]:
    """Return the parts of a table; those of an item of a list stand close together."""
    plain = [f"{_key(key)} = {_value(value)}" for key, value in values.items() if not _is_table(value)]
    parts = ["\n".join(plain)] if plain else []
    for key, value in values.items():
        name = (*path, key)
        if isinstance(value, Mapping):
            parts.extend(_headed(f"[{_dotted(name)}]", _tables(value, name, between), value))
        elif _is_table(value):
            for item in value:
                inner = _tables(item, name, "\n")
                whole = not all(map(_is_table, item.values()))
                parts.append("\n".join([f"[[{_dotted(name)}]]", *inner] if whole or inner else inner))
    return parts if between == "\n\n" else ["\n".join(parts)]


def _headed(header: str, parts: list[str], values: Mapping[str, Any]) -> list[str]:
    """Put a header over the values of a table; one that only holds tables needs none."""
    if values and all(map(_is_table, values.values())):
        return parts
    first, rest = (parts[0], parts[1:]) if parts else ("", [])
    return [f"{header}\n{first}".rstrip("\n"), *rest]


def _dotted(path: tuple[str, ...]) -> str:
    return ".".join(map(_key, path))


def _is_table(value: object) -> bool:
    return isinstance(value, Mapping) or (
        isinstance(value, list | tuple) and bool(value) and all(isinstance(item, Mapping) for item in value)
    )


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else text(key)


def _value(value: object) -> str:
    match value:
        case bool():
            return "true" if value else "false"
        case int() | float() | date():
            return str(value)
        case list() | tuple():
            return f"[{', '.join(map(_value, value))}]"
    said = str(value)
    if "\n" not in said:
        return text(said)
    escaped = said.replace("\\", "\\\\").replace('"""', '""\\"')
    if escaped.endswith('"'):
        escaped = f'{escaped[:-1]}\\"'
    return f'"""\n{escaped}"""'


def text(words: str) -> str:
    """Write a text in quotes."""
    return f'"{"".join(_ESCAPES.get(character, character) for character in words)}"'
