"""Answers kept in a TOML file: what the guided questions leave behind, and what `--answers` reads."""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any, Final

from cps.city.survey.answers import Answers, Entry, Problem
from cps.city.survey.form import Sheet
from cps.city.survey.sheets import SHEETS
from cps.city.survey.toml_text import toml
from cps.kernel.errors import Unusable
from cps.kernel.text import cleaned

FILE: Final = "answers.toml"

FINISHED: Final = "finished"
"""In that file: the sheets to which nothing is added any more."""

Raw = dict[str, Any]
"""Answers as the file holds them: a table for a sheet of questions, a list of tables for the others."""


def read_kept(path: Path) -> Raw:
    """Return what a file of answers says; raise Unusable if that cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError:
        raise Unusable(f"There is no file {path}.") from None
    except OSError as error:
        raise Unusable(f"{path} cannot be read: {error.strerror}.") from None
    except UnicodeDecodeError:
        raise Unusable(f"{path} is not in UTF-8. Save it as UTF-8 text.") from None
    except tomllib.TOMLDecodeError as error:
        raise Unusable(f"{path} is not TOML: {error}.") from None


def keep(path: Path, raw: Raw) -> None:
    """Write the answers whole or not at all; nobody else reads them, because they name officials."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.touch(mode=0o600)
    fresh.write_text(
        "# Answers to the questions of `cps city new`; the same command goes on where this ends.\n\n"
        + toml(raw),
        encoding="utf-8",
    )
    fresh.replace(path)


def answers_from(raw: Raw, source: str) -> tuple[Answers, list[Problem]]:
    """Return the answers, and what nobody asked for."""
    known = {sheet.key: sheet for sheet in SHEETS}
    problems = [
        Problem(source, f"Nothing is called '{key}' here; known are {', '.join(known)}.")
        for key in raw
        if key not in (*known, FINISHED)
    ]
    entries = {
        key: tuple(
            _entry(sheet, item, source, number, problems)
            for number, item in enumerate(_tables(raw.get(key), sheet, source, problems), start=1)
        )
        for key, sheet in known.items()
    }
    return Answers(source, entries), problems


def _tables(value: object, sheet: Sheet, source: str, problems: list[Problem]) -> Sequence[Mapping[str, Any]]:
    if value is None:
        return ()
    items = [value] if sheet.is_questions else value
    if isinstance(items, list) and all(isinstance(item, dict) for item in items):
        return items
    form = f"[{sheet.key}]" if sheet.is_questions else f"[[{sheet.key}]]"
    problems.append(Problem(source, f"'{sheet.key}' must be written as {form}."))
    return ()


def _entry(sheet: Sheet, item: Mapping[str, Any], source: str, number: int, problems: list[Problem]) -> Entry:
    place = f"{source}, [{sheet.key}]" if sheet.is_questions else f"{source}, {sheet.key} {number}"
    keys = [column.key for column in sheet.columns]
    problems.extend(
        Problem(place, f"Nothing is called '{key}' here; known are {', '.join(keys)}.")
        for key in item
        if key not in keys
    )
    cells = {}
    for key in keys:
        value = item.get(key, "")
        if isinstance(value, list | dict):
            problems.append(Problem(f"{place}, {key}", "This must be one text."))
            value = ""
        cells[key] = cleaned(_said(value))
    return Entry(sheet, cells, place, {key: f"{place}, {key}" for key in keys})


def _said(value: object) -> str:
    match value:
        case bool():
            return "yes" if value else "no"
        case date():
            return value.isoformat()
    return str(value)
