"""A profile's folder of files becomes a profile, or a list of everything that is wrong with it.

One run finds every fault; each says in which file, on which line, and what to do.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cps.city.asking import Asks
from cps.city.calendar import Calendar
from cps.city.check import check_departments, check_groups, check_offices, check_owners, check_periods
from cps.city.check_places import check_places
from cps.city.check_rules import Ground, check_rules
from cps.city.clocks import Clocks
from cps.city.place import Place
from cps.city.profile import Area, AreaGroup, Asset, Category, Department, Letters, MapView, Profile
from cps.city.reading import asking, clocks, letters, places, settings, working_time
from cps.city.reading.assets import assets_in
from cps.city.reading.entries import area_rows_in, areas_from, categories_in, departments_in, groups_in
from cps.city.reading.findings import Fault, Findings, Found, Value
from cps.city.reading.outlines import Boundaries, official_outlines, own_outlines
from cps.city.reading.places import places_in
from cps.city.reading.rules import rules_in
from cps.city.reading.sections import read_sections
from cps.city.reading.settings import Settings
from cps.city.reading.tables import Row
from cps.city.rule import Rule


def read(
    path: Path,
    *,
    icons: Iterable[str] | None = None,
    pictures: Iterable[str] | None = None,
    boundaries: Boundaries | None = None,
) -> tuple[Profile | None, list[Fault]]:
    """Read the profile in a folder; None with the faults if it has any, by file and line.

    `icons`, `pictures`: names of the icons and examples there are; None leaves them unchecked. `boundaries`: an official
    file, read by `cps.city.boundary`, that replaces the outlines in `areas.geojson`.
    """
    if not path.is_dir():
        return None, [Fault(str(path), 1, "There is no such folder.")]
    findings = Findings()
    drawings = _Drawings(
        frozenset(icons) if icons is not None else None, frozenset(pictures) if pictures is not None else None
    )
    profile = _profile(path, drawings, boundaries, findings)
    return (None if findings.faults else profile), sorted(
        findings.faults, key=lambda fault: (fault.file, fault.line)
    )


def area_list(folder: Path, findings: Findings) -> tuple[MapView | None, tuple[str, ...], list[Row]]:
    """Return the centre of a city's map, its languages and the rows of its areas, as far as they can be read."""
    said = _settings(folder, findings)
    languages = said.languages if said else ()
    return (said.map if said else None), languages, area_rows_in(folder, languages, findings)


@dataclass(frozen=True)
class _Drawings:
    icons: frozenset[str] | None
    pictures: frozenset[str] | None


def _profile(
    folder: Path, drawings: _Drawings, boundaries: Boundaries | None, findings: Findings
) -> Profile | None:
    said = _settings(folder, findings)
    languages = said.languages if said else ()
    tables = _tables(folder, said, drawings.icons, boundaries, findings)
    calendar = _calendar(folder, said, findings)
    written = _letters(folder, languages, findings)
    owed = _clocks(folder, languages, findings)
    asks = _asks(folder, said, tables.categories, drawings.pictures, findings)
    named = _places(folder, said, tables.areas, findings)
    if said is None or calendar is None:
        return None
    return Profile(
        code=said.code,
        country=said.country,
        time_zone=said.time_zone,
        languages=said.languages,
        names=said.names,
        map=said.map,
        tolerance_m=said.tolerance_m,
        outside=said.outside,
        contact=said.contact,
        limits=said.limits,
        emergencies=said.emergencies,
        departments=tables.departments,
        areas=tables.areas,
        categories=tables.categories,
        rules=tables.rules,
        calendar=calendar,
        letters=written,
        clocks=owed,
        groups=tables.groups,
        assets=tables.assets,
        dates=said.dates,
        area_kind=said.area_kind,
        asks=asks,
        places=named,
    )


@dataclass(frozen=True)
class _Tables:
    departments: tuple[Department, ...]
    areas: tuple[Area, ...]
    groups: tuple[AreaGroup, ...]
    assets: tuple[Asset, ...]
    categories: tuple[Category, ...]
    rules: tuple[Rule, ...]


def _tables(
    folder: Path,
    said: Settings | None,
    icons: frozenset[str] | None,
    boundaries: Boundaries | None,
    findings: Findings,
) -> _Tables:
    """Read everything that refers to each other, and check that it does."""
    languages = said.languages if said else ()
    departments = departments_in(folder, languages, findings)
    areas = _areas(folder, said, boundaries, findings)
    groups, assets = groups_in(folder, languages, findings), assets_in(folder, languages, findings)
    categories = categories_in(folder, languages, icons, findings)
    rules = rules_in(folder, findings)
    check_departments(departments, findings)
    check_offices(areas, departments, findings)
    check_periods(areas, departments, findings)
    check_groups(groups, areas, findings)
    check_owners(assets, departments, findings)
    ground = Ground(_values(departments), _values(areas), _values(groups), _values(assets))
    check_rules(rules, categories=categories, ground=ground, findings=findings)
    return _Tables(
        ground.departments, ground.areas, ground.groups, ground.assets, _values(categories), _values(rules)
    )


def _areas(
    folder: Path, said: Settings | None, boundaries: Boundaries | None, findings: Findings
) -> list[Found[Area]]:
    languages, centre = (said.languages, said.map) if said else ((), None)
    rows = area_rows_in(folder, languages, findings)
    if boundaries is None:
        outlines = own_outlines(folder, rows, centre, findings)
    else:
        outlines = official_outlines(boundaries, rows, centre, findings)
    return areas_from(rows, outlines, languages)


def _settings(folder: Path, findings: Findings) -> Settings | None:
    section = read_sections(folder / settings.FILE, findings)
    return settings.settings_from(section) if section else None


def _calendar(folder: Path, said: Settings | None, findings: Findings) -> Calendar | None:
    section = read_sections(folder / working_time.FILE, findings)
    if section is None:
        return None
    time_zone, languages = (said.time_zone, said.languages) if said else ("UTC", ())
    return working_time.calendar_from(section, time_zone=time_zone, languages=languages)


def _letters(folder: Path, languages: tuple[str, ...], findings: Findings) -> Letters:
    """Read the letters; a profile without the file writes by the default words."""
    if not (folder / letters.FILE).exists() and letters.may_be_left_out(languages):
        return {}
    section = read_sections(folder / letters.FILE, findings)
    return letters.letters_from(section, languages) if section else {}


def _clocks(folder: Path, languages: tuple[str, ...], findings: Findings) -> Clocks:
    """Read the clocks; a profile without the file has the ones by default."""
    if not (folder / clocks.FILE).exists():
        return Clocks()
    section = read_sections(folder / clocks.FILE, findings)
    return clocks.clocks_from(section, languages) if section else Clocks()


def _asks(
    folder: Path,
    said: Settings | None,
    categories: tuple[Category, ...],
    pictures: frozenset[str] | None,
    findings: Findings,
) -> Asks:
    """Read what is asked of those who report; a profile without the file asks nothing more."""
    if not (folder / asking.FILE).exists():
        return Asks()
    section = read_sections(folder / asking.FILE, findings)
    if section is None:
        return Asks()
    return asking.asks_from(
        section,
        said.languages if said else (),
        categories=[category.code for category in categories],
        photos=said.limits.photos if said else 1,
        pictures=pictures,
    )


def _places(
    folder: Path, said: Settings | None, areas: tuple[Area, ...], findings: Findings
) -> tuple[Place, ...] | None:
    """Read the gazetteer; a profile without the file says nothing of one."""
    found = places_in(folder / places.FILE, findings)
    if found is None:
        return None
    check_places(found, areas, tolerance_m=said.tolerance_m if said else 0.0, findings=findings)
    return _values(found)


def _values(found: list[Found[Value]]) -> tuple[Value, ...]:
    return tuple(item.value for item in found)
