"""The questions of the survey on the terminal: each is checked at once, and each answer is kept at once."""

from pathlib import Path
from typing import Any

import click

from cps.city.survey.check import fault_of, split_languages
from cps.city.survey.form import AREA_OFFICE, LANGUAGES, Column, Sheet
from cps.city.survey.kept import FINISHED, Raw, keep, read_kept
from cps.city.survey.sheets import SHEETS
from cps.city.survey.usual import usual_in
from cps.kernel.errors import Unusable
from cps.kernel.text import cleaned

_ANY = "*"


def ask(path: Path) -> Raw:
    """Ask what has no answer yet, keeping each in a file; the same call goes on after a break."""
    raw = read_kept(path) if path.exists() else {}
    _make_folder(path.parent)
    try:
        for sheet in SHEETS:
            if sheet.key in raw.get(FINISHED, ()):
                continue
            click.echo(f"\n{sheet.title}. {sheet.told}")
            if sheet.is_questions:
                _ask_questions(sheet, raw, path)
            else:
                _ask_rows(sheet, raw, path)
            raw[FINISHED] = [*raw.get(FINISHED, ()), sheet.key]
            keep(path, raw)
    except click.Abort:
        click.echo(f"\nYour answers are kept in {path}. The same command goes on from here.")
        raise
    return raw


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unusable(f"The answers cannot be kept in {folder}: {error.strerror}.") from None


def _ask_questions(sheet: Sheet, raw: Raw, path: Path) -> None:
    said = raw.setdefault(sheet.key, {})
    for column in sheet.columns:
        if column.key not in said and _is_asked(column, raw):
            said[column.key] = _answer(column, sheet, raw)
            keep(path, raw)


def _ask_rows(sheet: Sheet, raw: Raw, path: Path) -> None:
    rows = raw.setdefault(sheet.key, [])
    if rows and not _is_whole(rows[-1], sheet, raw):
        _ask_row(sheet, rows[-1], raw, path)
    first = sheet.columns[0]
    while True:
        begin = _answer(first, sheet, raw, ending=True)
        if not begin:
            return
        rows.append({first.key: begin})
        keep(path, raw)
        _ask_row(sheet, rows[-1], raw, path)


def _is_whole(row: dict[str, Any], sheet: Sheet, raw: Raw) -> bool:
    return all(column.key in row for column in sheet.columns if _is_asked(column, raw))


def _ask_row(sheet: Sheet, row: dict[str, Any], raw: Raw, path: Path) -> None:
    for column in sheet.columns:
        if column.key not in row and _is_asked(column, raw):
            row[column.key] = _answer(column, sheet, raw)
            keep(path, raw)


def _is_asked(column: Column, raw: Raw) -> bool:
    """Whether a column is for everybody, or for a language of the city."""
    _prefix, _, language = column.key.rpartition("_")
    if language not in LANGUAGES:
        return True
    return language in _languages(raw.get("city", {}))


def _languages(city: dict[str, Any]) -> tuple[str, ...]:
    """Return the languages of the city: those named, else the usual ones of its country."""
    usual = usual_in(str(city.get("country", "")))
    return split_languages(str(city.get("languages", ""))) or (
        usual.profile.languages if usual.is_of_the_country else LANGUAGES
    )


def _answer(column: Column, sheet: Sheet, raw: Raw, *, ending: bool = False) -> str:
    """Ask until the answer can be used; `ending`: an empty one means that there are no more."""
    example = (
        f" Example: {column.example.removeprefix('example-').removeprefix('Example: ')}."
        if column.example
        else ""
    )
    choices = f" One of: {', '.join(column.choices)}." if column.choices else ""
    click.echo(f"  {column.told}{choices}{example}")
    mark = " (Enter: no more)" if ending else "" if column.is_needed else " (Enter: leave open)"
    while True:
        text = cleaned(click.prompt(f"  {column.title}{mark}", default="", show_default=False))
        if not text and ending:
            return ""
        fault = fault_of(column, text) or _clash(column, text, sheet, raw)
        if not fault:
            return text
        click.echo(f"  {fault}")


def _clash(column: Column, text: str, sheet: Sheet, raw: Raw) -> str:
    """Say whether an answer is there already, or refers to something that is not."""
    if column.key == "code" and not sheet.is_questions:
        return f"{text!r} is there already." if text in _codes(sheet.key, raw) else ""
    if not text or not column.refers_to or text in (AREA_OFFICE, _ANY) or sheet.key == "city":
        return ""
    codes = _codes(column.refers_to, raw)
    if not codes or text in codes:
        return ""
    return f"{text!r} is not there. There are {', '.join(codes)}."


def _codes(key: str, raw: Raw) -> list[str]:
    return [row.get("code", "") for row in raw.get(key, ())]
