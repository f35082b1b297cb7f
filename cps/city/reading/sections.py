"""TOML as people wrote it: every value asked for by name and kind, every fault with its line.

A value that is missing or wrong is noted and replaced by an empty one, so that reading goes on.
"""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cps.city.reading.findings import Findings, check_names, text_of
from cps.kernel.text import cleaned

Keys = tuple[str | int, ...]

_HEADER = re.compile(r"\s*(\[\[?)\s*([^\[\]]+?)\s*\]\]?\s*(?:#.*)?")
_KEY = re.compile(r"\s*([\w.\"'-]+(?:\s*\.\s*[\w\"'-]+)*)\s*=")
_ERROR_LINE = re.compile(r" ?\(at (?:line (\d+), column \d+|end of document)\)")


@dataclass(frozen=True)
class Section:
    """A table of a TOML file."""

    file: str
    values: Mapping[str, Any]
    path: Keys
    lines: Mapping[Keys, int]
    source: str
    findings: Findings

    def line(self, *keys: str | int) -> int:
        """Return the line where a value stands, or the nearest table above it."""
        path = (*self.path, *keys)
        while path:
            for known in (path, (*path, 0)):  # an array of tables begins with its first
                if known in self.lines:
                    return self.lines[known]
            path = path[:-1]
        return 1

    def fault(self, sentence: str, *keys: str | int) -> None:
        """Note a fault at the line of a value."""
        self.findings.add(self.file, self.line(*keys), sentence)

    def only(self, known: Iterable[str]) -> None:
        """Note every key that nobody reads: most are slips of the pen."""
        expected = set(known)
        for key in self.values:
            if key not in expected:
                self.fault(f"Nothing is called {key!r} here; known are {_listed(expected)}.", key)

    def text(self, key: str, *, optional: bool = False) -> str:
        """Return a text; empty only if that is allowed."""
        value = self.values.get(key, "")
        if not isinstance(value, str):
            self.fault(f"{key!r} must be a text in quotes.", key)
            return ""
        if not value.strip() and not optional:
            self.fault(f"{key!r} is missing or empty.", key)
        return cleaned(value)

    def number(self, key: str, *, least: float, most: float) -> float:
        """Return a number within limits."""
        value = self.values.get(key)
        if value is None:
            self.fault(f"{key!r} is missing.", key)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            self.fault(f"{key!r} must be a number without quotes.", key)
        elif not least <= value <= most:
            self.fault(f"{key!r} is {value}; it must lie between {least:g} and {most:g}.", key)
        else:
            return float(value)
        return least

    def whole(self, key: str, *, least: int, most: int) -> int:
        """Return a whole number within limits."""
        value = self.number(key, least=least, most=most)
        if value != int(value):
            self.fault(f"{key!r} must be a whole number.", key)
        return int(value)

    def day(self, key: str, *, optional: bool = False) -> date | None:
        """Return a date."""
        value = self.values.get(key)
        if value is None and optional:
            return None
        if not isinstance(value, date) or isinstance(value, datetime):
            self.fault(f"{key!r} must be a date like 2026-01-02, without quotes.", key)
            return None
        return value

    def table(self, key: str, *, optional: bool = False) -> "Section":
        """Return a table within this one; an empty one if it is missing."""
        value = self.values.get(key)
        if not isinstance(value, dict):
            if value is not None or not optional:
                self.fault(f"The table [{key}] is missing.", key)
            value = {}
        return self._within(value, key)

    def tables(self, key: str) -> "list[Section]":
        """Return the tables of an array `[[key]]`, perhaps none."""
        value = self.values.get(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            self.fault(f"{key!r} must be written as tables [[{key}]].", key)
            return []
        return [self._within(item, key, n) for n, item in enumerate(value)]

    def names(self, key: str, languages: Iterable[str], *, of: str) -> dict[str, str]:
        """Return a table of names with one for each language."""
        section, known = self.table(key), tuple(languages)
        if key not in self.values:
            return {}
        if known:
            section.only(known)
        names = {language: section.text(language, optional=True) for language in section.values}
        return check_names(names, known, of=of, at=(self.file, self.line(key)), findings=self.findings)

    def line_of_words(self, words: str, key: str) -> int:
        """Return the line on which words stand within a text of several lines."""
        first = self.line(key)
        for number, line in enumerate(self.source.splitlines()[first - 1 :], start=first):
            if words in line:
                return number
        return first

    def _within(self, values: Mapping[str, Any], *keys: str | int) -> "Section":
        return Section(self.file, values, (*self.path, *keys), self.lines, self.source, self.findings)


def read_sections(path: Path, findings: Findings) -> Section | None:
    """Read a TOML file; note why if that fails."""
    text = text_of(path, findings)
    if text is None:
        return None
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        findings.add(
            path.name, _line_of(error, text), f"This is not TOML: {_ERROR_LINE.sub('', str(error))}."
        )
        return None
    return Section(path.name, values, (), _lines(text), text, findings)


def _line_of(error: tomllib.TOMLDecodeError, text: str) -> int:
    match = _ERROR_LINE.search(str(error))
    return int(match[1]) if match and match[1] else text.count("\n") + 1


def _lines(text: str) -> dict[Keys, int]:
    """Find the line of each table and key; texts of several lines are stepped over."""
    lines: dict[Keys, int] = {}
    table: Keys = ()
    counts: dict[Keys, int] = {}
    is_within_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        if not is_within_text:
            header, key = _HEADER.fullmatch(line), _KEY.match(line)
            if header is not None:
                table = _table(header[2], counts, is_array=header[1] == "[[")
                lines.setdefault(table, number)
            elif key is not None:
                lines.setdefault((*table, *_parts(key[1])), number)
        if (line.count('"""') + line.count("'''")) % 2:
            is_within_text = not is_within_text
    return lines


def _table(name: str, counts: dict[Keys, int], *, is_array: bool) -> Keys:
    """Return the full path of a header: `closure.name` stands in the last `[[closure]]`."""
    path: Keys = ()
    parts = _parts(name)
    for depth, part in enumerate(parts, start=1):
        path = (*path, part)
        if is_array and depth == len(parts):
            counts[path] = counts.get(path, -1) + 1
        if path in counts:
            path = (*path, counts[path])
    return path


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in name.split(".")]


def _listed(words: Iterable[str]) -> str:
    return ", ".join(sorted(words))
