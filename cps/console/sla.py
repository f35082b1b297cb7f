"""`cps sla`: by when a promise is due, counted and explained without a database, for anybody to check."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from cps.city.calendar import Calendar
from cps.city.clocks import PAUSE_REASONS, Clocks
from cps.city.promise import Promise
from cps.city.reading import working_time
from cps.city.reading.findings import Findings
from cps.city.reading.sections import read_sections
from cps.console.checking import checked, folder_of
from cps.console.moments import moment_in
from cps.kernel.catalogues import LANGUAGES, speaker
from cps.kernel.errors import Unusable
from cps.sla import pack as packs
from cps.sla.explanation import explained
from cps.sla.promise import Deadline, Extension, Pause, deadline, due


@dataclass(frozen=True)
class _Question:
    """What is to be counted: one or two clocks on a calendar, and what to say about them."""

    calendar: Calendar
    resolve: Promise
    acknowledge: Promise | None
    clocks: Clocks
    said: dict[str, Any]


@click.group()
def sla() -> None:
    """By when a promise is due."""


@sla.command("due")
@click.option(
    "--city", metavar="PATH", help="A city's profile: its folder, or the name of one that comes along."
)
@click.option("--category", metavar="CODE", help="With --city: the category of the report.")
@click.option("--priority", metavar="CODE", help="With --city: a priority of its clocks.toml.")
@click.option(
    "--pack", metavar="COUNTRY", help="Rules of a country: KR, VN, PH or NP (examples, not legal advice)."
)
@click.option("--calendar", type=click.Path(path_type=Path), metavar="FILE", help="A calendar.toml.")
@click.option("--time-zone", metavar="ZONE", help="With --calendar: its zone, if the file does not say.")
@click.option(
    "--promise",
    metavar="CODE|SPEC",
    help="With --pack a code of it; else like '7 working days, first day counted'.",
)
@click.option(
    "--received", required=True, metavar="ISO", help="When it came in; without a zone: the calendar's own."
)
@click.option(
    "--pause",
    "pauses",
    multiple=True,
    metavar="FROM/TO",
    help="TO may be '..' (still paused). A reason or a cap may follow: FROM/../inspection, FROM/../5 working days.",
)
@click.option(
    "--extend",
    "extensions",
    multiple=True,
    metavar="LENGTH",
    help="Extend: 3, or '3 working days'. A second time with --consent.",
)
@click.option("--consent", is_flag=True, help="The citizen agreed to the second extension.")
def due_command(
    *,
    city: str | None,
    category: str | None,
    priority: str | None,
    pack: str | None,
    calendar: Path | None,
    time_zone: str | None,
    promise: str | None,
    received: str,
    pauses: tuple[str, ...],
    extensions: tuple[str, ...],
    consent: bool,
) -> None:
    """Print as JSON when a promise is due, and how that was counted."""
    if sum(1 for source in (city, pack, calendar) if source) != 1:
        raise click.UsageError("Give one of --city, --pack and --calendar.")
    if city:
        question = _of_city(city, category, priority)
    elif pack:
        question = _of_pack(pack, promise)
    else:
        assert calendar is not None
        question = _Question(
            _calendar(calendar, time_zone), _spec(promise), None, Clocks(), {"promise": promise}
        )
    click.echo(
        json.dumps(
            _answer(question, received, pauses, extensions, consent=consent), ensure_ascii=False, indent=2
        )
    )


def _answer(
    question: _Question, received: str, pauses: Sequence[str], extensions: Sequence[str], *, consent: bool
) -> dict[str, Any]:
    calendar = question.calendar
    received_at = moment_in(received, calendar)
    counted = deadline(
        question.resolve,
        received_at,
        calendar,
        pauses=[_pause(text, calendar, question.clocks) for text in pauses],
        extensions=[
            Extension(_units(text, question.resolve), has_consent=number > 0 and consent)
            for number, text in enumerate(extensions)
        ],
    )
    acknowledge = due(question.acknowledge, received_at, calendar) if question.acknowledge else None
    return {
        "due_at": counted.due_at.astimezone(calendar.zone).isoformat(),
        "acknowledge_by": acknowledge.astimezone(calendar.zone).isoformat() if acknowledge else None,
        "received_at": received_at.astimezone(calendar.zone).isoformat(),
        **question.said,
        "explanation": {language: explained(counted, calendar, language=language) for language in LANGUAGES},
        "steps": _steps(counted, calendar),
    }


def _of_city(city: str, category: str | None, priority: str | None) -> _Question:
    profile = checked(folder_of(city))
    found = next((c for c in profile.categories if c.code == category), None)
    if found is None:
        codes = ", ".join(c.code for c in profile.categories)
        raise Unusable(f"There is no category {category!r} in {profile.code}; there are {codes}.")
    if priority is not None and profile.clocks.priority(priority) is None:
        codes = ", ".join(p.code for p in profile.clocks.priorities) or "none"
        raise Unusable(f"There is no priority {priority!r} in {profile.code}; there are {codes}.")
    resolve = profile.resolve_promise(found, priority)
    acknowledge = profile.acknowledge_promise(found, priority)
    said = {"promise": str(resolve), "acknowledge_promise": str(acknowledge)}
    return _Question(profile.calendar, resolve, acknowledge, profile.clocks, said)


def _of_pack(country: str, promise: str | None) -> _Question:
    pack = packs.of(country)
    legal = pack.promise(promise or "")
    if legal is None and not _is_spec(promise):
        codes = ", ".join(p.code for p in pack.promises)
        raise Unusable(f"There is no promise {promise!r} in the pack {country}; there are {codes}.")
    said: dict[str, Any] = {
        "promise": str(legal.promise) if legal else promise,
        "note": {language: packs.NOTE.rendered(speaker(language)) for language in LANGUAGES},
    }
    if legal:
        said |= {"law": legal.law, "article": legal.article, "names": legal.names}
    return _Question(pack.calendar, legal.promise if legal else _spec(promise), None, Clocks(), said)


def _calendar(path: Path, time_zone: str | None) -> Calendar:
    """Read a calendar; its zone from the option, the file, or the city.toml beside it."""
    findings = Findings()
    section = read_sections(path, findings)
    zone = time_zone or (section.text("time_zone", optional=True) if section else "") or _zone_beside(path)
    if section and not zone:
        raise Unusable(f"{path} does not say its time zone: give --time-zone, or write time_zone in it.")
    calendar = working_time.calendar_from(section, time_zone=zone, languages=()) if section else None
    if calendar is None or findings.faults:
        raise Unusable("\n".join(map(str, findings.faults)))
    try:
        assert calendar.zone
    except (KeyError, ValueError):
        raise Unusable(f"There is no time zone {zone!r}.") from None
    return calendar


def _zone_beside(path: Path) -> str:
    city = path.parent / "city.toml"
    section = read_sections(city, Findings()) if city.is_file() else None
    return section.text("time_zone", optional=True) if section else ""


def _is_spec(text: str | None) -> bool:
    try:
        Promise.parse(text or "")
    except ValueError:
        return False
    return True


def _spec(text: str | None) -> Promise:
    try:
        return Promise.parse(text or "")
    except ValueError as error:
        raise Unusable(f"{error}; see docs/city_profile.md for all forms.") from None


def _pause(text: str, calendar: Calendar, clocks: Clocks) -> Pause:
    """Read FROM/TO, with a reason or a cap behind; what is still paused has the cap of its reason."""
    parts = [part.strip() for part in text.split("/")]
    if len(parts) not in (2, 3):
        raise Unusable(f"{text!r} is no pause like 2026-03-10T09:00/2026-03-12T12:00.")
    ended = None if parts[1] in ("", "..") else moment_in(parts[1], calendar)
    pause = Pause(moment_in(parts[0], calendar), ended)
    if len(parts) == 3 and parts[2] in PAUSE_REASONS:
        pause = replace(pause, reason=parts[2])
    elif len(parts) == 3:
        pause = replace(pause, cap=_spec(parts[2]))
    if pause.cap is None and ended is None:
        pause = replace(pause, cap=clocks.pauses[pause.reason])
    return pause


def _units(text: str, promise: Promise) -> int:
    """Read how many units more: a number, or a length in the unit of the promise."""
    if text.strip().isdecimal():
        return int(text)
    more = _spec(text)
    if (more.unit, more.day_minutes) != (promise.unit, promise.day_minutes):
        raise Unusable(f"An extension of {promise} is counted in the same unit, not as {more}.")
    return more.count


def _steps(counted: Deadline, calendar: Calendar) -> list[dict[str, Any]]:
    """Tell each date of the count: its number, or what left it out."""
    return [
        {
            "date": day.isoformat(),
            "counted": number,
            "left_out": None if number is not None else _left_out(day, calendar),
        }
        for day, number in counted.days
    ]


def _left_out(day: Any, calendar: Calendar) -> str:
    if calendar.hours_of(day):
        return "pause"
    name = calendar.names_of(day, "en") if calendar.decided_by(day) in ("closure", "holiday") else ""
    return name or "day off of the week"
