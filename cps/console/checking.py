"""A city's profile as commands take it: read and checked, or refused with every fault it has."""

from pathlib import Path

from cps.city.files import read
from cps.city.letters.words import left_to_default
from cps.city.profile import Profile
from cps.city.reading.findings import Fault
from cps.city.reading.outlines import Boundaries
from cps.city.warnings import warnings_of
from cps.kernel import clock
from cps.kernel.errors import Unusable
from cps.kernel.files import CITIES, STATIC
from cps.sla.horizon import beyond


def folder_of(city: str) -> Path:
    """Return the folder of a profile: a path, or the name of one that comes along; Unusable if there is none."""
    for folder in (Path(city), CITIES / city):
        if (folder / "city.toml").is_file():
            return folder
    raise Unusable(f"There is no city profile at {city}: give the path of a folder with a city.toml.")


def checked(folder: Path, *, boundaries: Boundaries | None = None) -> Profile:
    """Return the profile in a folder; raise Unusable that names every fault it has."""
    icons = {icon.stem for icon in STATIC.glob("icons/*.svg")}
    pictures = {picture.stem for picture in STATIC.glob("examples/*.svg")}
    profile, faults = read(folder, icons=icons, pictures=pictures, boundaries=boundaries)
    if profile is None:
        raise Unusable(_told(folder, faults))
    return profile


def oddities(profile: Profile) -> list[str]:
    """Return what is odd about a checked profile, and does no harm today."""
    now = clock.now()
    told = warnings_of(profile, now.astimezone(profile.calendar.zone).date())
    too_early = beyond(profile, at=now)
    if too_early is not None:
        told.append(
            f"Holidays are known until {too_early.known_until}, but a report of today may be due on "
            f"{too_early.due_on}. Compare the list with the decrees, add what is missing, and say 'until' in "
            "[holidays] of calendar.toml."
        )
    return [f"warning: {sentence}" for sentence in told]


def defaults(profile: Profile) -> list[str]:
    """Return what a checked profile leaves to the program, as information."""
    left = left_to_default(profile)
    if not left:
        return []
    told = ", ".join(f"{kind} ({', '.join(languages)})" for kind, languages in left.items())
    return [f"information: Letters in default words: {told}."]


def counted(number: int, one: str, many: str) -> str:
    """Say a number with its noun."""
    return f"{number} {one if number == 1 else many}"


def _told(folder: Path, faults: list[Fault]) -> str:
    return "\n".join(
        [*map(str, faults), f"The profile in {folder} has {counted(len(faults), 'fault', 'faults')}."]
    )
