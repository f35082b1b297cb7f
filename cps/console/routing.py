"""`cps routing`: who answers for a report and why, what other rules would change, what officials propose."""

import json
from dataclasses import replace
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from cps.city.check_rules import Ground, check_rules
from cps.city.profile import Profile, named
from cps.city.queries import in_force
from cps.city.reading.findings import Findings, Found
from cps.city.reading.rules import ROUTING, rules_in
from cps.complaints import history, proposals, replay, whose
from cps.complaints.models import Complaint
from cps.console.checking import checked, counted, folder_of
from cps.console.moments import moment_in
from cps.console.session import application, settings_in_use
from cps.geo import point as points
from cps.geo.area import AreaMap
from cps.geo.point import Point
from cps.kernel import clock
from cps.kernel.catalogues import LANGUAGES
from cps.kernel.db import db
from cps.kernel.errors import Invalid, Unusable
from cps.kernel.references import canonical
from cps.routing.explanation import why
from cps.routing.match import Match
from cps.routing.route import router_for


@click.group()
def routing() -> None:
    """Who answers for a report, and why."""


@routing.command()
@click.argument("reference", required=False)
@click.option(
    "--city", metavar="PATH", help="A city's profile: its folder, or the name of one that comes along."
)
@click.option("--category", metavar="CODE", help="With --city: the category of the report.")
@click.option("--lat", metavar="DEGREES", help="With --city: latitude, WGS84.")
@click.option("--lon", metavar="DEGREES", help="With --city: longitude.")
@click.option("--area", metavar="CODE", help="With --city, in place of a point: the area that was chosen.")
@click.option(
    "--at", metavar="ISO", help="With --city: when it comes in (now); without a zone: the city's own."
)
def explain(
    *,
    reference: str | None,
    city: str | None,
    category: str | None,
    lat: str | None,
    lon: str | None,
    area: str | None,
    at: str | None,
) -> None:
    """Print as JSON who answers, and why: for a report that was made (REFERENCE), or one that could be (--city)."""
    if (reference is None) == (city is None):
        raise click.UsageError("Give the REFERENCE of a report, or --city with --category.")
    if city is None:
        answer = _of_report(reference or "")
    else:
        profile = checked(folder_of(city))
        answer = _of_profile(profile, category, _place(profile, lat, lon, area), at)
    click.echo(json.dumps(answer, ensure_ascii=False, indent=2))


@routing.command("dry-run")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--since", metavar="DATE", help="Only reports from this day on, like 2026-01-01.")
@click.option("--references", is_flag=True, help="Print one report of each kind of move.")
def dry_run(path: Path, since: str | None, references: bool) -> None:
    """Say what would go elsewhere by the rules of a changed profile: its folder, or a routing.csv alone."""
    with application(settings_in_use(), click.echo):
        city = in_force()
        profile = _with_rules(city.profile, path) if path.is_file() else checked(path)
        begin = _start_of(since, city.profile) if since else None
        found = replay.compared(replay.replay(profile, city, since=begin))
    for line in _told(found, has_examples=references):
        click.echo(line)


@routing.command("proposals")
def list_proposals() -> None:
    """List the rules that officials proposed by handing reports on, as rows for routing.csv."""
    with application(settings_in_use(), click.echo):
        found = proposals.standing(in_force(), at=clock.now())
    for one in found:
        times = counted(one.times, "report", "reports")
        state = " · taken up already" if one.is_taken_up else ""
        click.echo(
            f"{one.category},{one.area},{one.department}    # {times} from {one.sender}, "
            f"{counted(one.people, 'official', 'officials')}, last {one.last:%Y-%m-%d}{state}"
        )
    if not found:
        click.echo("Nobody proposed a rule.")


def _place(
    profile: Profile, lat: str | None, lon: str | None, area: str | None
) -> tuple[str | None, Point | None]:
    """Return the area and the point that were asked for, as far as there are any."""
    if (lat is None) != (lon is None):
        raise Unusable("Give --lat and --lon together.")
    if lat is None or lon is None:
        if area is not None and area not in {known.code for known in profile.areas}:
            raise Unusable(f"There is no area {area!r} in {profile.code}.")
        return area, None
    point = _point(lat, lon)
    areas = AreaMap(((a.code, a.polygon) for a in profile.areas), tolerance_m=profile.tolerance_m)
    containing = areas.containing(point)
    if containing is None:
        outside = named(profile.outside, "en", profile.languages[0])
        name = named(profile.names, "en", profile.languages[0])
        raise Unusable(f"This point is outside {name}: the citizen is told to contact {outside}.")
    return containing, point


def _point(lat: str, lon: str) -> Point:
    try:
        return points.parse(lat, lon)
    except Invalid as fault:
        raise Unusable(str(fault.faults["place"])) from None


def _of_profile(
    profile: Profile, category: str | None, place: tuple[str | None, Point | None], at: str | None
) -> dict[str, Any]:
    if category not in {known.code for known in profile.categories}:
        codes = ", ".join(known.code for known in profile.categories)
        raise Unusable(f"There is no category {category!r} in {profile.code}; there are {codes}.")
    area, point = place
    moment = moment_in(at, profile.calendar) if at else clock.now()
    match = router_for(profile).send(category, area=area, point=point, at=moment)
    return {
        "category": category,
        "area": area,
        "at": moment.astimezone(profile.calendar.zone).isoformat(),
        **_decided(match, profile),
        "why": {
            language: why(match.rule, profile, category=category, area=area, language=language)
            for language in LANGUAGES
        },
        "rule": match.rule.as_json(),
    }


def _decided(match: Match, profile: Profile) -> dict[str, Any]:
    names = next(d.names for d in profile.departments if d.code == match.department)
    return {"department": match.department, "department_names": dict(names)}


def _of_report(reference: str) -> dict[str, Any]:
    with application(settings_in_use(), click.echo):
        city = in_force()
        found = db.session.scalar(select(Complaint).where(Complaint.reference == canonical(reference)))
        if found is None:
            raise Unusable(f"There is no report {reference!r}.")
        events = history.counting(history.of(found))
        return {
            "reference": found.reference,
            "category": city.category_codes[found.category_id],
            "area": city.area_codes[found.area_id] if found.area_id is not None else None,
            "at": found.received_at.astimezone(city.profile.calendar.zone).isoformat(),
            "department": city.department_codes[found.department_id],
            "department_names": dict(city.department_names[found.department_id]),
            "why": {language: whose.explained(found, events, language=language) for language in LANGUAGES},
            "rule": events[0].details.get("rule"),
            "version": events[0].details.get("version"),
        }


def _with_rules(profile: Profile, path: Path) -> Profile:
    """Return the city in force with the rules of another routing.csv."""
    if path.name != ROUTING:
        raise Unusable(f"{path} is neither the folder of a profile nor a {ROUTING}.")
    findings = Findings()
    rules = rules_in(path.parent, findings)
    check_rules(
        rules,
        categories=[Found(category, 1) for category in profile.categories],
        ground=Ground(profile.departments, profile.areas, profile.groups, profile.assets),
        findings=findings,
    )
    if findings.faults:
        raise Unusable("\n".join(map(str, findings.faults)))
    return replace(profile, rules=tuple(found.value for found in rules))


def _start_of(day: str, profile: Profile) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), tzinfo=profile.calendar.zone)
    except ValueError:
        raise Unusable(f"{day!r} is no date like 2026-01-01.") from None


def _told(found: replay.Comparison, *, has_examples: bool) -> list[str]:
    lines = [
        f"{counted(found.seen, 'report', 'reports')} looked at, {found.moved} would go elsewhere.",
        f"{found.handed_on} had been handed on by officials; {found.put_right} of them would go to the right department at once.",
        f"{found.put_wrong} were with the right department from the start and would go to another.",
    ]
    if found.unknown:
        lines.append(f"{found.unknown} have a category that the other profile does not know.")
    for move, times in found.moves.most_common():
        category, before, after = move
        example = f"  ({found.examples[move]})" if has_examples else ""
        lines.append(f"{times:>8}  {category}: {before} → {after}{example}")
    return lines
