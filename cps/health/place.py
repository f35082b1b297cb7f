"""The city itself: whether one is in force, how far its holidays are known, and its base map."""

from datetime import timedelta
from typing import Final

from cps.city.queries import in_force
from cps.geo import tiles
from cps.health.finding import Finding, State
from cps.kernel import clock
from cps.kernel.errors import Unusable
from cps.settings import Settings
from cps.sla import horizon

_SOON: Final = timedelta(days=60)


def city(_settings: Settings) -> Finding:
    """Look whether a city is in force."""
    try:
        found = in_force()
    except Unusable as error:
        return Finding("city", State.FAULT, str(error), "Run `cps city load PATH`.")
    profile = found.profile
    told = f"{found.name(profile.languages[0])}: {len(profile.categories)} categories, {len(profile.departments)} departments."
    return Finding("city", State.OK, told)


def holidays(_settings: Settings) -> Finding:
    """Look how far ahead the city's holidays are known, and whether deadlines reach beyond."""
    profile = in_force().profile
    today = clock.now().astimezone(profile.calendar.zone).date()
    known = horizon.known_until(profile.calendar, today.year)
    if known is None:
        return Finding("holidays", State.OFF, "The city's calendar names no public holidays.")
    figures = {"known_until": known.isoformat(), "days_left": (known - today).days}
    beyond = horizon.beyond(profile, at=clock.now())
    todo = "Enter the holidays of the coming year in calendar.toml (`until` says how far they were compared), and load it."
    if known < today:
        told = f"Holidays are known until {known} only: deadlines count working days that are none."
        return Finding("holidays", State.FAULT, told, todo, figures)
    if beyond is not None:
        told = f"Holidays are known until {known}, and deadlines given today reach until {beyond.due_on}."
        return Finding("holidays", State.WARNING, told, todo, figures)
    if known - today < _SOON:
        return Finding("holidays", State.WARNING, f"Holidays are known until {known} only.", todo, figures)
    return Finding("holidays", State.OK, f"Holidays are known until {known}.", figures=figures)


def base_map(settings: Settings) -> Finding:
    """Look whether the base map can be read."""
    if settings.tile_url:
        return Finding("base_map", State.OK, f"Maps are drawn from {settings.tile_url}.")
    if settings.basemap is None:
        return Finding("base_map", State.OFF, "Maps show outlines and places alone: no base map is set.")
    try:
        tiles.opened(settings.basemap)
    except Unusable as error:
        return Finding(
            "base_map", State.FAULT, str(error), "Restore the file, or set CPS_BASEMAP to another."
        )
    return Finding("base_map", State.OK, f"Maps are drawn from {settings.basemap.name}.")
