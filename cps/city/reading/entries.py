"""The tables of a profile: departments, areas and their groups, categories."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from shapely.geometry import Polygon
from shapely.geometry.base import BaseGeometry

from cps.city.profile import Area, AreaGroup, Category, Department
from cps.city.promise import Promise
from cps.city.reading.findings import Findings, Found
from cps.city.reading.tables import Row, note_duplicates, read_rows

DEPARTMENTS: Final = "departments.csv"
AREAS: Final = "areas.csv"
CATEGORIES: Final = "categories.csv"
GROUPS: Final = "area_groups.csv"

_DAYS: Final = ("from", "until")

_NO_PROMISE = Promise(1, "working_days")  # stands for one that is wrong and noted


def departments_in(folder: Path, languages: Sequence[str], findings: Findings) -> list[Found[Department]]:
    """Read the departments."""
    rows = read_rows(
        folder / DEPARTMENTS,
        ("code", "parent", "phone", "email"),
        translated=("name",),
        languages=languages,
        optional=("outside", *_DAYS),
        findings=findings,
    )
    note_duplicates(rows)
    return [Found(_department(row, languages), row.line) for row in rows]


def _department(row: Row, languages: Sequence[str]) -> Department:
    code = row.code()
    if row["email"] and "@" not in row["email"]:
        row.fault(f"{row['email']!r} is no e-mail address.")
    return Department(
        code=code,
        names=row.names("name", languages, of=f"The name of department {code!r}"),
        parent=row["parent"] or None,
        phone=row["phone"],
        email=row["email"],
        is_outside=bool(row["outside"]) and row.flag("outside", true="yes", false="no"),
        first_day=row.day("from"),
        last_day=row.day("until"),
    )


def area_rows_in(folder: Path, languages: Sequence[str], findings: Findings) -> list[Row]:
    """Read the areas but for their outlines."""
    rows = read_rows(
        folder / AREAS,
        ("code", "office"),
        translated=("name",),
        languages=languages,
        optional=("group", *_DAYS),
        findings=findings,
    )
    note_duplicates(rows)
    return rows


def groups_in(folder: Path, languages: Sequence[str], findings: Findings) -> list[Found[AreaGroup]]:
    """Read the groups of areas; a profile without the file has none."""
    if not (folder / GROUPS).exists():
        return []
    rows = read_rows(
        folder / GROUPS, ("code", "parent"), translated=("name",), languages=languages, findings=findings
    )
    note_duplicates(rows)
    return [Found(_group(row, languages), row.line) for row in rows]


def _group(row: Row, languages: Sequence[str]) -> AreaGroup:
    code = row.code()
    names = row.names("name", languages, of=f"The name of group {code!r}")
    return AreaGroup(code=code, names=names, parent=row["parent"] or None)


def areas_from(
    rows: Sequence[Row], outlines: Mapping[str, tuple[BaseGeometry, bool]], languages: Sequence[str]
) -> list[Found[Area]]:
    """Put areas and their outlines (with whether approximate) together; empty where there is no outline."""
    return [Found(_area(row, outlines, languages), row.line) for row in rows]


def _area(row: Row, outlines: Mapping[str, tuple[BaseGeometry, bool]], languages: Sequence[str]) -> Area:
    code = row.code()
    polygon, is_approximate = outlines.get(code, (Polygon(), False))
    return Area(
        code=code,
        names=row.names("name", languages, of=f"The name of area {code!r}"),
        office=row["office"] or None,
        polygon=polygon,
        approximate=is_approximate,
        group=row["group"] or None,
        first_day=row.day("from"),
        last_day=row.day("until"),
    )


def categories_in(
    folder: Path, languages: Sequence[str], icons: frozenset[str] | None, findings: Findings
) -> list[Found[Category]]:
    """Read the categories; `icons` are the names of the pictures there are, if known."""
    rows = read_rows(
        folder / CATEGORIES,
        ("code", "icon", "promise", "visibility", "featured"),
        translated=("name", "hint", "keywords"),
        languages=languages,
        optional=("acknowledge", "place"),
        findings=findings,
    )
    note_duplicates(rows)
    if not rows:
        findings.add(CATEGORIES, 1, "There is no category.")
    return [Found(_category(row, languages, icons), row.line) for row in rows]


def _category(row: Row, languages: Sequence[str], icons: frozenset[str] | None) -> Category:
    code = row.code()
    if icons is not None and row["icon"] not in icons:
        row.fault(f"There is no icon {row['icon']!r}; there are {', '.join(sorted(icons))}.")
    return Category(
        code=code,
        names=row.names("name", languages, of=f"The name of category {code!r}"),
        hints=_hints(row, code, languages),
        keywords={language: _words(row[f"keywords_{language}"]) for language in languages},
        icon=row["icon"],
        promise=_promise(row, "promise"),
        acknowledge=_promise(row, "acknowledge") if row["acknowledge"] else None,
        is_public=row.flag("visibility", true="public", false="private"),
        featured=row.flag("featured", true="yes", false="no"),
        is_rounded=bool(row["place"]) and row.flag("place", true="rounded", false="exact"),
    )


def _hints(row: Row, code: str, languages: Sequence[str]) -> dict[str, str]:
    """Return the hints: in every language, or in none."""
    if not any(row[f"hint_{language}"] for language in languages):
        return {}
    return row.names("hint", languages, of=f"The hint of category {code!r}")


def _words(cell: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in cell.split(";") if word.strip())


def _promise(row: Row, column: str) -> Promise:
    try:
        return Promise.parse(row[column])
    except ValueError:
        row.fault(
            f"{row[column]!r} is no promise; write one like '3 working days', '5 calendar days', "
            "'8 working hours' or '24 hours'."
        )
        return _NO_PROMISE
